from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path

import pytest

from crawler.pace import Pace, is_far
from hanoiwatch.store import Record

LONG = 100.0
"""Seconds between two requests: far more than a test takes from one to the next."""


async def at_once(work, *arguments):
    return work(*arguments)


def test_slots_are_the_delay_apart_also_for_two_that_share_a_record(tmp_path: Path) -> None:
    record = Record.open(tmp_path / "record.sqlite3")
    paces = [Pace(record.hosts, at_once) for _ in range(2)]

    async def take() -> list[float]:
        return [await paces[n % 2].slot("bao.example", LONG) for n in range(4)]

    slots = asyncio.run(take())
    assert [after - before for before, after in itertools.pairwise(slots)] == pytest.approx(
        [LONG] * 3
    )
    record.close()


def test_a_silence_is_kept_by_everyone_and_costs_no_slots_when_nobody_will_wait(
    tmp_path: Path,
) -> None:
    record = Record.open(tmp_path / "record.sqlite3")
    until = time.time() + 3600

    async def work() -> None:
        await Pace(record.hosts, at_once).quiet("bao.example", until)
        for delay in (0.0, 2.0):
            other = Pace(record.hosts, at_once)
            slots = {await other.slot("bao.example", delay) for _ in range(50)}
            assert len(slots) == 1
            assert is_far(slots.pop())
        assert await Pace(record.hosts, at_once).slot("bao.example", 2.0) < until + 10
        assert not is_far(await Pace(record.hosts, at_once).slot("khac.example", 2.0))

    asyncio.run(work())
    record.close()


def test_without_a_delay_the_record_is_asked_once_per_host(tmp_path: Path) -> None:
    record = Record.open(tmp_path / "record.sqlite3")
    calls: list[object] = []

    async def counted(work, *arguments):
        calls.append(work)
        return work(*arguments)

    async def take() -> None:
        pace = Pace(record.hosts, counted)
        for _ in range(10):
            assert await pace.slot("127.0.0.1:8000", 0.0) <= time.time()

    asyncio.run(take())
    assert len(calls) == 1
    record.close()
