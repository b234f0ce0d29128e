"""What a decision about a reading does to the record, inside the recording's transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import Content, Outcome, ReadNothing, RunId
from hanoiwatch.revisits import planned_visit, visit_when_gone
from hanoiwatch.sources.schema import Scope
from hanoiwatch.store import schema
from hanoiwatch.store.articles import NewRevision, add_revision
from hanoiwatch.store.captures import keep_outcome
from hanoiwatch.store.changes import (
    add_address,
    change_page,
    free_page,
    hold,
    move,
    reread,
    restore,
)
from hanoiwatch.store.linking import NewLinking, keep_linking
from hanoiwatch.store.readings import UnreadCapture
from hanoiwatch.store.scopes import enter_scope
from hanoiwatch.store.stored import StoredArticle, article_at, article_of_page, twin_of
from hanoiwatch.store.vanished import close_line, close_moved, is_open, note_gone
from hanoiwatch.urls import article_id, canonical_url
from indexer.decide import HELD_BACK, Arrival, Decision, Known, decide, is_gone
from indexer.scope import out_of_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A recorded reading of an article, and the capture that brought it."""

    capture: UnreadCapture
    reading_id: int
    arrival: Arrival
    at: datetime
    linking: NewLinking | None = None
    """What the reading links to; None: it is linked later."""

    @property
    def content(self) -> Content:
        return self.arrival.content


def record_article(connection: Connection, visit: Visit, scope: Scope) -> tuple[str, ...]:
    """Decides about the reading and does it. Returns what it came to, for the counts."""
    known = _known(connection, visit)
    decision = decide(visit.arrival, known, scope)
    moved_in = _instead_of_gone(connection, visit, known, decision, scope)
    if moved_in is not None:
        decision = moved_in
    ended = _enact(connection, visit, decision)
    if moved_in is not None and moved_in.of is not None:
        _take_over(connection, visit, moved_in.of)
    if decision.kind != "held":
        _plan(connection, visit)
    if decision.of is not None and _enters_scope(visit, decision, scope):
        enter_scope(connection, decision.of.rowid, visit.at)
        ended += ("restored",)
    return ended


def _enters_scope(visit: Visit, decision: Decision, scope: Scope) -> bool:
    """Whether an article that had left its scope says what brings it back."""
    article = decision.of
    if article is None or not article.out_of_scope or decision.kind not in ("edited", "reread"):
        return False
    return not out_of_scope(visit.content, scope)


def _known(connection: Connection, visit: Visit) -> Known:
    of_page = article_of_page(connection, visit.capture.page_id)
    at_url = article_at(connection, visit.content.url)
    twin = None
    if of_page is None and at_url is None:
        twin = twin_of(
            connection, visit.capture.source, visit.arrival.digest, visit.content.published_at
        )
    return Known(of_page=of_page, at_url=at_url, twin=twin)


def _instead_of_gone(
    connection: Connection, visit: Visit, known: Known, decision: Decision, scope: Scope
) -> Decision | None:
    """Where the article's own page is gone and this one carries it as well: the decision as if
    it were the article's own page. None: it stays a duplicate."""
    article = decision.of
    if decision.kind != "duplicate" or article is None or known.of_page is not None:
        return None
    if not article.is_withdrawn and not is_open(connection, article.page_id):
        return None
    found = decide(visit.arrival, replace(known, of_page=article), scope)
    return None if found.kind == "held" else replace(found, moved=True)


def _take_over(connection: Connection, visit: Visit, article: StoredArticle) -> None:
    close_moved(connection, article.page_id, visit.capture.page_id)
    change_page(connection, article.rowid, visit.capture.page_id, visit.at)
    keep_outcome(
        connection, visit.capture.page_id, "record", "duplicate",
        f"same article as {article.id}, which moved here", visit.at,
    )  # fmt: skip


def _enact(connection: Connection, visit: Visit, decision: Decision) -> tuple[str, ...]:
    article, capture, at = decision.of, visit.capture, visit.at
    if article is None:
        if decision.kind == "new":
            free_page(connection, capture.page_id)
            _add_revision(connection, visit, None)
        outcome: Outcome = "out-of-scope" if decision.kind == "out-of-scope" else "recorded"
        keep_outcome(connection, capture.page_id, "record", outcome, decision.reason, at)
        return (decision.kind,)
    if decision.kind == "duplicate":
        keep_outcome(connection, capture.page_id, "record", "duplicate", decision.reason, at)
        if article_of_page(connection, capture.page_id) is None:
            add_address(connection, article.rowid, capture.page_url, capture.page_id, at)
        return ("duplicate",)
    if decision.kind == "held":
        fresh = hold(connection, article.rowid, capture.capture_id, decision.reason, at)
        return ("held" if fresh else "same",)
    return _show(connection, visit, decision, article)


