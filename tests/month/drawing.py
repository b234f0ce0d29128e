"""Draws a month from a seed: what is published, and what happens to it between which visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.articles import SampleArticle
from tests.month import events
from tests.month.daily import PATTERNS, daily_page
from tests.month.plan import FIRST_DAY, FULL, MAIN, RELISTED, SECOND, Month, Size, crawls_of, night
from tests.month.texts import EDITS, SECTIONS, SMALL_EDITS, deal_article, rewrite
from tests.month.visits import planned_visits

MOST_VANISHING = 0.05
"""Of a source's revisits in one run; beyond it the rule speaks of an address reform."""
QUIET = timedelta(days=3)
"""Nothing else departs so long around an address reform."""


@dataclass(slots=True)
class Draft:
    """An article whose life is being written. ``events[i]`` lie before ``visits[i]``."""

    paper: str
    slug: str
    article: SampleArticle
    visits: list[datetime]
    copied: bool = False
    daily: bool = False
    edits: dict[int, str] = field(default_factory=dict)
    touches: dict[int, list[events.CosmeticKind]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    """Intervals in which nothing may be edited."""
    happened: list[events.Event] = field(default_factory=list)
    departs: int | None = None

    def moment(self, dealer: Random, interval: int, late: float = 0.0) -> datetime:
        """A moment between the visits ``interval - 1`` and ``interval``."""
        since, until = self.visits[interval - 1], self.visits[interval]
        share = late + (1 - late) * dealer.uniform(0.1, 0.9)
        return since + (until - since) * share


def generate(seed: int, size: Size = FULL) -> Month:
    return _Generator(Random(f"month-{seed}"), size, seed).month()


class _Generator:
    def __init__(self, dealer: Random, size: Size, seed: int) -> None:
        self._dealer, self._size, self._seed = dealer, size, seed
        self._crawls = crawls_of(size)
        self._reform = night(size.reform_night)
        self._drafts: list[Draft] = []
        self._families: list[frozenset[tuple[str, str]]] = []
        self._vanishing: dict[tuple[str, datetime], int] = {}

    def month(self) -> Month:
        self._publish()
        self._copy()
        self._depart()
        self._worsen()
        self._assign_edits()
        self._assign_touches()
        for draft in self._drafts:
            self._live(draft)
        happened = [event for draft in self._drafts for event in draft.happened]
        happened.append(events.Reformed(at=self._reform - timedelta(hours=2), paper=MAIN))
        return Month(
            seed=self._seed,
            size=self._size,
            crawls=self._crawls,
            reform=self._reform,
            events=tuple(sorted(happened, key=lambda event: (event.at, event.paper, event.slug))),
            families=tuple(self._families),
        )

    # --- who is there ------------------------------------------------------------------------

    def _publish(self) -> None:
        size = self._size
        for day in range(size.days):
            counts = (size.main_a_day, size.second_a_day) if day else size.first_day
            for paper, count in zip((MAIN, SECOND), counts, strict=True):
                for place in range(count):
                    self._draft(paper, self._published(day), SECTIONS[place % len(SECTIONS)])
            for pattern in PATTERNS:
                at = FIRST_DAY + timedelta(days=day, hours=5, minutes=self._dealer.randint(6, 54))
                slug = f"{pattern}-ngay-{day}"
                self._add(MAIN, slug, daily_page(self._dealer, pattern, slug, at)).daily = True

    def _published(self, day: int) -> datetime:
        """Minutes stay clear of the full hour, at which crawls begin."""
        dealer = self._dealer
        clock = timedelta(hours=dealer.randint(5, 22), minutes=dealer.randint(6, 54))
        return FIRST_DAY + timedelta(days=day) + clock

    def _draft(self, paper: str, published: datetime, section: str) -> Draft:
        slug = f"{paper}-tin-{len(self._drafts) + 1}"
        return self._add(paper, slug, deal_article(self._dealer, slug, published, section))

    def _add(self, paper: str, slug: str, article: SampleArticle) -> Draft:
        draft = Draft(
            paper=paper, slug=slug, article=article,
            visits=self._visits(paper, article.published),
        )  # fmt: skip
        if paper == MAIN and self._reform in draft.visits:
            draft.closed.add(draft.visits.index(self._reform))
        self._drafts.append(draft)
        return draft

    def _visits(self, paper: str, published: datetime) -> list[datetime]:
        """Those that are certain: an old article may not be listed again after the reform."""
        visits = planned_visits(published, self._crawls)
        if paper != MAIN or published > self._reform:
            return visits
        before = [each for each in visits if each < self._reform]
        if self._reform - published > RELISTED:
            return before
        return [*before, self._reform, *(each for each in visits if each > self._reform)]

    def _copy(self) -> None:
        size, dealer = self._size, self._dealer
        last = FIRST_DAY + timedelta(days=size.days - 3)
        originals = [
            d for d in self._drafts
            if d.paper == MAIN and not d.daily and d.article.published < last
        ]  # fmt: skip
        papers = [SECOND] * size.copies_across + [MAIN] * size.copies_within
        chosen = dealer.sample(originals, min(len(papers) * 5 // 6, len(originals)))
        family = {draft.slug: {(MAIN, draft.slug)} for draft in chosen}
        for place, paper in enumerate(papers):
            original = chosen[place % len(chosen)]
            copy = self._reprint(original, paper, hours=(1, 60))
            copy.copied = original.copied = True
            family[original.slug].add((paper, copy.slug))
        self._families = [frozenset(each) for each in family.values()]
        rest = [draft for draft in originals if not draft.copied]
        for original in dealer.sample(rest, size.late_reprints):
            self._reprint(original, SECOND, hours=(100, 150)).copied = True

    def _reprint(self, original: Draft, paper: str, hours: tuple[int, int]) -> Draft:
        dealer = self._dealer
        at = original.article.published + timedelta(hours=dealer.randint(*hours))
        text = rewrite(dealer, original.article, dealer.uniform(0.05, 0.19))
        slug = f"{paper}-dang-lai-{len(self._drafts) + 1}"
        copy = events.copied(text, slug=slug, at=at, within=paper == original.paper)
        return self._add(paper, slug, copy)

    # --- what happens to them ----------------------------------------------------------------

    def _depart(self) -> None:
        """Withdrawals first met by a night's crawl, so few at once that none is a reform."""
        size = self._size
        wanted = size.departures + size.flickers
        candidates = [
            (draft, place)
            for draft in self._drafts if not draft.daily and not draft.copied
            for place in range(1, len(draft.visits)) if self._may_depart(draft, place)
        ]  # fmt: skip
        self._dealer.shuffle(candidates)
        candidates.sort(key=lambda one: not self._may_return(*one))
        returning, flickers, left = size.returning, size.flickers, wanted
        for draft, place in candidates:
            if left and draft.departs is None and self._room(draft, place):
                left -= 1
                draft.departs = place
                if returning and self._may_return(draft, place):
                    returning -= 1
                    self._go(draft, place, back=self._confirmed(draft, place))
                elif flickers:
                    flickers -= 1
                    self._go(draft, place, back=draft.visits[place])
                else:
                    self._go(draft, place, back=None)
        assert (left, returning, flickers) == (0, 0, 0), (left, returning, flickers)

    def _may_depart(self, draft: Draft, place: int) -> bool:
        at = draft.visits[place]
        if at.astimezone(HANOI).hour != 1 or at - draft.article.published < timedelta(hours=24):
            return False
        if at + timedelta(days=2) > self._crawls[-1]:
            return False
        return draft.paper != MAIN or abs(at - self._reform) > QUIET

    def _may_return(self, draft: Draft, place: int) -> bool:
        """Whether a planned visit follows long enough after the confirmation."""
        if place + 1 >= len(draft.visits) or draft.visits[place] > self._reform:
            return False
        later = draft.visits[place + 1]
        return later - self._confirmed(draft, place) > timedelta(hours=30) and later < self._reform

    def _confirmed(self, draft: Draft, place: int) -> datetime:
        """The crawl that confirms, at the latest: nobody relies on a crawl by day."""
        return draft.visits[place] + timedelta(days=2)

    def _room(self, draft: Draft, place: int) -> bool:
        """Takes a place among the few that may vanish from this source in this crawl."""
        at = draft.visits[place]
        known = (other for other in self._drafts if other.paper == draft.paper)
        revisits = sum(at in other.visits[1:] for other in known)
        vanishing = self._vanishing.get((draft.paper, at), 0) + 1
        if vanishing > MOST_VANISHING * revisits:
            return False
        self._vanishing[draft.paper, at] = vanishing
        return True

    def _go(self, draft: Draft, place: int, back: datetime | None) -> None:
        dealer = self._dealer
        how = dealer.choice(events.DEPARTURES)
        at = draft.moment(dealer, place)
        draft.happened.append(events.Departed(at=at, paper=draft.paper, slug=draft.slug, how=how))
        draft.closed.add(place)
        if back is None:
            draft.closed.update(range(place, len(draft.visits)))
            draft.visits = draft.visits[: place + 1]
            return
        at = back + timedelta(hours=dealer.randint(1, 4))
        draft.happened.append(events.CameBack(at=at, paper=draft.paper, slug=draft.slug))
        draft.closed.add(place + 1)

    def _worsen(self) -> None:
        candidates = [
            (draft, place)
            for draft in self._drafts if not draft.daily and draft.departs is None
            for place in range(1, len(draft.visits)) if place not in draft.closed
        ]  # fmt: skip
        self._dealer.shuffle(candidates)
        for turn in range(self._size.worse):
            how = events.WORSE[turn % len(events.WORSE)]
            draft, place = self._worse_place(candidates, how)
            at, name = draft.visits[place], {"paper": draft.paper, "slug": draft.slug}
            draft.closed.add(place)
            before, after = at - timedelta(minutes=30), at + timedelta(minutes=30)
            draft.happened.append(events.Worsened(at=before, how=how, **name))
            draft.happened.append(events.Mended(at=after, **name))

    def _worse_place(
        self, candidates: list[tuple[Draft, int]], how: events.WorseKind
    ) -> tuple[Draft, int]:
        """Who takes "not found" with status 200 for a page that is gone must not see a wave."""
        while True:
            draft, place = candidates.pop()
            if how != "soft 404" or self._room(draft, place):
                return draft, place

    def _assign_edits(self) -> None:
        free = [
            (draft, place)
            for draft in self._drafts if not draft.daily
            for place in range(1, len(draft.visits)) if place not in draft.closed
        ]  # fmt: skip
        kinds = list(EDITS)
        for turn, (draft, place) in enumerate(self._dealer.sample(free, self._size.edits)):
            kind = kinds[turn % len(kinds)]
            small = kind in SMALL_EDITS or not draft.copied
            draft.edits[place] = kind if small else SMALL_EDITS[turn % len(SMALL_EDITS)]

    def _assign_touches(self) -> None:
        """Alone and together with each other; now and then together with an edit."""
        dealer, left = self._dealer, self._size.cosmetics
        free = [
            (draft, place)
            for draft in self._drafts
            for place in range(1, len(draft.visits))
            if draft.departs is None or place < draft.departs
        ]
        while left:
            draft, place = dealer.choice(free)
            kinds = dealer.sample(events.COSMETICS, min(left, dealer.choice((1, 1, 2, 3))))
            draft.touches.setdefault(place, []).extend(kinds)
            left -= len(kinds)

    def _live(self, draft: Draft) -> None:
        """Turns what was assigned to its intervals into events, in order."""
        dealer, article = self._dealer, draft.article
        versions = [article]
        name = {"paper": draft.paper, "slug": draft.slug}
        first = events.Published(at=article.published, article=article, **name)
        draft.happened.append(first)
        for place in range(1, len(draft.visits)):
            if kinds := draft.touches.get(place):
                at = draft.moment(dealer, place)
                draft.happened.append(events.Touched(at=at, kinds=tuple(kinds), **name))
            if kind := draft.edits.get(place):
                kind, article = self._edited(kind, versions)
                versions.append(article)
                at = draft.moment(dealer, place)
                edit = events.Edited(at=at, kind=kind, article=article, **name)
                draft.happened.append(edit)

    def _edited(self, kind: str, versions: list[SampleArticle]) -> tuple[str, SampleArticle]:
        article = versions[-1]
        if len(versions) > 1 and self._dealer.random() < 0.2:
            return "as it was before", versions[-2]
        if kind == "removed paragraph" and len(article.pieces) < 10:
            kind = "added paragraph"
        return kind, EDITS[kind](self._dealer, article)
