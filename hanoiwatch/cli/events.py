"""What befell an article, one line an event, in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from hanoiwatch.clock import HANOI
from hanoiwatch.diff import compare, summary
from hanoiwatch.diff.tokens import count_words
from hanoiwatch.model import Article
from hanoiwatch.store.history import Absence, ArticleHistory, CaptureRef, Revision

TABLE_COLUMNS = ("at", "event", "revision", "what")
COLUMNS = (
    *TABLE_COLUMNS, "fetched_at", "url", "record_id", "sha256", "layout", "extractor",
)  # fmt: skip
"""Of JSON and CSV: docs/reference/diff.md tells each."""

Event = dict[str, Any]


def events(article: Article, history: ArticleHistory) -> list[Event]:
    """Revisions, withdrawals, returns, worse pages and moves, oldest first."""
    found = [
        *_revisions(history.revisions),
        *_changes(history),
        *_held(history),
        *_addresses(article, history),
    ]
    if absence := history.open_absence:
        found.append(_event(absence.first_at, "gone", absence_words(absence), url=absence.url))
    return sorted(found, key=lambda event: event["at"])


def _event(at: datetime, name: str, what: str, **more: Any) -> Event:
    return {"at": at, "event": name, "what": what, **more}


def _of_capture(capture: CaptureRef) -> dict[str, Any]:
    return {
        "fetched_at": capture.fetched_at,
        "url": capture.url,
        "record_id": capture.record_id,
        "sha256": capture.sha256,
    }


def _revisions(revisions: Sequence[Revision]) -> Iterator[Event]:
    for revision in revisions[:1]:
        yield _revision(revision, f"first seen, {said_words(revision)} words")
    for before, revision in pairwise(revisions):
        said = summary(compare(before.content, revision.content))
        yield _revision(revision, said + reader_note(before, revision))


def _revision(revision: Revision, what: str) -> Event:
    return _event(
        revision.recorded_at,
        "revision",
        what,
        revision=revision.number,
        layout=revision.layout,
        extractor=revision.extractor,
        **_of_capture(revision.capture),
    )


def said_words(revision: Revision) -> int:
    content = revision.content
    captions = (image.caption for image in content.images)
    return sum(map(count_words, (content.title, content.lead, content.text, *captions)))


def reader_note(old: Revision, new: Revision) -> str:
    """Where two revisions are read differently, a difference may be ours, not the paper's."""
    if old.extractor == new.extractor:
        return ""
    return " (read by different extractors: some of it may be ours, not the paper's)"


def _changes(history: ArticleHistory) -> Iterator[Event]:
    was_out = False
    for change in history.changes:
        match change.kind:
            case "withdrawn":
                yield _event(change.at, "withdrawn", gone_words(history, change.at))
            case "removed":
                was_out = True
                yield _event(change.at, "out-of-scope", "left the scope of its source")
            case "restored":
                what = "in the scope of its source again" if was_out else "its page is back"
                yield _event(change.at, "restored", what)
                was_out = False
            case "reread":
                pass  # ours, not the paper's


def gone_words(history: ArticleHistory, at: datetime) -> str:
    """Why it was withdrawn at ``at``."""
    absences = [one for one in history.absences if one.state == "withdrawn" and one.first_at <= at]
    if not absences:
        return "its page is gone"
    last = absences[-1]
    return f"its page is gone since {shown_minute(last.first_at)} ({last.how})"


def absence_words(absence: Absence) -> str:
    """What is known of a page that is gone and not confirmed."""
    if absence.state == "reform":
        return f"{absence.how}, with many others at once: new addresses? nothing is withdrawn"
    return f"{absence.how}; not confirmed yet, last asked {shown_minute(absence.last_at)}"


def _held(history: ArticleHistory) -> Iterator[Event]:
    for held in history.held:
        what = f"kept aside, replaced nothing: {held.reason}"
        yield _event(held.at, "held", what, **_of_capture(held.capture))


def _addresses(article: Article, history: ArticleHistory) -> Iterator[Event]:
    moves = [address for address in history.addresses if address.moved]
    onward = [*(move.url for move in moves[1:]), article.content.url]
    for move, to in zip(moves, onward, strict=False):
        yield _event(move.at, "moved", f"from {move.url} to {to}", url=to)
    for address in history.addresses:
        if not address.moved:
            yield _event(address.at, "address", f"also at {address.url}", url=address.url)


def shown_minute(moment: datetime) -> str:
    return moment.astimezone(HANOI).strftime("%Y-%m-%d %H:%M")
