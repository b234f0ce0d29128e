"""Expected against found, kind by kind; what was missed or invented, by article and date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise

from hanoiwatch.clock import HANOI
from tests.month import events
from tests.month.found import Found, Recorded, Version, pairs, pairs_of_stories
from tests.month.life import Lived
from tests.month.oracle import Name, Observed, Sight
from tests.month.paper import Told
from tests.month.plan import MAIN, Month

ALARM = re.compile(r"address|reform|vanish|gone", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Row:
    """One kind of event. ``found`` counts the true ones among what was found."""

    kind: str
    expected: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.expected == self.found and not self.missed and not self.invented


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a judgement rests on."""

    month: Month
    expected: dict[Name, Observed]
    lived: Lived
    found: Found


def judge(case: Case) -> tuple[Row, ...]:
    return (
        _articles(case),
        *_revisions(case),
        _worse(case),
        *_withdrawals(case),
        *_stories(case),
        *_reform(case),
        _visits(case),
        *_soundness(case),
    )


def table(rows: Iterable[Row]) -> str:
    head = f"{'kind':34} {'expected':>8} {'found':>8} {'missed':>8} {'invented':>8}"
    lines = [
        f"{row.kind:34} {row.expected:8} {row.found:8} {len(row.missed):8} {len(row.invented):8}"
        for row in rows
    ]
    return "\n".join([head, *lines])


