"""Feeds of the sample outlet: RSS 2.0 in two manners, Atom and RDF (RSS 1.0)."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape

from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render.frame import first_image, full_lead, us_style

VCCORP_FEED_SECTION = "van-hoa"
"""This section's feed has dates in US order without a zone, and links in CDATA."""

TRACKED = "?utm_source=rss&utm_medium=home"
"""The home feed's links carry these parameters, as on many live sites."""


def home_rss(edition: Edition) -> str:
    return _rss(edition, edition.site.title, edition.entries, tracking=TRACKED)


def section_rss(edition: Edition, section: str) -> str:
    """The section's newest articles; `VCCORP_FEED_SECTION` is written as VCCorp does."""
    name, entries = edition.site.sections[section], edition.in_section(section)
    if section == VCCORP_FEED_SECTION:
        return _vccorp_rss(edition, name, entries)
    return _rss(edition, name, entries)


def empty_rss(edition: Edition) -> str:
    """A feed with a channel and no item: what ONECMS answers to a section it does not know."""
    return _rss(edition, edition.site.title, ())


def atom(edition: Edition) -> str:
    entries = "\n".join(
        f"<entry><title>{escape(entry.article.title)}</title>"
        f'<link rel="alternate" href="{edition.url(entry.path)}"/>'
        f"<id>{edition.url(entry.path)}</id>"
        f"<published>{entry.published.isoformat()}</published>"
        f"<updated>{(entry.edited_at or entry.published).isoformat()}</updated>"
        f'<summary type="text">{escape(full_lead(entry))}</summary></entry>'
        for entry in edition.entries[: edition.feed_size]
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(edition.site.title)}</title><id>{edition.base_url}/</id>"
        f'<link rel="self" href="{edition.base_url}/atom.xml"/>'
        f"<updated>{edition.now.isoformat()}</updated>\n{entries}\n</feed>\n"
    )


def rdf(edition: Edition, section: str) -> str:
    entries = edition.in_section(section)[: edition.feed_size]
    order = "".join(f'<rdf:li rdf:resource="{edition.url(entry.path)}"/>' for entry in entries)
    items = "\n".join(
        f'<item rdf:about="{edition.url(entry.path)}"><title>{escape(entry.article.title)}</title>'
        f"<link>{edition.url(entry.path)}</link>"
        f"<description>{escape(full_lead(entry))}</description>"
        f"<dc:date>{entry.published.isoformat()}</dc:date></item>"
        for entry in entries
    )
    home = f"{edition.base_url}/{section}"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{home}"><title>{escape(edition.site.sections[section])}</title>'
        f"<link>{home}</link><description>{escape(edition.site.slogan)}</description>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )


def _rss(edition: Edition, name: str, entries: tuple[Entry, ...], *, tracking: str = "") -> str:
    items = []
    for entry in entries[: edition.feed_size]:
        url = escape(edition.url(entry.path) + tracking)
        image = edition.url(first_image(entry))
        items.append(
            f"<item><title>{escape(entry.article.title)}</title>"
            f'<description><![CDATA[<a href="{url}"><img src="{image}"></a><br/>'
            f"{escape(full_lead(entry))}]]></description>"
            f"<pubDate>{format_datetime(entry.published)}</pubDate>"
            f"<link>{url}</link><guid>{edition.url(entry.path)}</guid></item>"
        )
    return _channel(edition, name, format_datetime(edition.now), items)


def _vccorp_rss(edition: Edition, name: str, entries: tuple[Entry, ...]) -> str:
    items = [
        f"<item><title><![CDATA[{entry.article.title}]]></title>"
        f"<link><![CDATA[{edition.url(entry.path)}]]></link>"
        f"<guid><![CDATA[{edition.url(entry.path)}]]></guid>"
        f"<pubDate>{_us(entry.published)}</pubDate>"
        f"<description><![CDATA[{full_lead(entry)}]]></description></item>"
        for entry in entries[: edition.feed_size]
    ]
    return _channel(edition, name, _us(edition.now), items)


def _us(moment: datetime) -> str:
    return us_style(moment.strftime("%m/%d/%Y %I:%M:%S %p"))


def _channel(edition: Edition, name: str, built: str, items: list[str]) -> str:
    joined = "\n".join(items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(name)} - {escape(edition.site.title)}</title>"
        f"<link>{edition.base_url}/</link><description>{escape(edition.site.slogan)}</description>"
        f"<language>vi</language><lastBuildDate>{built}</lastBuildDate>\n{joined}\n"
        "</channel></rss>\n"
    )
