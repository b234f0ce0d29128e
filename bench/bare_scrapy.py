"""A bare Scrapy spider, with and without trafilatura behind it.

``python bare_scrapy.py URL_FILE download|extract`` asks for each address in the file and prints
how many articles it got. It keeps nothing, asks for no robots.txt and waits for nobody: what the
framework alone can do.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

POOL = 2
"""One process for each core of the machine that the bars were set on."""

CONCURRENCY = 16
"""Scrapy's own default, and what our crawler allows a loopback server."""


def has_text(html: bytes, url: str) -> bool:
    """What anyone would ask trafilatura for: the text with its metadata."""
    import trafilatura

    document = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    return bool(document and document.text)


class Downloading(Spider):
    """Counts the pages that came; reads none."""

    name = "bare"

    def __init__(self, start_urls: list[str], pool: ProcessPoolExecutor, **kwargs: Any) -> None:
        super().__init__(start_urls=start_urls, **kwargs)
        self.pool, self.articles = pool, 0

    async def parse(self, response: Response) -> AsyncIterator[None]:  # type: ignore[override]  # Scrapy takes both
        self.articles += bool(response.body)
        return
        yield


class Extracting(Downloading):
    """Hands each page to trafilatura in the pool."""

    async def parse(self, response: Response) -> AsyncIterator[None]:  # type: ignore[override]  # Scrapy takes both
        read = self.pool.submit(has_text, response.body, response.url)
        found = await asyncio.wrap_future(read)
        self.articles += found
        return
        yield


SETTINGS = {
    "ROBOTSTXT_OBEY": False,
    "CONCURRENT_REQUESTS": CONCURRENCY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
}


def main(url_file: str, what: str) -> None:
    spider = {"download": Downloading, "extract": Extracting}[what]
    process = CrawlerProcess(settings=SETTINGS)
    with ProcessPoolExecutor(POOL) as pool:
        crawler = process.create_crawler(spider)
        process.crawl(crawler, start_urls=Path(url_file).read_text().split(), pool=pool)
        process.start()
    assert isinstance(crawler.spider, Downloading)
    print(crawler.spider.articles)


if __name__ == "__main__":
    main(*sys.argv[1:])
