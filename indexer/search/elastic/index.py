"""`SearchIndex` in Elasticsearch: the same questions, the same answers. See docs/decisions/0024.

Everybody reads two aliases; one generation of indices stands behind them. Nothing is asked of
the cluster before it is needed, and an index that is not there is an empty one: the change log
fills it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from hanoiwatch.clock import now
from hanoiwatch.errors import StoreError
from hanoiwatch.model import Article, Filters, Matches, SortOrder
from hanoiwatch.query import Node
from indexer.search.elastic.answering import Answering
from indexer.search.elastic.connection import Connection
from indexer.search.elastic.feeding import Formers, Writer
from indexer.search.elastic.indices import Indices, State
from indexer.search.elastic.settings import ElasticSettings
from indexer.search.elastic.succession import ElasticSuccessor
from indexer.search.protocol import Difference, IndexChange


def no_formers(_: Article) -> tuple[()]:
    return ()


class ElasticIndex:
    """``formers``: what an article used to say, for the index of revisions."""

    def __init__(
        self,
        settings: ElasticSettings,
        *,
        formers: Formers = no_formers,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.connection = Connection(settings)
        self._indices = Indices(self.connection)
        self.answering = Answering(self.connection)
        self._formers, self._clock = formers, clock

    def close(self) -> None:
        self.connection.close()

    # --- state -----------------------------------------------------------------------------

    def outdated(self) -> bool:
        return self._indices.is_outdated(self._indices.answering())

    def caveat(self) -> str:
        if not self.outdated():
            return ""
        return (
            "the search index was made by another version of this program: answers may miss "
            "something until the next crawl or `hanoiwatch index rebuild` makes it anew."
        )

    def position(self) -> int:
        return self._indices.answering().get("position", 0)

    def versions(self) -> Iterator[tuple[int, int]]:
        return self.answering.versions()

    def storage_faults(self) -> list[str]:
        from indexer.search.elastic.audit import storage_faults

        return storage_faults(self.connection, self._indices)

    def differences(
        self, articles_of: Callable[[Sequence[int]], Mapping[int, Article]]
    ) -> Iterator[Difference | int]:
        from indexer.search.elastic.audit import differences

        return differences(self.connection, articles_of)

    # --- feeding ---------------------------------------------------------------------------

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """As `SearchIndex.apply`, but that others may see a part of the batch before the whole;
        killed between, it is whole when it is applied again."""
        state = self._indices.answering()
        waiting = [one for one in changes if one.change.sequence > state.get("position", 0)]
        if not waiting:
            return
        self._make_ready(state)
        writer = self._writer()
        writer.apply(waiting)
        writer.keep_state(max(one.change.sequence for one in waiting), refresh=True)

    def _make_ready(self, state: State) -> None:
        if self._indices.is_outdated(state):
            raise StoreError(
                "the search index in Elasticsearch was made by another version of this program: "
                "it takes no changes before `hanoiwatch index rebuild`."
            )
        if not state:
            self._indices.create(1)
            self._writer(self.connection.names.pair(1)).keep_state(0)
            self._indices.switch_to(1)

    def _writer(self, targets: tuple[str, str] | None = None) -> Writer:
        return Writer(
            connection=self.connection,
            targets=targets or self.connection.names.aliases,
            formers=self._formers,
            clock=self._clock,
        )

    def successor(self, *, position: int) -> ElasticSuccessor:
        return ElasticSuccessor(
            self.connection, position=position, formers=self._formers, clock=self._clock
        )

    # --- searching -------------------------------------------------------------------------

    def search(
        self,
        tree: Node | None,
        filters: Filters,
        *,
        sort: SortOrder = "newest",
        limit: int = 10,
        offset: int = 0,
    ) -> Matches:
        return self.answering.search(tree, filters, sort=sort, limit=limit, offset=offset)

    def rowids(
        self, tree: Node | None, filters: Filters, *, sort: SortOrder = "newest"
    ) -> array[int]:
        return self.answering.rowids(tree, filters, sort=sort)

    def days(self, tree: Node | None, filters: Filters) -> Mapping[date | None, int]:
        return self.answering.days(tree, filters)
