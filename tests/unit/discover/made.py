"""Feeds, sitemaps and list pages of an invented outlet."""

from __future__ import annotations

from hanoiwatch.sources.schema import Discover, Source

HOME = "https://bao.example/"


def source(home: str = HOME, **discover: object) -> Source:
    rules = Discover(**discover)  # type: ignore[arg-type]  # tests set what they need
    return Source(name="bao", title="Báo Ví Dụ", home=home, discover=rules)


def rss(*items: str, head: str = "") -> bytes:
    joined = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}'
        f"<title>Chính trị</title><link>{HOME}</link>{joined}</channel></rss>"
    ).encode()


def item(number: int, title: str = "Cầu mới thông xe", date: str = "") -> str:
    when = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<title>{title}</title><link>{HOME}cau-moi-{number:06d}.html</link>{when}"


SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def urlset(*entries: str) -> bytes:
    joined = "".join(f"<url>{entry}</url>" for entry in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset {SITEMAP} {NEWS} {IMAGE}>{joined}</urlset>'
    ).encode()


def sitemapindex(*entries: str) -> bytes:
    joined = "".join(f"<sitemap>{entry}</sitemap>" for entry in entries)
    return f"<sitemapindex {SITEMAP}>{joined}</sitemapindex>".encode()


def page(body: str, head: str = "") -> bytes:
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'>{head}</head>"
        f"<body>{body}</body></html>"
    ).encode()
