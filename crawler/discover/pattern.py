"""The regular expression of an outlet's articles, from addresses that are articles. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from hanoiwatch.urls import canonical_url

LEAST_SHARE = 0.05
"""Of the addresses: a rarer form is a stray link, not another template."""
SHORTEST_ID = 4
LONG_ID = 14
"""Digits of an id that is a moment of time; all of an outlet's are as long."""
FEWEST_WORDS = 4
MOST_WORDS = 8
"""Words of a slug without a number, by which an article is told from a section."""

_DATED = re.compile(r"/\d{4}/\d{1,2}/(?:\d{1,2}/)?[^/]+/?$")
_NUMBERED = re.compile(
    r"^(?P<slug>.*?)(?P<mark>[-_/.][a-z]{0,5})?(?P<id>\d{4,})(?P<end>\.[a-z]{2,5}|/)?$"
)
_QUERY = re.compile(r"(?:^|&)(?P<name>\w*id)=(?P<id>\d+)", re.IGNORECASE)
_WORDY = re.compile(r"^(?P<slug>[\w-]+?)(?P<end>\.[a-z]{2,5}|/)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """``expressions``: of which any matches an article's address."""

    expressions: tuple[str, ...] = ()
    covered: int = 0
    of: int = 0
    """How many of the addresses it was made from match."""
    too_wide: tuple[str, ...] = ()
    """Addresses of sections that match as well."""


def derive_pattern(articles: Iterable[str], others: Iterable[str], home: str) -> Pattern:
    """The pattern that most of ``articles`` match and none of ``others``, as far as there is one.

    Addresses of other sites are left out of account.
    """
    urls = tuple(dict.fromkeys(articles))
    sections = tuple(others)
    hosts = _hosts(urls, home)
    forms = Counter(form for url in urls if (form := _form(url)))
    kept = [form for form, count in forms.items() if count >= max(LEAST_SHARE * len(urls), 1)]
    ends = dict.fromkeys(_ending(form, urls, sections) for form in kept)
    expressions = tuple(f"^https?://{hosts}{end}" for end in ends if end)
    return Pattern(
        expressions=expressions,
        covered=sum(_matches(url, expressions) for url in urls),
        of=len(urls),
        too_wide=tuple(url for url in sections if _matches(url, expressions)),
    )


def _matches(url: str, expressions: Sequence[str]) -> bool:
    shown = {url, canonical_url(url) or url}
    return any(re.search(one, form) for one in expressions for form in shown)


def _hosts(urls: Sequence[str], home: str) -> str:
    """The home's host; its subdomains too where articles are there."""
    bare = urlsplit(home).netloc.removeprefix("www.")
    others = {urlsplit(url).netloc.removeprefix("www.") for url in urls} - {bare}
    prefix = r"(?:[a-z0-9-]+\.)*" if others else r"(?:www\.)?"
    return ("" if re.match(r"[\d.:]+$", bare) or bare.startswith("localhost") else prefix) + (
        _escaped(bare)
    )


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\-", "-")


@dataclass(frozen=True, slots=True)
class _Form:
    """How an address ends: by a number with its mark and ending, by a date, by words alone."""

    kind: str
    mark: str = ""
    end: str = ""


def _form(url: str) -> _Form | None:
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    if named := list(_QUERY.finditer(parts.query)):
        longest = max(named, key=lambda found: len(found["id"]))  # sections have short numbers
        return _Form("query", longest["name"], parts.path)
    if _DATED.search(parts.path):
        return _Form("dated")
    if found := _NUMBERED.match(last):
        return _Form("number", found["mark"] or "", found["end"] or "")
    if found := _WORDY.match(last):
        return _Form("words", "", found["end"] or "")
    return None


def _ending(form: _Form, urls: Sequence[str], sections: Sequence[str]) -> str:
    """The expression of the part after the host; empty where none tells articles from sections."""
    end = re.escape(form.end) if form.end else "/?"
    match form.kind:
        case "query":
            return rf"{re.escape(form.end)}\?(?:.*&)?{form.mark}=\d+"
        case "dated":
            # a word after the day: the day alone is a list
            return r"/(?:.*/)?\d{4}/\d{1,2}/(?:\d{1,2}/)?(?=[^/?#]*[a-z])[^/?#]+/?$"
        case "number":
            same = [url for url in urls if _form(url) == form]
            digits = _digits(same)
            return f"/[^?#]*{_escaped(form.mark)}{digits}{end}$"
        case _:
            return _by_words(end, sections)


def _digits(urls: Sequence[str]) -> str:
    lengths = [len(found["id"]) for url in urls if (found := _NUMBERED.match(_last(url)))]
    shortest = min(lengths)
    if shortest >= LONG_ID:
        return rf"\d{{{shortest},}}"
    return rf"\d{{{max(SHORTEST_ID, shortest - 1)},}}"  # older articles have shorter numbers


def _last(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _by_words(end: str, sections: Sequence[str]) -> str:
    for words in range(FEWEST_WORDS, MOST_WORDS + 1):
        found = rf"/(?:[^?#]*/)?[^/?#-]+(?:-[^/?#-]+){{{words - 1},}}{end}$"
        if not any(re.search(found, url) for url in sections):
            return found
    return ""
