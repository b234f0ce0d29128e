"""The sample outlet watched over days: its newsroom, real crawls at simulated times, the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from hanoiwatch import clock
from hanoiwatch.app import App, open_app
from hanoiwatch.config import load_config
from hanoiwatch.model import Article
from hanoiwatch.sample.articles import SampleArticle
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.store.engine import read
from scheduler.crawls import CrawlOptions, CrawlReport, crawl_sources
from tests.chain import ONE_READER
from tests.outlet import running


class Newsroom:
    """``outlet`` is what the paper does; `crawl` looks at it so many hours after the start."""

    def __init__(self, folder: Path, outlet: Outlet, server: SampleServer) -> None:
        self.outlet, self.server = outlet, server
        self.start = clock.now()
        sources = folder / "sources"
        sources.mkdir(parents=True)
        (sources / f"{SOURCE_NAME}.toml").write_text(source_toml(server.url), "utf-8")
        environment = {"HANOIWATCH_SOURCES__DIRECTORY": str(sources), **ONE_READER}
        self.config = load_config(environment=environment, data_dir=str(folder / "data"))
        self.report = CrawlReport(source=SOURCE_NAME, outcome="failed", counts={})
        """Of the last crawl."""
        self.counts: dict[str, int] = {}
        """What the last crawl recorded."""

    def crawl(self, hours: float, **options: Any) -> dict[str, int]:
        """One crawl when so many hours have passed. Returns what was recorded."""
        passed = clock.now() - clock.ahead() - self.start  # the tests' own seconds do not count
        clock.run_ahead(timedelta(hours=hours) - passed)
        with open_app(self.config) as app:
            (self.report,), recorded = crawl_sources(app, [SOURCE_NAME], CrawlOptions(**options))
            assert app.record.ledger.discrepancies() == []
        self.counts = recorded.get(SOURCE_NAME, {})
        return self.counts

    @contextmanager
    def app(self) -> Iterator[App]:
        with open_app(self.config) as app:
            yield app

    def article(self, key: str) -> Article | None:
        """The article at this URL or with this id."""
        with self.app() as app:
            return app.record.articles.find(key)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.app() as app, read(app.record.engine) as connection:
            return list(connection.execute(text(sql), values))

    def changes(self, url: str) -> list[str]:
        """The kinds of the article's changes, in order."""
        return [
            row.kind for row in self.rows(
                "SELECT change.kind FROM change JOIN article ON article.rowid_ = change.article "
                "LEFT JOIN address ON address.article = article.rowid_ AND address.url = :url "
                "WHERE article.url = :url OR address.url = :url ORDER BY change.sequence", url=url,
            )
        ]  # fmt: skip

    def held(self, url: str) -> list[str]:
        """Why captures of the article at this URL were held back, in order."""
        return [
            row.reason for row in self.rows(
                "SELECT reason FROM held JOIN article ON article.rowid_ = held.article "
                "WHERE article.url = :url ORDER BY capture_id", url=url,
            )
        ]  # fmt: skip

    def gone(self) -> dict[str, int]:
        """How many lines of vanished pages are in each state."""
        rows = self.rows("SELECT state, count(*) AS lines FROM vanished GROUP BY 1")
        return {row.state: row.lines for row in rows}


@contextmanager
def newsroom(folder: Path, articles: Iterable[SampleArticle]) -> Iterator[Newsroom]:
    """A running outlet of these articles, and an empty record; the clock is set back after."""
    try:
        with running(Outlet(articles)) as server:
            yield Newsroom(folder, server.outlet, server)
    finally:
        clock.run_ahead(timedelta())


def just_published(articles: Iterable[SampleArticle]) -> list[SampleArticle]:
    """The same articles, all published within the last ten minutes."""
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    return [
        replace(article, published=at - timedelta(minutes=1 + place % 10))
        for place, article in enumerate(articles)
    ]
