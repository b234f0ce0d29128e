"""From the pieces of a body to the article's blocks: what is no text goes where it belongs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from hanoiwatch.model import Block, Image
from hanoiwatch.text import fold
from indexer.extract.captions import Caption, split_caption
from indexer.extract.people import (
    Credits,
    balanced,
    is_agencies,
    looks_like_name,
    once,
    persons_in,
    read_byline,
    read_source,
)
from indexer.extract.pieces import Picture, Piece
from indexer.extract.words import bare, the_words

SHORT_LINE = 160
"""Characters: what is longer is prose, whatever it begins with."""
LONGEST_SIGNATURE = 80
LONGEST_HEADING = 140
SHORTEST_BOLD_LEAD = 60
"""Characters: a shorter bold paragraph at the beginning is a heading."""
LONGEST_INITIALS = 5
MOST_SIGNATURES = 4
MOST_IN_INSETS = 0.8
"""Share of the text; an inset beside a text has been seen to hold half of it."""
_NOTICE_LINES = 3
_TEXT = frozenset({"paragraph", "heading"})
_SPEECH = frozenset("\"“”‘'-–—")
_STARS = "*•·-–—()[] "
"""Before an invitation to read on: "* Mời bạn đọc …", "(*) Mời …"."""


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
    pieces = _with_neighbouring_captions(_opened(pieces))
    pieces = [piece for piece in pieces if not _is_furniture(piece)]
    pieces = _without_notices(pieces)
    pieces, lead = _take_lead(pieces, title, lead)
    pieces, signed = _take_signatures(pieces, site_names)
    if bold_headings:
        pieces = [_as_heading(piece) for piece in pieces]
    blocks, images = _number(pieces)
    photographers = once(name for image in images for name in persons_in(image.credit, site_names))
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


# --- captions that stand in a paragraph after their picture ---------------------------------


def _with_neighbouring_captions(pieces: list[Piece]) -> list[Piece]:
    done: list[Piece] = []
    for piece in pieces:
        picture = done[-1].picture if done else None
        if picture is not None and _is_caption_of(piece, picture):
            caption = f"{picture.caption} {piece.text}".strip()
            done[-1] = replace(done[-1], picture=replace(picture, caption=caption))
        elif not piece.setting.is_caption or (done and done[-1].kind == "table"):
            done.append(piece)  # else the caption of something that only scripts show
    return done


def _is_caption_of(piece: Piece, picture: Picture) -> bool:
    setting = piece.setting
    if setting.is_caption:
        return True
    if piece.kind != "paragraph" or picture.caption:
        return False
    if setting.classes & the_words().captions:
        return True
    if len(piece.text) > SHORT_LINE * 2:
        return False
    if split_caption(piece.text).credit:
        return True
    return _is_set_as_caption(piece)


def _is_set_as_caption(piece: Piece) -> bool:
    """Small print right under a picture: centred, or in italics, which quoted speech may be."""
    setting = piece.setting
    if setting.align == "center":
        return setting.is_italic or (len(piece.text) <= SHORT_LINE and not setting.is_bold)
    is_speech = piece.text[:1] in _SPEECH or piece.text.endswith(":")
    return setting.is_italic and len(piece.text) <= SHORT_LINE and not is_speech


# --- lines that are no text -----------------------------------------------------------------


def _is_furniture(piece: Piece) -> bool:
    if piece.kind == "image":
        return False
    if not any(char.isalnum() for char in piece.text):
        return True  # "***", a line of dashes
    if piece.kind not in _TEXT:
        return False
    if len(piece.text) > SHORT_LINE:
        return False
    if piece.setting.is_link:
        return True  # a paragraph that is one link leads to another article
    if bare(piece.text) in the_words().furniture_lines:
        return True
    said = fold(piece.text)
    openings = the_words().furniture_openings
    return said.startswith(openings) or said.lstrip(_STARS).startswith(openings)


def _without_notices(pieces: list[Piece]) -> list[Piece]:
    """Without the rights notice among the last lines, and without what follows it."""
    texts = [at for at, piece in enumerate(pieces) if piece.kind in _TEXT][-_NOTICE_LINES:]
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


# --- the last lines: who wrote it, where it was taken from -----------------------------------


def _take_signatures(
    pieces: list[Piece], site_names: Collection[str]
) -> tuple[list[Piece], Credits]:
    made = Credits()
    for _ in range(MOST_SIGNATURES):
        at = _last_line(pieces)
        said = _signature(pieces[at], site_names) if at is not None and at > 0 else None
        if at is None or said is None:
            break
        made = said | made
        pieces = [*pieces[:at], *pieces[at + 1 :]]
    return pieces, made


def _last_line(pieces: list[Piece]) -> int | None:
    """Where the text ends; a box that stands below the signature is passed over."""
    texts = [at for at, piece in enumerate(pieces) if piece.text]
    lines = [at for at in texts if pieces[at].kind != "inset"]
    return lines[-1] if lines else None


def _signature(piece: Piece, site_names: Collection[str]) -> Credits | None:
    """What a last line says, if it is a signature and not the end of the text."""
    text = balanced(piece.text.strip("() "))
    if piece.kind not in _TEXT or len(text) > LONGEST_SIGNATURE:
        return None
    if source := read_source(piece.text):
        return Credits(original_source=source)
    said = read_byline(text, site_names)
    if piece.setting.classes & the_words().signatures:
        return said
    names = said.names
    if is_agencies(text, site_names):  # "(TTXVN/Vietnam+)": whose report it is, and nobody's name
        return Credits()
    if not names:
        return None
    is_set_apart = piece.setting.align == "right" or piece.setting.is_bold
    if is_set_apart or piece.setting.is_italic:
        return said if all(looks_like_name(name) for name in names) else None
    has_role = text != " ".join(names) and ":" in text
    if text.endswith((".", "!", "?", "”", '"')):
        return None
    is_plain_name = all(_is_plain_name(name) for name in names)
    return said if is_plain_name or (has_role and all(map(looks_like_name, names))) else None


def _is_plain_name(name: str) -> bool:
    """Two to four capitalised words; or initials, which stand under official news."""
    is_initials = name.isalpha() and name.isupper() and len(name) <= LONGEST_INITIALS
    return is_initials or (1 < len(name.split()) <= 4 and looks_like_name(name))


# --- headings, blocks ------------------------------------------------------------------------


def _as_heading(piece: Piece) -> Piece:
    is_heading = (
        piece.kind == "paragraph"
        and piece.setting.is_bold
        and len(piece.text) <= LONGEST_HEADING
        and not piece.text.endswith((".", ",", ";", ":", "…"))
    )
    return replace(piece, kind="heading") if is_heading else piece


def _number(pieces: list[Piece]) -> tuple[tuple[Block, ...], tuple[Image, ...]]:
    blocks: list[Block] = []
    images: list[Image] = []
    seen: dict[str, int] = {}
    for piece in pieces:
        if piece.picture is None:
            blocks.append(Block(kind=piece.kind, text=piece.text))
            continue
        if not piece.picture.url:  # a film of which there is no still
            continue
        image = _image(piece.picture)
        if (known := seen.get(image.url)) is not None:  # the lead image, again in the text
            if not images[known].caption:
                images[known] = image
            continue
        seen[image.url] = len(images)
        blocks.append(Block(kind="image", text="", image=len(images)))
        images.append(image)
    return tuple(blocks), tuple(images)


def _image(picture: Picture) -> Image:
    parted = split_caption(picture.caption)
    caption = Caption(picture.caption, picture.credit) if picture.credit else parted
    return Image(url=picture.url, caption=caption.text, credit=caption.credit)
