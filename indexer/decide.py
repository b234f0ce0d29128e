"""What a new reading means for the record: pure, no clock, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from hanoiwatch.model import Content, NotArticleReason, PageId
from hanoiwatch.sources.schema import Scope
from hanoiwatch.store.stored import StoredArticle
from indexer.scope import out_of_scope
from indexer.worse import is_known_by_words, is_same_article, shows_otherwise, why_worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A reading of an article, as it came from a page."""

    page_id: PageId
    content: Content
    digest: str
    layout: str
    extractor: str
    rendered: bool = False
    """It was read from the page as a browser showed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the record has of it."""

    of_page: StoredArticle | None = None
    """The article that the page carries."""
    at_url: StoredArticle | None = None
    """The article that is, or once was, at the address which the reading names."""
    twin: StoredArticle | None = None
    """The source's article with the very same words, published in the same minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a reading.

    ``new`` and ``edited`` make a revision. ``reread``: the article shows this reading from now
    on, under the same revision. ``held``: worse than the good copy, it replaces nothing.
    ``duplicate``: another page of the record already carries the article ``of``.
    """

    kind: Literal["new", "edited", "reread", "same", "held", "duplicate", "out-of-scope"]
    reason: str = ""
    of: StoredArticle | None = None
    """The article it is about; None: a new one, or none."""
    moved: bool = False
    """The article is at the reading's address from now on."""
    restored: bool = False
    """The article was withdrawn, and is back."""


def decide(arrival: Arrival, known: Known, scope: Scope) -> Decision:
    """What to do with a reading of the article at ``arrival.content.url``."""
    own, other = known.of_page, _elsewhere(arrival, known)
    if own is not None and (other is None or other.rowid == own.rowid):
        return _decide_visit(arrival, own)
    if other is not None:
        return Decision(kind="duplicate", reason=f"same article as {other.id}", of=other)
    reason = out_of_scope(arrival.content, scope)
    return Decision(kind="out-of-scope", reason=reason) if reason else Decision(kind="new")


def _elsewhere(arrival: Arrival, known: Known) -> StoredArticle | None:
    """The article that the reading is of, by its address or its words."""
    at = known.at_url
    if at is None:
        return known.twin if is_known_by_words(arrival.content) else None
    was_there = at.url != arrival.content.url
    if was_there and not is_same_article(arrival.content, at.content):
        return None  # the paper gave an old address to another article
    return at


def _decide_visit(arrival: Arrival, own: StoredArticle) -> Decision:
    """A page that carries an article was visited again."""
    moved = arrival.content.url != own.url
    if moved and not is_same_article(arrival.content, own.content):
        return Decision(kind="held", reason="another article answers", of=own)
    kind, reason = _compare(arrival, own)
    here = kind != "held"
    return Decision(
        kind=kind, reason=reason, of=own, moved=moved and here, restored=own.is_withdrawn and here
    )


def _compare(
    arrival: Arrival, own: StoredArticle
) -> tuple[Literal["edited", "reread", "same", "held"], str]:
    if arrival.extractor != own.extractor:
        return "same", ""  # it may differ for our own reasons: never called an edit
    worse = why_worse(arrival.content, arrival.layout, own.content, own.layout)
    if arrival.digest == own.digest:
        changed = not worse and shows_otherwise(arrival.content, own.content)
        return ("reread" if changed else "same"), ""
    if worse:
        return "held", worse
    # what a browser adds or takes away is no edit of the paper's
    return ("edited" if arrival.rendered == own.rendered else "reread"), ""


HELD_BACK: frozenset[NotArticleReason] = frozenset(
    {"challenge", "consent", "login", "maintenance", "empty", "not-html", "list"}
)
"""What a page may show instead of its article while the article is as it was."""


def is_gone(reason: NotArticleReason, *, redirected: bool) -> bool:
    """Whether a page that holds no article says that its article is gone.

    A page that reads as a list at its own address may be our own mistake; one that leads to a
    list is the paper's way of saying "gone".
    """
    return reason == "not-found" or (reason == "list" and redirected)


_ID = re.compile(r"\d{4,}")


def identity(page_url: str, declared: str) -> str:
    """The article's canonical URL: the page's own declaration where it can be believed.

    A declaration counts when it is on the same host and its last path segment carries the same
    number or the same words; a page that names the front page as its canonical address must
    not swallow every other.
    """
    page, other = urlsplit(page_url), urlsplit(declared)
    if page.netloc != other.netloc or other.path in ("", "/"):
        return page_url
    mine, theirs = _last_segment(page.path), _last_segment(other.path)
    same_id = _ID.findall(mine)[-1:] == _ID.findall(theirs)[-1:] != []
    return declared if same_id or mine == theirs else page_url


def _last_segment(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


RETRY_AFTER: dict[NotArticleReason, timedelta] = {
    # a gate that may open; asked again gently, the host has been polite enough to answer
    "challenge": timedelta(hours=6),
    "consent": timedelta(hours=6),
    "login": timedelta(hours=24),
    # a site under repair, or a page published before its text
    "maintenance": timedelta(hours=1),
    "empty": timedelta(hours=1),
}
MOST_RETRIES = 5
"""After that many visits without an article a page is left alone; the ledger says why."""


def next_visit(reason: NotArticleReason, earlier: int, now: datetime) -> datetime | None:
    """When a page that held no article should be asked for again; None: no sooner than planned.

    ``earlier``: how many visits it had before this one.
    """
    if reason not in RETRY_AFTER or earlier >= MOST_RETRIES:
        return None
    wait: timedelta = RETRY_AFTER[reason] * (1 << earlier)
    return now + wait
