"""What an archive should say of an article of the sample: the answer key of the tests."""

from __future__ import annotations

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.sample.articles import Piece
from hanoiwatch.sample.edition import Edition, Entry


def expected_content(entry: Entry, edition: Edition) -> Content:
    """The article as its page tells it, field by field.

    ``modified_at`` is always None: reasonable readers differ about it. ``photographers`` are the
    credits of the images, each once, in their order, without the site's ``agencies``.
    """
    article, site = entry.article, edition.site
    images = tuple(
        Image(
            url=edition.url(entry.image_path(picture)),
            caption=entry.caption(picture).caption,
            credit=entry.caption(picture).credit,
        )
        for picture in article.pictures
    )
    return Content(
        url=edition.url(entry.path),
        title=article.title,
        lead=article.lead,
        lead_prefix=article.lead_prefix.strip() if article.lead_prefix else None,
        byline=article.byline,
        photographers=tuple(
            dict.fromkeys(
                image.credit
                for image in images
                if image.credit and image.credit not in site.agencies
            )
        ),
        original_source=article.original_source,
        section=site.sections[article.section],
        published_at=article.published,
        blocks=_blocks(article.pieces),
        images=images,
        tags=entry.tags,
    )


def _blocks(pieces: tuple[Piece, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    images = 0
    for piece in pieces:
        if piece.kind == "image":
            blocks.append(Block(kind="image", text="", image=images))
            images += 1
        else:
            blocks.append(Block(kind=piece.kind, text=piece_text(piece)))
    return tuple(blocks)


def piece_text(piece: Piece) -> str:
    """A piece as `hanoiwatch.model.Block` writes it."""
    if piece.kind == "list":
        return "\n".join(piece.items)
    if piece.kind == "table":
        return "\n".join("\t".join(row) for row in piece.rows)
    return piece.text
