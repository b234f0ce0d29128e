"""Sitemaps of the sample outlet: an index, one file a day, and a news sitemap; robots.txt."""

from __future__ import annotations

import gzip
from datetime import date, datetime, timedelta
from html import escape

from hanoiwatch.clock import hanoi_day
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render.frame import first_image

_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS_DAYS = timedelta(days=2)
"""Google's rule for news sitemaps: articles of the last two days."""


def robots_txt(edition: Edition) -> str:
    return (
        "User-agent: *\nDisallow: /noi-bo/\nDisallow: /tim-kiem\nCrawl-delay: 0\n\n"
        f"Sitemap: {edition.base_url}/sitemap.xml\nSitemap: {edition.base_url}/sitemap-news.xml\n"
    )


def day_path(edition: Edition, day: date) -> str:
    """Where the day's file is; the oldest day's is kept compressed."""
    oldest = hanoi_day(edition.entries[-1].published) if edition.entries else None
    return _path(day, oldest=day == oldest)


def _path(day: date, *, oldest: bool) -> str:
    return f"/sitemap-article-{day}.xml" + (".gz" if oldest else "")


def _changed(entry: Entry) -> datetime:
    """A second after publication, or the time of the last edit."""
    return entry.edited_at or entry.published + timedelta(seconds=1)


def index(edition: Edition) -> str:
    """One line a day, newest first; ``lastmod`` is that of the day's newest change."""
    newest: dict[date, datetime] = {}
    for entry in edition.entries:
        day = hanoi_day(entry.published)
        newest[day] = max(newest.get(day, _changed(entry)), _changed(entry))
    rows = "\n".join(
        f"<sitemap><loc>{edition.url(_path(day, oldest=day == min(newest)))}</loc>"
        f"<lastmod>{newest[day].isoformat()}</lastmod></sitemap>"
        for day in sorted(newest, reverse=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="{_NS}">\n{rows}\n</sitemapindex>\n'
    )


def day_file(edition: Edition, day: date) -> bytes | None:
    """The articles of one day, gzip'd where `day_path` says so; None for a day without any."""
    entries = [entry for entry in edition.entries if hanoi_day(entry.published) == day]
    if not entries:
        return None
    rows = "\n".join(_row(entry, edition) for entry in entries)
    plain = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="{_NS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
        f"{rows}\n</urlset>\n"
    ).encode()
    return gzip.compress(plain, mtime=0) if day_path(edition, day).endswith(".gz") else plain


def news(edition: Edition) -> str:
    """The articles of the last two days of the outlet's own clock."""
    recent = [entry for entry in edition.entries if edition.now - entry.published < _NEWS_DAYS]
    rows = "\n".join(
        f"<url><loc>{edition.url(entry.path)}</loc><news:news><news:publication>"
        f"<news:name>{escape(edition.site.title)}</news:name><news:language>vi</news:language>"
        f"</news:publication><news:publication_date>{entry.published.isoformat()}"
        f"</news:publication_date><news:title>{escape(entry.article.title)}</news:title>"
        f"</news:news></url>"
        for entry in recent
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="{_NS}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
        f"{rows}\n</urlset>\n"
    )


def _row(entry: Entry, edition: Edition) -> str:
    return (
        f"<url><loc>{edition.url(entry.path)}</loc><lastmod>{_changed(entry).isoformat()}"
        f"</lastmod><changefreq>daily</changefreq><image:image><image:loc>"
        f"{edition.url(first_image(entry))}</image:loc></image:image></url>"
    )
