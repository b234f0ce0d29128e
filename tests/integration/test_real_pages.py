"""Real pages of five sites, served on loopback under their own paths and crawled.

They stand beside a development checkout and belong to their publishers, so they are not part of
this repository; without them there is nothing to test here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import pytest

from tests.beside import PAGES, beside, needs
from tests.chain import Desk

pytestmark = [needs(PAGES), pytest.mark.slow]
SITES = {
    # site: (list page, its path, family)
    "cafef.vn": ("cafef_list.html", "/thi-truong-chung-khoan.chn", "vccorp"),
    "nld.com.vn": ("nld_list.html", "/kinh-te.htm", "vccorp"),
    "vietnamnet.vn": ("vietnamnet_list.html", "/kinh-doanh", None),
    "vnexpress.net": ("vnexpress_list.html", "/kinh-doanh", None),
}


def stored() -> Path:
    folder = beside(PAGES)
    assert folder is not None
    return folder


def articles(site: str) -> list[dict]:
    lines = (stored() / "gold.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        one for one in found if one["kind"] == "article" and urlsplit(one["url"]).hostname == site
    ]


@contextmanager
def serve(site: str) -> Iterator[str]:
    """The site's stored pages under their own paths; links to the site lead back here."""
    list_file, list_path, _ = SITES[site]
    known = {urlsplit(one["url"]).path: one for one in articles(site)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://{self.headers['Host']}"
            kind = "text/html; charset=utf-8"
            if self.path == list_path:
                body = (stored() / list_file).read_text("utf-8").replace(f"https://{site}", base)
            elif self.path in known:
                body = (stored() / known[self.path]["file"]).read_text("utf-8")
            elif self.path == "/feed.rss":
                kind, body = "application/rss+xml", feed(base, site)
            else:
                self.send_error(404)
                return
            data = body.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def feed(base: str, site: str) -> str:
    items = "".join(
        f"<item><title>{escape(one['gold']['title'])}</title>"
        f"<link>{base}{urlsplit(one['url']).path}</link></item>"
        for one in articles(site)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


def source_file(site: str, base: str, discovery: str) -> str:
    family = SITES[site][2]
    return f"""
name = "that"
title = "{site}"
home = "{base}/"
{f'family = "{family}"' if family else ""}
[discover]
{discovery}
"""


@pytest.mark.parametrize("site", SITES)
def test_a_stored_article_is_found_through_a_feed(site: str, desk: Desk) -> None:
    with serve(site) as base:
        desk.add_source("that", source_file(site, base, f'feeds = ["{base}/feed.rss"]'))
        desk.crawl("that")
        for one in articles(site):
            article = desk.show(base + urlsplit(one["url"]).path)
            gold = one["gold"]
            assert article["title"] == gold["title"]
            assert article["lead"] == gold["lead"]
            assert article["published_at"] == gold["published"]
            captions = [image["caption"] for image in article["images"]]
            assert not [caption for caption in captions if caption and caption in article["text"]]
    desk.assert_exact_ledger()


@pytest.mark.parametrize("site", ["cafef.vn", "nld.com.vn"])
def test_a_stored_article_is_found_through_its_section_page(site: str, desk: Desk) -> None:
    (one,) = articles(site)
    with serve(site) as base:
        section = f'sections = ["{base}{SITES[site][1]}"]'
        desk.add_source("that", source_file(site, base, section))
        desk.crawl("that", expect=None)
        assert desk.show(base + urlsplit(one["url"]).path)["title"] == one["gold"]["title"]
    desk.assert_exact_ledger()
    assert desk.coverage()["listed"] > 20, "the section page lists more than one article"
