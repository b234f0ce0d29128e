"""Bars and floors of the benchmark: floors may promise more than the bars, never less."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.verdict import AT_LEAST, AT_MOST, FloorsError, judge, load_floors


def floors_file(folder: Path, **changed: float) -> Path:
    figures = AT_LEAST | AT_MOST | changed
    path = folder / "floors.toml"
    path.write_text("".join(f"{name} = {value}\n" for name, value in figures.items()))
    return path


def test_the_pinned_floors_keep_the_bars() -> None:
    assert load_floors().keys() == (AT_LEAST | AT_MOST).keys()


def test_a_floor_below_its_bar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FloorsError, match="times_news_please"):
        load_floors(floors_file(tmp_path, times_news_please=4.9))
    with pytest.raises(FloorsError, match="peak_memory_mb"):
        load_floors(floors_file(tmp_path, peak_memory_mb=801))


def test_a_missing_floor_is_refused(tmp_path: Path) -> None:
    path = floors_file(tmp_path)
    path.write_text(path.read_text().replace("help_cpu_seconds", "# "))
    with pytest.raises(FloorsError, match="missing"):
        load_floors(path)


def test_a_figure_is_judged_by_its_floor_and_one_not_had_is_missed(tmp_path: Path) -> None:
    floors = load_floors(floors_file(tmp_path, times_news_please=6.0))
    measured = {
        "times_scrapy_trafilatura": 1.0,
        "times_news_please": 5.5,
        "peak_memory_mb": 799.0,
        "search_cpu_seconds": None,
    }
    passed = {verdict.name: verdict.passed for verdict in judge(measured, floors)}
    assert passed == {
        "times_scrapy_trafilatura": True,
        "times_news_please": False,
        "peak_memory_mb": True,
        "search_cpu_seconds": False,
    }
