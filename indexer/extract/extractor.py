"""Which extractor read a page: our version, and a fingerprint of all else that a reading hangs on.

Readings by different extractors are never compared: what differs may be ours, not the paper's.
Decision 0012 says what is in the name of an extractor, and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import msgspec

from hanoiwatch.sources.schema import Family, Source

EXTRACTOR = "5"
"""Grows when our own code would read the same page differently. A test pins that code."""

_LIBRARIES = ("trafilatura", "justext", "lxml")
"""What parses the pages, and finds the text where no layout does: an update may read otherwise."""
_LENGTH = 8
"""Hex digits: a source meets a handful of extractors in its life, not thousands."""


def extractor_name(own_version: str, families: Mapping[str, Family], source: Source | None) -> str:
    """For instance ``2-3f9a2c07``: changes whenever a page of ``source`` may read differently.

    In it: our version, the libraries' versions, every family's layouts (any may read a page, in
    this order), and of the source its own layouts, its family, the names it is known by and its
    first year.
    """
    of_source = _of(source) if source else None
    shared = [(family.name, family.layouts) for family in families.values()]
    said = msgspec.json.encode((_libraries(), shared, of_source))
    return f"{own_version}-{hashlib.sha256(said).hexdigest()[:_LENGTH]}"


def _of(source: Source) -> tuple[object, ...]:
    return source.name, source.title, source.family, source.layouts, source.founded


@cache
def _libraries() -> tuple[tuple[str, str], ...]:
    return tuple((name, _version(name)) for name in _LIBRARIES)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
