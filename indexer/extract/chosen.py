"""Which pieces of a page are the article, given its main text: the general path's own choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from indexer.extract.lead import split_lead
from indexer.extract.pieces import Piece
from indexer.extract.words import bare, the_words

SOLID = 80
"""Characters from which a line is prose: shorter ones occur anywhere on a page."""
MOST_LOST = 0.2
"""Share of the main text that may be missing in the pieces; else its own lines are taken."""
MOSTLY_LINKS = 0.5
"""Share of a text in links."""
ABOVE = 3
"""Pieces above the headline among which its cover may stand."""
BELOW = 4
"""Pieces below the headline among which a sentence that nothing marks may be the lead."""
LINES_AFTER = 4
LONGEST_TITLE = 400
LEAST_LEAD = 40
LONGEST_LEAD = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The pieces of the article in order, and the lead where it stands apart from them."""

    pieces: list[Piece]
    lead: str = ""
    after: tuple[str, ...] = ()
    """The first lines after the text: there pages say where they took it from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of the article before its pieces are chosen."""

    title: str
    description: str = ""
    """By which the page describes itself."""
    leads: frozenset[str] = frozenset()
    """The bare texts of what is marked as a lead."""
    is_of_making: Callable[[str], bool] = lambda _: False
    """Whether a line says only when or by whom it was written."""


def choose(page: list[Piece], text: str, about: About) -> Chosen:
    """The pieces that hold ``text``, the prose and pictures between them, and the lead."""
    wanted = _squeezed(text)
    kept = [not _leads_away(piece) and _is_in(wanted, piece) for piece in page]
    solid = [at for at, piece in enumerate(page) if kept[at] and len(piece.text) >= SOLID]
    found = sum(len(_squeezed(_said(page[at]))) for at in range(len(page)) if kept[at])
    headline = _headline(page, about.title, solid[0] if solid else len(page))
    place = _lead(page, wanted, about, headline, solid[0] if solid else -1)
    lead = page[place].text if place is not None else ""
    if not solid or found < (1 - MOST_LOST) * len(wanted):
        lines = [line for line in text.split("\n") if line != lead]
        return Chosen(pieces=[Piece(kind="paragraph", text=line) for line in lines], lead=lead)
    first, last = _with_opening(page, kept, solid[0], headline), _with_end(page, kept, solid[-1])
    start = next((at for at in solid if at != place), first)
    return Chosen(
        lead=lead,
        after=tuple(piece.text for piece in page[last + 1 :][:LINES_AFTER]),
        pieces=[
            page[at]
            for at in range(first, last + 1)
            if at != place
            and (kept[at] or _belongs(page[at]))
            and (at > (headline or 0) or page[at].kind == "image" or at >= start)
            and not (at < start and about.is_of_making(page[at].text))
        ],
    )


def _leads_away(piece: Piece) -> bool:
    """A short line that is mostly a link to another article."""
    return len(piece.text) < SOLID and piece.setting.linked >= MOSTLY_LINKS


def _said(piece: Piece) -> str:
    return piece.picture.caption if piece.picture is not None else piece.text


def _is_in(wanted: str, piece: Piece) -> bool:
    """Whether each line and cell of a piece occurs; trafilatura joins and marks them its way."""
    said = _said(piece)
    if "\n" not in said and "\t" not in said:
        return bool(said) and _squeezed(said) in wanted
    parts = [part for line in said.split("\n") for part in line.split("\t")]
    return any(parts) and all(_squeezed(part) in wanted for part in parts)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _headline(page: list[Piece], title: str, before: int) -> int | None:
    """The place of the headline: the last one before the text, for some pages repeat it."""
    wanted = bare(title)
    places = [
        at
        for at in range(min(before + 1, len(page)))
        if len(page[at].text) <= LONGEST_TITLE and bare(page[at].text) == wanted
    ]
    return places[-1] if places else None


def _with_opening(page: list[Piece], kept: list[bool], first: int, headline: int | None) -> int:
    """The place of the first piece: short lines and pictures right before the first prose, and a
    picture with a caption anywhere below the headline, or right above it."""
    while first > 0 and (kept[first - 1] or page[first - 1].kind == "image"):
        first -= 1
    if headline is None:
        return first
    covers = (
        at
        for at in range(max(0, headline - ABOVE), first)
        if (picture := page[at].picture) is not None and picture.caption
    )
    return next(covers, first)


def _with_end(page: list[Piece], kept: list[bool], last: int) -> int:
    """The place of the last piece: more of the text, and pictures with captions right after."""
    while last + 1 < len(page) and (kept[last + 1] or _has_caption(page[last + 1])):
        if page[last + 1].setting.linked >= MOSTLY_LINKS:
            break
        last += 1
    return last


def _has_caption(piece: Piece) -> bool:
    return piece.picture is not None and bool(piece.picture.caption or piece.picture.credit)


def _belongs(piece: Piece) -> bool:
    """Between two paragraphs of the text: a picture, or a block that trafilatura lost."""
    if piece.kind in {"image", "list", "table", "inset"}:
        return True  # no list of links comes so far
    if piece.setting.linked >= MOSTLY_LINKS:
        return False
    return piece.kind in {"heading", "quote"} or len(piece.text) >= SOLID


# --- the lead ----------------------------------------------------------------------------------


def _lead(
    page: list[Piece], wanted: str, about: About, headline: int | None, first: int
) -> int | None:
    """The place of the paragraph that is marked or set as a lead, or that the page describes
    itself by and that is not set like the text."""
    described = bare(about.description)[:SOLID]
    usual = _usual_classes(page, wanted)
    for at, piece in enumerate(page[: first + BELOW if first >= 0 else len(page)]):
        if not _can_be_lead(piece) or at == headline:
            continue
        is_marked = (
            bool(piece.setting.classes & the_words().leads) or bare(piece.text) in about.leads
        )
        is_described = bool(described) and bare(piece.text).startswith(described)
        is_apart = piece.setting.is_bold or piece.kind == "heading"
        in_text = _squeezed(piece.text) in wanted
        is_between = headline is not None and headline < at <= first
        is_different = is_between and piece.setting.classes != usual
        if is_described and (is_marked or is_apart or is_different or not in_text):
            return at
        if is_marked and (in_text or is_between):
            return at
        is_sentence = at < first and piece.text.endswith((".", "!", "?", "…"))
        is_near = headline is not None and at - headline <= BELOW
        if is_sentence and (is_apart or (is_different and is_near and not in_text)):
            return at
        if is_between and is_near and split_lead(piece.text)[0] is not None:
            return at  # an agency's name stands before a lead, and before nothing else
        is_lost = is_between and is_near and not in_text and not about.is_of_making(piece.text)
        if is_sentence and is_lost and at < first:
            return at
    return None


def _can_be_lead(piece: Piece) -> bool:
    if piece.kind not in {"paragraph", "heading", "inset"} or piece.setting.is_link:
        return False
    return LEAST_LEAD <= len(piece.text) <= LONGEST_LEAD


def _usual_classes(page: list[Piece], wanted: str) -> frozenset[str]:
    """The classes that most paragraphs of the text have."""
    counts = Counter(
        piece.setting.classes
        for piece in page
        if piece.kind == "paragraph"
        and len(piece.text) >= SOLID
        and _squeezed(piece.text) in wanted
    )
    return counts.most_common(1)[0][0] if counts else frozenset()
