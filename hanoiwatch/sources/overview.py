"""What `hanoiwatch sources list` and `show` tell of the sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from hanoiwatch.sources.loader import choose, source_path
from hanoiwatch.sources.schema import Family, Source

LIST_COLUMNS = (
    "name", "title", "enabled", "family", "feeds", "sitemaps", "sections", "rights", "crawl",
    "verified", "checked",
)  # fmt: skip


def source_rows(
    sources: Mapping[str, Source], enabled: tuple[str, ...] | None, *, every: bool
) -> list[dict[str, Any]]:
    """One row per source that a crawl would take, or per source at all. By name.

    ``enabled``: the names that the settings give, which replace the files' own marks.
    """
    chosen = {one.name for one in choose(sources, enabled)}
    return [
        _row(one, crawled=one.name in chosen)
        for one in sources.values()
        if every or one.name in chosen
    ]


def _row(source: Source, *, crawled: bool) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "enabled": crawled,
        "family": source.family,
        "feeds": len(source.discover.feeds),
        "sitemaps": len(source.discover.sitemaps),
        "sections": len(source.discover.sections),
        "rights": source.rights,
        "crawl": source.crawl,
        "verified": source.verified or None,
    }


def source_details(
    source: Source,
    families: Mapping[str, Family],
    enabled: tuple[str, ...] | None,
    directory: Path | None,
) -> dict[str, Any]:
    """Everything a source's file says, with what is in force where it says nothing."""
    family = families[source.family].layouts if source.family else ()
    shown: dict[str, Any] = msgspec.to_builtins(source)
    shown["fetch"] = {"delay_seconds": source.delay_seconds, "render": source.fetch.render}
    shown["layouts"] = msgspec.to_builtins((*source.layouts, *family))
    shown["enabled"] = source.enabled if enabled is None else source.name in enabled
    shown["file"] = str(source_path(source.name, directory))
    return shown
