"""The next generation in Elasticsearch, filled beside the one that answers.

Its own state document says how far it has come, so that a rebuild that was killed goes on there.
The tombstones of the former generation come along: also in the new one no late writer brings
back what was taken down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from hanoiwatch.model import Article
from indexer.search.elastic.answering import walk
from indexer.search.elastic.bulk import Action, action, send, send_all
from indexer.search.elastic.connection import Connection
from indexer.search.elastic.feeding import Formers, Writer
from indexer.search.elastic.indices import Indices, State, is_current
from indexer.search.protocol import IndexChange


class ElasticSuccessor:
    """`Successor` of an index in Elasticsearch."""

    at_once = 2_000
    """Some seconds' work of a small cluster, four large requests."""
    counts_links_alone = False

    def __init__(
        self,
        connection: Connection,
        *,
        position: int,
        formers: Formers,
        clock: Callable[[], datetime],
    ) -> None:
        self._connection = connection
        self._indices = Indices(connection)
        self._former = self._indices.current()
        self._number = self._former + 1
        self._writer = Writer(
            connection=connection,
            targets=connection.names.pair(self._number),
            formers=formers,
            clock=clock,
        )
        self._state = self._resumed() or self._begun(position)

    def _resumed(self) -> State:
        """The state of what a rebuild that was killed left, if it is of this version."""
        index = self._writer.targets[0]
        there = self._indices.all()
        for name in there:
            number = self._connection.names.number(name)
            if number < self._former:
                self._indices.remove(number)  # left by one that was killed when it had taken over
        return self._indices.state(index) if is_current(there.get(index, 0)) else {}

    def _begun(self, position: int) -> State:
        self._indices.remove(self._number)
        self._indices.create(self._number)
        self._writer.keep_state(position)
        return {"position": position, "filled": 0}

    def position(self) -> int:
        return self._state["position"]

    def filled_to(self) -> int:
        return self._state["filled"]

    def fill(self, articles: Iterable[Article], *, upto: int) -> int:
        counted = _Counted(articles)
        send_all(self._connection, self._writer.filling(counted))
        self._keep(self.position(), upto)
        return counted.count

    def apply(self, changes: Sequence[IndexChange]) -> None:
        waiting = [one for one in changes if one.change.sequence > self.position()]
        if not waiting:
            return
        self._writer.apply(waiting)
        self._keep(max(one.change.sequence for one in waiting), self.filled_to())

    def take_over(self) -> None:
        if self._former:
            self._indices.refresh(*self._connection.names.pair(self._former))  # the newest graves
            send(self._connection, self._graves())
        self._indices.refresh(*self._writer.targets)
        self._indices.switch_to(self._number)
        if self._former:
            self._indices.remove(self._former)

    def close(self) -> None:
        """Nothing is held open: what was filled so far is in the cluster."""

    def _keep(self, position: int, filled: int) -> None:
        self._writer.keep_state(position, filled)
        self._state = {"position": position, "filled": filled}

    def _graves(self) -> Iterator[Action]:
        pairs = zip(self._connection.names.pair(self._former), self._writer.targets, strict=True)
        for former, target in pairs:
            body = {"query": {"term": {"removed": True}}, "version": True}
            for hit in walk(self._connection, former, body, [{"_doc": {"order": "asc"}}]):
                yield action(target, hit["_id"], hit["_version"], hit["_source"])


class _Counted:
    """Says how many it has passed on."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = articles
        self.count = 0

    def __iter__(self) -> Iterator[Article]:
        for article in self._articles:
            self.count += 1
            yield article
