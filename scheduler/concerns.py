"""What the operator should know, decided from what the record says. Pure.

Each function takes what is known of one thing and says what is wrong with it now, if anything is;
`hanoiwatch.store.notices` sees to it that it is told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.robots import understand
from hanoiwatch.clock import to_shown, to_stored
from hanoiwatch.store.drift import Collapse
from hanoiwatch.store.hosts import RobotsFile
from hanoiwatch.store.launches import Launch
from hanoiwatch.store.listings import Unreadable
from hanoiwatch.store.messages import ChannelTrouble
from hanoiwatch.store.notices import Concern
from hanoiwatch.store.vanished import Alarm
from hanoiwatch.store.verdicts import Finding, Verdict
from scheduler.silence import Silence

ROOM_NEEDED = 1_000_000_000
"""Bytes: a WARC file has so many before the next one begins."""
RECENT = timedelta(hours=48)
"""A failure is told also where the next crawl was good: nobody looked while it was not."""
TRIED_LATELY = timedelta(days=7)
"""A first look at a source that is older is no news."""
UNREADABLE_FOR = timedelta(hours=6)
"""A site that gives no list for so long is told of; many are away for minutes each night."""
CUT_OFF_OFTEN = 3
"""Crawls in a row: one or two are a restart, more are a machine that kills them."""
_KNOWN_OUTCOMES = ("done", "partly", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What the record says of one source."""

    source: str
    launches: Sequence[Launch] = ()
    """The newest first."""
    unreadable: Unreadable | None = None
    quiet: Silence | None = None
    alarm: Alarm | None = None
    wave: int = 0
    """Pages that vanished in the last run's wave, and whose articles were found elsewhere."""
    collapses: Sequence[Collapse] = ()
    """Of the last days, the newest first."""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """What is no source's."""

    free_bytes: int
    robots: dict[str, RobotsFile] = field(default_factory=dict)
    """By host."""
    channels: Sequence[ChannelTrouble] = ()
    faults: dict[str, str] = field(default_factory=dict)
    """Rules whose files are wrong, and how."""


def concerns_of_source(facts: SourceFacts, now: datetime) -> Iterator[Concern]:
    ended = [one for one in facts.launches if one.outcome not in (None, "refused")]
    yield from _failing(facts.source, ended, now)
    yield from _unreadable(facts)
    yield from _cut_off(facts.source, ended)
    if facts.quiet is not None:
        since, longest = facts.quiet.since, facts.quiet.longest
        yield Concern(
            kind="silent",
            subject=facts.source,
            episode=to_stored(since),
            facts={"since": to_stored(since), "hours": f"{longest / timedelta(hours=1):.0f}"},
        )
    yield from _moved(facts)
    yield from _drift(facts)
    yield from _tried(facts, now)


def _failing(source: str, ended: Sequence[Launch], now: datetime) -> Iterator[Concern]:
    """The newest crawls in a row that failed, or those of late."""
    known = [one for one in ended if one.outcome in _KNOWN_OUTCOMES]
    failed = next((place for place, one in enumerate(known) if one.outcome == "failed"), None)
    if failed is None:
        return
    newest = known[failed]
    if failed > 0 and abs(now - (newest.ended_at or newest.begun_at)) > RECENT:
        return
    row = list(_while_failed(known[failed:]))
    yield Concern(
        kind="failing",
        subject=source,
        episode=str(row[-1].id),
        facts={"since": to_stored(row[-1].begun_at), "count": str(len(row)),
               "again": "good" if failed else ""},
        details=(newest.reason,),
    )  # fmt: skip


def _while_failed(launches: Iterable[Launch]) -> Iterator[Launch]:
    for one in launches:
        if one.outcome != "failed":
            return
        yield one


