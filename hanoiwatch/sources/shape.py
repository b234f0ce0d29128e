"""The shape of source and family files: their keys, and the type of each value.

The records of `hanoiwatch.sources.schema` are used as they stand where a table of the file has
their keys; the classes here are for the tables that differ.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from hanoiwatch.model import DEFAULT_RIGHTS, Rights
from hanoiwatch.sources.lines import KeyPath
from hanoiwatch.sources.schema import Fetch, Layout, Scope
from hanoiwatch.sources.tomlfile import TomlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverTable:
    """``[discover]``: as `schema.Discover`, but one pattern may stand without its list."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    section_pages: int = 1
    page_url: str | None = None
    article_url: str | tuple[str, ...] = ()
    exclude_url: str | tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTable:
    """``[schedule]``."""

    crawl: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """A whole source file."""

    name: str
    title: str
    home: str
    discover: DiscoverTable = field(default_factory=DiscoverTable)
    family: str | None = None
    rights: Rights = DEFAULT_RIGHTS
    enabled: bool = True
    founded: int | None = None
    verified: str = ""
    hanoi: bool | None = None
    scope: Scope = field(default_factory=Scope)
    fetch: Fetch = field(default_factory=Fetch)
    schedule: ScheduleTable = field(default_factory=ScheduleTable)
    layout: tuple[Layout, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTable:
    """A whole family file."""

    name: str
    title: str
    layout: tuple[Layout, ...]


Table = TypeVar("Table")
"""A frozen dataclass whose fields are the keys of a file."""

_INNER: dict[str, type] = {
    "discover": DiscoverTable,
    "scope": Scope,
    "fetch": Fetch,
    "schedule": ScheduleTable,
    "layout": Layout,
}
_PATH_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_KINDS = {
    "str": "a text in quotes", "int": "a whole number", "float": "a number",
    "bool": "true or false",
    "array": "a list", "object": "a table", "date": "a date", "datetime": "a date with a time",
    "time": "a time", "null": "nothing", "None": "nothing",
}  # fmt: skip


def shaped(file: TomlFile, shape: type[Table]) -> Table:
    """The file as ``shape``. Raises SourceFileError for an unknown key or a wrong type."""
    _refuse_unknown(file, file.tree, shape, ())
    try:
        tree = _with_layout_names(file.tree) if shape is SourceTable else file.tree
        return msgspec.convert(tree, shape)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        raise file.error(_key_path(path), _sentence(reason, path)) from error


def _with_layout_names(tree: dict[str, Any]) -> dict[str, Any]:
    """A layout without a name is called by its place: 1, 2, …"""
    layouts = tree.get("layout")
    if not isinstance(layouts, list):
        return tree
    named = [
        {"name": str(place), **layout} if isinstance(layout, dict) else layout
        for place, layout in enumerate(layouts, start=1)
    ]
    return {**tree, "layout": named}


def _refuse_unknown(file: TomlFile, tree: Mapping[str, Any], shape: type, at: KeyPath) -> None:
    known = _keys(shape)
    for key, value in tree.items():
        if key not in known:
            raise file.error((*at, key), _unknown(key, known, at))
        inner = _INNER.get(key) if not at else None
        if inner is None:
            continue
        for path, table in _tables((*at, key), value):
            _refuse_unknown(file, table, inner, path)


def _tables(path: KeyPath, value: object) -> list[tuple[KeyPath, Mapping[str, Any]]]:
    if isinstance(value, dict):
        return [(path, value)]
    items = value if isinstance(value, list) else []
    return [((*path, place), item) for place, item in enumerate(items) if isinstance(item, dict)]


@functools.cache
def _keys(shape: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(shape))


def _unknown(key: str, known: tuple[str, ...], at: KeyPath) -> str:
    where = f" in [{at[0]}]" if at else ""
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return f"unknown key `{key}`{where}. Did you mean `{near[0]}`?"
    homes = [name for name, shape in _INNER.items() if name in known and key in _keys(shape)]
    if homes and not at:
        return f"unknown key `{key}` here: it belongs in [{homes[0]}]."
    return f"unknown key `{key}`{where}. Known: {', '.join(known)}."


def _key_path(text: str) -> KeyPath:
    return tuple(int(place) if place else name for name, place in _PATH_STEP.findall(text))


def _sentence(reason: str, path: str) -> str:
    """msgspec's message in the words of TOML."""
    if found := re.fullmatch(r"Object missing required field `(\w+)`", reason):
        where = f" of [{_key_path(path)[0]}]" if path.strip("`") else ""
        return f"the required key `{found[1]}`{where} is missing."
    name = spelled(_key_path(path))
    if found := re.fullmatch(r"Invalid enum value '(.*)'", reason, re.DOTALL):
        return f"`{name}` cannot be `{found[1]}`: {_choices(name)}."
    if found := re.fullmatch(r"Expected `(.+)`, got `(\w+)`", reason):
        hint = ": write [[layout]]" if name == "layout" else ""
        return f"`{name}` must be {_kinds(found[1])}, not {_kinds(found[2])}{hint}."
    if reason.startswith("Invalid RFC3339"):
        return f"`{name}` must be a date such as 2026-09-30, without quotes."
    return f"`{name}`: {reason}."


def spelled(key: KeyPath) -> str:
    """A key as people say it: ``discover.feeds``. The line tells which of a list."""
    return ".".join(step for step in key if isinstance(step, str))


def _kinds(names: str) -> str:
    words = [_KINDS.get(name, name) for name in names.split(" | ") if name != "null"]
    return " or ".join(words)


def _choices(name: str) -> str:
    choices = {
        "rights": ("full", "excerpt", "link"),
        "fetch.render": ("never", "auto", "always"),
        "on": ("new", "edited", "withdrawn"),
    }
    return f"write one of {', '.join(choices.get(name, ()))}"
