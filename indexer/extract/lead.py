"""The lead without the agency prefix that stands before it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from hanoiwatch.text import canon
from indexer.extract.words import bare, bare_names, the_words

_BRACKETED = re.compile(r"[(\[]\s*([^()\[\]]{2,30}?)\s*[)\]]\s*(\.?\s*[-–—:]+|\.|)\s*(?=\S)")
_BARE = re.compile(r"([^\s()\-–—:][^()–—:]{1,24}?)(\s*[-–—]+\s+|\s+[-–—]+|[-–—])(?=\S)")
_DATELINE = re.compile(r"[^\s()][^().,:;]{1,30}\(\s*([^()\s]+)[^()]{0,20}\)\s*[-–—:]+\s*(?=\S)")
"""``"Hà Nội (TTXVN 5/3) - "``: where and when an agency's report begins."""
_ONLINE = re.compile(r"(\w{4,}) (?=\S)")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org)", re.IGNORECASE)
_ACRONYM_LIMIT = 6


def split_lead(text: str, site_names: Collection[str] = ()) -> tuple[str | None, str]:
    """``(prefix, lead)``: ``("(Chinhphu.vn) -", "Chiều 10-4, …")``; prefix None where none is."""
    for end in _ends_of_prefix(text, site_names):
        return text[:end].strip(), text[end:]
    return None, text


def _ends_of_prefix(text: str, site_names: Collection[str]) -> Iterator[int]:
    if found := _BRACKETED.match(text):
        dashed = found[2].strip(". ") != ""
        if _is_bracketed_prefix(found[1], dashed=dashed, site_names=site_names):
            yield found.end()
    if found := _BARE.match(text):
        rest = text[found.end() :]
        touching = found[2] in "-–—"  # "Kinhtedothi-Chiều nay", but not "Covid-19"
        if _is_outlet(found[1], site_names) if touching else _is_bare_prefix(
            found[1], rest, site_names
        ):  # fmt: skip
            yield found.end()
    if (found := _DATELINE.match(text)) and canon(found[1]) in the_words().lead_prefixes:
        yield found.end()
    if (found := _ONLINE.match(text)) and _is_online_sign(found[1], text[found.end()]):
        yield found.end()


def _is_online_sign(word: str, after: str) -> bool:
    """``"SGGPO Ngày 7-3, …"``: an acronym of an online edition needs no dash."""
    return word.isupper() and word.endswith("O") and after.isupper() and (
        canon(word) in the_words().lead_prefixes
    )  # fmt: skip


def _is_bracketed_prefix(name: str, *, dashed: bool, site_names: Collection[str]) -> bool:
    if name.isdigit():
        return False
    return dashed or _is_outlet(name, site_names) or (name.isupper() and len(name) > 1)


def _is_bare_prefix(name: str, rest: str, site_names: Collection[str]) -> bool:
    if rest[:1].islower():
        return False  # "TTXVN - hãng tin của nhà nước - cho biết"
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
    said = canon(name).removeprefix("báo ").removesuffix(" online")
    if said in the_words().lead_prefixes or canon(name) in the_words().lead_prefixes:
        return True
    if _DOMAIN.fullmatch(name):
        return True
    if bare(name) in bare_names(tuple(site_names)):
        return True
    return said != canon(name) and bare(name) in the_words().sites
