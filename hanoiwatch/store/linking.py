"""What articles link to: which of them wait for linking, and what became of each.

The done-mark is the row of an article's present reading. Links are kept as they were made;
what people corrected lies over them whenever an article is read (`store.corrections`), so
nothing that links anew can lose a correction. Decision 0020 says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import NO_LINKS, Content, Links, NamedKind
from hanoiwatch.store import schema
from hanoiwatch.store.candidates import Candidate, keep_candidates
from hanoiwatch.store.changes import log_change
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.linknames import keep_names, link_names
from hanoiwatch.store.readings import decode_content

_encode = msgspec.json.Encoder().encode
decode_links = msgspec.json.Decoder(Links).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLinking:
    """What linking an article's present reading came to."""

    registry: str
    """Fingerprint of the registry and the linker."""
    links: Links = NO_LINKS
    candidates: tuple[Candidate, ...] = ()
    failure: str = ""
    """Why there are no links: the page broke the linker."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSubject:
    """An article of the record as linking sees it."""

    rowid: int
    source: str
    first_seen_at: datetime
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLinked:
    """Articles of a source that broke the linker."""

    source: str
    articles: int
    reason: str


def stored_links(connection: Connection, article: int, reading_id: int) -> Links:
    """What linking made of this reading of the article, without corrections; none where it has
    not been linked yet."""
    linked = schema.linked.c
    query = select(linked.links).where(
        linked.article == article, linked.reading_id == reading_id, linked.failure == ""
    )
    found = connection.execute(query).scalar()
    return decode_links(found) if found else NO_LINKS


class Linkings:
    """The stage that links articles, as the record keeps it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, *, after: int | None = None) -> list[int]:
        """Rowids of articles in scope whose present reading is not linked, ascending; where
        ``after`` is given, only of those changed behind that place of the change log."""
        with read(self._engine) as connection:
            query = _WAITING if after is None else _WAITING_AFTER
            return list(connection.execute(query, {"after_": after}).scalars())

    def outdated(self, registry: str) -> list[int]:
        """Rowids of articles in scope that this registry has not linked, ascending: also those
        that wait."""
        with read(self._engine) as connection:
            return list(connection.execute(_OUTDATED, {"registry_": registry}).scalars())

    def registries(self) -> dict[str, int]:
        """How many articles in scope each registry has linked, by fingerprint."""
        with read(self._engine) as connection:
            return {row.registry: row.articles for row in connection.execute(_REGISTRIES)}

    def subjects(self, rowids: Sequence[int]) -> Iterator[LinkSubject]:
        """Articles by rowid; those that are gone or out of scope are left out."""
        with read(self._engine) as connection:
            rows = connection.execute(_SUBJECTS, {"rowids": list(rowids)}).all()
        for row in rows:
            yield LinkSubject(
                rowid=row.rowid_,
                source=row.source,
                first_seen_at=from_stored(row.first_seen_at),
                content=decode_content(row.content),
            )

    def keep(self, made: Mapping[int, NewLinking], at: datetime) -> int:
        """Keeps what came of articles, by rowid, in one transaction. Returns how many of them
        link otherwise than the index was told; each of those has a line in the change log."""
        with write(self._engine) as connection:
            return sum(
                keep_linking(connection, rowid, linking, at) for rowid, linking in made.items()
            )

    def names(self) -> dict[NamedKind, dict[str, str]]:
        """How everything that was ever linked to is called, by kind and id."""
        with read(self._engine) as connection:
            return link_names(connection)

    def not_linked(self) -> list[NotLinked]:
        """Articles in scope that have no links because they broke the linker, by reason."""
        with read(self._engine) as connection:
            return [
                NotLinked(source=row.source, articles=row.articles, reason=row.failure)
                for row in connection.execute(_NOT_LINKED)
            ]


