"""What the program asks of a search index.

An index is disposable. It is fed from the record's change log, in order, and remembers how far
it has come; whoever keeps it in step does this until the log is at its end:

    changes = record.articles.changes(after=index.position(), limit=…)
    index.apply(IndexChange(change=…, article=the article as it is now) for each)

It is made anew beside itself, so that searches go on (`indexer.rebuild`):

    successor = index.successor(position=the end of the change log)
    while there are articles with rowids above successor.filled_to():
        successor.fill(the next of them, upto=the last of their rowids)
    changes go to the successor as above, until the log is at its end
    successor.take_over()

An implementation is wrong if rebuilding it from nothing gives another total, another set of
matches, other facets or another order than feeding it change by change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from hanoiwatch.model import Article, Change, Filters, Matches, SortOrder
from hanoiwatch.query import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    """One change, and its article as the record has it now; None where it is gone."""

    change: Change
    article: Article | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something in an index that is not as the record says."""

    what: str
    rowid: int | None = None
    """Of the article that it befalls, where one can be named."""


class SearchIndex(Protocol):
    """Every method raises StoreError (or a kind of it) where the index cannot be used."""

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """Makes the index show these articles as they are now, and moves `position` on.

        All of the batch or nothing: killed at any moment, the index is as before or as after.
        Applying a batch again changes nothing. One process applies at a time; searching goes
        on meanwhile, in every process, on the state before.
        """

    def search(
        self,
        tree: Node | None,
        filters: Filters,
        *,
        sort: SortOrder = "newest",
        limit: int = 10,
        offset: int = 0,
    ) -> Matches:
        """Articles that match the query (None: every article) and the filters.

        ``total`` and the facets count all of them; each facet leaves out its own filter
        (``months`` leaves out since and until), values that count nothing are left out.
        Sources and sections come most frequent first, months newest first.

        Newest and oldest order by publication, then by article id; undated articles come last
        in both. Relevance is the implementation's own; equal scores come newest first.
        Where an exact query finds nothing, ``hint`` says what it would find without marks.
        """

    def rowids(
        self, tree: Node | None, filters: Filters, *, sort: SortOrder = "newest"
    ) -> Sequence[int]:
        """Every article that `search` would count, newest or oldest first: eight bytes each,
        as of one moment. For whoever goes through a whole result."""

    def days(self, tree: Node | None, filters: Filters) -> Mapping[date | None, int]:
        """How many of them were published on each day of Hanoi; None counts the undated."""

    def position(self) -> int:
        """The sequence of the last change applied; 0 for an empty index."""

    def versions(self) -> Iterator[tuple[int, int]]:
        """Each article's rowid, ascending, and the sequence that it had when it was indexed."""

    def outdated(self) -> bool:
        """Whether another version of this program made it. It goes on answering as far as it can
        be read, but takes no more changes: it must be made anew first."""

    def caveat(self) -> str:
        """What those who search must be told of the answers: one sentence, mostly empty."""

    def storage_faults(self) -> Sequence[str]:
        """What the engine itself finds wrong with what it keeps."""

    def differences(
        self, articles_of: Callable[[Sequence[int]], Mapping[int, Article]]
    ) -> Iterator[Difference | int]:
        """Compares all that it holds (words and their places, fields, facets, dates) with the
        articles as the record has them, fetched a few at a time; yields what differs and, now
        and then, how many articles were compared. One that changed since it was indexed, or is
        not there, is passed over: `versions` tells of both."""

    def successor(self, *, position: int) -> Successor:
        """An empty index beside this one, which is at ``position`` of the change log; or, with
        a position of its own, the one that was being filled when its process died. One process
        fills at a time. Also a damaged index has one."""

    def close(self) -> None: ...


class Successor(Protocol):
    """An index that is filled beside the one that answers, and then takes its place.

    Killed at any moment, the old index answers on, and the next `successor` goes on from the
    last `fill` or `apply` that returned.
    """

    at_once: int
    """How many rowids `fill` is best given together: they are lost together where the process is
    killed, and nobody sees how far it is before they are in."""
    counts_links_alone: bool
    """Of links it needs only what facets count: `fill` may be given no more of them."""

    def position(self) -> int:
        """As `SearchIndex.position`."""

    def filled_to(self) -> int:
        """The highest rowid that `fill` has come to; 0 at first."""

    def fill(self, articles: Iterable[Article], *, upto: int) -> int:
        """Adds articles that it does not have, ascending by rowid; says that all up to rowid
        ``upto`` are in it now. All of them or, where anything raises, none. Returns how many.
        """

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """As `SearchIndex.apply`."""

    def take_over(self) -> None:
        """From here on it answers, in every process, also in those that have the old one open;
        the old one is gone. Use it no more."""

    def close(self) -> None: ...
