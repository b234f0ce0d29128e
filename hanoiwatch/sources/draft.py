"""A source file as a program writes it for a person to go on with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed, sitemap or section, and what was seen of it."""

    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was found of an outlet, and what was not."""

    name: str
    title: str
    home: str
    day: str
    family: str = ""
    feeds: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()
    sections: tuple[Listed, ...] = ()
    article_url: tuple[str, ...] = ()
    section_pages: int = 1
    delay_seconds: float | None = None
    notes: tuple[str, ...] = ()
    """What was tried, and what came of it; comments at the head of the file."""


def draft_toml(draft: Draft) -> str:
    """The file (TOML), commented; `hanoiwatch.sources.loader` reads it."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield f"# Written by `hanoiwatch sources add` on {draft.day}. Read it before you trust it."
    for note in draft.notes:
        yield f"# {_plain(note)}"
    yield f"name = {_text(draft.name)}"
    yield f"title = {_text(draft.title)}"
    yield f"home = {_text(draft.home)}"
    if draft.family:
        yield f"family = {_text(draft.family)}"
    yield 'rights = "excerpt" # what may leave your desk: full | excerpt | link'
    yield f"verified = {_text(f'found by sources add on {draft.day}')}"
    yield ""
    yield "# Without a scope everything that is listed is kept. For a paper of the whole country:"
    yield "# [scope]"
    yield '# any = ["Hà Nội", "Thủ đô", "@bodies"]'
    yield ""
    yield "[discover]"
    yield from _array("feeds", draft.feeds)
    yield from _array("sitemaps", draft.sitemaps)
    yield from _array("sections", draft.sections)
    if draft.sections:
        yield f"section_pages = {draft.section_pages}"
    yield from _patterns(draft.article_url)
    if draft.delay_seconds is not None:
        yield ""
        yield "[fetch]"
        yield f"delay_seconds = {draft.delay_seconds}"


def _array(key: str, listed: Iterable[Listed]) -> Iterator[str]:
    found = tuple(listed)
    if not found:
        yield f"# {key} = [] # none was found"
        return
    yield f"{key} = ["
    for one in found:
        yield f"    {_text(one.url)}," + (f" # {_plain(one.note)}" if one.note else "")
    yield "]"


def _patterns(patterns: tuple[str, ...]) -> Iterator[str]:
    if not patterns:
        yield "# article_url = '' # none was found: links are told by their shape"
    elif len(patterns) == 1:
        yield f"article_url = {_literal(patterns[0])}"
    else:
        yield "article_url = ["
        yield from (f"    {_literal(one)}," for one in patterns)
        yield "]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _literal(value: str) -> str:
    return _text(value) if "'" in value else f"'{value}'"


def _plain(text: str) -> str:
    """One line of printable characters: what a page says must not end a comment."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
