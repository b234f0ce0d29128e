"""What several lists found, once."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.discover.union import Sighting, by_canonical, union
from hanoiwatch.model import Discovered, OriginId

NOON = datetime(2026, 9, 5, 5, tzinfo=UTC)
FEED, SITEMAP = OriginId(1), OriginId(2)
PLAIN = "https://bao.example/cau-moi-000001.html"


def test_an_article_is_there_once_with_all_that_listed_it() -> None:
    twin = Discovered(url="http://m.bao.example/cau-moi-000001.html?utm_source=rss")
    found = union(
        [
            (FEED, [twin, Discovered(url="mailto:a@b")]),
            (SITEMAP, [Discovered(url=PLAIN, title="Cầu mới", published_at=NOON)]),
            (SITEMAP, [Discovered(url=PLAIN, title="Khác"), Discovered(url=f"{PLAIN}?id=2")]),
        ]
    )
    assert found == (
        Sighting(
            canonical=PLAIN,
            discovered=Discovered(url=twin.url, title="Cầu mới", published_at=NOON),
            origins=(FEED, SITEMAP),
        ),
        Sighting(
            canonical=f"{PLAIN}?id=2",
            discovered=Discovered(url=f"{PLAIN}?id=2"),
            origins=(SITEMAP,),
        ),
    )


def test_one_list_by_canonical_url() -> None:
    assert list(by_canonical([Discovered(url=f"{PLAIN}#a"), Discovered(url=PLAIN)])) == [PLAIN]
