"""Article pages in the markup of ONECMS: the new template (longform header) and the old one."""

from __future__ import annotations

from html import escape

from hanoiwatch.sample.articles import Picture, Piece
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import frame
from hanoiwatch.sample.render.frame import text


def new_page(entry: Entry, edition: Edition) -> str:
    """The template with ``sc-longform-header``; an opening image goes into the header."""
    pieces = entry.article.pieces
    opening = pieces[0].picture if pieces else None
    media = _new_figure(entry, opening) if opening else ""
    rest = pieces[1:] if opening else pieces
    blocks = [_new_block(entry, piece) for piece in rest]
    dash = " - " if entry.number % 3 else " "  # some pages print no dash before the time
    return frame.fill(
        "onecms-new",
        _values(entry, edition)
        | {
            "media": f'<div class="sc-longform-header-media">{media}</div>' if media else "",
            "author": text(" - ".join(entry.article.byline)),
            "visible_time": entry.published.strftime(f"%d/%m/%Y{dash}%H:%M"),
            "stamp": frame.stamp(entry, '<span class="sc-longform-header-update">{time}</span>'),
            "body": "\n".join(_with_boxes(blocks, entry, edition)),
        },
    )


def old_page(entry: Entry, edition: Edition) -> str:
    """The template with ``c-detail-head``; the lead is the first bold line of the text."""
    blocks = [_old_block(entry, piece) for piece in entry.article.pieces]
    form = "%d-%m-%Y %H:%M" if entry.number % 2 else "%H:%M %d/%m/%Y"
    author = text(", ".join(entry.article.byline))
    return frame.fill(
        "onecms-old",
        _values(entry, edition)
        | {
            "author": f'<span class="c-detail-head__author">{author}</span>' if author else "",
            "visible_time": entry.published.strftime(form),
            "stamp": frame.stamp(entry, '<span class="c-detail-head__update">{time}</span>'),
            "body": "\n".join(_with_boxes(blocks, entry, edition)),
        },
    )


def _values(entry: Entry, edition: Edition) -> dict[str, str]:
    article, site = entry.article, edition.site
    tags = "".join(
        f'<li><a href="/tu-khoa-{place}-ptag.html">{text(tag)}</a></li>'
        for place, tag in enumerate(entry.tags)
    )
    said = "".join(
        f'<div class="c-comment__item"><b>{text(comment.name)}</b><p>{text(comment.text)}</p></div>'
        for comment in frame.comments(entry, edition)
    )
    related = '<li><h4 class="c-related__title"><a href="{path}">{title}</a></h4></li>'
    relation = '<div class="b-grid"><h3><a href="{path}">{title}</a></h3></div>'
    reprint = article.original_source
    return frame.article_values(entry, edition) | {
        "now": frame.us_style(edition.now.strftime("%m/%d/%Y %I:%M:%S %p")),
        "tags": tags,
        "comments": said,
        "related_title": text(site.related_title),
        "related": frame.links(entry.related[:3], related),
        "relation": frame.links(entry.related[3:], relation),
        "same_section": text(site.same_section_title),
        "notice": text(site.notice_old if article.template == "onecms-old" else site.notice),
        "source_box": _source_box(reprint, edition.url(entry.path)) if reprint else "",
        "author_box": frame.author_box(entry, edition, "c-author-box"),
        "json_ld": frame.news_article(entry, edition) if entry.number % 2 else "",
    }


def _source_box(original: str, url: str) -> str:
    return (
        f'<div class="c-author-page"><span class="c-author-page__source">Theo {text(original)}'
        f'</span><a id="url-copy" href="{escape(url)}">Copy Link</a></div>'
    )


def _with_boxes(blocks: list[str], entry: Entry, edition: Edition) -> list[str]:
    """The blocks with the advertisement boxes that split the text, and an empty layer."""

    def box(place: int) -> str:
        words = frame.advertisement(entry, edition, place)
        return (
            f'<div class="c-box" id="ads_after_sapo_{place}"><div class="c-banner">'
            f'<a href="/quang-cao/{place}" rel="nofollow">{words}</a></div></div>'
        )

    middle = max(2, len(blocks) // 2)
    return [
        *blocks[:1], box(1), *blocks[1:middle], box(2), *blocks[middle:],
        '<div class="sc-empty-layer"></div>',
    ]  # fmt: skip


def _new_block(entry: Entry, piece: Piece) -> str:
    match piece.kind:
        case "paragraph":
            return f'<p class="block-sc-text">{text(piece.text)}</p>'
        case "heading":
            return f'<h2 class="block-sc-heading">{text(piece.text)}</h2>'
        case "image" if piece.picture is not None:
            return _new_figure(entry, piece.picture)
        case _:
            return _plain_block(piece)


def _new_figure(entry: Entry, picture: Picture) -> str:
    line = text(entry.caption(picture).text)
    caption = f"<figcaption><i>{line}</i></figcaption>" if line else ""
    return (
        f'<figure class="image align-center"><img src="{entry.image_path(picture)}" '
        f'alt="{escape(picture.caption)}" loading="lazy" width="660">{caption}</figure>'
    )


def _old_block(entry: Entry, piece: Piece) -> str:
    match piece.kind:
        case "paragraph":
            return f"<p>{text(piece.text)}</p>"
        case "heading" if entry.number % 2:  # half the editors never used heading tags
            return f"<p><strong>{text(piece.text)}</strong></p>"
        case "heading":
            return f"<h3>{text(piece.text)}</h3>"
        case "image" if piece.picture is not None:
            return _old_figure(entry, piece.picture)
        case _:
            return _plain_block(piece)


def _old_figure(entry: Entry, picture: Picture) -> str:
    line = text(entry.caption(picture).text)
    caption = f"<figcaption>{line}</figcaption>" if line else ""
    return (
        f'<figure class="expNoEdit"><img src="{entry.image_path(picture)}" alt="{escape(line)}"'
        f' class="lazy">{caption}</figure>'
    )


def _plain_block(piece: Piece) -> str:
    match piece.kind:
        case "list":
            return f"<ul>{frame.list_items(piece)}</ul>"
        case "table":
            rows = frame.table_rows(piece)
            return f'<div class="table-responsive"><table><tbody>{rows}</tbody></table></div>'
        case "inset":
            return f'<div class="sc-hightlight-box"><p>{text(piece.text)}</p></div>'
        case _:
            return f"<blockquote><p>{text(piece.text)}</p></blockquote>"
