"""Article pages in the markup of VCCorp's system: hooks are ``data-role`` attributes."""

from __future__ import annotations

from html import escape

from hanoiwatch.sample.articles import Picture, Piece
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import frame
from hanoiwatch.sample.render.frame import text


def page(entry: Entry, edition: Edition) -> str:
    article, site = entry.article, edition.site
    zone = " GMT+7" if entry.number % 2 else ""
    related = '<div class="box-category-item"><a href="{path}" title="{title}">{title}</a></div>'
    return frame.fill(
        "vccorp",
        frame.article_values(entry, edition)
        | {
            "author": text(" - ".join(article.byline)),
            "dable_author": escape(";".join(article.byline)),
            "visible_time": entry.published.strftime("%d/%m/%Y %H:%M") + zone,
            "stamp": frame.stamp(entry, '<div class="detail-update">{time} GMT+7</div>'),
            "body": "\n".join(_body(entry, edition)),
            "tags": "".join(
                f'<li><a href="/tim-kiem/tu-khoa-{place}.htm">{text(tag)}</a></li>'
                for place, tag in enumerate(entry.tags)
            ),
            "related_title": text(site.related_title),
            "related": frame.links(entry.related[:3], related),
            "same_section": text(site.same_section_title),
            "relation": frame.links(entry.related[3:], related),
            "notice": text(site.notice),
            "source_box": _source(article.original_source),
            "json_ld": frame.news_article(entry, edition),
        },
    )


def _source(original: str | None) -> str:
    if original is None:
        return ""
    return (
        '<div class="link-source-wrapper"><span class="link-source-name">Theo '
        f'<span class="link-source-text-name">{text(original)}</span></span></div>'
    )


def _body(entry: Entry, edition: Edition) -> list[str]:
    """The blocks, with the related box, comments and zones that real bodies hold."""
    blocks = [_block(entry, piece, place) for place, piece in enumerate(entry.article.pieces)]
    words = frame.advertisement(entry, edition, 1)
    stale = entry.published.strftime("%a %b %d %Y %H:%M:%S GMT+0700")
    return [
        *blocks[:2],
        "<!-- bonewsrelation -->",
        _related_box(entry),
        "<!-- eonewsrelation -->",
        *blocks[2:5],
        f"<!-- <p>Bản nháp: {text(entry.article.lead)}</p> -->",
        '<zone id="middle1"></zone>',
        f'<div class="c-banner"><a href="/quang-cao/1" rel="nofollow">{words}</a></div>',
        *blocks[5:],
        _more_news(entry),
        f"<!-- {stale} -->",
        "<script>runinit.push(function () { admicro.show('middle1'); });</script>",
    ]


def _related_box(entry: Entry) -> str:
    item = '<li class="kbwscwlrl"><h4><a class="title" href="{path}">{title}</a></h4></li>'
    return (
        '<div class="VCSortableInPreviewMode alignRight" type="RelatedNewsBox">'
        f'<div class="kbwscwl-relatedbox"><ul>{frame.links(entry.related[:2], item)}'
        "</ul></div></div>"
    )


def _more_news(entry: Entry) -> str:
    item = (
        '<div class="VCSortableInPreviewMode" type="RelatedOneNews">'
        '<a href="{path}">{title}</a></div>'
    )
    return (
        f'<div class="tindnd" id="listNewsInContent"><b>TIN MỚI</b>'
        f"{frame.links(entry.related[2:4], item)}</div>"
    )


def _block(entry: Entry, piece: Piece, place: int) -> str:
    match piece.kind:
        case "paragraph":
            return f"<p>{text(piece.text)}</p>"
        case "heading":
            return f"<h3>{text(piece.text)}</h3>"
        case "image" if piece.picture is not None:
            return _figure(entry, piece.picture)
        case "list":
            return f"<ul>{frame.list_items(piece)}</ul>"
        case "table":
            rows = frame.table_rows(piece)
            return f'<div class="table-wrapper"><table><tbody>{rows}</tbody></table></div>'
        case "inset":
            return (
                f'<div class="VCSortableInPreviewMode alignCenter" id="ObjectBoxContent_{place}" '
                f'type="content"><div><p>{text(piece.text)}</p></div></div>'
            )
        case _:
            return f"<blockquote><p>{text(piece.text)}</p></blockquote>"


def _figure(entry: Entry, picture: Picture) -> str:
    """Photos without a caption carry ``noCaption`` and an empty figcaption."""
    line = text(entry.caption(picture).text)
    no_caption = "" if line else " noCaption"
    caption = f'<p data-placeholder="Nhập chú thích ảnh">{line}</p>' if line else ""
    return (
        f'<figure class="VCSortableInPreviewMode{no_caption}" type="Photo"><div>'
        f'<a href="{entry.image_path(picture)}" class="detail-img-lightbox">'
        f'<img src="{entry.image_path(picture)}" alt="{escape(line)}" data-author="" '
        f'type="photo"></a></div><figcaption class="PhotoCMS_Caption">{caption}</figcaption>'
        "</figure>"
    )
