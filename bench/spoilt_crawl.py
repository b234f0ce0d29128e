"""A whole crawl of an outlet whose pages and lists come spoilt."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from os import environ
from pathlib import Path

from bench.mutations import spoilt
from hanoiwatch.app import open_existing
from hanoiwatch.cli.archive import verify_archive
from hanoiwatch.config import load_config
from hanoiwatch.sample.http import Reply, Request
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.sample.synthetic import synthetic_outlet

ARTICLES = r"-\d{6,7}\.html|-102\d{15}\.htm|-post\d+\.html"
LISTS = r"^/(rss|rdf|atom|sitemap-|[a-z-]+(/trang-\d+)?$)"
"""All but the sitemap that names the others: without it a crawl has little to read."""
EVERYTHING = ""

LIMIT_SECONDS = 900.0


def crawl_spoilt(pages: int, number: int, *, again: bool = True) -> list[str]:
    """Crawls ``pages`` spoilt articles, half of the lists spoilt too; then, ``again``, over lists
    that are all spoilt anew, robots.txt as well. Returns what was wrong."""
    outlet = synthetic_outlet(pages, template=None)
    with SampleServer(outlet) as server, tempfile.TemporaryDirectory(prefix="spoilt-") as name:
        folder = Path(name)
        (folder / "sources").mkdir()
        (folder / "sources" / f"{SOURCE_NAME}.toml").write_text(source_toml(server.url))
        server.answer(LISTS, _spoiling(number, share=0.5))
        server.answer(ARTICLES, _spoiling(number))
        faults = [*_crawl(folder), *_unsound(folder)]
        if again:
            server.answer(EVERYTHING, _spoiling(number + 1))
            faults += [*_crawl(folder), *_unsound(folder)]
        return faults


def _spoiling(number: int, share: float = 1.0) -> Callable[[Request, Reply], Reply]:
    """The same address is always spoilt in the same way; one in ten after it was compressed."""

    def answer(request: Request, normal: Reply) -> Reply:
        dealer = random.Random(f"{number} {request.path}")
        if dealer.random() > share:
            return normal
        body, left_out = normal.body, {"ETag"}
        if normal.header("Content-Encoding") == "gzip" and dealer.random() < 0.9:
            body, left_out = gzip.decompress(body), {"ETag", "Content-Encoding"}
        kept = tuple(pair for pair in normal.headers if pair[0] not in left_out)
        return replace(normal, body=spoilt(body, dealer, (body,)), headers=kept)

    return answer


def _crawl(folder: Path) -> Iterator[str]:
    path = {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-m", "hanoiwatch", "crawl", "--since", "2000-01-01", SOURCE_NAME],
        cwd=folder,
        env=environ | path,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    if done.returncode not in (0, 3):
        yield f"the crawl ended with {done.returncode}: {done.stderr[-2000:]}"
    if "Traceback" in done.stderr:
        yield f"the crawl showed a traceback: {done.stderr[-2000:]}"


def _unsound(folder: Path) -> Iterator[str]:
    config = load_config(environment={}, data_dir=str(folder / "hanoiwatch-data"))
    with open_existing(config) as app:
        for wrong in app.record.ledger.discrepancies():
            yield f"the ledger of {wrong.day}: {wrong.what} ({wrong.count})"
        for day in app.record.ledger.coverage():
            for stage in day.stages:
                if stage.waiting:
                    yield f"{day.day}: {stage.waiting} pages wait in {stage.stage}"
                if stage.outcomes.get("quarantined"):
                    yield f"{day.day}: pages broke {stage.stage}: {stage.reasons}"
        _, problems = verify_archive(app)
        yield from (f"archive: {problem}" for problem in problems)
