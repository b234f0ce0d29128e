"""What an observer sees who visits each article when the visit plan says so, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from hanoiwatch.sample.site import sample_site
from tests.month import events
from tests.month.paper import Paper, Told
from tests.month.plan import MAIN, RELISTED, SECOND, Month
from tests.month.visits import CONFIRMED_AFTER, next_visit

Name = tuple[str, str]
"""Of an article: its paper and its slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A visit that showed something new: a revision."""

    at: datetime
    told: Told
    why: tuple[str, ...]
    """The kinds of edits since the visit before; empty for the first."""


@dataclass(slots=True, kw_only=True)
class Observed:
    """All that the observer learns of one article."""

    name: Name
    published: datetime
    sights: list[Sight] = field(default_factory=list)
    visits: list[datetime] = field(default_factory=list)
    """By the plan; not those that only confirm that a page is gone, which may come sooner."""
    worse: list[tuple[datetime, events.WorseKind]] = field(default_factory=list)
    first_gone: datetime | None = None
    withdrawn: bool = False
    restored: int = 0
    because: list[str] = field(default_factory=list)
    due: datetime | None = None


def papers_of_the_month() -> dict[str, Paper]:
    second = msgspec.structs.replace(
        sample_site(), title="Báo Bến Chép", slogan="Tin của người ven sông", prefix="(BBC) - "
    )
    return {MAIN: Paper(MAIN, sample_site()), SECOND: Paper(SECOND, second)}


def happening(month: Month, crawl: datetime) -> Iterator[events.Event]:
    """What happens between the crawl before and this one, in order."""
    before = max((each for each in month.crawls if each < crawl), default=None)
    for event in month.events:
        if event.at <= crawl and (before is None or event.at > before):
            yield event


def expect(month: Month) -> dict[Name, Observed]:
    papers = papers_of_the_month()
    seen: dict[Name, Observed] = {}
    for crawl in month.crawls:
        for event in happening(month, crawl):
            papers[event.paper].apply(event)
            _note(seen, event)
        if crawl == month.reform:
            _move_on(seen, papers[MAIN], crawl)
        for one in seen.values():
            if one.due is not None and one.due <= crawl:
                _visit(one, papers[one.name[0]], crawl)
    return seen


def _note(seen: dict[Name, Observed], event: events.Event) -> None:
    name = event.paper, event.slug
    match event:
        case events.Published(at=at):
            seen[name] = Observed(name=name, published=at, due=at)
        case events.Edited(kind=kind):
            seen[name].because.append(kind)
        case _:
            pass


def _move_on(seen: dict[Name, Observed], paper: Paper, crawl: datetime) -> None:
    """New addresses are met at once where lists are sure to name them; of the others nothing is
    certain, and nothing happens to them any more."""
    for one in seen.values():
        if one.name[0] == paper.name:
            young = crawl - one.published <= RELISTED
            one.due = crawl if young and one.first_gone is None else None


def _visit(one: Observed, paper: Paper, crawl: datetime) -> None:
    if one.first_gone is None or one.withdrawn:
        one.visits.append(crawl)
    one.due = next_visit(one.published, crawl)
    seen = paper.seen(one.name[1])
    if seen == "gone":
        if one.first_gone is None:
            one.first_gone, one.due = crawl, crawl + CONFIRMED_AFTER
        elif crawl >= one.first_gone + CONFIRMED_AFTER:
            one.withdrawn = True
    elif seen == "worse":
        one.worse.append((crawl, paper.worse[one.name[1]]))
    else:
        one.restored += one.withdrawn
        one.withdrawn, one.first_gone = False, None
        if not one.sights or one.sights[-1].told != seen:
            one.sights.append(Sight(at=crawl, told=seen, why=tuple(one.because)))
        one.because.clear()
