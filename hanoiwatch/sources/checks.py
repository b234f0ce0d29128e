"""Whether the values of a source file can be used. Each fault is a sentence's end, or None.

The functions here know nothing of files; `hanoiwatch.sources.loader` adds file and line.
"""

from __future__ import annotations

import functools
import ipaddress
import math
import re
import string
import warnings
from urllib.parse import SplitResult, urlsplit

from hanoiwatch.sources.schema import BODIES, LOOPBACK_HOSTS
from hanoiwatch.text import canon, words

FIRST_ONLINE = 1997
"""The year in which the country's first newspaper came online."""
LAST_FOUNDED = 2100
MAX_SECTION_PAGES = 100
"""Paging further back than this is the work of sitemaps (`crawl --since`)."""

MAX_DELAY_SECONDS = 3600.0

NAME = re.compile(r"[a-z0-9-]+")
NAME_RULE = "only the letters a-z, 0-9 and - are allowed"

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]")
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_DIRECTIVES = frozenset("aAwdbBmyYHIpMSfzZjUWcxXGuV%")


def name_fault(name: str, stem: str) -> str | None:
    if not NAME.fullmatch(name):
        return NAME_RULE
    if name != stem:
        return f"a source called `{name}` must be in a file called {name}.toml"
    return None


def title_fault(title: str) -> str | None:
    if not title.strip():
        return "it is empty"
    return None if title.isprintable() else "it has a line break or a control character"


def url_fault(url: str) -> str | None:
    """Why ``url`` is no whole http(s) address of a public or a loopback host."""
    if _UNPRINTABLE.search(url):
        return "an address cannot hold a space or a control character"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"this is no address: {error}"
    if parts.scheme not in {"http", "https"}:
        return "write the whole address, from https:// or http:// on"
    if parts.username is not None or parts.password is not None:
        return "an address with a user name or password is not fetched"
    if "#" in url:
        return "leave out the fragment (from # on): it is never sent"
    if port == 0:
        return "there is no port 0"
    return _host_fault(parts.hostname or "")


def _host_fault(host: str) -> str | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not host.isascii():
            return f"write the host {host} in its ASCII form (xn--…)"
        return None if _HOST.fullmatch(host) and ".." not in host else "its host is no host name"
    if host not in LOOPBACK_HOSTS and not address.is_global:
        return f"{host} is a private address; only public hosts and this machine's are fetched"
    return None


def strays_from(home: str, url: str) -> str | None:
    """Why a source with this home may not be listed at this (valid) address."""
    mine, other = urlsplit(home), urlsplit(url)
    if _is_local(mine) and (mine.hostname, mine.port) != (other.hostname, other.port):
        return f"a source on this machine is fetched only from {mine.netloc}"
    if _is_local(other) and not _is_local(mine):
        return "a source on a public host cannot be led to this machine"
    return None


def _is_local(parts: SplitResult) -> bool:
    return (parts.hostname or "") in LOOPBACK_HOSTS


def regex_fault(pattern: str) -> str | None:
    if not pattern:
        return "an empty regular expression matches every address"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python will read otherwise one day
            re.compile(pattern)
    except (re.error, Warning, OverflowError, ValueError) as error:
        return f"the regular expression does not compile: {error}"
    except RecursionError:
        return "the regular expression is nested too deeply"
    return None


@functools.lru_cache(maxsize=4096)  # families repeat theirs, and every source loads them
def selector_fault(selector: str) -> str | None:
    """Why lxml could not select by this CSS selector."""
    import cssselect  # here: commands that load no source need no lxml
    from lxml import etree
    from lxml.cssselect import CSSSelector

    try:
        CSSSelector(selector, translator="html")(etree.Element("html"))
    except (cssselect.SelectorError, etree.XPathError, ValueError) as error:
        reason = str(error).rstrip(".") or "it is not understood"
        return f"the CSS selector cannot be used: {reason}"
    except RecursionError:
        return "the CSS selector is nested too deeply"
    return None


def page_url_fault(template: str) -> str | None:
    """``{section}`` and ``{page}`` must both occur, nothing else in braces."""
    try:
        fields = [part[1:] for part in string.Formatter().parse(template) if part[1] is not None]
    except ValueError as error:
        return f"its braces do not match: {error}"
    if any(extra for _, *extras in fields for extra in extras):
        return "write {section} and {page} without ! or :"
    names = {name for name, *_ in fields}
    if names != {"section", "page"}:
        return "it must hold {section} and {page}, and nothing else in braces"
    return url_fault(template.format(section="https://example.org/section", page=2))


def founded_fault(year: int | None) -> str | None:
    if year is None or FIRST_ONLINE <= year <= LAST_FOUNDED:
        return None
    return f"it must be a year from {FIRST_ONLINE} to {LAST_FOUNDED}"


def section_pages_fault(pages: int) -> str | None:
    if 1 <= pages <= MAX_SECTION_PAGES:
        return None
    return f"it must be from 1 to {MAX_SECTION_PAGES}"


def delay_fault(seconds: float | None) -> str | None:
    if seconds is None or (math.isfinite(seconds) and 0 <= seconds <= MAX_DELAY_SECONDS):
        return None
    return f"it must be from 0 to {MAX_DELAY_SECONDS:.0f}"


def time_format_fault(pattern: str) -> str | None:
    directives = _DIRECTIVE.findall(pattern)
    if not directives:
        return "a time format needs directives such as %d/%m/%Y %H:%M"
    wrong = [one for one in directives if one not in _DIRECTIVES or not one]
    return f"a time format has no %{wrong[0]}" if wrong else None


def scope_word_fault(word: str) -> str | None:
    if not word.strip():
        return "an empty word would keep everything"
    if word.startswith("@"):
        return None if word == BODIES else f"there is no group `{word}`; the one is `{BODIES}`"
    return None if words(canon(word)) else "it holds no letter or digit, so nothing would match"
