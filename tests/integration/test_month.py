"""An outlet that lives a month: every true event is found, none is invented."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.month import events
from tests.month.drawing import generate
from tests.month.found import look
from tests.month.life import live_through
from tests.month.oracle import expect
from tests.month.plan import FULL, SMALL, Size
from tests.month.verdict import Case, Row, faults, judge

SEED = 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_event_of_a_month_can_be_seen_by_who_keeps_to_the_visit_plan(seed: int) -> None:
    month = generate(seed, FULL)
    expected = expect(month).values()
    edits = [sight for one in expected for sight in one.sights if sight.why]
    assert len(edits) == FULL.edits
    assert {len(sight.why) for sight in edits} == {1}
    assert sum(one.withdrawn for one in expected) == FULL.departures - FULL.returning
    assert sum(one.restored for one in expected) == FULL.returning
    assert sum(len(one.worse) for one in expected) == FULL.worse
    assert all(one.sights for one in expected if one.published < month.crawls[-1])


def test_a_month_holds_what_its_size_says() -> None:
    happened = generate(SEED, FULL).events
    kinds = Counter(type(event) for event in happened)
    cosmetic = [kind for e in happened if isinstance(e, events.Touched) for kind in e.kinds]
    assert kinds[events.Edited] == 300
    assert kinds[events.Departed] - FULL.flickers == 40
    assert len(cosmetic) == 2000
    assert set(cosmetic) == set(events.COSMETICS)
    assert kinds[events.Reformed] == 1


def test_a_seed_draws_the_same_month_twice() -> None:
    assert generate(5, SMALL) == generate(5, SMALL)
    assert generate(5, SMALL).events != generate(6, SMALL).events


@pytest.mark.slow
def test_a_week_of_an_outlet_is_recorded_as_it_happened(tmp_path: Path) -> None:
    rows = _lived(SMALL, tmp_path)
    assert list(faults(rows)) == []
    assert all(row.holds for row in rows)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_month_of_an_outlet_is_recorded_as_it_happened(tmp_path: Path) -> None:
    rows = _lived(FULL, tmp_path)
    assert list(faults(rows)) == []
    assert all(row.holds for row in rows)


def _lived(size: Size, folder: Path) -> tuple[Row, ...]:
    month = generate(SEED, size)
    lived = live_through(month, folder / "month")
    return judge(Case(month=month, expected=expect(month), lived=lived, found=look(lived)))