def _unreadable(facts: SourceFacts) -> Iterator[Concern]:
    """A crawl comes to its end also where the site gives nothing; then nothing can be new."""
    found = facts.unreadable
    if found is None or (found.read_at and found.at - found.read_at < UNREADABLE_FOR):
        return
    since = found.read_at or found.at
    yield Concern(
        kind="unreadable",
        subject=facts.source,
        episode=to_stored(since) if found.read_at else "",
        facts={"since": to_stored(since)},
        details=found.reasons,
    )


def _cut_off(source: str, ended: Sequence[Launch]) -> Iterator[Concern]:
    row: list[Launch] = []
    for one in ended:
        if one.outcome != "interrupted":
            break
        row.append(one)
    if len(row) >= CUT_OFF_OFTEN:
        yield Concern(
            kind="cut-off",
            subject=source,
            episode=str(row[-1].id),
            facts={"since": to_stored(row[-1].begun_at), "count": str(len(row))},
            details=(row[0].reason,),
        )


def _moved(facts: SourceFacts) -> Iterator[Concern]:
    if facts.alarm is not None:
        alarm = facts.alarm
        yield Concern(
            kind="moved",
            subject=facts.source,
            episode=to_stored(alarm.since),
            facts={"pages": str(alarm.pages), "since": to_stored(alarm.since), "found": ""},
            details=alarm.examples,
        )
    elif facts.wave:
        yield Concern(
            kind="moved",
            subject=facts.source,
            episode="found",
            facts={"pages": str(facts.wave), "since": "", "found": "all"},
        )


def _drift(facts: SourceFacts) -> Iterator[Concern]:
    newest = {one.field: one for one in reversed(facts.collapses)}
    if newest:
        fields = sorted(newest)
        yield Concern(
            kind="drift",
            subject=facts.source,
            episode=" ".join(fields),
            facts={"fields": ", ".join(fields)},
            details=tuple(newest[name].sentence for name in fields),
        )


def _tried(facts: SourceFacts, now: datetime) -> Iterator[Concern]:
    """The first look of the service at a source that nobody had tried."""
    first = next(
        (one for one in reversed(facts.launches) if one.kind == "check" and one.why == "first"
         and one.ended_at is not None and one.outcome != "interrupted"), None,
    )  # fmt: skip
    verdict = facts.verdict
    if first is None or verdict is None or abs(now - first.begun_at) > TRIED_LATELY:
        return
    yield Concern(
        kind="tried",
        subject=facts.source,
        episode=str(first.id),
        facts={"outcome": verdict.outcome, "problems": str(verdict.problems)},
        details=tuple(_finding_line(one) for one in verdict.findings if one.state == "problem"),
    )


def _finding_line(one: Finding) -> str:
    advice = f" – {one.advice}" if one.advice else ""
    return f"{one.part} {one.what}: {one.said}{advice}"


def concerns_of_machine(facts: MachineFacts) -> Iterator[Concern]:
    if facts.free_bytes < ROOM_NEEDED:
        yield Concern(kind="disk", facts={"gigabytes": f"{facts.free_bytes / 1e9:.1f}"})
    for rule, fault in facts.faults.items():
        yield Concern(kind="rule", subject=rule, episode=fault, details=(fault,))
    for channel in facts.channels:
        yield from _channel(channel)
    for host, robots in facts.robots.items():
        if warning := understand(robots).warning:
            episode = str(robots.status)
            yield Concern(
                kind="robots",
                subject=host,
                episode=episode,
                facts={"status": episode, "at": to_shown(robots.fetched_at)},
                details=(warning,),
            )


def _channel(channel: ChannelTrouble) -> Iterator[Concern]:
    if channel.dead:
        yield Concern(
            kind="dead",
            subject=channel.channel,
            episode=str(channel.newest_dead),
            facts={"count": str(channel.dead)},
            details=(channel.dead_reason,),
        )
    if channel.failing_since is not None:
        yield Concern(
            kind="channel",
            subject=channel.channel,
            episode=to_stored(channel.failing_since),
            facts={"count": str(channel.failing), "since": to_stored(channel.failing_since)},
            details=(channel.failing_reason,),
        )
