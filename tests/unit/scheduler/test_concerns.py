"""What the operator should know, decided on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hanoiwatch.store.drift import Collapse
from hanoiwatch.store.hosts import RobotsFile
from hanoiwatch.store.launches import Launch, LaunchId, LaunchOutcome
from hanoiwatch.store.listings import Unreadable
from hanoiwatch.store.messages import ChannelTrouble
from hanoiwatch.store.vanished import Alarm
from hanoiwatch.store.verdicts import Finding, Verdict
from scheduler.concerns import (
    MachineFacts,
    SourceFacts,
    concerns_of_machine,
    concerns_of_source,
)
from scheduler.silence import Silence

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROOM = 50_000_000_000


def launch(number: int, outcome: LaunchOutcome | None, days_ago: float = 0, **more) -> Launch:
    at = NOW - days_ago * DAY
    said = {"kind": "crawl", "why": "timetable", "reason": f"reason {number}"} | more
    return Launch(
        id=LaunchId(number), source="ben", due_at=at, begun_at=at,
        ended_at=at if outcome else None, outcome=outcome, **said,
    )  # fmt: skip


def told(**facts) -> list[tuple[str, str]]:
    found = concerns_of_source(SourceFacts(source="ben", **facts), NOW)
    return [(one.kind, one.episode) for one in found]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["done"], []),
        (["failed", "failed", "done"], [("failing", "2")]),
        (["failed", "interrupted", "failed"], [("failing", "1")]),
        ([None, "failed", "done"], [("failing", "2")]),
        (["done", "failed", "failed"], [("failing", "1")]),  # of late, and nobody looked
        (["partly", "done"], []),
    ],
)
def test_crawls_that_fail_are_one_trouble_from_the_first_on(outcomes, expected) -> None:
    launches = [launch(len(outcomes) - at, one, at / 10) for at, one in enumerate(outcomes)]
    assert told(launches=launches) == expected


def test_a_failure_long_before_good_crawls_is_no_news() -> None:
    assert told(launches=[launch(2, "done"), launch(1, "failed", 3)]) == []


def test_crawls_that_are_cut_off_again_and_again_are_told() -> None:
    cut = [launch(number, "interrupted") for number in (4, 3)]
    good = launch(1, "done", 1)
    assert told(launches=[*cut, good]) == []
    assert told(launches=[*cut, launch(2, "interrupted"), good]) == [("cut-off", "2")]


@pytest.mark.parametrize(
    ("read_before", "expected"), [(1 * HOUR, 0), (6 * HOUR, 1), (24 * HOUR, 1), (None, 1)]
)
def test_a_site_that_gives_no_list_is_told_when_it_lasts(read_before, expected) -> None:
    read_at = NOW - read_before if read_before else None
    found = told(unreadable=Unreadable(at=NOW, read_at=read_at, reasons=("feed: status 503",)))
    assert len(found) == expected


def test_silence_a_wave_and_drift_are_each_told() -> None:
    collapse = Collapse(field="lead", before=0.98, now=0.0, pages=12, examples=("https://b/1",))
    alarm = Alarm(source="ben", pages=40, since=NOW, examples=("https://b/2",))
    found = told(
        quiet=Silence(since=NOW - 5 * DAY, longest=20 * HOUR), alarm=alarm, wave=40,
        collapses=[collapse, replace(collapse, field="byline")],
    )  # fmt: skip
    assert [kind for kind, _ in found] == ["silent", "moved", "drift"]
    assert found[-1][1] == "byline lead"
    assert told(wave=12) == [("moved", "found")]


def test_the_verdict_of_the_first_look_is_told_and_of_no_other() -> None:
    bad = Finding(part="feed", what="https://b/rss", state="problem", said="status 404")
    verdict = Verdict(source="ben", at=NOW, outcome="problems", findings=(bad,))
    first = launch(1, "partly", kind="check", why="first")
    by_hand = replace(first, why="manual")
    assert told(launches=[first], verdict=verdict) == [("tried", "1")]
    assert told(launches=[by_hand], verdict=verdict) == []
    assert told(launches=[replace(first, begun_at=NOW - 9 * DAY)], verdict=verdict) == []


def machine(**facts) -> list[tuple[str, str]]:
    found = concerns_of_machine(MachineFacts(**({"free_bytes": ROOM} | facts)))
    return [(one.kind, one.subject) for one in found]


def test_the_machine_its_rules_and_its_channels_are_told_of() -> None:
    assert machine() == []
    assert machine(free_bytes=900_000_000) == [("disk", "")]
    assert machine(faults={"bo-may": "bo-may.toml:2: …"}) == [("rule", "bo-may")]
    dead = ChannelTrouble(channel="truc", dead=3, newest_dead=8, dead_reason="status 410")
    down = ChannelTrouble(channel="cam", failing=2, failing_since=NOW)
    assert machine(channels=[dead, down]) == [("dead", "truc"), ("channel", "cam")]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [(200, "User-agent: *\n", 0), (401, "", 1), (403, "", 1), (404, "", 0), (503, "", 0),
     (200, "<!DOCTYPE html><p>Xin chờ", 1)],
)  # fmt: skip
def test_a_robots_file_that_tells_of_a_firewall_is_told(status, body, expected) -> None:
    robots = {"bao.example": RobotsFile(fetched_at=NOW, status=status, body=body)}
    assert len(machine(robots=robots)) == expected
