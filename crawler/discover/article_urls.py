"""Which addresses of a source are articles.

A source's regular expressions are its user's, and some take exponential time on some addresses
(``(a+)+$``). Each search has a time limit; an expression that reaches it on several addresses is
left out from then on. Whatever was not found for want of time is said in `ArticleUrls.faults`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

import regex  # type: ignore[import-untyped]  # `re`, with a time limit

from hanoiwatch.sources.schema import Source
from hanoiwatch.urls import canonical_url, same_site

SECONDS_PER_SEARCH = (0.05, 0.5)
"""First and second try. An honest expression takes microseconds on an address, but the limit
counts the processor time of all threads of this process, so a busy moment can use it up."""

SLOW_ADDRESSES = 2
"""With so many an expression is left out: every further one would cost half a second."""

_SHAPE = re.compile(
    # `-1214595.html`, `-post41235.vnp`, `-d1234567.html`, `-185240410….htm`; `-i765432`
    r"-(?:post|[adinp])?"
    r"(?:\d{6,}|\d{5,}\.(?!rss|xml|jpe?g|png|gif|webp|svg|pdf|mp[34]|css|js|zip)[a-z]{2,5})$"
)


class ArticleUrls:
    """The rules of one source. Remembers which of its expressions were too slow."""

    def __init__(self, source: Source) -> None:
        self._home = source.home
        self._wanted = _Patterns(source.discover.article_url)
        self._unwanted = _Patterns(source.discover.exclude_url)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the source's expressions, in words."""
        return (*self._wanted.faults, *self._unwanted.faults)

    def is_article(self, url: str) -> bool:
        """Whether an address that a feed or a sitemap lists is an article of this source.

        The expressions see the canonical form and the address as it is listed.
        """
        return self._is_article(url, by_shape=False)

    def is_linked_article(self, url: str) -> bool:
        """The same for a link of a page; where the source has no ``article_url``, by its shape.

        Pages link to much besides articles, so there the last part of an address must end in
        a number, as the addresses of nearly all outlets do.
        """
        return self._is_article(url, by_shape=True)

    def _is_article(self, url: str, *, by_shape: bool) -> bool:
        canonical = canonical_url(url)
        if canonical is None:
            return False
        forms = (canonical,) if canonical == url else (canonical, url)
        if self._unwanted.found_in(forms):
            return False
        if self._wanted:
            return self._wanted.found_in(forms)
        if not same_site(self._home, canonical):
            return False
        return not by_shape or _SHAPE.search(canonical.partition("?")[0]) is not None


@functools.lru_cache(maxsize=64)
def article_urls(source: Source) -> ArticleUrls:
    """The rules of ``source``, made once."""
    return ArticleUrls(source)


class _Patterns:
    """Regular expressions of which any may be found."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.faults: list[str] = []
        self._slow: dict[str, int] = {}
        self._given = bool(patterns)
        self._usable = [compiled for text in patterns if (compiled := self._compiled(text))]

    def __bool__(self) -> bool:
        """Whether the source gives any, usable or not."""
        return self._given

    def _compiled(self, pattern: str) -> Any:
        try:
            return regex.compile(pattern)
        except regex.error as error:
            self.faults.append(f"the expression {pattern!r} cannot be used: {error}")
            return None

    def found_in(self, forms: Sequence[str]) -> bool:
        return any(self._search(pattern, forms) for pattern in tuple(self._usable))

    def _search(self, pattern: Any, forms: Sequence[str]) -> bool:
        for seconds in SECONDS_PER_SEARCH:
            try:
                return any(pattern.search(form, timeout=seconds) for form in forms)
            except TimeoutError:
                continue
        self._too_slow(pattern, forms[0])
        return False

    def _too_slow(self, pattern: Any, url: str) -> None:
        self._slow[pattern.pattern] = self._slow.get(pattern.pattern, 0) + 1
        ending = ""
        if self._slow[pattern.pattern] >= SLOW_ADDRESSES:
            self._usable.remove(pattern)
            ending = " and is left out"
        self.faults.append(
            f"the expression {pattern.pattern!r} takes too long{ending}: "
            f"it was looking at {url[:200]}"
        )
