"""Where an article stands: withdrawn, gone, held back, out of scope, moved."""

from __future__ import annotations

from collections.abc import Iterator

from hanoiwatch.cli.events import absence_words, gone_words, shown_minute
from hanoiwatch.cli.marked import Paper, printable, wrapped
from hanoiwatch.model import Article
from hanoiwatch.store.history import ArticleHistory


def standing_lines(article: Article, history: ArticleHistory, paper: Paper) -> Iterator[str]:
    """A line for each thing that a reader must know before trusting what follows."""
    for label, said in (*_warnings(article, history), *_held(history)):
        first, *rest = wrapped(said, paper, "  ", start=len(label) + 2)
        yield f"{paper.warn(label)}: {first}"
        yield from rest
    for address in history.addresses:
        label = f"moved {shown_minute(address.at)}, from" if address.moved else "also at"
        yield f"{label}: {printable(address.url)}"


def _warnings(article: Article, history: ArticleHistory) -> Iterator[tuple[str, str]]:
    if article.withdrawn_at:
        gone = [change.at for change in history.changes if change.kind == "withdrawn"]
        why = gone_words(history, gone[-1]) if gone else "its page is gone"
        yield "withdrawn", f"{why}; this is the last good copy"
    elif absence := history.open_absence:
        yield "page gone", f"since {shown_minute(absence.first_at)}: {absence_words(absence)}"
    if article.out_of_scope:
        yield "out of scope", f"{article.out_of_scope}; not searched"


def _held(history: ArticleHistory) -> Iterator[tuple[str, str]]:
    """The worse page that came after the copy shown, if one did."""
    good = max(revision.capture.fetched_at for revision in history.revisions)
    later = [held for held in history.held if held.capture.fetched_at > good]
    if later:
        last = later[-1]
        at = shown_minute(last.capture.fetched_at)
        yield "held back", f"the page of {at} ({last.reason}); this is the good copy before it"
