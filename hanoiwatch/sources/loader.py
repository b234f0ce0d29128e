"""Source and family files, read and checked: the only place where their mistakes are reported.

Everything is checked on loading, so that a wrong file is refused before any crawl, with its
path, the line and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hanoiwatch.errors import SourceFileError, UnknownSourceError
from hanoiwatch.sources.faults import did_you_mean, family_faults, refuse, source_faults
from hanoiwatch.sources.schema import Discover, Family, Layout, Source
from hanoiwatch.sources.shape import DiscoverTable, FamilyTable, SourceTable, shaped
from hanoiwatch.sources.tomlfile import read_toml

BUNDLED_SOURCES = Path(__file__).parent / "bundled"
BUNDLED_FAMILIES = Path(__file__).parent / "families"
OWN_FAMILIES = "families"
"""Folder of a user's own families, inside the folder of their sources."""


def load_families(extra: Path | None = None) -> dict[str, Family]:
    """The bundled families, then those in ``extra``: the same name replaces.

    Raises SourceFileError for the first file that is wrong. A missing folder has none.
    """
    paths = (*_toml_files(BUNDLED_FAMILIES), *_toml_files(extra))
    families = [read_family(path) for path in paths]
    return {one.name: one for one in families}


def load_sources(directory: Path | None = None) -> dict[str, Source]:
    """The bundled sources, then those in ``directory``: the same name replaces. By name.

    ``directory/families`` may hold families of one's own. Raises SourceFileError for the first
    file that is wrong; a bundled file that is replaced is not even read.
    """
    families = load_families(directory and directory / OWN_FAMILIES)
    own = _toml_files(directory)
    replaced = {path.name for path in own}
    bundled = [path for path in _toml_files(BUNDLED_SOURCES) if path.name not in replaced]
    sources = [read_source(path, families) for path in (*bundled, *own)]
    return {one.name: one for one in sorted(sources, key=lambda one: one.name)}


def source_path(name: str, directory: Path | None) -> Path:
    """The file that defines the source ``name``: the user's own, else the bundled one."""
    own = directory / f"{name}.toml" if directory else None
    return own if own and own.exists() else BUNDLED_SOURCES / f"{name}.toml"


def choose(
    sources: Mapping[str, Source],
    enabled: tuple[str, ...] | None = None,
    names: tuple[str, ...] = (),
) -> tuple[Source, ...]:
    """The sources to crawl: those named, else those the settings enable, else those whose own
    file does. A source that is named is chosen even if it is off.

    Raises UnknownSourceError with the nearest name.
    """
    wanted = names or enabled
    if wanted is None:
        return tuple(one for one in sources.values() if one.enabled)
    return tuple(_named(sources, name) for name in dict.fromkeys(wanted))


def _named(sources: Mapping[str, Source], name: str) -> Source:
    if name in sources:
        return sources[name]
    raise UnknownSourceError(f"there is no source `{name}`.{did_you_mean(name, sources)}")


def _toml_files(directory: Path | None) -> tuple[Path, ...]:
    if directory is None or not directory.exists():
        return ()
    try:
        found = [path for path in directory.iterdir() if path.suffix == ".toml"]
    except OSError as error:
        reason = f"the folder of source files cannot be read: {error.strerror}."
        raise SourceFileError(directory, None, reason) from error
    return tuple(sorted(path for path in found if not path.name.startswith(".")))


def read_family(path: Path) -> Family:
    """One family file. Raises SourceFileError."""
    file = read_toml(path)
    table = shaped(file, FamilyTable)
    refuse(file, family_faults(table, path.stem))
    return Family(
        name=table.name, title=table.title, layouts=_named_layouts(table.name, table.layout)
    )


def read_source(path: Path, families: Mapping[str, Family]) -> Source:
    """One source file. Raises SourceFileError."""
    file = read_toml(path)
    table = shaped(file, SourceTable)
    refuse(file, source_faults(table, path.stem, families))
    return Source(
        name=table.name,
        title=table.title,
        home=table.home,
        family=table.family,
        rights=table.rights,
        enabled=table.enabled,
        founded=table.founded,
        verified=table.verified,
        hanoi=table.hanoi,
        scope=table.scope,
        discover=_discover(table.discover),
        fetch=table.fetch,
        crawl=table.schedule.crawl,
        layouts=_named_layouts(table.name, table.layout),
    )


def _discover(table: DiscoverTable) -> Discover:
    return Discover(
        feeds=table.feeds,
        sitemaps=table.sitemaps,
        sections=table.sections,
        section_pages=table.section_pages,
        page_url=table.page_url,
        article_url=_listed(table.article_url),
        exclude_url=_listed(table.exclude_url),
    )


def _listed(patterns: str | tuple[str, ...]) -> tuple[str, ...]:
    return (patterns,) if isinstance(patterns, str) else patterns


def _named_layouts(owner: str, layouts: tuple[Layout, ...]) -> tuple[Layout, ...]:
    """Readings tell layouts of all files apart by ``owner/name``."""
    return tuple(replace(one, name=f"{owner}/{one.name}") for one in layouts)
