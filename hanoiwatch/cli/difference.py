"""A difference as a desk reads it: what changed in its place, the rest folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from hanoiwatch.cli.marked import Paper, marked_lines
from hanoiwatch.diff.records import (
    BlockChange,
    BlockChangeKind,
    Difference,
    FieldChange,
    FieldName,
    ImageChange,
    Piece,
    Pieces,
    is_changed,
    new_text,
)

_SIGNS: dict[BlockChangeKind, str] = {
    "same": " ", "changed": "~", "split": "~", "joined": "~",
    "moved": ">", "added": "+", "removed": "-",
}  # fmt: skip
_NAMES: dict[FieldName, str] = {
    "lead_prefix": "prefix",
    "original_source": "named source",
    "published_at": "published",
    "modified_at": "modified",
}
_LISTS = ("byline", "photographers", "tags")
_TIMES = ("published_at", "modified_at")
_PREFIXES = {"heading": "## ", "quote": "> ", "inset": "│ "}
_INDENT = " " * 6
_KNOWN_BY = 14
"""Words."""


def difference_lines(difference: Difference, paper: Paper) -> Iterator[str]:
    """Fields, then the text paragraph by paragraph, then the pictures."""
    fields = [line for change in difference.fields for line in _field(change, paper)]
    blocks = list(_blocks(difference.blocks, paper)) if difference.changed_blocks else []
    images = [line for change in difference.images for line in _image(change, paper)]
    for part in (fields, blocks, images):
        if part:
            yield ""
            yield from part


# --- fields ----------------------------------------------------------------------------------


def _field(change: FieldChange, paper: Paper) -> list[str]:
    label = f"{_NAMES.get(change.name, change.name)}: "
    pieces = change.pieces
    if change.name in _LISTS:
        pieces = tuple(_with_commas(pieces))
    elif change.name in _TIMES:
        pieces = tuple(replace(piece, text=f"{_minute(piece.text)} ") for piece in pieces)
    lines = marked_lines(pieces, paper, _INDENT, start=len(label), bold=change.name == "title")
    return [paper.dim(label) + lines[0], *lines[1:]]


def _with_commas(pieces: Pieces) -> Iterator[Piece]:
    """Names beside each other, the comma outside of their marks."""
    for place, piece in enumerate(pieces):
        if place:
            yield Piece(mark="same", text=", ")
        yield piece


def _minute(shown: str) -> str:
    """``2026-10-03 09:15`` of a time as JSON has it."""
    return shown[: len("2026-10-03T09:15")].replace("T", " ")


# --- blocks ----------------------------------------------------------------------------------


def _blocks(blocks: tuple[BlockChange, ...], paper: Paper) -> Iterator[str]:
    for same, run in groupby(blocks, key=lambda block: block.kind == "same"):
        if same:
            yield paper.dim(f"{_INDENT}… {_unchanged(len(list(run)))}")
        else:
            for block in run:
                yield from _block(block, paper)


def _unchanged(count: int) -> str:
    return "1 paragraph unchanged" if count == 1 else f"{count} paragraphs unchanged"


def _block(change: BlockChange, paper: Paper) -> list[str]:
    place = (change.new or change.old)[0]
    head = paper.dim(f"{_SIGNS[change.kind]}{place:>3}") + "  "
    note = _note(change)
    prefix = _PREFIXES.get(change.block, "")
    pieces = _folded(change) if change.kind == "moved" else change.pieces
    start = len(_INDENT) + len(prefix)
    lines = marked_lines(pieces, paper, _INDENT, start=start, bold=change.block == "heading")
    text = [prefix + lines[0], *lines[1:]]
    if not note:
        return [head + text[0], *text[1:]]
    return [head + paper.dim(f"({note})"), _INDENT + text[0], *text[1:]]


def _folded(change: BlockChange) -> Pieces:
    """Only the beginning of what moved and stayed as it was: enough to know it by."""
    words = new_text(change.pieces).split()
    if is_changed(change.pieces) or len(words) <= _KNOWN_BY:
        return change.pieces
    return (Piece(mark="same", text=" ".join(words[:_KNOWN_BY]) + " …"),)


def _note(change: BlockChange) -> str:
    notes = []
    if change.kind == "moved":
        way = "down" if change.new[0] > change.old[0] else "up"
        changed = ", and changed" if is_changed(change.pieces) else ""
        notes.append(f"moved {way} from {change.old[0]}{changed}")
    if len(change.new) > 1:
        notes.append(f"paragraph {change.old[0]} split in {len(change.new)}")
    if len(change.old) > 1:
        notes.append(f"paragraphs {_listed(change.old)} joined")
    if change.was:
        notes.append(f"was a {change.was}, is a {change.block}")
    return "; ".join(notes)


def _listed(places: tuple[int, ...]) -> str:
    *first, last = map(str, places)
    return f"{', '.join(first)} and {last}"


# --- pictures --------------------------------------------------------------------------------


def _image(change: ImageChange, paper: Paper) -> list[str]:
    sign = {"changed": "~", "added": "+", "removed": "-"}[change.kind]
    picture = change.new or change.old
    pieces = (*change.caption, *_credit(change.credit))
    if not pieces and picture:
        pieces = (Piece(mark="same", text=picture.url),)
    label = f"{sign}     [picture] "
    lines = marked_lines(pieces, paper, _INDENT, start=len(label))
    return [paper.dim(label) + lines[0], *lines[1:]]


def _credit(credit: Pieces) -> Pieces:
    if not credit:
        return ()
    return (Piece(mark="same", text=" ["), *credit, Piece(mark="same", text="]"))
