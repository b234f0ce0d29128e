"""Articles, their revisions and the change log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    LargeBinary,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
    update,
)

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import (
    DEFAULT_RIGHTS,
    NO_LINKS,
    Article,
    ArticleId,
    CaptureId,
    Change,
    ChangeKind,
    Content,
    Links,
    Outcome,
    PageId,
    Story,
)
from hanoiwatch.store import schema
from hanoiwatch.store.captures import keep_outcome
from hanoiwatch.store.corrections import Overlay, corrected, in_force
from hanoiwatch.store.countedlinks import decode_counted
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.linking import decode_links
from hanoiwatch.store.readings import decode_content
from hanoiwatch.store.stored import StoredArticle
from hanoiwatch.store.stories import stories_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A revision to be recorded: of a new article where ``of`` is None."""

    id: ArticleId
    url: str
    source: str
    page_id: PageId
    capture_id: CaptureId
    reading_id: int
    content: Content
    of: StoredArticle | None
    at: datetime


class Articles:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, key: str) -> Article | None:
        """The article with this id or canonical URL (or the URL a page was listed under)."""
        with read(self._engine) as connection:
            for query in (_BY_KEY, _BY_ADDRESS, _BY_LISTED_URL):
                row = connection.execute(query, {"key": key}).first()
                if row is not None:
                    return _articles(connection, [row])[0]
            return None

    def by_rowids(self, rowids: Sequence[int]) -> dict[int, Article]:
        """Articles by the record's own integer; those that are gone or out of scope are left
        out."""
        with read(self._engine) as connection:
            rows = connection.execute(_BY_ROWIDS, {"rowids": list(rowids)}).all()
            return {article.rowid: article for article in _articles(connection, rows)}

    def stream(self, *, after: int, upto: int, counted_links: bool = False) -> Iterator[Article]:
        """The articles in scope with rowids above ``after``, up to ``upto``, ascending; without
        their stories. Few of them are in memory at a time.

        ``counted_links``: of their links only what facets count (`decode_counted`).
        """
        decode = decode_counted if counted_links else decode_links
        with read(self._engine) as connection:
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(
                _IN_SCOPE, {"after_": after, "upto_": upto}
            )
            corrections = in_force(connection)
            for row in rows:
                yield _article(row, None, corrections.get(row.rowid_, ()), decode)

    def last_rowid(self) -> int:
        """The highest rowid of any article; 0 where there is none."""
        with read(self._engine) as connection:
            query = select(func.coalesce(func.max(schema.article.c.rowid_), 0))
            return int(connection.execute(query).scalar_one())

    def changes(self, *, after: int, limit: int) -> list[Change]:
        """The change log from just behind ``after``, in order."""
        with read(self._engine) as connection:
            rows = connection.execute(_CHANGES, {"after_": after, "limit_": limit})
            return [
                Change(
                    sequence=row.sequence,
                    article_rowid=row.article,
                    article_id=ArticleId(row.id),
                    kind=row.kind,
                )
                for row in rows
            ]

    def last_sequence(self) -> int:
        """The end of the change log; 0 where nothing ever changed."""
        with read(self._engine) as connection:
            query = select(func.coalesce(func.max(schema.change.c.sequence), 0))
            return int(connection.execute(query).scalar_one())

    def changes_after(self, sequence: int) -> int:
        """How many changes the log holds behind ``sequence``."""
        query = select(func.count()).where(schema.change.c.sequence > sequence)
        with read(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def unmarked(self, *, upto: int) -> list[int]:
        """Rowids of articles that the index has (it has come to ``upto``), but not marked so."""
        article = schema.article.c
        query = select(article.rowid_).where(
            article.indexed_at.is_(None), article.sequence <= upto, article.out_of_scope == ""
        )
        with read(self._engine) as connection:
            return [row.rowid_ for row in connection.execute(query)]

    def mark_indexed(self, rowids: Iterable[int], at: datetime) -> None:
        """The done-mark of indexing, and each page's outcome of that stage.

        An article keeps the time at which its present revision was first indexed: making the
        index anew does not make old articles look fresh.
        """
        self._end_indexing(rowids, at, "indexed", "")

    def mark_not_indexable(self, rowid: int, at: datetime, reason: str) -> None:
        """The index cannot take this article; the ledger says why."""
        self._end_indexing([rowid], at, "quarantined", reason)

    def _end_indexing(
        self, rowids: Iterable[int], at: datetime, outcome: Outcome, reason: str
    ) -> None:
        moment = to_stored(at)
        with write(self._engine) as connection:
            for rowid in rowids:
                marked = connection.execute(_MARK_INDEXED, {"row": rowid, "at": moment}).first()
                for page in connection.execute(_RECORDED_AS, {"row": rowid}) if marked else ():
                    keep_outcome(connection, PageId(page.page_id), "index", outcome, reason, at)

    def count(self, *, upto: int | None = None) -> int:
        """All articles, or those with rowids up to ``upto``."""
        query = select(func.count()).select_from(schema.article)
        if upto is not None:
            query = query.where(schema.article.c.rowid_ <= upto)
        with read(self._engine) as connection:
            return int(connection.execute(query).scalar_one())


def add_revision(connection: Connection, new: NewRevision) -> int:
    """Records an article's first or next revision and its line in the change log.

    Returns the article's rowid.
    """
    number = new.of.revision + 1 if new.of else 1
    published = new.content.published_at
    state = {
        "published_at": to_stored(published) if published else None,
        "revision": number,
        "reading_id": new.reading_id,
    }
    rowid = new.of.rowid if new.of else _insert_article(connection, new, state)
    connection.execute(
        insert(schema.revision),
        {
            "article": rowid,
            "number": number,
            "capture_id": new.capture_id,
            "reading_id": new.reading_id,
            "recorded_at": to_stored(new.at),
        },
    )
    kind: ChangeKind = "edited" if new.of else "new"
    sequence = _log(connection, rowid, kind, number, new.at)
    connection.execute(_MOVE_ON, {"row": rowid, "sequence_": sequence, **_prefixed(state)})
    return rowid


def _prefixed(state: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_": value for name, value in state.items()}


def _insert_article(connection: Connection, new: NewRevision, state: Mapping[str, Any]) -> int:
    first_seen = connection.execute(
        select(schema.page.c.first_seen_at).where(schema.page.c.id == new.page_id)
    ).scalar_one()
    result = connection.execute(
        insert(schema.article),
        {
            "id": new.id,
            "url": new.url,
            "source": new.source,
            "page_id": new.page_id,
            "first_seen_at": first_seen,
            "sequence": 0,
            **state,
        },
    )
    return int(result.lastrowid)


def _log(connection: Connection, rowid: int, kind: str, revision: int, at: datetime) -> int:
    result = connection.execute(
        insert(schema.change),
        {"article": rowid, "kind": kind, "revision": revision, "at": to_stored(at)},
    )
    return int(result.lastrowid)


def _article_query() -> Any:
    """JSON comes as bytes: made text first, it would take twice the time to read."""
    article, reading, capture = schema.article.c, schema.reading.c, schema.capture.c
    return (
        select(
            schema.article,
            reading.layout,
            reading.extractor,
            cast(reading.content, LargeBinary).label("content"),
            capture.record_id,
            capture.sha256,
            capture.fetched_at,
            schema.rendering.c.record_id.label("rendered_record_id"),
            schema.source.c.rights,
            cast(schema.linked.c.links, LargeBinary).label("links"),
        )
        .outerjoin(schema.source, schema.source.c.name == article.source)
        .join(schema.reading, reading.id == article.reading_id)
        .join(schema.capture, capture.id == reading.capture_id)
        .outerjoin(schema.rendering, schema.rendering.c.capture_id == capture.id)
        .outerjoin(
            schema.linked,
            (schema.linked.c.article == article.rowid_)
            # places in another text would be wrong
            & (schema.linked.c.reading_id == article.reading_id),
        )
    )


_ARTICLE = _article_query()
_BY_KEY = _ARTICLE.where(
    (schema.article.c.id == bindparam("key")) | (schema.article.c.url == bindparam("key"))
)
_BY_ROWIDS = _ARTICLE.where(
    schema.article.c.rowid_.in_(bindparam("rowids", expanding=True)),
    schema.article.c.out_of_scope == "",
)
_IN_SCOPE = _ARTICLE.where(
    schema.article.c.rowid_ > bindparam("after_"),
    schema.article.c.rowid_ <= bindparam("upto_"),
    schema.article.c.out_of_scope == "",
).order_by(schema.article.c.rowid_)
_AT_ONCE = 256
"""Rows fetched together: some megabytes of text."""
_BY_ADDRESS = _ARTICLE.join(
    schema.address, schema.address.c.article == schema.article.c.rowid_
).where(schema.address.c.url == bindparam("key"))
_BY_LISTED_URL = (
    _ARTICLE.join(schema.page, schema.page.c.id == schema.article.c.page_id)
    .where((schema.page.c.listed_url == bindparam("key")) | (schema.page.c.url == bindparam("key")))
    .limit(1)
)
_CHANGES = (
    select(schema.change, schema.article.c.id)
    .join(schema.article, schema.article.c.rowid_ == schema.change.c.article)
    .where(schema.change.c.sequence > bindparam("after_"))
    .order_by(schema.change.c.sequence)
    .limit(bindparam("limit_"))
)
_MARK_INDEXED = (
    update(schema.article)
    .where(schema.article.c.rowid_ == bindparam("row"), schema.article.c.indexed_at.is_(None))
    .values(indexed_at=bindparam("at"))
    .returning(schema.article.c.rowid_)
)
# The page that the ledger counts the article by: it stays that one when the article moves on.
_RECORDED_AS = text("""
SELECT outcome.page_id FROM outcome
WHERE outcome.stage = 'record' AND outcome.outcome = 'recorded' AND outcome.page_id IN (
    SELECT page_id FROM article WHERE rowid_ = :row
    UNION SELECT page_id FROM address WHERE article = :row)
""")
_MOVE_ON = (
    update(schema.article)
    .where(schema.article.c.rowid_ == bindparam("row"))
    .values(
        sequence=bindparam("sequence_"),
        published_at=bindparam("published_at_"),
        revision=bindparam("revision_"),
        reading_id=bindparam("reading_id_"),
        indexed_at=None,
    )
)


def _articles(connection: Connection, rows: Sequence[Any]) -> list[Article]:
    told = [row.story_id for row in rows if row.story_id]
    stories = stories_of(connection, told) if told else {}
    corrections = in_force(connection, [row.rowid_ for row in rows]) if rows else {}
    return [
        _article(row, stories.get(row.story_id), corrections.get(row.rowid_, ())) for row in rows
    ]


def _article(
    row: Any,
    story: Story | None,
    corrections: Iterable[Overlay],
    decode: Callable[[bytes], Links] = decode_links,
) -> Article:
    content = decode_content(row.content)
    if content.url != row.url:  # it has moved since
        content = replace(content, url=row.url)
    links = decode(row.links) if row.links else NO_LINKS
    return Article(
        id=ArticleId(row.id),
        rowid=row.rowid_,
        source=row.source,
        content=content,
        first_seen_at=from_stored(row.first_seen_at),
        fetched_at=from_stored(row.fetched_at),
        indexed_at=from_stored(row.indexed_at) if row.indexed_at else None,
        revision=row.revision,
        sequence=row.sequence,
        rights=row.rights or DEFAULT_RIGHTS,
        layout=row.layout,
        extractor=row.extractor,
        capture_record_id=row.record_id,
        capture_sha256=row.sha256,
        rendered_record_id=row.rendered_record_id,
        withdrawn_at=from_stored(row.withdrawn_at) if row.withdrawn_at else None,
        out_of_scope=row.out_of_scope,
        story=story if story and story.copies else None,
        links=corrected(links, content, corrections) if corrections else links,
    )
