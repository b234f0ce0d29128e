"""The stage that links articles which no reading process has linked.

That is rare in a crawl: readings taken from the record, articles of a scope that grew, archives
of before there were links. After a change of the registry it is every article (`relink`).
The done-mark is the linking of an article's present reading, so this can be killed at any
moment and started again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from hanoiwatch.log import logger
from hanoiwatch.sources.schema import Source
from hanoiwatch.store import Record
from hanoiwatch.store.linking import LinkSubject, NewLinking
from indexer.linking.candidates import candidates_of
from indexer.linking.linker import Linked, Linker, LinkerMaker, broken, link_article

BATCH = 32
"""Articles linked in one transaction: a quarter of a second's work."""


@dataclass(slots=True)
class LinkCounts:
    """What a run of the stage did, of ``total`` articles."""

    total: int = 0
    done: int = 0
    differing: int = 0
    """Linked otherwise than before, which the index hears of."""
    failed: int = 0
    """They broke the linker, and have no links."""


class LinkingStage:
    """Links by the registry as it was when the first article was linked.

    One process at a time may use one; the pipeline's lock sees to that.
    """

    def __init__(
        self,
        record: Record,
        make: LinkerMaker,
        sources: Mapping[str, Source],
        clock: Callable[[], datetime],
    ) -> None:
        self._record, self._make, self._clock = record, make, clock
        self._of_hanoi = {name: source.of_hanoi for name, source in sources.items()}
        self._position: int | None = None

    @cached_property
    def linker(self) -> Linker:
        """Made when first needed: most crawls never do."""
        return self._make()

    def link_changed(self) -> LinkCounts:
        """Links what waits and changed since the last call; at the first call, all that waits."""
        last = self._record.articles.last_sequence()
        counts = LinkCounts()
        waiting = self._record.linkings.waiting(after=self._position)
        for _ in self._link(waiting, counts):
            pass
        self._position = last
        return counts

    def link_all(self) -> LinkCounts:
        """Links everything that waits, whatever made it wait."""
        self._position = None
        return self.link_changed()

    def relink(self) -> Iterator[LinkCounts]:
        """Links every article that another registry, or none, has linked; yields after each
        batch."""
        counts = LinkCounts()
        yield from self._link(self._record.linkings.outdated(self.linker.fingerprint), counts)

    def _link(self, rowids: Sequence[int], counts: LinkCounts) -> Iterator[LinkCounts]:
        counts.total = len(rowids)
        yield counts
        for start in range(0, len(rowids), BATCH):
            made = {
                subject.rowid: new_linking(self._linked(subject))
                for subject in self._record.linkings.subjects(rowids[start : start + BATCH])
            }
            counts.differing += self._record.linkings.keep(made, self._clock())
            counts.failed += sum(1 for one in made.values() if one.failure)
            counts.done = min(start + BATCH, len(rowids))
            yield counts
        if rowids:
            logger(__name__).info("linked", articles=counts.done, differing=counts.differing)

    def _linked(self, subject: LinkSubject) -> Linked:
        return link_article(
            self.linker,
            subject.content,
            source_is_of_hanoi=self._of_hanoi.get(subject.source, False),
            first_seen_at=subject.first_seen_at,
        )


def new_linking(linked: Linked) -> NewLinking:
    """As the record keeps it. Findings that make no sense are a failure of the linker, too."""
    try:
        candidates = candidates_of(linked.findings)
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        return new_linking(broken(linked.registry, error))
    return NewLinking(
        registry=linked.registry,
        links=linked.links,
        candidates=candidates,
        failure=linked.failure,
        detail=linked.detail,
    )
