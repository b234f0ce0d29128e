"""What people say about links: wrong, or missing. Each word is kept, and can be undone.

Corrections belong to an article, not to what was read or linked of it: they lie over its links
whenever it is read (`corrected`), and so outlive edits, better readings and other registries.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, assert_never

import msgspec
from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.errors import NotFoundError
from hanoiwatch.model import (
    ArticleId,
    BodyLink,
    Content,
    LinkKind,
    Links,
    Mention,
    MentionField,
    OfficialLink,
    TopicLink,
)
from hanoiwatch.store import schema
from hanoiwatch.store.changes import log_change
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.linknames import keep_names
from hanoiwatch.text import canon

Says = Literal["wrong", "missing"]
Link = OfficialLink | BodyLink | TopicLink
RULE = "correction"
"""Of the mention that a person made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCorrection:
    """``link``: what is added, without mentions; None where a link is wrong."""

    article: int
    kind: LinkKind
    target: str
    says: Says
    link: Link | None = None
    words: str = ""
    """Words of the article that name it; empty: no words are shown."""
    because: str = ""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One that is kept, in force or undone."""

    id: int
    article: ArticleId
    url: str
    kind: LinkKind
    target: str
    says: Says
    words: str
    because: str
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str
    undone_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """As much of a correction as reading an article needs."""

    kind: LinkKind
    target: str
    says: Says
    link: Link | None
    words: str


class Corrections:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, new: NewCorrection) -> tuple[int, bool]:
        """Keeps a correction, and tells the index. Returns its number, and whether it is a new
        one: what is in force already is not said twice. One that says the contrary about the
        same link is undone by it."""
        with write(self._engine) as connection:
            before = connection.execute(_ABOUT, _about(new)).first()
            if before is not None and before.says == new.says:
                return int(before.id), False
            number = int(connection.execute(_ADD, _row(new)).lastrowid)
            if new.link is not None:
                keep_names(connection, links_with(new.link))
            if before is not None:
                reason = f"correction {number} says the contrary"
                _undo(connection, before.id, new.by, reason, new.at)
            log_change(connection, new.article, "relinked", new.at)
            return number, True

    def renew(self, number: int, link: Link, at: datetime) -> bool:
        """What the correction adds is ``link`` from here on; tells the index, and says whether,
        where that differs from what it was."""
        with write(self._engine) as connection:
            found = connection.execute(_BY_NUMBER, {"number": number}).one()
            encoded = msgspec.json.encode(link).decode()
            if found.link == encoded:
                return False
            connection.execute(_RENEW, {"number": number, "link_": encoded})
            keep_names(connection, links_with(link))
            log_change(connection, found.article, "relinked", at)
            return True

    def undo(self, number: int, *, by: str, because: str, at: datetime) -> bool:
        """Takes a correction back, and tells the index; False where that was done before.
        Raises NotFoundError."""
        with write(self._engine) as connection:
            found = connection.execute(_BY_NUMBER, {"number": number}).first()
            if found is None:
                raise NotFoundError(
                    f"there is no correction {number}: see `hanoiwatch registry corrections`."
                )
            if found.undone_at is not None:
                return False
            _undo(connection, number, by, because, at)
            log_change(connection, found.article, "relinked", at)
            return True

    def over(self, article: int, links: Links, content: Content) -> Links:
        """``links`` with the corrections of the article laid over them."""
        with read(self._engine) as connection:
            corrections = in_force(connection, [article]).get(article, ())
        return corrected(links, content, corrections)

    def listed(self, *, article: int | None = None, undone: bool = False) -> list[Correction]:
        """Corrections, oldest first: of one article or all; with ``undone`` those, too, that
        are not in force."""
        query = _ALL
        if article is not None:
            query = query.where(_CORRECTION.article == article)
        if not undone:
            query = query.where(_CORRECTION.undone_at.is_(None))
        with read(self._engine) as connection:
            return [_correction(row) for row in connection.execute(query)]


def _undo(connection: Connection, number: int, by: str, because: str, at: datetime) -> None:
    values = {"number": number, "by_": by, "because_": because, "at_": to_stored(at)}
    connection.execute(_UNDO, values)


def in_force(
    connection: Connection, rowids: Sequence[int] | None = None
) -> dict[int, list[Overlay]]:
    """The corrections in force by article, in the order in which they were made; of all
    articles where none are named."""
    query, values = (_IN_FORCE, {}) if rowids is None else (_IN_FORCE_OF, {"rows": list(rowids)})
    found: dict[int, list[Overlay]] = defaultdict(list)
    for row in connection.execute(query, values):
        found[row.article].append(
            Overlay(
                kind=row.kind,
                target=row.target,
                says=row.says,
                link=msgspec.json.decode(row.link, type=_TYPES[row.kind]) if row.link else None,
                words=row.words,
            )
        )
    return found


# --- laid over the links -----------------------------------------------------------------------


def corrected(links: Links, content: Content, corrections: Iterable[Overlay]) -> Links:
    """The links as people corrected them."""
    by_kind: dict[str, Sequence[Any]] = {
        "official": links.officials, "body": links.bodies, "topic": links.topics,
    }  # fmt: skip
    for one in corrections:
        by_kind[one.kind] = _applied(by_kind[one.kind], content, one)
    return Links(
        officials=tuple(by_kind["official"]),
        bodies=tuple(by_kind["body"]),
        topics=tuple(by_kind["topic"]),
    )


def links_with(link: Link) -> Links:
    """Nothing but this one."""
    match link:
        case OfficialLink():
            return Links(officials=(link,))
        case BodyLink():
            return Links(bodies=(link,))
        case TopicLink():
            return Links(topics=(link,))
    assert_never(link)


def _applied(links: Sequence[Any], content: Content, correction: Overlay) -> list[Any]:
    others = [link for link in links if link.id != correction.target]
    if correction.says == "wrong":
        return others
    mention = mention_of(content, correction.words)
    return [
        replace(link, mentions=(*link.mentions, mention)) if link.id == correction.target else link
        for link in (links if len(others) < len(links) else [*links, correction.link])
    ]


def mention_of(content: Content, words: str) -> Mention:
    """Where the article says ``words`` first, in capitals or not; else at no place: an empty
    stretch at the beginning of the title."""
    sought = re.compile(rf"(?<!\w){re.escape(canon(words))}(?!\w)")
    for field, item, text in _fields(content) if words else ():
        if found := sought.search(canon(text)):  # as long as the text: its places hold
            start, end = found.span()
            return _mention(field, item, start, end, text[start:end])
    return _mention("title", 0, 0, 0, "")


def _fields(content: Content) -> Iterable[tuple[MentionField, int, str]]:
    yield "title", 0, content.title
    yield "lead", 0, content.lead
    yield "text", 0, content.text
    for number, image in enumerate(content.images):
        yield "caption", number, image.caption


def _mention(field: MentionField, item: int, start: int, end: int, text: str) -> Mention:
    return Mention(
        field=field, item=item, start=start, end=end, text=text, rule=RULE, confidence=1.0
    )


# --- rows --------------------------------------------------------------------------------------

_TYPES: Mapping[str, type[Link]] = {"official": OfficialLink, "body": BodyLink, "topic": TopicLink}


def _about(new: NewCorrection) -> dict[str, Any]:
    return {"article_": new.article, "kind_": new.kind, "target_": new.target}


def _row(new: NewCorrection) -> dict[str, Any]:
    return {
        "article": new.article,
        "kind": new.kind,
        "target": new.target,
        "says": new.says,
        "link": msgspec.json.encode(new.link).decode() if new.link else "",
        "words": new.words,
        "because": new.because,
        "by": new.by,
        "at": to_stored(new.at),
    }


def _correction(row: Any) -> Correction:
    return Correction(
        id=row.id,
        article=ArticleId(row.article_id),
        url=row.url,
        kind=row.kind,
        target=row.target,
        says=row.says,
        words=row.words,
        because=row.because,
        by=row.by,
        at=from_stored(row.at),
        undone_at=from_stored(row.undone_at) if row.undone_at else None,
        undone_by=row.undone_by,
        undone_because=row.undone_because,
    )


_CORRECTION = schema.correction.c
_ADD = insert(schema.correction)
_RENEW = (
    update(schema.correction)
    .where(_CORRECTION.id == bindparam("number"))
    .values(link=bindparam("link_"))
)
_BY_NUMBER = select(_CORRECTION.article, _CORRECTION.undone_at, _CORRECTION.link).where(
    _CORRECTION.id == bindparam("number")
)
_ABOUT = select(_CORRECTION.id, _CORRECTION.says).where(
    _CORRECTION.article == bindparam("article_"),
    _CORRECTION.kind == bindparam("kind_"),
    _CORRECTION.target == bindparam("target_"),
    _CORRECTION.undone_at.is_(None),
)
_UNDO = (
    update(schema.correction)
    .where(_CORRECTION.id == bindparam("number"))
    .values(
        undone_at=bindparam("at_"), undone_by=bindparam("by_"), undone_because=bindparam("because_")
    )
)
_ALL = (
    select(schema.correction, schema.article.c.id.label("article_id"), schema.article.c.url)
    .join(schema.article, schema.article.c.rowid_ == _CORRECTION.article)
    .order_by(_CORRECTION.id)
)
_IN_FORCE = (
    select(
        _CORRECTION.article, _CORRECTION.kind, _CORRECTION.target, _CORRECTION.says,
        _CORRECTION.link, _CORRECTION.words,
    )
    .where(_CORRECTION.undone_at.is_(None))
    .order_by(_CORRECTION.id)
)  # fmt: skip
_IN_FORCE_OF = _IN_FORCE.where(_CORRECTION.article.in_(bindparam("rows", expanding=True)))
