"""How a newsroom writes a caption and its credit into one line, in the usual ways.

The page and what an archive should say of it are made by the same function, so that
the two cannot part.
"""

from __future__ import annotations

from dataclasses import dataclass

from hanoiwatch.sample.articles import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLine:
    """A caption as printed (``caption`` + ``between`` + ``credit`` + ``after``)."""

    caption: str
    between: str = ""
    credit: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return self.caption + self.between + self.credit + self.after


def caption_line(picture: Picture, style: int) -> CaptionLine:
    """The line for ``picture``; ``style`` (any number) chooses how the credit is written."""
    if not picture.credit:
        return CaptionLine(caption=picture.caption)
    if not picture.caption:
        return CaptionLine(caption="", between="Ảnh: ", credit=picture.credit)
    between, after, full_stop = _STYLES[style % len(_STYLES)]
    caption = picture.caption if full_stop else picture.caption.removesuffix(".")
    return CaptionLine(caption=caption, between=between, credit=picture.credit, after=after)


_STYLES: tuple[tuple[str, str, bool], ...] = (
    (" Ảnh: ", "", True),
    (" (Ảnh: ", ")", False),
    (" Ảnh: ", ".", True),
    (" (Ảnh: ", ").", False),
    (" - Ảnh: ", "", False),
    (" ẢNH: ", "", True),
)
"""What stands before and after the name, and whether the caption keeps its full stop."""