def keep_linking(
    connection: Connection, rowid: int, linking: NewLinking, at: datetime, *, told: bool = False
) -> bool:
    """Keeps what linking the article's present reading came to, inside a writer's transaction.

    Where the links differ from those the index may have, the change log gets a line of kind
    ``relinked``, unless the caller has just logged one (``told``). Returns whether it got one.
    """
    article = connection.execute(_STANDING, {"row": rowid}).one()
    encoded = _encode(linking.links).decode()
    connection.execute(
        _KEEP,
        {
            "article": rowid,
            "reading_id": article.reading_id,
            "registry": linking.registry,
            "links": encoded,
            "failure": linking.failure,
        },
    )
    keep_names(connection, linking.links)
    keep_candidates(connection, rowid, linking.candidates)
    if linking.failure and linking.failure != article.failure:
        connection.execute(_QUARANTINE, _quarantine_row(article.page_id, linking, at))
    if told or article.indexed_at is None or encoded == (article.links or _NOTHING):
        return False
    log_change(connection, rowid, "relinked", at)
    return True


def _quarantine_row(page_id: int, linking: NewLinking, at: datetime) -> dict[str, Any]:
    return {
        "page_id": page_id,
        "capture_id": None,
        "stage": "link",
        "reason": linking.failure,
        "detail": linking.detail,
        "at": to_stored(at),
    }


_NOTHING = _encode(NO_LINKS).decode()
"""What an article links to that was never linked."""
_ARTICLE, _LINKED = schema.article.c, schema.linked.c


def _keep_statement() -> Any:
    statement = upsert(schema.linked)
    names = ("reading_id", "registry", "links", "failure")
    return statement.on_conflict_do_update(
        index_elements=["article"], set_={name: statement.excluded[name] for name in names}
    )


_WAITING = (
    select(_ARTICLE.rowid_)
    .outerjoin(schema.linked, _LINKED.article == _ARTICLE.rowid_)
    .where(_ARTICLE.out_of_scope == "", func.coalesce(_LINKED.reading_id, 0) != _ARTICLE.reading_id)
    .order_by(_ARTICLE.rowid_)
)
_WAITING_AFTER = _WAITING.where(
    _ARTICLE.rowid_.in_(
        select(schema.change.c.article).where(schema.change.c.sequence > bindparam("after_"))
    )
)
_OUTDATED = (
    select(_ARTICLE.rowid_)
    .outerjoin(schema.linked, _LINKED.article == _ARTICLE.rowid_)
    .where(
        _ARTICLE.out_of_scope == "",
        (func.coalesce(_LINKED.reading_id, 0) != _ARTICLE.reading_id)
        | (_LINKED.registry != bindparam("registry_")),
    )
    .order_by(_ARTICLE.rowid_)
)
_REGISTRIES = text("""
SELECT registry, count(*) AS articles FROM linked
JOIN article ON article.rowid_ = linked.article WHERE out_of_scope = '' GROUP BY registry
""")
_SUBJECTS = (
    select(
        _ARTICLE.rowid_, _ARTICLE.source, _ARTICLE.first_seen_at, schema.reading.c.content
    )
    .join(schema.reading, schema.reading.c.id == _ARTICLE.reading_id)
    .where(_ARTICLE.rowid_.in_(bindparam("rowids", expanding=True)), _ARTICLE.out_of_scope == "")
    .order_by(_ARTICLE.rowid_)
)  # fmt: skip
_STANDING = (
    select(
        _ARTICLE.reading_id,
        _ARTICLE.page_id,
        _ARTICLE.indexed_at,
        _LINKED.links,
        _LINKED.failure,
    )
    .outerjoin(schema.linked, _LINKED.article == _ARTICLE.rowid_)
    .where(_ARTICLE.rowid_ == bindparam("row"))
)
_KEEP = _keep_statement()
_QUARANTINE = insert(schema.quarantine)
_NOT_LINKED = text("""
SELECT article.source, linked.failure, count(*) AS articles
FROM linked JOIN article ON article.rowid_ = linked.article
WHERE linked.failure <> '' AND article.out_of_scope = ''
GROUP BY 1, 2 ORDER BY 1, 3 DESC
""")
