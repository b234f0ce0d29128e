"""Scrapy's own commands go through the same pipeline."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawling import Crawl, site


def scrapy(crawl: Crawl, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HANOIWATCH_")}
    environment |= {
        "HANOIWATCH_SOURCES__DIRECTORY": str(crawl.folder / "sources"),
        "HANOIWATCH_DATA_DIR": str(crawl.folder / "data"),
    }
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        capture_output=True, text=True, timeout=240, check=False, env=environment,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.mark.slow
def test_scrapy_lists_and_crawls_the_sources_and_their_articles_are_found(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path)
    with site() as here:
        crawl.source(here.url, f'feeds = ["{here.url}/feed"]')
        here.feed("/mot-1.html", "/hai-2.html", "/ba-3.html")
        listed = scrapy(crawl, "list").stdout.split()
        done = scrapy(crawl, "crawl", "bao-thu", "-a", "limit=2")
    assert {"bao-thu", "hanoimoi"} <= set(listed)
    assert done.returncode == 0, done.stderr
    assert "2 fetched" in done.stderr
    assert sorted(crawl.outcomes().values()) == ["fetched", "fetched", "not-due: limit"]
    (read,) = crawl.rows("SELECT count(*) AS captures FROM reading")
    assert read.captures == 2
    crawl.assert_whole()


def test_a_live_source_without_a_contact_is_refused_in_one_sentence(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path)
    crawl.source("https://example.org", 'feeds = ["https://example.org/feed"]')
    done = scrapy(crawl, "crawl", "bao-thu")
    assert done.returncode == 1
    assert "user_agent_contact" in done.stderr
    assert "Traceback" not in done.stderr
