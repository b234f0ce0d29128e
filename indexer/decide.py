"""What a new reading means for the record: pure, no clock, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from hanoiwatch.model import Content, NotArticleReason, PageId
from hanoiwatch.sources.schema import Scope
from hanoiwatch.store.articles import StoredArticle
from hanoiwatch.text import canon


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``new`` and ``edited`` make a revision; ``same``, ``duplicate`` and ``out-of-scope`` do not.

    ``duplicate``: another page of the record already is the article at this canonical URL.
    """

    kind: Literal["new", "edited", "same", "duplicate", "out-of-scope"]
    reason: str = ""


def decide(
    content: Content,
    digest: str,
    stored: StoredArticle | None,
    *,
    page_id: PageId,
    scope: Scope,
    extractor: str,
) -> Decision:
    """What to do with a reading of the article at ``content.url``."""
    if stored is None:
        reason = out_of_scope(content, scope)
        return Decision(kind="out-of-scope", reason=reason) if reason else Decision(kind="new")
    if stored.page_id != page_id:
        return Decision(kind="duplicate", reason=f"same article as {stored.id}")
    if stored.digest == digest or stored.extractor != extractor:
        # Another extractor's reading may differ for our own reasons: never called an edit.
        return Decision(kind="same")
    return Decision(kind="edited")


def out_of_scope(content: Content, scope: Scope) -> str:
    """Why an article is out of its source's scope; empty when it is in."""
    if not scope.sections and not scope.any:
        return ""
    if content.section and canon(content.section) in {canon(name) for name in scope.sections}:
        return ""
    if scope.any and _names_one_of(content, scope.any):
        return ""
    return "none of the scope's sections or words"


def _names_one_of(content: Content, words: tuple[str, ...]) -> bool:
    captions = (image.caption for image in content.images)
    said = canon("\n".join((content.title, content.lead, content.text, *captions)))
    return any(re.search(rf"(?<!\w){re.escape(canon(word))}(?!\w)", said) for word in words)


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
