"""Source and family files, read and checked: the only place where their mistakes are reported.

Everything is checked on loading, so that a wrong file is refused before any crawl, with its
path, the line and the reason.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from hanoiwatch.errors import SourceFileError, UnknownSourceError
from hanoiwatch.sources import checks
from hanoiwatch.sources.cron import cron_fault
from hanoiwatch.sources.lines import KeyPath
from hanoiwatch.sources.schema import Discover, Family, Layout, Source
from hanoiwatch.sources.shape import DiscoverTable, FamilyTable, SourceTable, shaped
from hanoiwatch.sources.tomlfile import TomlFile, read_toml

BUNDLED_SOURCES = Path(__file__).parent / "bundled"
BUNDLED_FAMILIES = Path(__file__).parent / "families"
OWN_FAMILIES = "families"
"""Folder of a user's own families, inside the folder of their sources."""

_SELECTORS = (
    "when", "title", "lead", "text", "byline", "published", "modified", "section", "tags",
    "caption", "inset", "original_source",
)  # fmt: skip


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
    raise UnknownSourceError(f"there is no source `{name}`.{_nearest(name, sources)}")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean `{near[0]}`?" if near else ""


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
    _refuse(file, _family_faults(table, path.stem))
    return Family(
        name=table.name, title=table.title, layouts=_named_layouts(table.name, table.layout)
    )


def read_source(path: Path, families: Mapping[str, Family]) -> Source:
    """One source file. Raises SourceFileError."""
    file = read_toml(path)
    table = shaped(file, SourceTable)
    _refuse(file, _source_faults(table, path.stem, families))
    return Source(
        name=table.name,
        title=table.title,
        home=table.home,
        family=table.family,
        rights=table.rights,
        enabled=table.enabled,
        verified=table.verified,
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


Fault = tuple[KeyPath, str | None]
"""A place that was checked, and what is wrong there."""


def _refuse(file: TomlFile, faults: Iterable[Fault]) -> None:
    for place, reason in faults:
        if reason is not None:
            raise file.error(place, f"{reason}.")


def _family_faults(table: FamilyTable, stem: str) -> Iterator[Fault]:
    yield ("name",), checks.name_fault(table.name, stem)
    yield ("title",), checks.title_fault(table.title)
    yield ("layout",), None if table.layout else "a family needs at least one [[layout]]"
    yield from _layout_faults(table.layout)


def _source_faults(
    table: SourceTable, stem: str, families: Mapping[str, Family]
) -> Iterator[Fault]:
    yield ("name",), checks.name_fault(table.name, stem)
    yield ("title",), checks.title_fault(table.title)
    yield ("home",), checks.url_fault(table.home)
    if table.family is not None and table.family not in families:
        near = _nearest(table.family, families)
        yield ("family",), f"there is no family `{table.family}`.{near}".rstrip(".")
    yield from _discover_faults(table.home, table.discover)
    for part in ("sections", "any"):
        yield from _each(("scope", part), getattr(table.scope, part), checks.scope_word_fault)
    yield ("fetch", "delay_seconds"), checks.delay_fault(table.fetch.delay_seconds)
    if table.schedule.crawl is not None:
        fault = cron_fault(table.schedule.crawl)
        yield ("schedule", "crawl"), f"the cron expression {fault}" if fault else None
    yield from _layout_faults(table.layout)


def _discover_faults(home: str, table: DiscoverTable) -> Iterator[Fault]:
    if not (table.feeds or table.sitemaps or table.sections):
        reason = "name at least one of feeds, sitemaps and sections in [discover]"
        yield ("discover",), reason
    for part in ("feeds", "sitemaps", "sections"):
        urls = getattr(table, part)
        yield from _each(("discover", part), urls, checks.url_fault)
        yield from _each(("discover", part), urls, lambda url: checks.strays_from(home, url))
    yield ("discover", "section_pages"), checks.section_pages_fault(table.section_pages)
    if table.page_url is not None:
        fault = checks.page_url_fault(table.page_url)
        yield ("discover", "page_url"), f"`page_url` cannot be used: {fault}" if fault else None
    for part in ("article_url", "exclude_url"):
        yield from _each(("discover", part), getattr(table, part), checks.regex_fault)


def _each(
    at: KeyPath, values: str | tuple[str, ...], check: Callable[[str], str | None]
) -> Iterator[Fault]:
    """The faults of a list's items, or of the one text that stands without its list."""
    if isinstance(values, str):
        yield at, check(values)
        return
    for place, value in enumerate(values):
        yield (*at, place), check(value)


def _layout_faults(layouts: tuple[Layout, ...]) -> Iterator[Fault]:
    names: set[str] = set()
    for place, layout in enumerate(layouts):
        at: KeyPath = ("layout", place)
        if not checks.NAME.fullmatch(layout.name):
            yield (*at, "name"), f"`name` is `{layout.name}`: only a-z, 0-9 and - are allowed"
        if layout.name in names:
            yield (*at, "name"), f"there are two layouts called `{layout.name}`"
        names.add(layout.name)
        yield from _selector_faults(at, layout)


def _selector_faults(at: KeyPath, layout: Layout) -> Iterator[Fault]:
    if not layout.when:
        yield (*at, "when"), "`when` is empty: it must select something in every page it is for"
    for key in _SELECTORS:
        selector: str = getattr(layout, key)
        yield (*at, key), checks.selector_fault(selector) if selector else None
    yield from _each((*at, "drop"), layout.drop, checks.selector_fault)
    formats = layout.published_formats
    yield from _each((*at, "published_formats"), formats, checks.time_format_fault)
