"""``python -m bench``: our whole way beside bare Scrapy, news-please and Fundus, in one run."""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

import click

from bench import contestants
from bench.contestants import DOWNLOAD, OURS, TRAFILATURA, Contestant, Course, Lap
from bench.outlet import OutletProcess, OutletSize
from bench.report import Findings, Laps, Row, as_json, as_text, row, stage_ms
from bench.startup import HELP, SEARCH, command_cpu_seconds
from bench.verdict import judge, load_floors

PAGES = 3000
PAGE_KB = 60
ROUNDS = 2
"""The second in the opposite order, so that a machine that slows down favours nobody."""

WARM_UP_PAGES = 20
"""Once before the first round: bytecode is compiled, files are in memory."""


@click.command()
@click.option("--pages", default=PAGES, show_default=True, help="Articles of the outlet.")
@click.option("--rounds", default=ROUNDS, show_default=True)
@click.option("--peers/--no-peers", default=True, help="Also news-please and Fundus.")
@click.option("--json", "in_json", is_flag=True, help="The findings as JSON on standard output.")
def main(*, pages: int, rounds: int, peers: bool, in_json: bool) -> None:
    """Crawl one loopback outlet with everybody; exit code 1 where a bar is missed."""
    floors = load_floors()
    size = OutletSize(articles=pages, padding_kb=PAGE_KB)
    with OutletProcess(size) as outlet, tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = Course(outlet=outlet, urls=article_urls(outlet.url), scratch=Path(scratch))
        findings = find(course, rounds=rounds, with_peers=peers, floors=floors)
    click.echo(json.dumps(as_json(findings)) if in_json else as_text(findings))
    sys.exit(0 if all(verdict.passed for verdict in findings.verdicts) else 1)


def find(course: Course, *, rounds: int, with_peers: bool, floors: dict[str, float]) -> Findings:
    """Runs every contestant in every round."""
    wanted = contestants.peers() if with_peers else ()
    running = [OURS, TRAFILATURA, DOWNLOAD, *(one for one in wanted if isinstance(one, Contestant))]
    missing = dict(one for one in wanted if not isinstance(one, Contestant))
    for each in running:
        each.lap(course, min(WARM_UP_PAGES, len(course.urls)))
    laps = run_rounds(course, running, rounds)
    rows = tuple(row(each, laps) for each in running)
    return Findings(
        pages=len(course.urls),
        rounds=rounds,
        rows=rows,
        missing=missing,
        stages=stage_ms(laps[OURS.key]),
        verdicts=judge(_figures(course, rows, with_peers=with_peers), floors),
    )


def run_rounds(course: Course, running: list[Contestant], rounds: int) -> Laps:
    laps: dict[str, list[Lap]] = {each.key: [] for each in running}
    for number in range(rounds):
        for each in running if number % 2 == 0 else reversed(running):
            lap = each.lap(course, len(course.urls) // each.share)
            laps[each.key].append(lap)
            click.echo(f"round {number + 1}: {each.title}: {lap.rate:.1f} articles/s", err=True)
    return laps


def _figures(course: Course, rows: tuple[Row, ...], *, with_peers: bool) -> dict[str, float | None]:
    """What is judged. A peer that was wanted and could not run is a figure not had."""
    by_key = {each.key: each for each in rows}
    figures: dict[str, float | None] = {
        "times_scrapy_trafilatura": by_key[TRAFILATURA.key].ours_times,
        "peak_memory_mb": by_key[OURS.key].peak_rss_mb,
        "help_cpu_seconds": _cpu_seconds(course, HELP),
        "search_cpu_seconds": _cpu_seconds(course, SEARCH),
    }
    if with_peers:
        news_please = by_key.get("news-please")
        figures["times_news_please"] = news_please.ours_times if news_please else None
    return figures


def _cpu_seconds(course: Course, command: tuple[str, ...]) -> float:
    return command_cpu_seconds(command, folder=course.archive, cache=course.cache)


def article_urls(base_url: str) -> tuple[str, ...]:
    """Every article that the outlet's sitemaps name, in their order."""
    index = _locations(f"{base_url}/sitemap.xml")
    return tuple(url for sitemap in index for url in _locations(sitemap))


def _locations(url: str) -> list[str]:
    with urlopen(url, timeout=10) as response:
        body = response.read()
    text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    return re.findall(r"<loc>(.*?)</loc>", text.decode())


if __name__ == "__main__":
    main()
