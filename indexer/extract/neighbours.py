"""Captions that stand in a paragraph of their own, right under their picture."""

from __future__ import annotations

from dataclasses import replace

from hanoiwatch.text import canon
from indexer.extract.captions import split_caption
from indexer.extract.people import looks_like_name
from indexer.extract.pieces import SHORT_LINE, Picture, Piece
from indexer.extract.words import the_words

MOST_CENTRED = 0.5
"""Share of the paragraphs; a page of pictures has a caption for each of its paragraphs."""
_FILMS = frozenset({"video", "clip"})
_SPEECH = frozenset("\"“”‘'-–—")


def with_neighbouring_captions(pieces: list[Piece]) -> list[Piece]:
    """Each caption with its picture; none is left among the texts."""
    done: list[Piece] = []
    centred = _is_centred(pieces)
    for piece in pieces:
        picture = done[-1].picture if done else None
        if picture is not None and _is_caption_of(piece, picture, centred=centred):
            caption = f"{picture.caption} {piece.text}".strip()
            done[-1] = replace(done[-1], picture=replace(picture, caption=caption))
        elif not piece.setting.is_caption or (done and done[-1].kind == "table"):
            done.append(piece)  # else the caption of something that only scripts show
    return done


def _is_centred(pieces: list[Piece]) -> bool:
    """Whether the text itself is set so: then a centred line says nothing."""
    texts = [piece for piece in pieces if piece.kind == "paragraph"]
    centred = sum(piece.setting.align == "center" for piece in texts)
    return centred > MOST_CENTRED * len(texts)


def _is_caption_of(piece: Piece, picture: Picture, *, centred: bool) -> bool:
    setting = piece.setting
    if setting.is_caption:
        return True
    if piece.kind != "paragraph" or picture.caption:
        return False
    if setting.classes & the_words().captions:
        return True
    if len(piece.text) > SHORT_LINE * 2:
        return False
    if split_caption(piece.text).credit and not _is_label(piece.text):
        return True
    if not picture.url:  # what is taken for the caption of a film without a still is lost
        return setting.is_italic and setting.align == "center"
    return _is_set_as_caption(piece, centred=centred)


def _is_label(text: str) -> bool:
    """``"Video: Cận cảnh khu nhà"`` stands over the film that follows, and names nobody."""
    opening, _, rest = text.partition(":")
    return canon(opening).strip() in _FILMS and not looks_like_name(rest.strip(" ."))


def _is_set_as_caption(piece: Piece, *, centred: bool) -> bool:
    """Small print right under a picture: centred, or in italics, which quoted speech may be."""
    setting = piece.setting
    if setting.align == "center":
        is_short = len(piece.text) <= SHORT_LINE and not setting.is_bold
        return setting.is_italic or (is_short and not centred)
    is_speech = piece.text[:1] in _SPEECH or piece.text.endswith(":")
    return setting.is_italic and len(piece.text) <= SHORT_LINE and not is_speech
