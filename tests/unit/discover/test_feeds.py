"""Feeds as the press serves them, and as it breaks them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.discover.feeds import MAX_BROKEN_BYTES, FeedResult, read_feed
from hanoiwatch.clock import HANOI
from tests.unit.discover.made import HOME, item, rss

AT = "https://bao.example/rss/chinh-tri"
AFTERNOON = datetime(2026, 9, 5, 13, 30, tzinfo=HANOI)


def read(body: bytes, content_type: str = "application/rss+xml") -> FeedResult:
    return read_feed(body, content_type, AT)


def test_an_rss_feed_lists_its_items_in_order() -> None:
    body = rss(item(1, "Tin một", "Sat, 05 Sep 2026 13:30:00 +0700"), item(2, "Tin hai"))
    found = read(body)
    assert found.problem is None
    assert [(one.url, one.title, one.published_at) for one in found.items] == [
        (f"{HOME}cau-moi-000001.html", "Tin một", AFTERNOON),
        (f"{HOME}cau-moi-000002.html", "Tin hai", None),
    ]


def test_american_dates_and_links_in_cdata_are_read() -> None:
    """As the systems of VCCorp write them."""
    body = rss(
        "<title><![CDATA[Họp báo quý III]]></title>"
        f"<link><![CDATA[ {HOME}hop-bao-102260905133000123.htm?a=1&b=2 ]]></link>"
        "<pubDate>9/5/2026 1:30:00 PM</pubDate>"
    )
    [one] = read(body).items
    assert one.url == f"{HOME}hop-bao-102260905133000123.htm?a=1&b=2"
    assert one.published_at == AFTERNOON


def test_an_atom_feed_is_read() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo</title><entry>'
        '<title type="html">Phố &amp;amp; phường</title><link rel="self" href="/khac"/>'
        '<link rel="alternate" href="/pho-phuong-000003.html"/>'
        "<updated>2026-09-05T06:30:00Z</updated></entry></feed>"
    ).encode()
    [one] = read(body, "application/atom+xml").items
    assert (one.url, one.title) == (f"{HOME}pho-phuong-000003.html", "Phố & phường")
    assert one.published_at == datetime(2026, 9, 5, 6, 30, tzinfo=UTC)


def test_an_rdf_feed_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{HOME}"><title>Báo</title></channel>'
        f'<item rdf:about="{HOME}a-000004.html"><title>Tin</title>'
        f"<link>{HOME}a-000004.html</link><dc:date>2026-09-05T13:30:00+07:00</dc:date></item>"
        "</rdf:RDF>"
    ).encode()
    [one] = read(body).items
    assert (one.url, one.published_at) == (f"{HOME}a-000004.html", AFTERNOON)


def test_an_empty_publication_date_is_no_date() -> None:
    [one] = read(rss(item(1).replace("</link>", "</link><pubDate></pubDate>"))).items
    assert one.published_at is None


def test_titles_that_were_escaped_twice_are_plain() -> None:
    [one] = read(rss(item(1, "Dự án &amp;apos;Sông Hồng&amp;apos; &lt;b&gt;mới&lt;/b&gt;"))).items
    assert one.title == "Dự án 'Sông Hồng' mới"


def test_a_permalink_guid_serves_where_there_is_no_link() -> None:
    [one] = read(rss(f"<title>A</title><guid>{HOME}a-000001.html</guid>")).items
    assert one.url == f"{HOME}a-000001.html"


def test_a_relative_link_is_relative_to_the_feed() -> None:
    [one] = read(rss("<title>A</title><link>/a-000001.html</link>")).items
    assert one.url == f"{HOME}a-000001.html"


def test_items_without_a_usable_link_are_counted() -> None:
    found = read(rss(item(1), "<title>A</title>", "<title>B</title><link>mailto:a@b</link>"))
    assert len(found.items) == 1
    assert found.problem == "2 of 3 items have no usable link"


def test_bare_ampersands_do_no_harm() -> None:
    body = rss(f"<title>A & B &nbsp</title><link>{HOME}a-1.html?x=1&y=2</link>", item(2))
    found = read(body)
    assert [one.url for one in found.items] == [
        f"{HOME}a-1.html?x=1&y=2",
        f"{HOME}cau-moi-000002.html",
    ]
    assert found.items[0].title is not None
    assert found.items[0].title.startswith("A & B")
    assert found.problem is None


def test_a_feed_in_another_encoding_is_read() -> None:
    body = rss(item(1, "Hà Nội")).replace(b'"utf-8"', b'"utf-16"').decode()
    [one] = read(body.encode("utf-16")).items
    assert one.title == "Hà Nội"


def test_a_feed_that_is_served_as_html_is_still_a_feed() -> None:
    found = read(rss(item(1)), "text/html; charset=utf-8")
    assert (len(found.items), found.problem) == (1, None)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (b" \r\n", "the body is empty"),
        (rss(), "the feed has no items"),
        (b"<!doctype html><html><body>403</body></html>", "an HTML page instead of a feed"),
        (b'{"error": 403}', "not a feed"),
        (b"\x00\xff\x00", "not a feed"),
    ],
)
def test_what_is_no_feed_is_said_in_words(body: bytes, problem: str) -> None:
    assert read(body) == FeedResult(problem=problem)


def test_half_a_feed_is_half_a_feed_and_never_half_an_address() -> None:
    whole = rss(*(item(number) for number in range(5)))
    urls = {one.url for one in read(whole).items}
    for length in range(120, len(whole), 7):
        found = read(whole[:length])
        assert found.problem, length
        assert {one.url for one in found.items} <= urls
    assert len(read(whole[:-30]).items) >= 4


def test_broken_xml_that_is_too_large_to_mend_is_refused() -> None:
    body = rss(*(item(number) for number in range(6000))) + b"<"
    assert len(body) > MAX_BROKEN_BYTES
    assert "too many to mend" in str(read(body).problem)


def test_nothing_is_fetched_and_no_file_is_opened(tmp_path: Path) -> None:
    """A body that is the name of a file, and entities that name one."""
    secret = tmp_path / "feed.xml"
    secret.write_bytes(rss(item(1)))
    assert read(str(secret).encode()).items == ()
    entity = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    body = rss(item(1, "x &a; y")).decode().replace("?>", "?>" + entity, 1)
    assert "Cầu mới" not in str(read(body.encode()))


def test_an_exploding_entity_is_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "lol">{levels}]>'
    body = rss(item(1, "&e11;")).decode().replace("?>", "?>" + doctype, 1)
    assert read(body.encode()).problem == "it declares entities of its own, which no feed needs"


def test_long_space_in_a_damaged_feed_costs_no_time() -> None:
    wide = rss(item(1)).decode().replace('"utf-8"', '"utf-16"').encode("utf-16")
    broken_pair = b"\xd8\xd8\xd8"
    started = time.process_time()
    found = read(wide[:200] + broken_pair + b"\n" * 50_000 + b"<b>x</b>")
    assert found.problem is not None
    assert time.process_time() - started < 2
