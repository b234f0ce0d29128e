"""The index of a program's settings, with the record that it tells former revisions from."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from hanoiwatch.config import Config
from hanoiwatch.model import Article
from hanoiwatch.store import Record
from indexer.search.elastic.documents import FormerRevision
from indexer.search.elastic.index import ElasticIndex
from indexer.search.elastic.settings import ElasticSettings


def open_elastic(config: Config, record: Record) -> ElasticIndex:
    """Asks nothing of the cluster yet. Raises ConfigError."""

    def formers(article: Article) -> list[FormerRevision]:
        return former_revisions(record, article)

    return ElasticIndex(settings_of(config), formers=formers)


def settings_of(config: Config) -> ElasticSettings:
    """Raises ConfigError. A file of certificates is looked for beside the settings."""
    settings = ElasticSettings.of(config.elasticsearch, os.environ)
    if settings.ca_certs:
        return replace(settings, ca_certs=str(Path(config.base, settings.ca_certs)))
    return settings


def former_revisions(record: Record, article: Article) -> list[FormerRevision]:
    return [
        FormerRevision(
            number=one.number,
            fetched_at=one.capture.fetched_at,
            url=one.content.url,
            title=one.content.title,
            lead=one.content.lead,
            text=one.content.text,
            capture_record_id=one.capture.record_id,
            capture_sha256=one.capture.sha256,
        )
        for one in record.history.of(article.rowid).revisions
    ]
