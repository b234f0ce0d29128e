"""The sample outlet for tests: start one, ask it, make small ones."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.addresses import ARTICLE_URL
from hanoiwatch.sample.articles import Piece, SampleArticle, TemplateName
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer

CLIENT_SECONDS = 60.0
"""An answer that takes longer never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as a plain HTTP client sees it. ``body`` is decoded from gzip."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def ask(url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
    """One request on a connection of its own; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=CLIENT_SECONDS)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target or "/", headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.headers["Content-Encoding"] == "gzip" and body:
        body = gzip.decompress(body)
    return Answer(status=response.status, headers=response.headers, body=body)


@contextmanager
def running(
    outlet: Outlet | None = None, *, latency_seconds: float = 0.0
) -> Iterator[SampleServer]:
    """A server for ``outlet`` (the bundled newspaper when None) while the block runs."""
    with SampleServer(outlet or Outlet(), latency_seconds=latency_seconds) as server:
        yield server


def small_article(place: int = 0, template: TemplateName = "onecms-new") -> SampleArticle:
    """A short article; ``place`` makes it another one, published so many hours later."""
    return SampleArticle(
        slug=f"ho-nuoc-thu-{place}-duoc-lam-sach",
        title=f"Hồ nước thứ {place} được làm sạch trước mùa mưa",
        lead=f"Công nhân vớt bùn ở hồ thứ {place} suốt ba đêm, người dân ven bờ ra xem rất đông.",
        section="do-thi",
        template=template,
        published=datetime(2026, 10, 1, 7, 5, tzinfo=HANOI) + timedelta(hours=place),
        byline=("Ngọc Lam",),
        tags=("hồ nước", "môi trường"),
        pieces=(
            Piece(kind="paragraph", text=f"Chiếc xuồng máy số {place} rời bờ lúc mười giờ đêm."),
            Piece(kind="heading", text="Nước trong dần"),
            Piece(kind="paragraph", text="Đến sáng, mặt hồ đã thấy bóng cây và bóng mây trôi."),
        ),
    )


def small_outlet(count: int = 5, template: TemplateName = "onecms-new") -> Outlet:
    """An outlet of ``count`` short articles, an hour apart."""
    return Outlet(small_article(place, template) for place in range(count))


def sitemap_source(name: str, server: SampleServer) -> str:
    """A source file that finds the outlet's articles by its sitemap alone."""
    return (
        f'name = "{name}"\ntitle = "{name}"\nhome = "{server.url}/"\n'
        f"[discover]\nsitemaps = ['{server.url}/sitemap.xml']\narticle_url = '{ARTICLE_URL}'\n"
        "[fetch]\ndelay_seconds = 0.0\n"
    )
