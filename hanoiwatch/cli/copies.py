"""The other articles of a story, each with what it says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.difference import difference_lines
from hanoiwatch.cli.events import shown_minute
from hanoiwatch.cli.marked import Paper, printable, wrapped
from hanoiwatch.diff import Difference, compare, difference_json, summary
from hanoiwatch.model import Article
from hanoiwatch.store.history import first_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """``difference``: from the article that is shown to this one."""

    article: Article
    is_first: bool
    difference: Difference


def compared(article: Article, others: Sequence[Article]) -> tuple[Copy, ...]:
    """The copies of ``article``, in the order in which they were told."""
    first = min((article, *others), key=first_told)
    return tuple(
        Copy(
            article=other,
            is_first=other is first,
            difference=compare(article.content, other.content),
        )
        for other in others
    )


def copies_json(copies: Sequence[Copy]) -> list[dict[str, Any]]:
    return [_copy_json(copy) for copy in copies]


def _copy_json(copy: Copy) -> dict[str, Any]:
    shown = article_json(copy.article)
    names = ("id", "url", "source", "title", "published_at", "first_seen_at", "withdrawn_at")
    return {
        **{name: shown[name] for name in names},
        "first": copy.is_first,
        "difference": difference_json(copy.difference),
    }


def copies_lines(
    article: Article, copies: Sequence[Copy], paper: Paper, *, whole: bool
) -> Iterator[str]:
    """A paragraph a copy; ``whole``: with the words that differ."""
    count = "1 copy" if len(copies) == 1 else f"{len(copies)} copies"
    first = next((copy.article for copy in copies if copy.is_first), article)
    who = "this article" if first is article else first.source
    yield paper.bold(f"{count} of this story; {who} was first, {_when(first)}")
    for copy in copies:
        yield ""
        yield from _copy_lines(copy, paper)
        if whole:
            yield from difference_lines(copy.difference, paper)
    if whole:
        yield ""
        yield paper.dim("Removed: only in this article. Added: only in the copy.")


def _copy_lines(copy: Copy, paper: Paper) -> Iterator[str]:
    other = copy.article
    alike = f"{copy.difference.similarity:.0%} the same words"
    first = ", first" if copy.is_first else ""
    yield f"{paper.bold(other.source)}{first}  {_when(other)}  {alike}"
    for text in (other.content.title, summary(copy.difference)):
        yield from wrapped(f"  {text}", paper, "  ")
    yield paper.dim(f"  {printable(other.content.url)}  {other.id}")


def _when(article: Article) -> str:
    published = article.content.published_at
    return shown_minute(published) if published else "without a date"
