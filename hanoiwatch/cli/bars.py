"""Bars of a terminal: whole blocks and eighths of one, or number signs."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCK = "█"
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_ASCII = "#"


def bars(counts: Sequence[int], width: int, *, blocks: bool) -> list[str]:
    """A bar for each count: the highest is ``width`` cells long; none above 0 is invisible."""
    most = max(counts, default=0)
    return [_bar(count, most, width, blocks=blocks) if count else "" for count in counts]


def _bar(count: int, most: int, width: int, *, blocks: bool) -> str:
    if not blocks:
        return _ASCII * max(count * width // most, 1)
    whole, eighths = divmod(max(count * width * 8 // most, 1), 8)
    return _BLOCK * whole + _EIGHTHS[eighths]


def can_draw_blocks(encoding: str | None) -> bool:
    """Whether a stream of this encoding takes the blocks."""
    try:
        (_BLOCK + "".join(_EIGHTHS)).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
