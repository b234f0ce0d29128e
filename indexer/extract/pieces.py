"""What the reader of a body hands on: texts with how they are set, and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hanoiwatch.model import BlockKind

SHORT_LINE = 160
"""Characters: what is longer is prose, whatever it begins with."""
TEXT: frozenset[BlockKind] = frozenset({"paragraph", "heading"})

Alignment = Literal["", "center", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a text is set. Shares are of its characters, from 0 to 1."""

    bold: float = 0.0
    italic: float = 0.0
    linked: float = 0.0
    align: Alignment = ""
    classes: frozenset[str] = frozenset()
    is_caption: bool = False
    """The page marks it up as a caption, though it stands in no figure."""

    @property
    def is_bold(self) -> bool:
        return self.bold > WHOLE

    @property
    def is_italic(self) -> bool:
        return self.italic > WHOLE

    @property
    def is_link(self) -> bool:
        return self.linked > WHOLE


WHOLE = 0.97
"""Share from which a text counts as set so as a whole: editors miss a full stop or a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image and what is printed under it, the credit not yet told from the caption."""

    url: str
    """Empty for a film without a still."""
    caption: str = ""
    credit: str = ""
    """Only where the page marks it up apart from the caption."""
    film: str = ""
    """Where the film is played of which this is the still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block on its way to be a `Block`."""

    kind: BlockKind
    text: str = ""
    setting: Setting = Setting()
    picture: Picture | None = None
