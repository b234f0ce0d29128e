"""The newspaper around the articles: names, sections and the words of its page furniture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    text: str


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One newspaper. ``msgspec.structs.replace`` makes another one of it."""

    title: str
    slogan: str
    prefix: str
    address: str
    editor: str
    licence: str
    notice: str
    notice_old: str
    sections: dict[str, str]
    subsections: dict[str, tuple[str, ...]]
    advertisements: tuple[str, ...]
    comments: tuple[Comment, ...]
    most_read_title: str
    related_title: str
    same_section_title: str
    author_box: str
    agencies: tuple[str, ...]
    challenge: str
    login: str
    consent: str
    not_found: str
    promise: str
    maintenance: str


@cache
def sample_site() -> Site:
    """The bundled newspaper, Báo Thủ đô Mẫu."""
    return msgspec.yaml.decode(Path(__file__).with_name("site.yaml").read_bytes(), type=Site)
