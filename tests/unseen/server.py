"""Báo Sông Nhuệ: an outlet on ONECMS, made from its markup as known, with its truth beside it.

``outlet/articles/<slug>-<id>.html`` is a page, the ``.yaml`` beside it what a person reads in it.
``{{…}}`` in a page is what changes with each request or is shared by all pages.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.yamlfile import read_yaml

FOLDER = Path(__file__).parent / "outlet"
ON_PAGE = 5
IN_FEED = 5
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
SECTIONS = {
    "chinh-tri": "Chính trị",
    "chinh-tri/doi-ngoai": "Đối ngoại",
    "do-thi": "Đô thị",
    "xa-hoi": "Xã hội",
}
ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /tim-kiem\n\nSitemap: {site}sitemap.xml\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One article: its address in the site, its page as a template, its truth."""

    path: str
    page: str
    truth: dict[str, Any]

    @property
    def pid(self) -> str:
        return self.path.removesuffix(".html").rsplit("-", 1)[1]

    @property
    def published(self) -> datetime:
        return datetime.fromisoformat(self.truth["published_at"])


def papers() -> tuple[Paper, ...]:
    """All articles, newest first."""
    found = [
        Paper(
            path=f"/{page.name}",
            page=page.read_text("utf-8"),
            truth=read_yaml(page.with_suffix(".yaml")),
        )
        for page in (FOLDER / "articles").glob("*.html")
    ]
    return tuple(sorted(found, key=lambda paper: paper.published, reverse=True))


PARTS = {part.stem: part.read_text("utf-8") for part in (FOLDER / "parts").glob("*.html")}


def fill(page: str, site: str, visit: int = 1) -> str:
    """A page as served at ``site`` (with its closing slash) on its ``visit``-th request."""
    for name, part in PARTS.items():
        page = page.replace("{{" + name + "}}", part)
    now = datetime.now(UTC)
    for name, value in {
        "site": site,
        "now_us": now.strftime("%m/%d/%Y %I:%M:%S %p"),
        "now_vi": now.strftime("%d/%m/%Y %H:%M:%S"),
        "views": str(1200 + 7 * visit),
        "comments": str(2 + visit),
    }.items():
        page = page.replace("{{" + name + "}}", value)
    return page


@dataclass(kw_only=True)
class Unseen:
    """The running outlet: where it is, and which paths were asked for."""

    site: str
    papers: tuple[Paper, ...] = field(default_factory=papers)
    asked: list[str] = field(default_factory=list)
    visits: Iterator[int] = field(default_factory=lambda: count(1))

    def answer(self, path: str) -> tuple[str, str] | None:
        """Content type and body, or None for a 404."""
        self.asked.append(path)
        if path == "/robots.txt":
            return "text/plain", ROBOTS.format(site=self.site)
        for paper in self.papers:
            if path == paper.path:
                return HTML, fill(paper.page, self.site, next(self.visits))
        return self._feed(path) or self._sitemap(path) or self._list(path)

    def _feed(self, path: str) -> tuple[str, str] | None:
        if path != "/rss/chinh-tri":
            return None
        items = "".join(self._item(paper) for paper in self.papers[:IN_FEED])
        return XML, (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Chính trị - Báo Sông Nhuệ</title><link>{self.site}</link>"
            f"<description>RSS Báo Sông Nhuệ</description>{items}</channel></rss>"
        )

    def _item(self, paper: Paper) -> str:
        link, title = self.site + paper.path[1:], escape(paper.truth["title"])
        thumb = f"https://snh.1cdn.vn/thumbs/540x360/{paper.pid}.jpg"
        lead = escape(paper.truth["lead"])
        return (
            f"<item><title>{title}</title><description><![CDATA["
            f'<a href="{link}"><img src="{thumb}"></a><br/>{lead}]]></description>'
            f"<pubDate>{format_datetime(paper.published)}</pubDate>"
            f"<link>{link}</link><guid>{link}</guid></item>"
        )

    def _sitemap(self, path: str) -> tuple[str, str] | None:
        days = sorted({paper.published.date().isoformat() for paper in self.papers}, reverse=True)
        head, ns = (
            '<?xml version="1.0" encoding="utf-8"?>',
            "http://www.sitemaps.org/schemas/sitemap/0.9",
        )
        if path == "/sitemap.xml":
            rows = "".join(
                f"<sitemap><loc>{self.site}sitemap-article-{day}.xml</loc></sitemap>"
                for day in days
            )
            return XML, f'{head}<sitemapindex xmlns="{ns}">{rows}</sitemapindex>'
        day = path.removeprefix("/sitemap-article-").removesuffix(".xml")
        if day not in days:
            return None
        rows = "".join(
            f"<url><loc>{self.site}{paper.path[1:]}</loc>"
            f"<lastmod>{paper.published.isoformat()}</lastmod></url>"
            for paper in self.papers
            if paper.published.date().isoformat() == day
        )
        return XML, f'{head}<urlset xmlns="{ns}">{rows}</urlset>'

    def _list(self, path: str) -> tuple[str, str] | None:
        """Every section lists all articles, the further ones on its second page."""
        section, _, page = path.strip("/").partition("/trang-")
        if section and section not in SECTIONS:
            return None
        first = 0 if not page else (int(page) - 1) * ON_PAGE
        shown = self.papers[first : first + ON_PAGE]
        if not shown:
            return None
        name = SECTIONS.get(section, "Trang chủ")
        more = first + ON_PAGE < len(self.papers)
        following = f"/{section or 'chinh-tri'}/trang-2"
        paging = (
            f'<li class="page-item"><a class="page-link next" rel="next" href="{following}">'
            "Trang sau</a></li>"
        )
        return HTML, fill(
            f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{name} - Tin tức '
            f"{name.lower()} mới nhất | Báo Sông Nhuệ</title>{{{{head}}}}</head><body>{{{{top}}}}"
            f'<main class="l-main"><div class="l-content"><h1 class="c-cate-title">{name}</h1>'
            f'<ul class="c-list">{"".join(map(self._card, shown))}</ul><ul class="pagination">'
            f'<li class="page-item active"><a href="/{section}">1</a></li>{paging if more else ""}'
            "</ul></div>{{side}}</main>{{bottom}}</body></html>",
            self.site,
            next(self.visits),
        )

    def _card(self, paper: Paper) -> str:
        title = escape(paper.truth["title"], quote=True)
        return (
            f'<li pid="{paper.pid}"><div class="b-grid"><div class="b-grid__img">'
            f'<a href="{paper.path}" title="{title}"><img src="https://snh.1cdn.vn/thumbs/'
            f'300x200/{paper.pid}.jpg" alt="{title}"></a></div><div class="b-grid__content">'
            f'<h3 class="b-grid__title"><a href="{paper.path}">{title}</a></h3>'
            f'<span class="b-grid__time">{paper.published:%d/%m/%Y - %H:%M}</span>'
            f'<div class="b-grid__desc">{escape(paper.truth["lead"])}</div></div></div></li>'
        )


@contextmanager
def serving() -> Iterator[Unseen]:
    """The outlet on a free port of 127.0.0.1 while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = outlet.answer(urlsplit(self.path).path)
            kind, text = answer or (HTML, "<html><body><h1>404</h1></body></html>")
            body = text.encode("utf-8")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a crawler that hangs up early is none of the outlet's concern

    server = Server(("127.0.0.1", 0), Handler)
    outlet = Unseen(site=f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield outlet
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
