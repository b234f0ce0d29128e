"""Article pages in the markup of ePi's system: ``cms-*`` classes, captions in tables."""

from __future__ import annotations

from html import escape

from hanoiwatch.sample.articles import Picture, Piece
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import frame
from hanoiwatch.sample.render.frame import text


def page(entry: Entry, edition: Edition) -> str:
    """An opening image becomes the ``article__avatar`` before the body."""
    article, site = entry.article, edition.site
    opening = article.pieces[0].picture if article.pieces else None
    story = (
        '<article class="story"><h5 class="story__heading"><a class="cms-link" href="{path}">'
        "{title}</a></h5></article>"
    )
    weekday = _WEEKDAYS[entry.published.weekday()]
    return frame.fill(
        "epi",
        frame.article_values(entry, edition)
        | {
            "author": _authors(article.byline),
            "visible_time": f"{weekday}, {entry.published:%d/%m/%Y %H:%M}",
            "stamp": frame.stamp(entry, '<span class="time-update">{time}</span>'),
            "avatar": _table(entry, opening, "article__avatar") if opening else "",
            "body": "\n".join(_body(entry, edition, skip=1 if opening else 0)),
            "ad_after_sapo": frame.advertisement(entry, edition, 0),
            "tags": "".join(
                f'<a href="/tu-khoa/{place}-tag.html">{text(tag)}</a>'
                for place, tag in enumerate(entry.tags)
            ),
            "related_title": text(site.related_title),
            "related": frame.links(entry.related[:3], story),
            "same_section": text(site.same_section_title),
            "relation": frame.links(entry.related[3:], story),
            "comments": "".join(
                f'<div class="comment"><b>{text(one.name)}</b><p>{text(one.text)}</p></div>'
                for one in frame.comments(entry, edition)
            ),
            "author_box": frame.author_box(entry, edition, "box-author"),
            "notice": text(site.notice),
            "source_box": _source(article.original_source),
            "json_ld": frame.news_article(entry, edition) if entry.number % 2 else "",
        },
    )


_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def _authors(byline: tuple[str, ...]) -> str:
    links = (
        f'<a class="cms-author" href="/tac-gia/{place}">{text(name)}</a>'
        for place, name in enumerate(byline)
    )
    return f'<div class="author">{" ".join(links)}</div>' if byline else ""


def _source(original: str | None) -> str:
    return (
        f'<div class="article__source cms-source">Theo {text(original)}</div>' if original else ""
    )


def _body(entry: Entry, edition: Edition, *, skip: int) -> list[str]:
    """The blocks, with an advertisement and a line of related links between them."""
    blocks = [_block(entry, piece) for piece in entry.article.pieces[skip:]]
    words = frame.advertisement(entry, edition, 1)
    item = '<p class="cms-text">..&gt;&gt; <a class="cms-relate" href="{path}">{title}</a></p>'
    see_also = frame.links(entry.related[:1], item)
    middle = max(3, len(blocks) // 2)
    return [
        *blocks[:2],
        f'<div class="ads_middle"><div id="adsWeb_AdsMiddle" class="banner">{words}</div></div>',
        *blocks[2:middle],
        see_also,
        *blocks[middle:],
    ]


def _block(entry: Entry, piece: Piece) -> str:
    match piece.kind:
        case "paragraph":
            return f'<p class="cms-text">{text(piece.text)}</p>'
        case "heading":
            return f"<h2>{text(piece.text)}</h2>"
        case "image" if piece.picture is not None:
            return _picture(entry, piece.picture)
        case "list":
            return f"<ul>{frame.list_items(piece)}</ul>"
        case "table":
            return f'<table class="cms-table"><tbody>{frame.table_rows(piece)}</tbody></table>'
        case "inset":
            return f'<div class="sidebar-box cms-box"><p>{text(piece.text)}</p></div>'
        case _:
            return f"<blockquote><p>{text(piece.text)}</p></blockquote>"


def _picture(entry: Entry, picture: Picture) -> str:
    """Older pages hold pictures in tables, newer ones in figures."""
    return _table(entry, picture, "picture") if entry.number % 2 else _figure(entry, picture)


def _table(entry: Entry, picture: Picture, name: str) -> str:
    line = text(entry.caption(picture).text)
    caption = f'<tr><td class="caption">{line}</td></tr>' if line else ""
    return (
        f'<table class="{name}" align="center"><tbody><tr><td class="pic">'
        f'<img class="cms-photo" src="{entry.image_path(picture)}" alt="{escape(line)}"></td></tr>'
        f"{caption}</tbody></table>"
    )


def _figure(entry: Entry, picture: Picture) -> str:
    line = text(entry.caption(picture).text)
    caption = f'<figcaption class="cms-caption">{line}</figcaption>' if line else ""
    return (
        f'<figure class="picture"><img class="cms-photo" src="{entry.image_path(picture)}" '
        f'data-src="{entry.image_path(picture)}" alt="{escape(line)}">{caption}</figure>'
    )