def _show(
    connection: Connection, visit: Visit, decision: Decision, article: StoredArticle
) -> tuple[str, ...]:
    """The article's page answered with the article, as it was or changed."""
    ended: tuple[str, ...] = (decision.kind,)
    if decision.restored:
        restore(connection, article.rowid, visit.at)
        ended += ("restored",)
    if decision.moved:
        move(connection, article.rowid, visit.content.url, visit.at)
        ended += ("moved",)
    if decision.kind == "edited":
        _add_revision(connection, visit, article)
    elif decision.kind == "reread":
        reread(connection, article.rowid, visit.reading_id, visit.content, visit.at)
        _keep_linking(connection, visit, article.rowid)
    close_line(connection, visit.capture.page_id, "back")
    return ended


def _add_revision(connection: Connection, visit: Visit, of: StoredArticle | None) -> None:
    content, capture = visit.content, visit.capture
    rowid = add_revision(
        connection,
        NewRevision(
            id=of.id if of else article_id(content.url),
            url=content.url,
            source=capture.source,
            page_id=capture.page_id,
            capture_id=capture.capture_id,
            reading_id=visit.reading_id,
            content=content,
            of=of,
            at=visit.at,
        ),
    )
    _keep_linking(connection, visit, rowid)


def _keep_linking(connection: Connection, visit: Visit, rowid: int) -> None:
    """In the same transaction: whoever meets the article's new state meets its links."""
    if visit.linking is not None:
        keep_linking(connection, rowid, visit.linking, visit.at, told=True)


def _plan(connection: Connection, visit: Visit) -> None:
    """The page's next visit by what the article itself says of its publication."""
    published, fetched = visit.content.published_at, from_stored(visit.capture.fetched_at)
    if published is None or published > fetched:
        return  # what the listing claims stands
    _set_next(connection, visit.capture, planned_visit(published, None, fetched))


# --- pages that hold no article --------------------------------------------------------------


def record_absence(
    connection: Connection, capture: UnreadCapture, reading: ReadNothing, at: datetime
) -> str:
    """A page that carries an article shows none. Returns what it came to, for the counts."""
    article = article_of_page(connection, capture.page_id)
    if article is None:
        return "not-article"
    redirected = canonical_url(capture.url) != capture.page_url
    if is_gone(reading.reason, redirected=redirected):
        _note_gone(connection, capture, article, reading)
        return "not-article"
    if reading.reason not in HELD_BACK:
        return "not-article"
    _forget_validators(connection, capture)
    fresh = hold(connection, article.rowid, capture.capture_id, _words(reading), at)
    return "held" if fresh else "not-article"


def _words(reading: ReadNothing) -> str:
    return f"{reading.reason}: {reading.detail}" if reading.detail else reading.reason


def _note_gone(
    connection: Connection, capture: UnreadCapture, article: StoredArticle, reading: ReadNothing
) -> None:
    fetched = from_stored(capture.fetched_at)
    run_id = connection.execute(
        select(schema.capture.c.run_id).where(schema.capture.c.id == capture.capture_id)
    ).scalar_one()
    how = f"reads as {_words(reading)}"
    gone = note_gone(connection, capture.page_id, RunId(run_id), how, fetched)
    planned = planned_visit(article.content.published_at, None, fetched)
    again = planned
    if gone is not None:
        again = visit_when_gone(gone.since, fetched, planned, alarm=gone.alarm)
    _set_next(connection, capture, again)
    _forget_validators(connection, capture)


def _forget_validators(connection: Connection, capture: UnreadCapture) -> None:
    """They are this page's, not the article's: it is asked for without them next time."""
    connection.execute(_FORGET, {"page": capture.page_id, "capture": capture.capture_id})


def _set_next(connection: Connection, capture: UnreadCapture, moment: datetime | None) -> None:
    """Unless a later visit has set it already."""
    stored = to_stored(moment) if moment else None
    values = {"page": capture.page_id, "capture": capture.capture_id, "next": stored}
    connection.execute(_SET_NEXT, values)


_NEWEST = (schema.page.c.id == bindparam("page")) & (
    schema.page.c.capture_id == bindparam("capture")
)
_FORGET = update(schema.page).where(_NEWEST).values(etag=None, last_modified=None, sha256=None)
_SET_NEXT = (
    update(schema.page)
    .where(_NEWEST, schema.page.c.failures == 0)
    .values(next_visit_at=bindparam("next"))
)
