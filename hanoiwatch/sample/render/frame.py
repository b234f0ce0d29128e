"""What every page shares: skeletons, escaping, menus, side lists, comments, page furniture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from hanoiwatch.sample.articles import Piece
from hanoiwatch.sample.edition import Edition, Entry, Link
from hanoiwatch.sample.site import Comment

_TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def _skeleton(name: str) -> Template:
    return Template((_TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))


def fill(name: str, values: Mapping[str, str]) -> str:
    """The skeleton ``name`` with every ``$placeholder`` filled; a missing one is a KeyError."""
    return _skeleton(name).substitute(values)


def text(value: str) -> str:
    """``value`` as the text of an element."""
    return escape(value, quote=False)


def us_time(entry: Entry) -> str:
    """Month first, twelve hours, no zone: the way of ONECMS's and VCCorp's machine dates."""
    return us_style(entry.published.strftime("%m/%d/%Y %I:%M:%S %p"))


def us_style(padded: str) -> str:
    """``09/05/2026 01:05:00 PM`` as .NET prints it: ``9/5/2026 1:05:00 PM``."""
    day, clock, half = padded.split(" ")
    month, date, year = day.split("/")
    hour, _, rest = clock.partition(":")
    return f"{int(month)}/{int(date)}/{year} {int(hour)}:{rest} {half}"


def article_values(entry: Entry, edition: Edition) -> dict[str, str]:
    """The placeholders that all article skeletons have in common, escaped for HTML."""
    article, site = entry.article, edition.site
    return {
        "site": escape(site.title),
        "base": edition.base_url,
        "url": edition.url(entry.path),
        "title": escape(article.title),
        "lead": escape(full_lead(entry)),
        "section": escape(site.sections[article.section]),
        "section_path": f"/{article.section}",
        "keywords": escape(", ".join(entry.tags)),
        "first_image": edition.url(first_image(entry)),
        "iso": entry.published.isoformat(),
        "iso_modified": (entry.edited_at or entry.published).isoformat(),
        "us": us_time(entry),
        "number": str(entry.number),
        "views": str(1_000 + 13 * entry.number + entry.cosmetics.views),
        "menu": menu(edition),
        "footer": footer(edition),
        "most_read": most_read(entry, edition),
    }


def full_lead(entry: Entry) -> str:
    """The lead as printed, agency prefix first."""
    return (entry.article.lead_prefix or "") + entry.article.lead


def first_image(entry: Entry) -> str:
    """The path of the image that the page offers to social networks."""
    pictures = entry.article.pictures
    return entry.image_path(pictures[0]) if pictures else "/images/logo.png"


def menu(edition: Edition) -> str:
    """The main menu with its second level."""
    items = []
    for slug, name in edition.site.sections.items():
        below = "".join(
            f'<li><a href="/{slug}/muc-{place}" title="{escape(sub)}">{text(sub)}</a></li>'
            for place, sub in enumerate(edition.site.subsections[slug], start=1)
        )
        items.append(f'<li><a href="/{slug}">{text(name)}</a><ul class="sub">{below}</ul></li>')
    return '<ul class="menu"><li><a href="/">Trang chủ</a></li>' + "".join(items) + "</ul>"


def footer(edition: Edition) -> str:
    site = edition.site
    lines = (site.title, site.address, site.editor, site.licence)
    return "".join(f"<p>{text(line)}</p>" for line in lines)


def most_read(entry: Entry, edition: Edition) -> str:
    """The side list; its links are the entry's own related ones, in another order."""
    items = "".join(
        f'<li><a href="{link.path}" title="{escape(link.title)}">{text(link.title)}</a></li>'
        for link in reversed(entry.related)
    )
    return f"<h3>{text(edition.site.most_read_title)}</h3><ul>{items}</ul>"


def links(related: Iterable[Link], item: str) -> str:
    """Each link in the markup ``item``, which has ``{path}`` and ``{title}``."""
    return "".join(item.format(path=link.path, title=escape(link.title)) for link in related)


def advertisement(entry: Entry, edition: Edition, place: int) -> str:
    """The words of one advertisement box."""
    offers = edition.site.advertisements
    return text(offers[(entry.number + place + entry.cosmetics.advertisement) % len(offers)])


def comments(entry: Entry, edition: Edition) -> tuple[Comment, ...]:
    """Two readers' comments, the same two for an article's whole life."""
    pool = edition.site.comments
    return tuple(pool[(entry.number + place) % len(pool)] for place in range(2))


def stamp(entry: Entry, markup: str) -> str:
    """The "Cập nhật" stamp in ``markup`` (which has ``{time}``), or nothing."""
    stamped = entry.cosmetics.stamped_at
    if stamped is None:
        return ""
    local = stamped.astimezone(entry.published.tzinfo)
    return markup.format(time=f"Cập nhật: {local:%d/%m/%Y - %H:%M}")


def author_box(entry: Entry, edition: Edition, name: str) -> str:
    """A box of class ``name`` about the reporter, where the article names one."""
    if not entry.article.byline:
        return ""
    return f'<div class="{name}"><p>{text(edition.site.author_box)}</p></div>'


def news_article(entry: Entry, edition: Edition) -> str:
    """The JSON-LD block of an article."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": entry.article.title,
        "description": full_lead(entry),
        "datePublished": entry.published.isoformat(),
        "dateModified": (entry.edited_at or entry.published).isoformat(),
        "mainEntityOfPage": {"@type": "WebPage", "@id": edition.url(entry.path)},
        "image": {"@type": "ImageObject", "url": edition.url(first_image(entry))},
        "author": [{"@type": "Person", "name": name} for name in entry.article.byline],
        "publisher": {"@type": "Organization", "name": edition.site.title},
    }
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def list_items(piece: Piece) -> str:
    return "".join(f"<li>{text(item)}</li>" for item in piece.items)


def table_rows(piece: Piece) -> str:
    rows = ("".join(f"<td>{text(cell)}</td>" for cell in row) for row in piece.rows)
    return "".join(f"<tr>{row}</tr>" for row in rows)
