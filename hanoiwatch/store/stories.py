"""Stories: which articles tell the same text, who was first, and what copies are found by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import to_stored
from hanoiwatch.model import ArticleId, Content, Story
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.readings import decode_content


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSignature:
    """What an article's copies are found by."""

    article: int
    at: str
    """Published, else first seen; as stored."""
    minhash: bytes
    """Empty: the text is too short to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedArticle:
    """A signature to be kept: the done-mark of an article's present reading."""

    signature: StoredSignature
    reading_id: int
    recipe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article of the record as stories see it."""

    rowid: int
    id: ArticleId
    source: str
    page_id: int
    reading_id: int
    first_seen_at: str
    at: str
    """Published, else first seen; as stored."""
    story_id: ArticleId | None
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenArticle:
    """An article that broke the stage; it is signed as if it had no words."""

    rowid: int
    page_id: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What became of a batch of articles."""

    signed: tuple[SignedArticle, ...] = ()
    joins: Mapping[int, ArticleId] = field(default_factory=dict)
    """By rowid the story that an article joins; one that is in a story already stays in it."""
    forgotten: tuple[int, ...] = ()
    """Articles out of scope: their signatures go, so that they are taken up anew on return."""
    broken: tuple[BrokenArticle, ...] = ()


class Stories:
    """The stage that finds stories, as the record keeps it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, recipe: str, *, after: int | None = None) -> list[int]:
        """Rowids of articles in scope whose present reading has no signature of ``recipe``,
        the oldest first; where ``after`` is given, only of those changed behind that place of
        the change log."""
        with read(self._engine) as connection:
            query = _WAITING if after is None else _WAITING_AFTER
            return list(connection.execute(query, {"recipe_": recipe, "after_": after}).scalars())

    def texts(self, rowids: Sequence[int]) -> dict[int, ArticleText]:
        """Articles by rowid; those that are gone or out of scope are left out."""
        with read(self._engine) as connection:
            rows = connection.execute(_TEXTS, {"rowids": list(rowids)})
            return {row.rowid_: _article_text(row) for row in rows}

    def of_day(self, day: str, recipe: str) -> list[StoredSignature]:
        """The signatures of one day of publication, ``YYYY-MM-DD`` in UTC, that are not empty."""
        with read(self._engine) as connection:
            rows = connection.execute(_OF_DAY, {"day": day, "end": f"{day}U", "recipe_": recipe})
            return [StoredSignature(**row) for row in rows.mappings()]

    def keep(self, linked: Linked, at: datetime) -> None:
        """One transaction: all of a batch, or nothing."""
        with write(self._engine) as connection:
            for statement, rows in (
                (_SIGN, [_signature_row(each) for each in linked.signed]),
                (_JOIN, [{"row": row, "story": story} for row, story in linked.joins.items()]),
                (_FORGET, [{"row": row} for row in linked.forgotten]),
                (_QUARANTINE, [_quarantine_row(each, at) for each in linked.broken]),
            ):
                if rows:
                    connection.execute(statement, rows)


def stories_of(connection: Connection, story_ids: Iterable[str]) -> dict[str, Story]:
    """The stories as they are now, by id; one that a single article tells has no copies."""
    told: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_TOLD, {"ids": list(set(story_ids))}):
        told[row.story_id].append(row)
    return {
        story_id: Story(
            id=ArticleId(story_id), first_source=min(rows, key=_moment).source, copies=len(rows) - 1
        )
        for story_id, rows in told.items()
    }


def _moment(row: Any) -> tuple[str, str, int]:
    """By publication; where two claim the same minute, by who was seen first."""
    return row.published_at or row.first_seen_at, row.first_seen_at, row.rowid_


def _article_text(row: Any) -> ArticleText:
    return ArticleText(
        rowid=row.rowid_,
        id=ArticleId(row.id),
        source=row.source,
        page_id=row.page_id,
        reading_id=row.reading_id,
        first_seen_at=row.first_seen_at,
        at=row.published_at or row.first_seen_at,
        story_id=ArticleId(row.story_id) if row.story_id else None,
        content=decode_content(row.content),
    )


def _signature_row(signed: SignedArticle) -> dict[str, Any]:
    signature = signed.signature
    return {
        "article": signature.article,
        "at": signature.at,
        "minhash": signature.minhash,
        "reading_id": signed.reading_id,
        "recipe": signed.recipe,
    }


def _quarantine_row(broken: BrokenArticle, at: datetime) -> dict[str, Any]:
    return {
        "page_id": broken.page_id,
        "capture_id": None,
        "stage": "stories",
        "reason": broken.reason,
        "detail": broken.detail,
        "at": to_stored(at),
    }


def _sign_statement() -> Any:
    statement = upsert(schema.signature)
    names = ("at", "minhash", "reading_id", "recipe")
    return statement.on_conflict_do_update(
        index_elements=["article"], set_={name: statement.excluded[name] for name in names}
    )


_ARTICLE, _SIGNATURE = schema.article.c, schema.signature.c

_TOLD = select(
    _ARTICLE.rowid_,
    _ARTICLE.story_id,
    _ARTICLE.source,
    _ARTICLE.published_at,
    _ARTICLE.first_seen_at,
).where(
    _ARTICLE.story_id.in_(bindparam("ids", expanding=True)),
    _ARTICLE.out_of_scope == "",
)
_WAITING = (
    select(_ARTICLE.rowid_)
    .outerjoin(schema.signature, _SIGNATURE.article == _ARTICLE.rowid_)
    .where(
        _ARTICLE.out_of_scope == "",
        (func.coalesce(_SIGNATURE.reading_id, 0) != _ARTICLE.reading_id)
        | (_SIGNATURE.recipe != bindparam("recipe_")),
    )
    .order_by(_ARTICLE.rowid_)
)
_WAITING_AFTER = _WAITING.where(
    _ARTICLE.rowid_.in_(
        select(schema.change.c.article).where(schema.change.c.sequence > bindparam("after_"))
    )
)
_TEXTS = (
    select(
        _ARTICLE.rowid_,
        _ARTICLE.id,
        _ARTICLE.source,
        _ARTICLE.page_id,
        _ARTICLE.reading_id,
        _ARTICLE.first_seen_at,
        _ARTICLE.published_at,
        _ARTICLE.story_id,
        schema.reading.c.content,
    )
    .join(schema.reading, schema.reading.c.id == _ARTICLE.reading_id)
    .where(_ARTICLE.rowid_.in_(bindparam("rowids", expanding=True)), _ARTICLE.out_of_scope == "")
)
_OF_DAY = select(_SIGNATURE.article, _SIGNATURE.at, _SIGNATURE.minhash).where(
    _SIGNATURE.at >= bindparam("day"),
    _SIGNATURE.at < bindparam("end"),
    _SIGNATURE.recipe == bindparam("recipe_"),
    _SIGNATURE.minhash != b"",
)
_SIGN = _sign_statement()
_JOIN = (
    update(schema.article)
    .where(_ARTICLE.rowid_ == bindparam("row"), _ARTICLE.story_id.is_(None))
    .values(story_id=bindparam("story"))
)
_QUARANTINE = insert(schema.quarantine)
_FORGET = delete(schema.signature).where(_SIGNATURE.article == bindparam("row"))
