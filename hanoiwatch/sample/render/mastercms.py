"""Article pages in the markup of MasterCMS: few metas, no JSON-LD, pictures in tables."""

from __future__ import annotations

from html import escape

from hanoiwatch.sample.articles import Picture, Piece
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import frame
from hanoiwatch.sample.render.frame import text


def page(entry: Entry, edition: Edition) -> str:
    article, site = entry.article, edition.site
    names = ", ".join(article.byline)
    item = '<li><a class="article-link" href="{path}" title="{title}">{title}</a></li>'
    return frame.fill(
        "mastercms",
        frame.article_values(entry, edition)
        | {
            "author": f'<a class="author" href="/tac-gia">{text(names)}</a>' if names else "",
            "visible_time": _time(entry),
            "stamp": frame.stamp(entry, '<span class="post-update">{time}</span>'),
            "related_top": frame.links(entry.related[:1], '<a href="{path}">{title}</a>'),
            "body": "\n".join(_body(entry, edition)),
            "tags": "".join(
                f'<a href="/the/{place}.tag">{text(tag)}</a> '
                for place, tag in enumerate(entry.tags)
            ),
            "related_title": text(site.related_title),
            "related": frame.links(entry.related[1:], item),
            "comments": "".join(
                f'<div class="comment-item"><b>{text(one.name)}:</b> {text(one.text)}</div>'
                for one in frame.comments(entry, edition)
            ),
            "notice": text(site.notice_old),
            "source_box": _source(article.original_source),
        },
    )


def _time(entry: Entry) -> str:
    """Either "- 07/03/2026 08:47", or day and time in spans of their own."""
    if entry.number % 2:
        return f"- {entry.published:%d/%m/%Y %H:%M}"
    return (
        f'<span class="format_date">{entry.published:%d/%m/%Y}</span> '
        f'<span class="format_time">{entry.published:%H:%M}</span>'
    )


def _source(original: str | None) -> str:
    if original is None:
        return ""
    return f'<div class="article-source"><strong>Theo {text(original)}</strong></div>'


def _body(entry: Entry, edition: Edition) -> list[str]:
    blocks = [_block(entry, piece) for piece in entry.article.pieces]
    words = frame.advertisement(entry, edition, 1)
    related = (
        '<div class="__mb_article_in_content"><a href="{path}" title="{title}">{title}</a></div>'
    )
    return [
        *blocks[:3],
        f'<div class="banner-content"><a href="/quang-cao/1">{words}</a></div>',
        *blocks[3:6],
        frame.links(entry.related[1:2], related),
        *blocks[6:],
    ]


def _block(entry: Entry, piece: Piece) -> str:
    match piece.kind:
        case "paragraph":
            return f'<p style="text-align: justify;">{text(piece.text)}</p>'
        case "heading":
            return f"<h2>{text(piece.text)}</h2>"
        case "image" if piece.picture is not None:
            return _picture(entry, piece.picture)
        case "list":
            return f"<ul>{frame.list_items(piece)}</ul>"
        case "table":
            rows = frame.table_rows(piece)
            return f'<table border="1" class="data-table"><tbody>{rows}</tbody></table>'
        case "inset":
            return f'<div class="box_info"><p>{text(piece.text)}</p></div>'
        case _:
            return f"<blockquote><p>{text(piece.text)}</p></blockquote>"


def _picture(entry: Entry, picture: Picture) -> str:
    line = text(entry.caption(picture).text)
    caption = f"<tr><td><em>{line}</em></td></tr>" if line else ""
    return (
        '<table class="MASTERCMS_TPL_TABLE" style="width: 100%;"><tbody><tr><td>'
        f'<img src="{entry.image_path(picture)}" alt="{escape(line)}" '
        f'class="__img_mastercms"></td></tr>{caption}</tbody></table>'
    )
