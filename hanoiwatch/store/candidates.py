"""What articles say and the registry lacks: names with a post, and changes of posts.

An article's lines are replaced whenever it is linked. A candidate keeps its number and what a
person decided about it, whatever articles say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import to_stored
from hanoiwatch.errors import NotFoundError
from hanoiwatch.model import ArticleId
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write

CandidateKind = Literal["name", "change"]
CandidateState = Literal["open", "accepted", "dismissed"]
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What one article says and the registry does not have."""

    kind: CandidateKind
    key: str
    """Equal where two articles say the same."""
    name: str
    post: str
    """In the article's words."""
    post_id: str | None = None
    body_id: str | None = None
    official_id: str | None = None
    """None: a person whom the registry lacks."""
    change: str | None = None
    """Of a change: ``appointed``, ``elected``, ``removed`` or ``retired``."""
    on: str | None = None
    """Of a change: the day, or the month or year, from which it holds."""
    on_is_stated: bool = False
    """The sentence itself names that day; else it is the article's."""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article that says it."""

    article: ArticleId
    url: str
    published_at: str | None
    """As stored."""
    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedCandidate:
    """A candidate with the articles that say it."""

    id: int
    state: CandidateState
    articles: int
    examples: tuple[Example, ...]
    """The newest first; at most `MOST_EXAMPLES`. Never empty."""

    @property
    def said(self) -> Candidate:
        """As its newest article says it."""
        return self.examples[0].candidate


class Candidates:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collected(
        self, kind: CandidateKind, *, state: CandidateState = "open"
    ) -> list[CollectedCandidate]:
        """Those that articles in scope say now, the most frequent first."""
        with read(self._engine) as connection:
            rows = connection.execute(_COUNTED, {"state": state, "kind": kind}).all()
            found = [_collected(connection, row) for row in rows]
        return sorted(found, key=lambda one: (-one.articles, one.said.name, one.id))

    def get(self, number: int) -> CollectedCandidate:
        """The candidate with this number. Raises NotFoundError."""
        with read(self._engine) as connection:
            row = connection.execute(_ONE, {"id": number}).first()
            if row is None or not row.articles:
                raise NotFoundError(
                    f"there is no candidate {number}: see `hanoiwatch registry candidates`."
                )
            return _collected(connection, row)

    def decide(self, number: int, state: CandidateState, by: str, at: datetime) -> None:
        """Notes what a person decided about it."""
        values = {"number": number, "state_": state, "by_": by, "at_": to_stored(at)}
        with write(self._engine) as connection:
            connection.execute(_DECIDE, values)


def keep_candidates(connection: Connection, article: int, candidates: Sequence[Candidate]) -> None:
    """From here on these are what the article says and the registry lacks."""
    connection.execute(_FORGET, {"row": article})
    for one in {candidate.key: candidate for candidate in candidates}.values():
        number = connection.execute(_ADD, {"key": one.key, "state": "open"}).scalar_one()
        connection.execute(
            _SEE, {"candidate": number, "article": article, "said": _encode(one).decode()}
        )


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Candidate).decode


def _collected(connection: Connection, row: Any) -> CollectedCandidate:
    examples = connection.execute(_EXAMPLES, {"candidate": row.id, "limit": MOST_EXAMPLES})
    return CollectedCandidate(
        id=row.id,
        state=row.state,
        articles=row.articles,
        examples=tuple(
            Example(
                article=ArticleId(one.id),
                url=one.url,
                published_at=one.published_at,
                candidate=_decode(one.said),
            )
            for one in examples
        ),
    )


def _add_statement() -> Any:
    statement = upsert(schema.candidate)
    # an update that changes nothing, because only what is written is returned
    return statement.on_conflict_do_update(
        index_elements=["key"], set_={"key": statement.excluded.key}
    ).returning(schema.candidate.c.id)


_FORGET = delete(schema.candidate_seen).where(schema.candidate_seen.c.article == bindparam("row"))
_ADD = _add_statement()
_SEE = upsert(schema.candidate_seen)
_COUNTED = text("""
SELECT candidate.id, candidate.state, count(*) AS articles
FROM candidate JOIN candidate_seen ON candidate_seen.candidate = candidate.id
JOIN article ON article.rowid_ = candidate_seen.article AND article.out_of_scope = ''
WHERE candidate.state = :state AND said ->> 'kind' = :kind
GROUP BY candidate.id
""")
_ONE = text("""
SELECT candidate.id, candidate.state, count(article.rowid_) AS articles
FROM candidate LEFT JOIN candidate_seen ON candidate_seen.candidate = candidate.id
LEFT JOIN article ON article.rowid_ = candidate_seen.article AND article.out_of_scope = ''
WHERE candidate.id = :id GROUP BY candidate.id
""")
_EXAMPLES = text("""
SELECT article.id, article.url, article.published_at, candidate_seen.said
FROM candidate_seen JOIN article ON article.rowid_ = candidate_seen.article
WHERE candidate_seen.candidate = :candidate AND article.out_of_scope = ''
ORDER BY coalesce(article.published_at, article.first_seen_at) DESC, article.rowid_ LIMIT :limit
""")
_DECIDE = (
    update(schema.candidate)
    .where(schema.candidate.c.id == bindparam("number"))
    .values(state=bindparam("state_"), decided_by=bindparam("by_"), decided_at=bindparam("at_"))
)
