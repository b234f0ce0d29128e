"""The stage that finds stories: articles without a signature are signed, compared and linked.

    article --wording--> words --sign--> signature --near--> candidates of the days around
        candidate --align--> alike? --one_template--> bulletins of a series? --> copies --> joins

The done-mark is the signature of an article's present reading. A batch is one transaction, so
this can be killed at any moment: what was not kept is taken up again, with the same end.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hanoiwatch import clock
from hanoiwatch.clock import from_stored, hanoi_day
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.log import logger
from hanoiwatch.model import ArticleId
from hanoiwatch.store import Record
from hanoiwatch.store.stories import (
    ArticleText,
    BrokenArticle,
    Linked,
    SignedArticle,
    StoredSignature,
)
from indexer.stories.choosing import Teller, joins
from indexer.stories.copies import Text, copies_among
from indexer.stories.minhash import RECIPE, sign
from indexer.stories.shelves import Shelves
from indexer.stories.wording import wording_of

BATCH = 64
"""Articles in one transaction."""
MOST_TEXTS = 3_000
"""Texts kept in memory to be compared again: some 20 MB."""


@dataclass(slots=True)
class StoryCounts:
    """What a run of the stage did."""

    signed: int = 0
    joined: int = 0
    """Articles that joined a story, its founder among them."""
    broken: int = 0


def link_stories(record: Record) -> StoryCounts:
    """Finds the stories of all articles that wait. Whoever calls it is the only one who does."""
    return StoryLinker(record).link_all()


class StoryLinker:
    """The stage with what it keeps in memory from batch to batch.

    One process at a time may use one; the pipeline's lock sees to that.
    """

    def __init__(self, record: Record, now: Callable[[], datetime] = clock.now) -> None:
        self._record, self._now = record, now
        self._shelves = Shelves(lambda day: record.stories.of_day(day, RECIPE))
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._position: int | None = None

    def link_all(self) -> StoryCounts:
        """Takes up every article that waits, whatever made it wait."""
        self._position = None
        return self.link_changed()

    def link_changed(self) -> StoryCounts:
        """Takes up those that wait and changed since the last call; at the first call, all."""
        last = self._record.articles.last_sequence()
        waiting = self._record.stories.waiting(RECIPE, after=self._position)
        counts = StoryCounts()
        for rowids in _batches(waiting, BATCH):
            self._link(rowids, counts)
        self._position = last
        return counts

    def _link(self, rowids: Sequence[int], counts: StoryCounts) -> None:
        started = time.monotonic()
        batch = _Batch()
        texts = self._record.stories.texts(rowids)
        try:
            for rowid in rowids:
                if rowid in texts:
                    self._guarded(texts[rowid], batch)
            self._record.stories.keep(batch.linked(), self._now())
        except BaseException:
            self._forget_all()  # what is in memory may not be in the record
            raise
        counts.signed += len(batch.signed)
        counts.joined += len(batch.joins)
        counts.broken += len(batch.broken)
        logger(__name__).info(
            "linked",
            articles=len(batch.signed),
            joined=len(batch.joins),
            seconds=round(time.monotonic() - started, 3),
        )

    def _guarded(self, article: ArticleText, batch: _Batch) -> None:
        try:
            self._take_up(article, batch)
        except HanoiwatchError:
            raise  # the record itself: nothing can be kept
        except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
            batch.signed.append(_signed(article, b""))
            batch.broken.append(
                BrokenArticle(
                    rowid=article.rowid,
                    page_id=article.page_id,
                    reason=f"finding stories broke: {type(error).__name__}",
                    detail=str(error)[:500],
                )
            )

    def _take_up(self, article: ArticleText, batch: _Batch) -> None:
        own = self._remember(article, batch)
        signed = _signed(article, sign(own.text.wording.words))
        self._shelves.remove(article.rowid)
        joined = self._joins(own, signed.signature, batch) if signed.signature.minhash else {}
        self._shelves.put(signed.signature)
        batch.signed.append(signed)
        batch.joins.update(joined)
        for rowid, story in joined.items():
            known = self._known[rowid]
            self._known[rowid] = replace(known, teller=replace(known.teller, story_id=story))
        while len(self._known) > MOST_TEXTS:
            self._known.popitem(last=False)

    def _joins(
        self, own: _Known, signature: StoredSignature, batch: _Batch
    ) -> dict[int, ArticleId]:
        near = [candidate.article for candidate in self._shelves.near(signature)]
        known = self._recall(near, batch)
        others = [known[rowid].text for rowid in near if rowid in known]
        copies = copies_among(own.text, others)
        return joins(own.teller, [known[rowid].teller for rowid in copies])

    def _recall(self, rowids: Sequence[int], batch: _Batch) -> dict[int, _Known]:
        """The articles as they are compared; those out of scope are left out and forgotten."""
        missing = [rowid for rowid in rowids if rowid not in self._known]
        loaded = self._record.stories.texts(missing) if missing else {}
        for rowid in missing:
            if rowid in loaded:
                self._remember(loaded[rowid], batch)
            else:
                self._shelves.remove(rowid)
                batch.forgotten.append(rowid)
        return {rowid: self._known[rowid] for rowid in rowids if rowid in self._known}

    def _remember(self, article: ArticleText, batch: _Batch) -> _Known:
        known = _known(article, batch.joins.get(article.rowid))
        self._known[article.rowid] = known
        self._known.move_to_end(article.rowid)
        return known

    def _forget_all(self) -> None:
        self._shelves.clear()
        self._known.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An article in memory."""

    text: Text
    teller: Teller


@dataclass(slots=True)
class _Batch:
    """What is to be kept of a batch."""

    signed: list[SignedArticle] = field(default_factory=list)
    joins: dict[int, ArticleId] = field(default_factory=dict)
    forgotten: list[int] = field(default_factory=list)
    broken: list[BrokenArticle] = field(default_factory=list)

    def linked(self) -> Linked:
        return Linked(
            signed=tuple(self.signed),
            joins=self.joins,
            forgotten=tuple(self.forgotten),
            broken=tuple(self.broken),
        )


def _known(article: ArticleText, joined: ArticleId | None) -> _Known:
    return _Known(
        text=Text(
            rowid=article.rowid,
            source=article.source,
            day=hanoi_day(from_stored(article.at)),
            wording=wording_of(article.content),
        ),
        teller=Teller(
            rowid=article.rowid,
            id=article.id,
            at=article.at,
            first_seen_at=article.first_seen_at,
            story_id=article.story_id or joined,
        ),
    )


def _signed(article: ArticleText, minhash: bytes) -> SignedArticle:
    signature = StoredSignature(article=article.rowid, at=article.at, minhash=minhash)
    return SignedArticle(signature=signature, reading_id=article.reading_id, recipe=RECIPE)


def _batches(rowids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(rowids), size):
        yield rowids[start : start + size]
