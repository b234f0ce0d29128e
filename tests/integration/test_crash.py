"""Kills of a crawl, few and small here; `python -m bench.crash` does fifty on 500 pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.crash import Killer
from bench.moments import Moment
from bench.outlet import OutletProcess, OutletSize

PAGES = 40
LATENCY_MS = 500.0
"""So that fetching takes some groups of captures, although the pages are few, and goes on while the
first of them are recorded."""


@pytest.fixture(scope="module")
def outlet() -> Iterator[OutletProcess]:
    with OutletProcess(OutletSize(articles=PAGES, latency_ms=LATENCY_MS)) as outlet:
        yield outlet


@pytest.mark.slow
def test_a_crawl_killed_again_and_again_loses_and_doubles_nothing(
    outlet: OutletProcess, tmp_path: Path
) -> None:
    said: list[str] = []
    killer = Killer(outlet, said.append)
    folder = tmp_path / "desk"
    progress = killer.prepared(folder)
    moments = (
        Moment(seconds=0.0, stage="discovery", share=0.5),
        Moment(seconds=0.0, stage="fetch", share=0.3),
        Moment(seconds=0.01, stage="record", share=0.2),
    )
    killed = [killer.kill(folder, progress, "group", moment) for moment in moments]
    killer.finish(folder)
    assert killer.toll.faults == [], said
    assert killed == [True, True, True], said


@pytest.mark.slow
def test_the_death_of_a_worker_costs_no_article(outlet: OutletProcess, tmp_path: Path) -> None:
    said: list[str] = []
    killer = Killer(outlet, said.append)
    folder = tmp_path / "desk"
    progress = killer.prepared(folder)
    moment = Moment(seconds=0.0, stage="fetch", share=0.2)
    assert killer.kill(folder, progress, "worker", moment), said
    killer.finish(folder, runs=1)
    assert killer.toll.faults == [], said
