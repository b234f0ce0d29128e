"""The records of a difference. Frozen, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hanoiwatch.model import BlockKind, Image

Mark = Literal["same", "removed", "added"]
FieldName = Literal[
    "title", "lead", "lead_prefix", "byline", "photographers", "original_source",
    "section", "published_at", "modified_at", "tags",
]  # fmt: skip
SentenceField = Literal["title", "lead", "text", "caption"]
BlockChangeKind = Literal["same", "changed", "split", "joined", "moved", "added", "removed"]
ImageChangeKind = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text with what became of it, spacing and all."""

    mark: Mark
    text: str


Pieces = tuple[Piece, ...]
"""Two texts as one: without what was added it is the old one to the letter, without what was
removed the new one."""


def old_text(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.mark != "added")


def new_text(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.mark != "removed")


def is_changed(pieces: Iterable[Piece]) -> bool:
    return any(piece.mark != "same" for piece in pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that is not the same. Its values, none where the field was empty.

    ``pieces``: words of a text; of names and tags those that went, stayed and came.
    """

    name: FieldName
    old: tuple[str, ...]
    new: tuple[str, ...]
    pieces: Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    """What became of a paragraph, heading, list …, in reading order.

    ``split``: one became several; ``joined``: several became one; ``moved``: it stands elsewhere,
    and may have changed on the way. A block of the old text only is ``removed``.
    """

    kind: BlockChangeKind
    block: BlockKind
    """What it is now, or was if it was removed."""
    old: tuple[int, ...]
    """Places among the old text's blocks, pictures not counted, from 1."""
    new: tuple[int, ...]
    pieces: Pieces
    """Several blocks on one side are joined by a line break."""
    was: BlockKind | None = None
    """What it was where that is something else, such as a paragraph that became a heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageChange:
    """A picture that came, went, or has another caption or credit."""

    kind: ImageChangeKind
    old: Image | None
    new: Image | None
    caption: Pieces
    credit: Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCounts:
    """Words (syllables and numbers) of title, lead, body and captions."""

    old: int
    new: int
    removed: int
    added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is not the same in two contents; ``blocks`` has those that are, too."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]
    images: tuple[ImageChange, ...]
    words: WordCounts

    @property
    def changed_blocks(self) -> tuple[BlockChange, ...]:
        return tuple(block for block in self.blocks if block.kind != "same")

    @property
    def is_empty(self) -> bool:
        """Whether both say the same; a "last updated" stamp says nothing."""
        fields = [change for change in self.fields if change.name != "modified_at"]
        return not (fields or self.changed_blocks or self.images)

    @property
    def similarity(self) -> float:
        """The share of all words that both have in common, 0.0 to 1.0."""
        words = self.words
        whole = words.old + words.new
        return 1.0 - (words.removed + words.added) / whole if whole else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSentence:
    """A sentence that changed, came or went, as a reader of an alert should see it."""

    field: SentenceField
    pieces: Pieces

    @property
    def old(self) -> str:
        return old_text(self.pieces).strip()

    @property
    def new(self) -> str:
        return new_text(self.pieces).strip()
