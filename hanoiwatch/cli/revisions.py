"""Two revisions of an article compared, for a reader or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hanoiwatch.cli.difference import difference_lines
from hanoiwatch.cli.events import reader_note, shown_minute
from hanoiwatch.cli.marked import Paper, wrapped
from hanoiwatch.clock import to_shown
from hanoiwatch.diff import compare, difference_json, summary
from hanoiwatch.model import Article
from hanoiwatch.store.history import Revision


def diff_lines(old: Revision, new: Revision, paper: Paper) -> Iterator[str]:
    """A head, the difference in one line, and the difference whole."""
    difference = compare(old.content, new.content)
    yield from wrapped(new.content.title, paper, bold=True)
    for sign, revision in (("-", old), ("+", new)):
        fetched = shown_minute(revision.capture.fetched_at)
        yield f"{sign} revision {revision.number}, page of {fetched}"
    yield from wrapped(summary(difference) + reader_note(old, new), paper)
    yield from difference_lines(difference, paper)


def diff_json(article: Article, old: Revision, new: Revision) -> dict[str, Any]:
    """docs/reference/diff.md describes it."""
    return {
        "id": article.id,
        "url": article.content.url,
        "from": _revision_json(old),
        "to": _revision_json(new),
        "same_extractor": old.extractor == new.extractor,
        "difference": difference_json(compare(old.content, new.content)),
    }


def _revision_json(revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.number,
        "recorded_at": to_shown(revision.recorded_at),
        "fetched_at": to_shown(revision.capture.fetched_at),
        "capture": {
            "record_id": revision.capture.record_id,
            "sha256": revision.capture.sha256,
            "rendered_record_id": revision.capture.rendered_record_id,
        },
        "reading": {"layout": revision.layout, "extractor": revision.extractor},
    }
