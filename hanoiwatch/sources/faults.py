"""Each place of a source or family file, with what is wrong there."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping

from hanoiwatch.sources import checks
from hanoiwatch.sources.cron import cron_fault
from hanoiwatch.sources.lines import KeyPath
from hanoiwatch.sources.schema import Family, Layout
from hanoiwatch.sources.shape import DiscoverTable, FamilyTable, SourceTable, spelled
from hanoiwatch.sources.tomlfile import TomlFile

_SELECTORS = tuple(
    one.name for one in dataclasses.fields(Layout) if one.type == "str" and one.name != "name"
)
"""The keys of a layout that hold one selector each: all its texts but its name."""

_LISTS = ("feeds", "sitemaps", "sections")
"""The keys of [discover] that name what lists articles."""

Fault = tuple[KeyPath, str | None]
"""A place that was checked, and what is wrong there."""


def refuse(file: TomlFile, faults: Iterable[Fault]) -> None:
    """Raises SourceFileError for the first fault that is one."""
    for place, reason in faults:
        if reason is not None:
            end = "" if reason.endswith("?") else "."
            raise file.error(place, f"`{spelled(place)}`: {reason}{end}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as the sentence that follows, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean `{near[0]}`?" if near else ""


def family_faults(table: FamilyTable, stem: str) -> Iterator[Fault]:
    yield ("name",), checks.name_fault(table.name, stem)
    yield ("title",), checks.title_fault(table.title)
    yield ("layout",), None if table.layout else "a family needs at least one [[layout]]"
    yield from _layout_faults(table.layout)


def source_faults(table: SourceTable, stem: str, families: Mapping[str, Family]) -> Iterator[Fault]:
    yield ("name",), checks.name_fault(table.name, stem)
    yield ("title",), checks.title_fault(table.title)
    yield ("home",), checks.url_fault(table.home)
    if table.family is not None and table.family not in families:
        near = did_you_mean(table.family, families)
        yield ("family",), f"there is no family `{table.family}`" + (near and f".{near}")
    yield ("founded",), checks.founded_fault(table.founded)
    yield from _discover_faults(table.home, table.discover)
    for part in ("sections", "any"):
        yield from _each(("scope", part), getattr(table.scope, part), checks.scope_word_fault)
    yield ("fetch", "delay_seconds"), checks.delay_fault(table.fetch.delay_seconds)
    if table.schedule.crawl is not None:
        yield ("schedule", "crawl"), cron_fault(table.schedule.crawl)
    yield from _layout_faults(table.layout)


def _discover_faults(home: str, table: DiscoverTable) -> Iterator[Fault]:
    if not (table.feeds or table.sitemaps or table.sections):
        reason = "name at least one of feeds, sitemaps and sections in [discover]"
        yield ("discover",), reason
    for part in _LISTS:
        urls = getattr(table, part)
        yield from _each(("discover", part), urls, checks.url_fault)
        yield from _each(("discover", part), urls, lambda url: checks.strays_from(home, url))
    yield from _double_faults(table)
    yield ("discover", "section_pages"), checks.section_pages_fault(table.section_pages)
    if table.page_url is not None:
        yield ("discover", "page_url"), checks.page_url_fault(table.page_url)
    for part in ("article_url", "exclude_url"):
        yield from _each(("discover", part), getattr(table, part), checks.regex_fault)


def _double_faults(table: DiscoverTable) -> Iterator[Fault]:
    """A list is asked for once, and read as one thing."""
    told: dict[str, str] = {}
    for part in _LISTS:
        urls: tuple[str, ...] = getattr(table, part)
        for place, url in enumerate(urls):
            other = told.setdefault(url, part)
            if other != part:
                yield ("discover", part, place), f"{url} stands under `{other}` too; keep one"


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
            yield (*at, "name"), checks.NAME_RULE
        if layout.name in names:
            yield (*at, "name"), f"there are two layouts called `{layout.name}`"
        names.add(layout.name)
        yield from _selector_faults(at, layout)


def _selector_faults(at: KeyPath, layout: Layout) -> Iterator[Fault]:
    if not layout.when:
        yield (*at, "when"), "it is empty; it must select something in every page it is for"
    for key in _SELECTORS:
        selector: str = getattr(layout, key)
        yield (*at, key), checks.selector_fault(selector) if selector else None
    yield from _each((*at, "drop"), layout.drop, checks.selector_fault)
    formats = layout.published_formats
    yield from _each((*at, "published_formats"), formats, checks.time_format_fault)
