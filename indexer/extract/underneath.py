"""Captions on pages that nobody has described: what stands under a picture, by how it is set.

A `<figcaption>`, a cell of a picture's table and a class that says so are found by `body.py`; here
are the paragraphs that only their place and their setting tell from the text. `alt` and `title`
are no captions, for nobody sees them, with one exception: Joomla prints the title of an image of
class `caption` under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import tidy
from indexer.extract.captions import split_caption
from indexer.extract.images import image_url
from indexer.extract.pictures import class_tokens
from indexer.extract.pieces import Piece, Setting
from indexer.extract.words import the_words

LONGEST = 320
"""Characters of a caption; a longer paragraph under a picture is text."""
LONGEST_UNSIGNED = 250
"""Of one that only its setting gives away."""
PROSE = 100
"""Characters from which a paragraph shows how the text of the page is set."""
COMMON = 0.4
"""Share of the prose from which a setting is the text's own and says nothing of captions."""


def with_captions(pieces: list[Piece], document: Document) -> list[Piece]:
    """The pieces, each caption taken out of the text and put under its picture."""
    usual = _usual(pieces)
    done: list[Piece] = []
    for piece in pieces:
        above = done[-1] if done else None
        if above is not None and _is_under(piece, above, usual):
            assert above.picture is not None
            done[-1] = replace(above, picture=replace(above.picture, caption=piece.text))
        else:
            done.append(piece)
    printed = dict(_printed_titles(document))
    return [_with_title(piece, printed) for piece in done]


def _usual(pieces: list[Piece]) -> frozenset[str]:
    """The settings that much of the page's prose has."""
    prose = [one.setting for one in pieces if one.kind == "paragraph" and len(one.text) >= PROSE]
    marks = [mark for setting in prose for mark in _marks(setting)]
    return frozenset(mark for mark in marks if marks.count(mark) >= COMMON * len(prose))


def _marks(setting: Setting) -> Iterator[str]:
    if setting.align == "center":
        yield "center"
    if setting.is_italic:
        yield "italic"


def _is_under(piece: Piece, above: Piece, usual: frozenset[str]) -> bool:
    if piece.kind != "paragraph" or above.picture is None or above.picture.caption:
        return False
    if len(piece.text) > LONGEST or piece.setting.is_link:
        return False
    if piece.setting.classes & the_words().captions or split_caption(piece.text).credit:
        return True
    is_set_apart = any(mark not in usual for mark in _marks(piece.setting))
    is_heading = piece.setting.is_bold and not piece.setting.is_italic
    return is_set_apart and not is_heading and len(piece.text) <= LONGEST_UNSIGNED


def _printed_titles(document: Document) -> Iterator[tuple[str, str]]:
    """By the address of the picture: what a script of the page prints under it."""
    for image in document.root.iter("img"):
        said = image.get("data-caption") or (
            image.get("title") if "caption" in class_tokens(image) else ""
        )
        if said and (url := image_url(image, document.base_url)):
            yield url, tidy(said)


def _with_title(piece: Piece, printed: dict[str, str]) -> Piece:
    picture = piece.picture
    if picture is None or picture.caption or picture.url not in printed:
        return piece
    return replace(piece, picture=replace(picture, caption=printed[picture.url]))
