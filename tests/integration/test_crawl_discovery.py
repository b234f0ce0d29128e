"""What is listed where, what a second look costs, and what happens when a feed has a gap."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hanoiwatch.clock import to_stored
from tests.crawling import PAGE, Crawl, Reply, Site, path_of, site

ARTICLES = "article_url = '-\\d+\\.html$'\n"


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    crawl = Crawl(tmp_path)
    yield crawl
    crawl.close()


def section(*paths: str, more: str = "") -> Reply:
    links = "".join(f'<h3><a href="{path}">Tin {path}</a></h3>' for path in paths)
    return Reply(body=f"<html><body>{links}{more}</body></html>")


def articles(here: Site, *paths: str) -> None:
    here.pages |= {path: Reply(body=PAGE + path) for path in paths}


def sitemap(here: Site, **pages: datetime) -> str:
    rows = "".join(
        f"<url><loc>{here.url}/{slug.replace('_', '-')}.html</loc>"
        f"<lastmod>{moment.isoformat()}</lastmod></url>"
        for slug, moment in pages.items()
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def sitemap_index(here: Site, *paths: str) -> str:
    rows = "".join(f"<sitemap><loc>{here.url}{path}</loc></sitemap>" for path in paths)
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
    )


def xml(body: str | bytes, **headers: str) -> Reply:
    return Reply(body=body, type="application/xml", headers=headers)


def test_feeds_sections_and_sitemaps_together_list_each_article_once(crawl: Crawl) -> None:
    now = datetime.now(UTC)
    with site() as here:
        crawl.source(
            here.url,
            f'feeds = ["{here.url}/feed"]\nsections = ["{here.url}/chinh-tri"]\nsection_pages = 2\n'
            f'page_url = "{{section}}/trang-{{page}}"\nsitemaps = ["{here.url}/sitemap.xml"]\n'
            + ARTICLES,
        )
        here.feed("/tin-1.html", "/tin-2.html?utm_source=rss")
        articles(here, *(f"/tin-{n}.html" for n in range(1, 7)))
        here.pages |= {
            "/chinh-tri": section("/tin-2.html#binh-luan", "/tin-3.html", "/gioi-thieu"),
            "/chinh-tri/trang-2": section("/tin-4.html"),
            "/chinh-tri/trang-3": section("/tin-9.html"),
            "/sitemap.xml": xml(sitemap_index(here, "/sitemap-article-1.xml.gz")),
            "/sitemap-article-1.xml.gz": xml(
                gzip.compress(sitemap(here, tin_5=now, tin_1=now).encode())
            ),
        }
        report = crawl.run()
    assert report.problems == []
    assert crawl.outcomes() == {f"/tin-{n}.html": "fetched" for n in range(1, 6)}
    assert here.times("/chinh-tri/trang-3") == 0
    assert report.counts["listed"] == 5
    sightings = crawl.rows(
        "SELECT page.url, count(*) AS origins FROM sighting JOIN page ON page.id = page_id "
        "GROUP BY page.id"
    )
    assert {path_of(row.url): row.origins for row in sightings}["/tin-2.html"] == 2
    crawl.assert_whole()


def test_feeds_that_give_nothing_are_reported_failures_and_cost_nothing_else(crawl: Crawl) -> None:
    crawl.settings["CRAWL__MAX_DECODED_BYTES"] = "1000000"
    gzipped = {"Content-Encoding": "gzip"}
    answers = {
        "/none": (
            Reply(body='<rss version="2.0"><channel></channel></rss>'),
            "empty: the feed has no items",
        ),
        "/no-body": (Reply(body=""), "empty: the body is empty"),
        "/html": (
            Reply(body="<!DOCTYPE html><html><p>xin chào"),
            "failed: an HTML page instead of a feed",
        ),
        "/bytes": (Reply(body=b"\x00\x01\x02" * 50), "failed: not a feed"),
        "/missing": (Reply(status=404), "failed: status 404"),
        "/bomb": (
            Reply(body=gzip.compress(b"<rss>" * 4_000_000), headers=gzipped),
            "failed: the decoded size is over 1000000 bytes",
        ),
        "/cut": (
            Reply(body=b"\x1f\x8b broken", headers=gzipped),
            "failed: the body is truncated: its gzip coding does not end",
        ),
    }
    with site() as here:
        urls = ", ".join(f'"{here.url}{path}"' for path in (*answers, "/feed"))
        crawl.source(here.url, f"feeds = [{urls}]")
        here.feed("/tin-1.html")
        here.pages |= {path: answer for path, (answer, _) in answers.items()}
        report = crawl.run()
    assert report.code == 0
    assert crawl.polls() == {path: said for path, (_, said) in answers.items()} | {"/feed": "ok"}
    assert sorted(report.problems) == sorted(
        f"feed {here.url}{path}: {said.partition(': ')[2]}" for path, (_, said) in answers.items()
    )
    assert crawl.outcomes() == {"/tin-1.html": "fetched"}
    assert all(len(crawl.captures(path)) == 1 for path in answers), "archived all the same"


def test_an_unchanged_feed_and_page_cost_a_304_and_a_revisit_record_each(crawl: Crawl) -> None:
    def answer(body: str, kind: str):
        def conditional(handler) -> None:
            from tests.crawling import send

            if handler.headers["If-None-Match"] == '"mot"':
                send(handler, Reply(status=304, headers={"ETag": '"mot"'}))
            else:
                send(handler, Reply(body=body, type=kind, headers={"ETag": '"mot"'}))

        return conditional

    with site() as here:
        crawl.source(here.url, f'feeds = ["{here.url}/feed"]')
        here.pages["/feed"] = answer(here.feed_of("/tin-1.html"), "application/rss+xml")
        here.pages["/tin-1.html"] = answer(PAGE, "text/html")
        crawl.run()
        crawl.make_due()
        report = crawl.run()
        assert report.counts["fetched"] == 1
        assert crawl.polls() == {"/feed": "unchanged: not modified"}
        for path in ("/feed", "/tin-1.html"):
            first, second = crawl.captures(path)
            assert (first.status, second.status) == (200, 304)
            assert (second.body_capture_id, second.state) == (first.id, "kept")
            assert second.sha256 == first.sha256
        crawl.run(refetch=True)
        assert "if-none-match" not in here.asked("/tin-1.html")[-1].headers
    (page,) = crawl.rows("SELECT visits, failures, next_visit_at FROM page")
    assert (page.visits, page.failures) == (3, 0)
    crawl.assert_whole()


@pytest.mark.slow
def test_a_body_that_is_the_same_is_unchanged_whatever_the_etag_says(crawl: Crawl) -> None:
    with site() as here:
        crawl.source(here.url, f'feeds = ["{here.url}/feed"]')
        feed = here.feed_of("/tin-1.html")
        here.pages["/feed"] = [Reply(body=feed, headers={"ETag": f'"{n}"'}) for n in range(2)]
        here.pages["/tin-1.html"] = [Reply(headers={"ETag": f'"{n}"'}) for n in range(2)]
        crawl.run()
        crawl.make_due()
        crawl.run()
    assert crawl.polls() == {"/feed": "unchanged: identical body"}
    first, second = crawl.captures("/tin-1.html")
    assert (first.state, second.state, second.body_capture_id) == ("unread", "kept", first.id)
    assert crawl.exchange(second).body == b""


@pytest.mark.slow
def test_new_pages_come_before_revisits_and_the_limit_leaves_the_rest_for_later(
    crawl: Crawl,
) -> None:
    with site() as here:
        crawl.source(here.url, f'feeds = ["{here.url}/feed"]', "[fetch]\ndelay_seconds = 0.01\n")
        here.feed("/cu-1.html", "/cu-2.html")
        crawl.run()
        crawl.make_due()
        here.feed("/moi-3.html", "/moi-4.html", "/cu-1.html")
        asked = len(here.log)
        report = crawl.run(limit=3)
        order = [one.path for one in here.log[asked:] if one.path != "/feed"]
        assert order[:2] == ["/moi-3.html", "/moi-4.html"]
        assert len(order) == 3
        assert order[2].startswith("/cu-")
        assert (report.counts["fetched"], report.counts["not-due"]) == (3, 1)
        report = crawl.run()
        assert report.counts["fetched"] == 1, "what the limit left is still due"
    assert set(crawl.outcomes().values()) == {"fetched"}


@pytest.mark.slow
def test_a_feed_that_shares_nothing_with_its_last_listing_is_completed_from_the_sections(
    crawl: Crawl,
) -> None:
    with site() as here:
        crawl.source(
            here.url,
            f'feeds = ["{here.url}/feed"]\nsections = ["{here.url}/chinh-tri"]\n'
            f'page_url = "{{section}}/trang-{{page}}"\n' + ARTICLES,
        )
        every = [f"/tin-{n}.html" for n in range(30)]
        articles(here, *every)
        here.feed(*every[:5])
        here.pages["/chinh-tri"] = section(*every[:5])
        assert crawl.run().problems == []
        here.feed(*every[25:])
        here.pages["/chinh-tri"] = section(*every[25:])
        for page in range(2, 7):
            here.pages[f"/chinh-tri/trang-{page}"] = section(*every[30 - 5 * page : 35 - 5 * page])
        report = crawl.run()
    assert report.problems == []
    assert crawl.outcomes() == dict.fromkeys(every, "fetched")
    (gap,) = crawl.rows("SELECT * FROM gap")
    assert gap.closed_by == f"section {here.url}/chinh-tri"
    assert (gap.found, gap.missing) == (20, "")
    assert here.times("/chinh-tri/trang-6") == 1, "there all is known: no further"
    crawl.assert_whole()


@pytest.mark.slow
def test_a_section_that_ends_before_we_stop_reading_leaves_no_gap_open(crawl: Crawl) -> None:
    with site() as here:
        crawl.source(
            here.url,
            f'feeds = ["{here.url}/feed"]\nsections = ["{here.url}/chinh-tri"]\n'
            f'page_url = "{{section}}/trang-{{page}}"\nsection_pages = 3\n' + ARTICLES,
        )
        every = [f"/tin-{n}.html" for n in range(12)]
        articles(here, *every)
        here.feed(*every[:5])
        here.pages["/chinh-tri"] = section(*every[:5])
        crawl.run()
        here.feed(*every[8:])
        here.pages["/chinh-tri"] = section(*every[6:])
        here.pages["/chinh-tri/trang-2"] = section(*every[:6])
        report = crawl.run()
    assert here.times("/chinh-tri/trang-3") == 1, "asked for, and there is no such page"
    assert report.problems == []
    assert crawl.polls()["/chinh-tri/trang-3"] == "empty: status 404"
    (gap,) = crawl.rows("SELECT * FROM gap")
    assert (gap.closed_by, gap.missing) == (f"section {here.url}/chinh-tri", "")


@pytest.mark.slow
def test_a_gap_that_cannot_be_closed_names_what_is_missing_and_an_unfinished_one_goes_on(
    crawl: Crawl,
) -> None:
    with site() as here:
        crawl.source(
            here.url,
            f'feeds = ["{here.url}/feed"]\nsections = ["{here.url}/a", "{here.url}/b"]\n'
            + ARTICLES,
        )
        here.feed("/tin-1.html")
        here.pages |= {"/a": section("/tin-1.html"), "/b": Reply(status=403)}
        crawl.run()
        here.feed("/tin-8.html", "/tin-9.html")
        here.pages["/a"] = section("/tin-8.html", "/tin-9.html")
        report = crawl.run()
        (said,) = [one for one in report.problems if "a gap could not be closed" in one]
        assert f"section {here.url}/a: little that was known before, 1 pages back" in said
        assert f"section {here.url}/b: status 403" in said
        assert "the next run tries again" in said
        (gap,) = crawl.rows("SELECT * FROM gap")
        assert (gap.closed_by, gap.missing) == ("", "")  # as after a kill: it stays open
        here.pages |= {"/b": section("/tin-1.html", "/tin-5.html")}
        articles(here, "/tin-5.html")
        report = crawl.run()
    assert report.problems == []
    (gap,) = crawl.rows("SELECT * FROM gap")
    assert (gap.found, gap.missing) == (1, "")
    assert crawl.outcomes()["/tin-5.html"] == "fetched"


@pytest.mark.slow
def test_since_reads_the_sitemaps_of_the_days_asked_for_and_no_others(crawl: Crawl) -> None:
    now = datetime.now(UTC)
    old, older = now - timedelta(days=20), now - timedelta(days=60)
    with site() as here:
        crawl.source(here.url, f'sitemaps = ["{here.url}/sitemap.xml"]\n' + ARTICLES)
        days = [(now - timedelta(days=n)).date() for n in range(80)]
        here.pages["/sitemap.xml"] = xml(sitemap_index(here, *(f"/tin-{day}.xml" for day in days)))
        here.pages |= {f"/tin-{day}.xml": xml(sitemap(here)) for day in days}
        here.pages[f"/tin-{now.date()}.xml"] = xml(sitemap(here, nay_1=now))
        here.pages[f"/tin-{old.date()}.xml"] = xml(sitemap(here, cu_2=old))
        here.pages[f"/tin-{older.date()}.xml"] = xml(sitemap(here, cu_3=older))
        articles(here, "/nay-1.html", "/cu-2.html", "/cu-3.html")
        crawl.run()
        assert crawl.outcomes() == {"/nay-1.html": "fetched"}
        report = crawl.run(since=to_stored(now - timedelta(days=30)))
        (run,) = crawl.rows("SELECT kind FROM run ORDER BY id DESC LIMIT 1")
        assert run.kind == "backfill"
    assert crawl.outcomes() == {"/nay-1.html": "fetched", "/cu-2.html": "fetched"}
    assert here.times(f"/tin-{older.date()}.xml") == 0
    assert report.counts["listed"] == 2


@pytest.mark.slow
def test_a_list_that_was_a_section_before_keeps_nothing_from_being_asked_as_a_feed(
    crawl: Crawl,
) -> None:
    with site() as here:
        here.feed("/tin-1.html", at="/rss")
        articles(here, "/tin-1.html", "/tin-2.html")
        here.pages["/chinh-tri"] = section("/tin-2.html")
        crawl.source(here.url, f'sections = ["{here.url}/rss"]\n' + ARTICLES)
        crawl.run()
        lists = f'feeds = ["{here.url}/rss"]\nsections = ["{here.url}/chinh-tri"]\n'
        crawl.source(here.url, lists + ARTICLES)
        crawl.run()
        assert here.times("/chinh-tri") == 1
    assert crawl.outcomes() == {"/tin-1.html": "fetched", "/tin-2.html": "fetched"}
