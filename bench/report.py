"""What a benchmark run found: medians and ratios, as a table and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.contestants import OURS, STAGES, Contestant, Lap
from bench.environments import Missing
from bench.verdict import Verdict

Laps = Mapping[str, Sequence[Lap]]
"""Each contestant's laps, one a round, by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contestant over all rounds. ``ours_times``: our rate as a multiple of its rate, taken
    round by round."""

    key: str
    title: str
    articles: int
    rate: float
    ours_times: float
    cpu_ms: float
    """Of processor time, an article."""
    peak_rss_mb: float
    peak_pss_mb: float


def row(contestant: Contestant, laps: Laps) -> Row:
    own, ours = laps[contestant.key], laps[OURS.key]
    return Row(
        key=contestant.key,
        title=contestant.title,
        articles=own[0].articles,
        rate=statistics.median(lap.rate for lap in own),
        ours_times=statistics.median(
            our.rate / lap.rate for our, lap in zip(ours, own, strict=True)
        ),
        cpu_ms=statistics.median(1000 * lap.usage.cpu_seconds / lap.articles for lap in own),
        peak_rss_mb=max(lap.usage.peak_rss_mb for lap in own),
        peak_pss_mb=max(lap.usage.peak_pss_mb for lap in own),
    )


def stage_ms(laps: Sequence[Lap]) -> dict[str, float]:
    """Milliseconds of processor time an article in each stage of ours."""
    return {
        stage: statistics.median(1000 * lap.stages.get(stage, 0.0) / lap.articles for lap in laps)
        for stage in (*STAGES, "rest")
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    pages: int
    rounds: int
    rows: tuple[Row, ...]
    missing: Mapping[str, Missing]
    """Peers that could not run, by title."""
    stages: Mapping[str, float]
    verdicts: tuple[Verdict, ...]


def as_json(findings: Findings) -> dict[str, Any]:
    verdicts = [asdict(verdict) | {"passed": verdict.passed} for verdict in findings.verdicts]
    return asdict(findings) | {"verdicts": verdicts}


def as_text(findings: Findings) -> str:
    what = (
        f"{findings.pages} pages, {findings.rounds} rounds, medians "
        "(ours keeps, records and indexes everything; the others keep nothing)"
    )
    head = (
        f"{'':<42}{'articles':>9}{'per s':>8}{'ours is':>9}{'CPU ms':>8}{'RSS MB':>8}{'PSS MB':>8}"
    )
    missing = [f"{title:<42}not run: {why.reason}" for title, why in findings.missing.items()]
    spent = "  ".join(
        f"{stage} {milliseconds:.1f}" for stage, milliseconds in findings.stages.items()
    )
    stages = f"CPU ms an article, ours: {spent}"
    rows = map(_line, findings.rows)
    return "\n".join(
        [what, "", head, *rows, *missing, "", stages, "", *map(str, findings.verdicts)]
    )


def _line(each: Row) -> str:
    return (
        f"{each.title:<42}{each.articles:>9}{each.rate:>8.1f}{each.ours_times:>8.2f}x"
        f"{each.cpu_ms:>8.1f}{each.peak_rss_mb:>8.0f}{each.peak_pss_mb:>8.0f}"
    )