def faults(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield from (f"missed, {row.kind}: {what}" for what in row.missed)
        yield from (f"invented, {row.kind}: {what}" for what in row.invented)


# --- articles and revisions ------------------------------------------------------------------


def _articles(case: Case) -> Row:
    row = Row(kind="articles", expected=sum(bool(one.sights) for one in case.expected.values()))
    row.invented += [f"unknown address {url}" for url in case.found.unknown]
    for name, one in case.expected.items():
        recorded = case.found.of(name)
        row.found += bool(recorded)
        if not recorded and one.sights:
            row.missed.append(_words(name, one.published))
        for twin in recorded[1:]:
            row.invented.append(f"{_words(name, one.published)}: again as {twin.id}")
    return row


def _revisions(case: Case) -> list[Row]:
    rows: dict[str, Row] = {}
    changes = sum(len(e.kinds) for e in case.month.events if isinstance(e, events.Touched))
    nothing = Row(kind=f"edits seen in {changes} cosmetic changes")
    others = Row(kind="edits seen in nothing at all")
    for name, one in case.expected.items():
        versions = _versions(case.found.of(name))
        matched = _matched(one.sights, versions)
        for place, sight in enumerate(one.sights):
            kind = " and ".join(sight.why) or "first text"
            row = rows.setdefault(kind, Row(kind=kind))
            row.expected += 1
            if place in matched:
                row.found += 1
            else:
                row.missed.append(f"{_words(name, sight.at)}: {_nearest(sight, versions)}")
        for place, version in enumerate(versions):
            if place not in matched.values():
                since = versions[place - 1] if place else None
                cosmetic = _cosmetics(case.month, name, since, version)
                row = nothing if cosmetic else others
                row.invented.append(_invention(name, since, version, cosmetic))
    return [*(rows[kind] for kind in sorted(rows)), nothing, others]


def _versions(recorded: list[Recorded]) -> list[Version]:
    """Of all articles that should be one; that a twin tells the same is counted elsewhere."""
    versions: list[Version] = []
    for article in recorded:
        same = versions and versions[-1].told == article.versions[0].told
        versions += article.versions[1:] if same else article.versions
    return versions


def _matched(sights: list[Sight], versions: list[Version]) -> dict[int, int]:
    """Places of sights and the versions that tell the same, both in order."""
    numbers: dict[Told, int] = {}
    mine = [numbers.setdefault(sight.told, len(numbers)) for sight in sights]
    theirs = [numbers.setdefault(version.told, len(numbers)) for version in versions]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _cosmetics(month: Month, name: Name, since: Version | None, version: Version) -> str:
    """What cosmetic or worse things the article's page went through in between."""
    kinds: list[str] = []
    for event in month.events:
        within = event.at <= version.at and (since is None or event.at > since.at)
        if within and (event.paper, event.slug) == name:
            match event:
                case events.Touched():
                    kinds += event.kinds
                case events.Worsened():
                    kinds.append(f"worse page: {event.how}")
                case _:
                    pass
    return ", ".join(kinds)


def _nearest(sight: Sight, versions: list[Version]) -> str:
    near = [version for version in versions if version.at >= sight.at]
    if not versions:
        return "no revision at all"
    return _difference(sight.told, (near or versions[-1:])[0].told)


def _invention(name: Name, since: Version | None, version: Version, cosmetic: str) -> str:
    change = _difference(since.told, version.told) if since else "its first text"
    return f"{_words(name, version.at)}: revision {version.number}, {change} [{cosmetic}]"


def _difference(old: Told, new: Told) -> str:
    """The first thing that two texts do not share."""
    if old == new:
        return "the same text"
    if old.title != new.title:
        return f"title {old.title!r} / {new.title!r}"
    if old.lead != new.lead:
        return f"lead {old.lead!r} / {new.lead!r}"
    for mine, theirs in zip(old.blocks, new.blocks, strict=False):
        if mine != theirs:
            return f"block {mine!r} / {theirs!r}"[:400]
    if len(old.blocks) != len(new.blocks):
        return f"{len(old.blocks)} blocks / {len(new.blocks)}"
    return f"captions {old.captions!r} / {new.captions!r}"


# --- worse pages, withdrawals ----------------------------------------------------------------


def _worse(case: Case) -> Row:
    row = Row(kind="worse pages reported")
    for name, one in case.expected.items():
        for at, how in one.worse:
            row.expected += 1
            if (name, at) in case.found.reported:
                row.found += 1
            else:
                row.missed.append(f"{_words(name, at)}: {how}")
    return row


def _withdrawals(case: Case) -> tuple[Row, Row]:
    withdrawn, restored = Row(kind="withdrawn"), Row(kind="restored")
    for name, one in case.expected.items():
        recorded = case.found.of(name)
        words = f"{_words(name, one.first_gone or one.published)}: {_gone_kinds(case.month, name)}"
        is_withdrawn = any(article.withdrawn for article in recorded)
        _compare(withdrawn, int(one.withdrawn), int(is_withdrawn), f"{words} {_log(recorded)}")
        back = sum(article.changes.count("restored") for article in recorded)
        _compare(restored, one.restored, back, f"{words} {_log(recorded)}")
    return withdrawn, restored


def _compare(row: Row, expected: int, found: int, words: str) -> None:
    row.expected += expected
    row.found += min(expected, found)
    row.missed += [words] * (expected - found)
    row.invented += [words] * (found - expected)


def _log(recorded: list[Recorded]) -> str:
    return f"(change log: {'; '.join(', '.join(article.changes) for article in recorded)})"


def _gone_kinds(month: Month, name: Name) -> str:
    return ", ".join(
        f"{event.how} on {_day(event.at)}"
        if isinstance(event, events.Departed) else f"back on {_day(event.at)}"
        for event in month.events
        if isinstance(event, events.Departed | events.CameBack)
        and (event.paper, event.slug) == name
    )  # fmt: skip


# --- stories, reform -------------------------------------------------------------------------


def _stories(case: Case) -> tuple[Row, ...]:
    true = pairs({place: list(family) for place, family in enumerate(case.month.families)})
    found = pairs_of_stories(case.found)
    row = Row(kind="pairs of copies", expected=len(true), found=len(true & found))
    row.missed += [_pair(case, each) for each in true - found]
    row.invented += [_pair(case, each) for each in found - true]
    return (row,)


def _pair(case: Case, names: frozenset[Name]) -> str:
    told = [case.expected[name] for name in sorted(names)]
    shared = 0.0
    if all(one.sights for one in told):
        first, second = (_words_of(one.sights[0].told) for one in told)
        shared = SequenceMatcher(None, first, second, autojunk=False).ratio()
    listed = " and ".join(f"{one.name[1]} ({_day(one.published)})" for one in told)
    return f"{listed}, {shared:.0%} of words in common"


def _words_of(told: Told) -> list[str]:
    return " ".join(text for _, text in told.blocks).split()


def _reform(case: Case) -> tuple[Row, Row]:
    met = Row(kind="alarm of the address reform", expected=1)
    for crawl in case.lived.crawls:
        for paper, problems in crawl.problems.items():
            said = [words for words in problems if ALARM.search(words)]
            if crawl.at == case.month.reform and paper == MAIN:
                met.found = min(1, len(said))
            elif crawl.at < case.month.reform or paper != MAIN:
                met.invented += [f"{_day(crawl.at)} {paper}: {words}" for words in said]
    if not met.found:
        met.missed.append(f"{_day(case.month.reform)} {MAIN}: nothing said")
    other = Row(kind="other problems of crawls")
    other.invented += [
        f"{_day(crawl.at)} {paper}: {words}"
        for crawl in case.lived.crawls
        if crawl.at != case.month.reform
        for paper, problems in crawl.problems.items()
        for words in problems
        if not ALARM.search(words)
    ]
    return met, other


def _visits(case: Case) -> Row:
    """Whether the crawls came when the plan says; more visits than that are no fault."""
    asked = {crawl.at: crawl.asked for crawl in case.lived.crawls}
    row = Row(kind="visits by the plan")
    for name, one in case.expected.items():
        for visit in one.visits:
            row.expected += 1
            if name in asked[visit]:
                row.found += 1
            else:
                row.missed.append(_words(name, visit))
    return row


# --- record, archive, index ------------------------------------------------------------------


def _soundness(case: Case) -> tuple[Row, ...]:
    found = case.found
    rowids = {article.rowid for article in found.articles}
    index = Row(kind="articles in the index", expected=len(rowids))
    index.found = len(rowids & found.indexed)
    index.missed += [f"rowid {rowid}" for rowid in rowids - found.indexed]
    index.invented += [f"rowid {rowid}" for rowid in found.indexed - rowids]
    counts = Counter(article.name[0] for article in found.articles)
    if dict(counts) != found.by_source:
        index.invented.append(f"facets {found.by_source}, record {dict(counts)}")
    return (
        index,
        _headlines(found),
        Row(kind="discrepancies of the ledger", invented=list(found.discrepancies)),
        Row(kind="faults of the archive", invented=list(found.archive)),
        Row(kind="revisions numbered out of turn", invented=list(_misnumbered(found))),
    )


def _headlines(found: Found) -> Row:
    """An edited headline finds its article, and the headlines before it do not."""
    row = Row(kind="headlines found as they are now")
    for article in found.articles:
        if len(article.titles) > 1:
            row.expected += 1
            *former, present = (article.rowid in found.by_title[t] for t in article.titles)
            row.found += present
            if not present:
                row.missed.append(f"{article.name[1]}: {article.titles[-1]}")
            if any(former):
                row.invented.append(f"{article.name[1]}: still found by {article.titles[:-1]}")
    return row


def _misnumbered(found: Found) -> Iterator[str]:
    for article in found.articles:
        numbers = [version.number for version in article.versions]
        if numbers[:1] != [1] or any(b != a + 1 for a, b in pairwise(numbers)):
            yield f"{article.name[1]}: {numbers}"


def _words(name: Name, at: datetime) -> str:
    return f"{name[1]} in {name[0]} on {_day(at)}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(HANOI):%d-%m %H:%M}"
