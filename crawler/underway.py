"""The pages that a run has taken up: each ends exactly once."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.tally import Tally
from hanoiwatch.model import DuePage, PageId
from hanoiwatch.store.captures import FetchEnd

MOST_AT_ONCE = 20_000
"""Pages that a run keeps in memory, far more than it can fetch from a live host. Others stay due
in the record, and are not counted, until the next run."""


class UnderWay:
    """Pages taken up and not ended yet."""

    def __init__(self, tally: Tally, limit: int | None) -> None:
        self._tally, self._limit = tally, limit
        self._pages: dict[PageId, DuePage] = {}
        self._admitted = 0

    def take_up(self, pages: Iterable[DuePage]) -> list[DuePage]:
        """Those of ``pages`` that the run will end; not those it has already, nor too many."""
        fresh = [page for page in pages if page.page_id not in self._pages]
        fresh = fresh[: max(MOST_AT_ONCE - len(self._pages), 0)]
        self._pages.update((page.page_id, page) for page in fresh)
        self._tally.due += len(fresh)
        return fresh

    @property
    def room(self) -> int:
        """How many more pages the limit leaves; 0 where there is none."""
        return max((self._limit or 0) - self._admitted, 0)

    def admit(self) -> bool:
        """Counts one more page towards the limit; False beyond it."""
        if self._limit is not None and self._admitted >= self._limit:
            return False
        self._admitted += 1
        return True

    def end(self, end: FetchEnd) -> bool:
        """Notes the end of a page; False where it had ended before, so that this is none."""
        if self._pages.pop(end.page_id, None) is None:
            return False
        self._tally.outcomes[end.outcome] += 1
        return True

    def left(self) -> tuple[DuePage, ...]:
        return tuple(self._pages.values())
