"""The service on real outlets: at its times, after downtime, cut off, killed, and asked to end."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from hanoiwatch.clock import HANOI, now
from hanoiwatch.sample import misbehaviours
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read
from scheduler.crawls import CrawlOptions, crawl_sources, is_crawled
from tests.alert_desk import http_sink
from tests.outlet import small_article
from tests.serving import SECONDS, Care, care, end, overdue, set_clock, turn_until
from tests.waiting import wait_for

AT_ONCE_SECONDS = 50.0
"""What is promised is ten, on a machine that does nothing else. What would be waited for instead
takes longer than this."""
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Care]:
    with care(tmp_path, bao=4) as found:
        yield found


def tonight(days: int = 1) -> datetime:
    """Half past midnight in Hanoi, so many days from now: half an hour before the crawl."""
    day = datetime.now(UTC).astimezone(HANOI) + days * DAY
    return day.replace(hour=0, minute=30, second=0, microsecond=0).astimezone(UTC)


def whys(one: Care) -> list[tuple[str, str | None]]:
    return [(launch.why, launch.outcome) for launch in one.history()]


def test_it_crawls_at_once_what_is_new_and_then_each_night_once(one: Care) -> None:
    start = tonight()
    set_clock(start)
    with one.service() as service:
        assert one.live(service) == 1
        assert one.live(service) == 0
        for night in range(2):
            set_clock(start + night * DAY + 29 * MINUTE)
            assert one.live(service) == 0
            set_clock(start + night * DAY + 31 * MINUTE)
            assert one.live(service) == 1
    assert whys(one) == [("first", "done")] + [("timetable", "done")] * 2
    assert one.articles() == 4


@pytest.mark.slow
def test_a_source_that_nobody_tried_is_tried_first_and_its_verdict_kept(one: Care) -> None:
    with one.service() as service:
        one.live(service)
        (verdict,) = one.verdicts
        one.live(service)
    assert (verdict.source, verdict.outcome) == ("bao", "ok"), verdict
    assert len(one.verdicts) == 1
    assert [launch.kind for launch in one.history("check", "crawl")] == ["check", "crawl"]
    with one.app() as app:
        assert app.record.verdicts.all() == {"bao": verdict}


@pytest.mark.slow
def test_off_over_several_times_it_crawls_once_at_the_start(one: Care) -> None:
    start = tonight()
    set_clock(start)
    with one.service() as service:
        one.live(service)
    set_clock(start + 3 * DAY + 12 * HOUR)
    for crawls in (1, 0, 0):  # and a restart asks for nothing
        with one.service() as service:
            assert one.live(service) == crawls
    assert whys(one) == [("first", "done"), ("missed", "done")]
    missed = one.history()[-1]
    assert missed.begun_at - missed.due_at > 2 * DAY


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["crawl", "check"])
def test_a_restart_loop_hammers_no_site(one: Care, kind: str) -> None:
    if kind == "crawl":
        one.seem_tried()
    (server,) = one.servers.values()
    server.answer("-[0-9]+.html$", misbehaviours.slow(30))
    start = tonight()
    for restart in range(12):  # one each twenty seconds, each cut off while it crawls
        set_clock(start + restart * timedelta(seconds=20))
        with one.service() as service:
            turn_until(service, lambda: bool(server.requests("-[0-9]+.html$")))
    begun = [(launch.begun_at - start) / MINUTE for launch in one.history(kind)]
    assert {launch.outcome for launch in one.history("crawl", "check")} == {"interrupted"}
    assert len(begun) == 3, begun  # at once, a minute later, two minutes after that
    # the next restart after that, and what a busy machine needs until it launches
    assert 1 <= begun[1] - begun[0] < 2
    assert 2 <= begun[2] - begun[1] < 3


@pytest.mark.slow
def test_killed_without_a_word_it_is_taken_up_and_every_article_is_there_once(one: Care) -> None:
    one.seem_tried()
    (server,) = one.servers.values()
    server.answer("-[0-9]+.html$", misbehaviours.stall())
    process = one.run("run")
    wait_for(lambda: len(server.requests("-[0-9]+.html$")) >= 1)
    end(process, signal.SIGKILL)
    server.behave()
    wait_for(lambda: not is_busy(one))
    (cut,) = one.history()
    assert cut.ended_at is None
    set_clock(cut.begun_at + 2 * MINUTE)
    with one.service() as service:
        assert one.live(service) == 1
    assert whys(one) == [("first", "interrupted"), ("resumed", "done")]
    assert one.articles() == 4
    with one.app() as app:
        assert app.record.ledger.discrepancies() == []


@pytest.mark.slow
def test_told_to_end_in_the_middle_of_a_crawl_it_ends_in_order(one: Care) -> None:
    one.seem_tried()
    (server,) = one.servers.values()
    server.answer("-[0-9]+.html$", misbehaviours.slow(100))
    one.write_settings(more="[crawl]\ntimeout_seconds = 120.0")
    process = one.run("run")
    wait_for(lambda: len(server.requests("-[0-9]+.html$")) >= 1)
    asked = time.monotonic()
    said, errors = end(process)
    assert time.monotonic() - asked < AT_ONCE_SECONDS
    assert process.returncode == 0, errors
    assert "ended in order" in said
    (launch,) = one.history()
    assert (launch.outcome, launch.reason) == ("interrupted", "the service was told to end")
    server.behave()
    done = one.run("crawl")
    said, errors = done.communicate(timeout=SECONDS)
    assert done.returncode == 0, said + errors
    assert one.articles() == 4


PATIENT_WITH_CHANNELS = """
import hanoiwatch.alerts.webhook
hanoiwatch.alerts.webhook.ANSWER_SECONDS = 200.0
from hanoiwatch.cli.main import main
main()
"""
"""The command line, which waits longer for a channel than it may take to end."""


@pytest.mark.slow
def test_told_to_end_while_a_channel_hangs_it_does_not_wait_for_that(one: Care) -> None:
    one.seem_tried()
    with http_sink() as posts:
        posts.stall_seconds = 200
        one.write_settings(more=f'[channels]\nmoc = "{posts.address}"')
        (one.folder / "alerts").mkdir()
        rule = 'sources = ["bao"]\nchannels = ["moc"]\n'
        (one.folder / "alerts" / "moi.toml").write_text(rule, "utf-8")
        process = one.run("run", program=("-c", PATIENT_WITH_CHANNELS))
        wait_for(lambda: count(one, "alert_delivery WHERE state = 'sending'") > 0)
        asked = time.monotonic()
        said, errors = end(process)
        assert time.monotonic() - asked < AT_ONCE_SECONDS
        assert process.returncode == 0, errors
        assert "ended in order" in said


@pytest.mark.slow
def test_a_crawl_of_a_source_that_is_being_crawled_is_refused_and_does_not_count(
    one: Care,
) -> None:
    one.seem_tried()
    (server,) = one.servers.values()
    server.answer("-[0-9]+.html$", misbehaviours.stall())
    one.write_settings(more="[crawl]\ntimeout_seconds = 1000.0")
    first = one.run("run")
    wait_for(lambda: len(server.requests("-[0-9]+.html$")) >= 1)
    second = one.run("crawl")
    _, errors = second.communicate(timeout=SECONDS)
    assert second.returncode == 1
    assert "bao is being crawled already, by process " in errors
    end(first)
    assert whys(one) == [("first", "interrupted"), ("manual", "refused")]
    with one.app() as app:
        assert app.record.launches.lasts()["bao"].outcome == "interrupted"


@pytest.mark.slow
def test_a_second_service_is_refused_and_told_who_holds_the_lock(one: Care) -> None:
    first = one.run("run")
    assert first.stdout is not None
    assert first.stdout.readline().startswith("hanoiwatch runs: 1 sources, 1 crawls due now")
    second = one.run("run")
    _, errors = second.communicate(timeout=SECONDS)
    assert second.returncode == 1
    assert f"as process {first.pid}:" in errors
    assert len(errors.strip().splitlines()) == 1
    status = one.run("status", "--format", "json")
    said, _ = status.communicate(timeout=SECONDS)
    assert json.loads(said)["process"] == str(first.pid)
    end(first)


@pytest.mark.slow
def test_a_crawl_that_hangs_is_ended_at_its_limit_and_costs_that_source_only(
    tmp_path: Path,
) -> None:
    with care(tmp_path, treo=2, tot=3) as both:
        both.seem_tried()
        both.write_settings(more="[crawl]\ntimeout_seconds = 1000.0")
        both.servers["treo"].answer("-[0-9]+.html$", misbehaviours.stall())
        with both.service() as service:
            asked = both.servers["treo"].requests
            turn_until(service, lambda: bool(both.told and asked("-[0-9]+.html$")))
            overdue(service, "treo")
            both.live(service)
        outcomes = {launch.source: (launch.outcome, launch.reason) for launch in both.history()}
        assert outcomes["tot"] == ("done", "")
        assert outcomes["treo"][0] == "failed"
        assert "ended after its limit of 180 minutes" in outcomes["treo"][1]
        assert both.articles() == 3


@pytest.mark.slow
def test_a_process_that_does_not_even_end_when_it_is_told_to_is_killed(one: Care) -> None:
    one.seem_tried()
    (server,) = one.servers.values()
    server.answer("-[0-9]+.html$", misbehaviours.slow(20))
    with one.service() as service:
        turn_until(service, lambda: bool(server.requests("-[0-9]+.html$")))
        os.kill(overdue(service, "bao").process.pid, signal.SIGSTOP)
        one.live(service)
    (launch,) = one.history()
    assert launch.outcome == "failed"
    assert "ended after its limit of 180 minutes" in launch.reason
    server.behave()
    again = one.run("crawl")
    said, errors = again.communicate(timeout=SECONDS)
    assert again.returncode == 0, said + errors
    assert one.articles() == 4


@pytest.mark.slow
def test_no_more_sources_are_crawled_at_once_than_the_setting_says(tmp_path: Path) -> None:
    with care(tmp_path, a=1, b=1, c=1) as three:
        three.write_settings("concurrency = 1")
        with three.service() as service:
            assert three.live(service) == 3
        with three.app() as app, read(app.record.engine) as connection:
            runs = connection.execute(select(schema.run).order_by(schema.run.c.id)).all()
        assert all(one.ended_at <= next_one.started_at for one, next_one in pairwise(runs))
        assert sorted(launch.source for launch in three.history()) == ["a", "b", "c"]


@pytest.mark.slow
def test_cron_and_the_service_share_their_locks_and_their_ledger(one: Care) -> None:
    start = tonight()
    set_clock(start)
    with one.service() as service:
        one.live(service)
        with one.app() as app:
            set_clock(start + 20 * MINUTE)
            crawl_sources(app, ["bao"], CrawlOptions())
            crawl_sources(app, ["bao"], CrawlOptions(limit=1))
        assert one.live(service) == 0
    assert whys(one) == [("first", "done"), ("manual", "done"), ("manual", "done")]
    assert [launch.kind for launch in one.history()] == ["crawl", "crawl", "partial"]


@pytest.mark.slow
def test_a_withdrawal_that_the_service_confirms_is_found_in_the_same_night(one: Care) -> None:
    one.seem_tried()
    one.write_settings(more='[channels]\ntin = "feed:feeds"')
    (one.folder / "alerts").mkdir()
    rule = 'sources = ["bao"]\non = ["withdrawn"]\nchannels = ["tin"]\n'
    (one.folder / "alerts" / "go.toml").write_text(rule, "utf-8")
    (server,) = one.servers.values()
    start = tonight()
    fresh = replace(small_article(9), published=start)
    server.outlet.publish(fresh)
    for night in range(3):
        # each night a little later: what was gone is asked for again a day later, not before
        set_clock(start + night * DAY + (31 + 5 * night) * MINUTE)
        with one.service() as service:
            one.live(service)
        if not night:
            server.outlet.delete(fresh.slug)
    with one.app() as app, read(app.record.engine) as connection:
        found = connection.execute(select(schema.alert.c.kind)).scalars().all()
    assert found == ["withdrawn"]


@pytest.mark.slow
def test_the_schedule_and_its_history_are_told_as_table_and_json(one: Care) -> None:
    with one.service() as service:
        one.live(service)
    said, _ = one.run("schedule", "history", "--format", "json").communicate(timeout=SECONDS)
    crawl, check = json.loads(said)
    assert (check["kind"], check["new"]) == ("check", 3)
    found = [crawl[key] for key in ("source", "kind", "why", "outcome", "new")]
    assert found == ["bao", "crawl", "first", "done", 1]
    said, _ = one.run("schedule", "list", "--format", "json").communicate(timeout=SECONDS)
    (row,) = json.loads(said)
    assert row["expression"] == "0 1 * * *"
    assert now() < datetime.fromisoformat(row["next"]) <= now() + DAY + MINUTE
    said, _ = one.run("status").communicate(timeout=SECONDS)
    assert said.startswith("The service does not run.\n4 articles; 0 pages wait to be read")


def test_a_timetable_that_cannot_be_followed_is_refused_in_one_sentence(one: Care) -> None:
    one.write_settings('crawl = "0 1 * *"')
    for words in (("run",), ("schedule", "list")):
        process = one.run(*words)
        _, errors = process.communicate(timeout=SECONDS)
        assert process.returncode == 1
        assert errors.startswith("hanoiwatch: `schedule.crawl`: a cron expression has five fields")


def count(one: Care, what: str) -> int:
    try:
        with sqlite3.connect(f"file:{one.config.record_path}?mode=ro", uri=True) as record:
            return int(record.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # it is just being made


def is_busy(one: Care) -> bool:
    return any(is_crawled(one.config, name) for name in one.servers)
