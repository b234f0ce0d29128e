"""The lead without the agency prefix that stands before it."""

from __future__ import annotations

import re
from collections.abc import Collection

from hanoiwatch.text import canon
from indexer.extract.words import bare, the_words

_BRACKETED = re.compile(r"\(\s*([^()]{2,30}?)\s*\)\s*([-–—:]*)\s*(?=\S)")
_BARE = re.compile(r"([^\s()\-–—:][^()–—:]{1,24}?)\s*[-–—]+\s+(?=\S)")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org)", re.IGNORECASE)
_ACRONYM_LIMIT = 6


def split_lead(text: str, site_names: Collection[str] = ()) -> tuple[str | None, str]:
    """``(prefix, lead)``: ``("(Chinhphu.vn) -", "Chiều 10-4, …")``; prefix None where none is."""
    found = _BRACKETED.match(text)
    if found and _is_bracketed_prefix(found[1], dashed=bool(found[2]), site_names=site_names):
        return found[0].strip(), text[found.end() :]
    found = _BARE.match(text)
    if found and _is_bare_prefix(found[1], text[found.end() :], site_names):
        return found[0].strip(), text[found.end() :]
    return None, text


def _is_bracketed_prefix(name: str, *, dashed: bool, site_names: Collection[str]) -> bool:
    if name.isdigit():
        return False
    return dashed or _is_outlet(name, site_names) or (name.isupper() and len(name) > 1)


def _is_bare_prefix(name: str, rest: str, site_names: Collection[str]) -> bool:
    if _is_outlet(name, site_names):
        return True
    is_acronym = name.isalpha() and name.isupper() and len(name) <= _ACRONYM_LIMIT
    # "UBND - HĐND thành phố …" is a sentence; so is any acronym before another one.
    return (
        is_acronym
        and canon(name) not in the_words().institutions
        and not rest.split(maxsplit=1)[0].strip(",").isupper()
    )


def _is_outlet(name: str, site_names: Collection[str]) -> bool:
    if canon(name) in the_words().lead_prefixes or _DOMAIN.fullmatch(name):
        return True
    return bare(name) in {bare(site) for site in site_names}
