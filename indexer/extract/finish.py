"""From the pieces of a body to the article's blocks: what is no text goes where it belongs."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from hanoiwatch.model import Block, Image
from hanoiwatch.text import fold
from indexer.extract.captions import Caption, split_caption
from indexer.extract.furniture import changes_by_itself, is_furniture_line
from indexer.extract.neighbours import with_neighbouring_captions
from indexer.extract.people import Credits, once, persons_in
from indexer.extract.pieces import SHORT_LINE, TEXT, Picture, Piece
from indexer.extract.signatures import take_signatures
from indexer.extract.words import bare, the_words

LONGEST_HEADING = 140
SHORTEST_BOLD_LEAD = 60
"""Characters: a shorter bold paragraph at the beginning is a heading."""
MOST_IN_INSETS = 0.8
"""Share of the text; an inset beside a text has been seen to hold half of it."""
_SAID = re.compile(r"[^\W_]")
"""A letter or a digit."""

_NOTICE_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The finished body, and what its last lines and captions say of its making."""

    blocks: tuple[Block, ...]
    images: tuple[Image, ...]
    credits: Credits
    lead: str = ""


def finish(
    pieces: list[Piece],
    *,
    title: str,
    lead: str,
    site_names: Collection[str],
    bold_headings: bool,
) -> Body:
    """Arranges the pieces. ``lead`` is what the layout found; without it a bold first
    paragraph is the lead."""
    pieces = with_neighbouring_captions(_opened(pieces))
    pieces = [piece for piece in pieces if not _is_furniture(piece)]
    pieces = _without_notices(pieces)
    pieces, lead = _take_lead(pieces, title, lead)
    pieces, signed = take_signatures(pieces, site_names)
    if bold_headings:
        pieces = [_as_heading(piece) for piece in pieces]
    blocks, images, drawn = _number(pieces)
    photos = (image.credit for image in images if image.url not in drawn)
    photographers = once(name for credit in photos for name in persons_in(credit, site_names))
    return Body(
        blocks=blocks,
        images=images,
        credits=signed | Credits(photographers=photographers),
        lead=lead,
    )


# --- boxes that are the text -----------------------------------------------------------------


def _opened(pieces: list[Piece]) -> list[Piece]:
    """Where nearly all the text stands in insets (a magazine is made of boxes), it is the text."""
    length = sum(len(piece.text) for piece in pieces)
    boxed = sum(len(piece.text) for piece in pieces if piece.kind == "inset")
    if boxed <= MOST_IN_INSETS * length:
        return pieces
    return [one for piece in pieces for one in _lines_of_box(piece)]


def _lines_of_box(piece: Piece) -> list[Piece]:
    if piece.kind != "inset":
        return [piece]
    return [replace(piece, kind="paragraph", text=line) for line in piece.text.split("\n")]


# --- lines that are no text -----------------------------------------------------------------


def _is_furniture(piece: Piece) -> bool:
    if piece.kind == "image":
        return False
    if not _SAID.search(piece.text):
        return True  # "***", a line of dashes
    if piece.kind == "list":
        return all(map(changes_by_itself, piece.text.split("\n")))
    if piece.kind not in TEXT or len(piece.text) > SHORT_LINE:
        return False
    # a paragraph that is one link leads to another article
    return piece.setting.is_link or is_furniture_line(piece.text)


def _without_notices(pieces: list[Piece]) -> list[Piece]:
    """Without the rights notice among the last lines, and without what follows it."""
    texts = [at for at, piece in enumerate(pieces) if piece.kind in TEXT][-_NOTICE_LINES:]
    for at in texts:
        said = fold(pieces[at].text)
        if len(said) <= SHORT_LINE * 2 and any(notice in said for notice in the_words().notices):
            return [*pieces[:at], *(piece for piece in pieces[at:] if piece.kind == "image")]
    return pieces


# --- the lead, where the body holds it -------------------------------------------------------


def _take_lead(pieces: list[Piece], title: str, lead: str) -> tuple[list[Piece], str]:
    """Without title and lead repeated at the beginning; a bold first paragraph is the lead."""
    for at, piece in enumerate(pieces):
        if piece.kind == "image":
            continue
        repeated = bare(piece.text)
        if repeated and repeated in {bare(title), bare(lead)}:
            return _take_lead([*pieces[:at], *pieces[at + 1 :]], title, lead)
        if not lead and _is_bold_lead(piece) and _is_text_after(pieces, at):
            return [*pieces[:at], *pieces[at + 1 :]], piece.text
        break
    return pieces, lead


def _is_bold_lead(piece: Piece) -> bool:
    if piece.kind not in {"paragraph", "heading"} or not piece.setting.is_bold:
        return False
    return len(piece.text) >= SHORTEST_BOLD_LEAD or piece.text.endswith((".", "!", "?", "…"))


def _is_text_after(pieces: list[Piece], at: int) -> bool:
    return any(piece.kind != "image" for piece in pieces[at + 1 :])


# --- headings, blocks ------------------------------------------------------------------------


def _as_heading(piece: Piece) -> Piece:
    is_heading = (
        piece.kind == "paragraph"
        and piece.setting.is_bold
        and len(piece.text) <= LONGEST_HEADING
        and not piece.text.endswith((".", ",", ";", ":", "…"))
    )
    return replace(piece, kind="heading") if is_heading else piece


def _number(pieces: list[Piece]) -> tuple[tuple[Block, ...], tuple[Image, ...], set[str]]:
    """Blocks and images; the addresses of those that are drawn, not photographed."""
    drawn: set[str] = set()
    blocks: list[Block] = []
    images: list[Image] = []
    seen: dict[str, int] = {}
    for piece in pieces:
        if piece.picture is None:
            blocks.append(Block(kind=piece.kind, text=piece.text))
            continue
        image, is_drawn = _image(piece.picture)
        if is_drawn:
            drawn.add(image.url)
        if not image.url:  # a film of which there is no still, and nothing printed under it
            continue
        if (known := seen.get(image.url)) is not None:  # the lead image, again in the text
            if not images[known].caption:
                images[known] = image
            continue
        seen[image.url] = len(images)
        blocks.append(Block(kind="image", text="", image=len(images)))
        images.append(image)
    return tuple(blocks), tuple(images), drawn


def _image(picture: Picture) -> tuple[Image, bool]:
    """The image, and whether its credit is a drawer's."""
    parted = split_caption(picture.caption)
    caption = Caption(picture.caption, picture.credit) if picture.credit else parted
    # what is printed under a film without a still is held by the film itself
    film = picture.film if caption.text or caption.credit else ""
    image = Image(url=picture.url or film, caption=caption.text, credit=caption.credit)
    return image, caption.is_drawn
