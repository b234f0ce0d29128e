"""Where a list goes on: by the source's template, else as the page itself says."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources
from itertools import islice

from lxml.html import HtmlElement

from crawler.discover.markup import absolute
from hanoiwatch.page.tree import classes_of, text_of, tidy
from hanoiwatch.sources.schema import Discover
from hanoiwatch.urls import canonical_url, same_site

_PAGING = re.compile(r"\bpag(?:ination|ing|er|es)|phan-?trang|page-?nav|wp-pagenavi")
_CURRENT = re.compile(r"\b(?:active|current|selected|curr?)\b")
_NUMBER = re.compile(r"\d{1,4}")
_SOME_PAGE = 987654321
"""Stands for any page while a template is made into a pattern; in no section's address."""

_MOST_BLOCKS = 20
_MOST_IN_PAGING = 400
"""Elements looked at in one paging block; a page whose body is called "pages" has more."""


def next_by_template(discover: Discover, url: str) -> str | None:
    """The page after ``url`` by ``page_url``; None where the source has no such template."""
    template = discover.page_url
    if template is None:
        return None
    here = canonical_url(url)
    for section in discover.sections:
        if here and (found := _page_pattern(template, section).fullmatch(here)):
            return _filled(template, section, int(found["page"]) + 1)
    return _filled(template, url, 2)


@functools.lru_cache(maxsize=512)
def _page_pattern(template: str, section: str) -> re.Pattern[str]:
    page = _filled(template, section, _SOME_PAGE)
    before, _, after = (canonical_url(page) or page).partition(str(_SOME_PAGE))
    return re.compile(re.escape(before) + r"(?P<page>\d{1,6})" + re.escape(after))


def _filled(template: str, section: str, page: int) -> str:
    return template.format(section=section.rstrip("/"), page=page)


def next_by_links(root: HtmlElement, base_url: str, url: str) -> str | None:
    """The next page as the page says it; None where it does not, or says itself."""
    here = canonical_url(url)
    for href in _candidates(root):
        found = absolute(href, base_url)
        if found is None or not same_site(url, found):
            continue
        if canonical_url(found) != here:
            return found
    return None


def _candidates(root: HtmlElement) -> Iterator[str]:
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
            yield element.get("href") or ""
    blocks = list(islice(filter(_is_paging, root.iter()), _MOST_BLOCKS))
    for block in blocks:
        yield from _number_after_current(block)
    for block in blocks:
        yield from (link.get("href") or "" for link in _links(block) if _says_next(link))
    for link in root.iter("a"):  # paging without a box of its own
        if link.get("href") and "next" in classes_of(link).lower().split():
            yield link.get("href") or ""


def _is_paging(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and _PAGING.search(classes_of(element)) is not None


def _links(block: HtmlElement) -> list[HtmlElement]:
    return [link for link in islice(block.iter("a"), _MOST_IN_PAGING) if link.get("href")]


def _says_next(link: HtmlElement) -> bool:
    said = (text_of(link), link.get("title"), link.get("aria-label"))
    return any(tidy(text).lower() in _next_words() for text in said if text)


@functools.cache
def _next_words() -> frozenset[str]:
    text = resources.files(__package__).joinpath("next_page.txt").read_text(encoding="utf-8")
    return frozenset(tidy(line) for line in text.splitlines() if line and line[0] != "#")


def _number_after_current(block: HtmlElement) -> Iterator[str]:
    """Of ``1 [2] 3 4``: the link to 3."""
    current: int | None = None
    for element in islice(block.iter("a", "span", "strong", "b", "em", "li"), _MOST_IN_PAGING):
        number = _number(element)
        if number is None:
            continue
        if _is_current(element):
            current = number
        elif element.tag == "a" and current is not None and number == current + 1:
            yield element.get("href") or ""
            return


def _number(element: HtmlElement) -> int | None:
    text = (element.text or "").strip() if len(element) == 0 else text_of(element)
    return int(text) if _NUMBER.fullmatch(text) else None


def _is_current(element: HtmlElement) -> bool:
    if element.get("aria-current") or _CURRENT.search(classes_of(element)):
        return True
    if element.tag == "a":
        return not element.get("href")
    return element.tag in ("span", "strong", "b", "em") and element.find(".//a") is None
