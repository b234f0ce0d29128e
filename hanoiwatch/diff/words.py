"""The words that changed within a text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from hanoiwatch.diff.records import Mark, Piece, Pieces
from hanoiwatch.diff.tokens import LETTERS, Alphabet, Tokens, tokens

MOST_CELLS = 500_000_000
"""Words of one text times words of the other: 60 MB while rapidfuzz compares them, 0.1 s.
Two paragraphs of 110 kB. Of longer ones only beginning and end are compared."""

SHORT_ISLAND = 3
"""So many unchanged words between changes are dissolved where more changed on both sides: one
changed passage reads better than five with an "of" between them."""

_STOPS = frozenset(".!?…")
_CLOSERS = frozenset("”’»\"')]")
_PAUSES = frozenset(",;:–—-")


class _Run(NamedTuple):
    """``length`` words that are the same, from ``old`` and from ``new`` on."""

    old: int
    new: int
    length: int


class _Gap(NamedTuple):
    """What stands between two runs."""

    old: int
    old_end: int
    new: int
    new_end: int


def word_pieces(old: str, new: str) -> Pieces:
    """``old`` and ``new`` as one text in pieces; joined again they are both, to the letter."""
    if old == new:
        return (Piece(mark="same", text=old),) if old else ()
    before, after = tokens(old), tokens(new)
    runs = _same_runs(before.words, after.words)
    runs = _without_islands(_without_islands(runs, before, after), before, after)
    runs = _slid(runs, before.words, after.words)
    return _joined(_pieces(runs, before, after))


def _same_runs(old: tuple[str, ...], new: tuple[str, ...]) -> list[_Run]:
    """The longest common subsequence, as runs; the last is empty and stands at the end."""
    start = _common_start(old, new)
    end = _common_start(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    runs = [_Run(0, 0, start)] if start else []
    size_old, size_new = len(middle_old), len(middle_new)
    if size_old * size_new <= MOST_CELLS and size_old + size_new <= LETTERS:
        letters = Alphabet()
        shared = LCSseq.opcodes(letters.spell(middle_old), letters.spell(middle_new))
        runs += [
            _Run(start + block.a, start + block.b, block.size)
            for block in shared.as_matching_blocks()
            if block.size
        ]
    if end:
        runs.append(_Run(len(old) - end, len(new) - end, end))
    return [*runs, _Run(len(old), len(new), 0)]


def _common_start(old: tuple[str, ...], new: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _without_islands(runs: list[_Run], old: Tokens, new: Tokens) -> list[_Run]:
    kept: list[_Run] = []
    last = _Run(0, 0, 0)
    for run, following in pairwise(runs):
        before = _weight(_between(last, run), old, new)
        after = _weight(_between(run, following), old, new)
        size = old.count(run.old, run.old + run.length)
        if size <= SHORT_ISLAND and size < min(before, after):
            continue
        kept.append(run)
        last = run
    return [*kept, runs[-1]]


def _between(run: _Run, following: _Run) -> _Gap:
    return _Gap(run.old + run.length, following.old, run.new + run.length, following.new)


def _weight(gap: _Gap, old: Tokens, new: Tokens) -> int:
    return max(old.count(gap.old, gap.old_end), new.count(gap.new, gap.new_end))


# --- where a change begins -------------------------------------------------------------------


def _slid(runs: list[_Run], old: tuple[str, ...], new: tuple[str, ...]) -> list[_Run]:
    """Shifts what was only added or only removed to where a sentence or clause begins.

    ``A. B. C.`` from ``A. C.`` is an added ``B.``, though ``. B`` would be as short.
    """
    runs = list(runs)
    if runs[0].old or runs[0].new:
        runs.insert(0, _Run(0, 0, 0))
    for place in range(len(runs) - 1):
        gap = _between(runs[place], runs[place + 1])
        if (gap.old == gap.old_end) == (gap.new == gap.new_end):
            continue
        inserted = gap.old == gap.old_end
        words, start, end = (new, *gap[2:]) if inserted else (old, *gap[:2])
        shift = _best_shift(words, start, end, _room(runs, place))
        before, after = runs[place], runs[place + 1]
        runs[place] = before._replace(length=before.length + shift)
        runs[place + 1] = _Run(after.old + shift, after.new + shift, after.length - shift)
    return runs


def _room(runs: list[_Run], place: int) -> tuple[int, int]:
    """How far a change may go left and right without touching the next change."""
    before, after = runs[place], runs[place + 1]
    at_start = place == 0 and not before.old and not before.new
    at_end = place == len(runs) - 2 or not runs[place + 2].length
    return (
        before.length if at_start else max(before.length - 1, 0),
        after.length if at_end and _ends(runs, place + 1) else max(after.length - 1, 0),
    )


def _ends(runs: list[_Run], place: int) -> bool:
    run, last = runs[place], runs[-1]
    return (run.old + run.length, run.new + run.length) == (last.old, last.new)


def _best_shift(words: tuple[str, ...], start: int, end: int, room: tuple[int, int]) -> int:
    best, best_score = 0, _break_at(words, start) + _break_at(words, end)
    for step, most in ((-1, room[0]), (1, room[1])):
        shift = 0
        while abs(shift) < most:
            edge = min(shift, shift + step)
            if words[start + edge] != words[end + edge]:
                break
            shift += step
            score = _break_at(words, start + shift) + _break_at(words, end + shift)
            if score > best_score:
                best, best_score = shift, score
    return best


def _break_at(words: tuple[str, ...], place: int) -> int:
    """How natural a change is that begins or ends before this word."""
    if place in (0, len(words)):
        return 3
    before = words[place - 1]
    if before in _CLOSERS and place > 1:
        before = words[place - 2] if words[place - 2] in _STOPS else before
    if before in _STOPS:
        return 3
    return 2 if before in _PAUSES or words[place] in _PAUSES else 0


# --- pieces ----------------------------------------------------------------------------------


def _pieces(runs: list[_Run], old: Tokens, new: Tokens) -> Iterator[tuple[Mark, str]]:
    last = _Run(0, 0, 0)
    for run in runs:
        yield from _changed(_between(last, run), old, new)
        for step in range(run.length):
            yield from _spaced(old.spaces[run.old + step], new.spaces[run.new + step])
            yield "same", old.words[run.old + step]
        last = run
    yield from _spaced(old.tail, new.tail)


def _spaced(old: str, new: str) -> Iterator[tuple[Mark, str]]:
    if old == new:
        yield "same", old
    else:
        yield "removed", old
        yield "added", new


def _changed(gap: _Gap, old: Tokens, new: Tokens) -> Iterator[tuple[Mark, str]]:
    removed, added = old.text(gap.old, gap.old_end), new.text(gap.new, gap.new_end)
    if removed and added and (space := old.spaces[gap.old]) == new.spaces[gap.new]:
        yield "same", space
        removed, added = removed[len(space) :], added[len(space) :]
    yield "removed", removed
    yield "added", added


def _joined(marked: Iterator[tuple[Mark, str]]) -> Pieces:
    """One piece for what belongs together; between unchanged text first what went, then what
    came."""
    pieces: list[Piece] = []
    pending: dict[Mark, list[str]] = {"same": [], "removed": [], "added": []}

    def flush(*marks: Mark) -> None:
        for mark in marks:
            if pending[mark]:
                pieces.append(Piece(mark=mark, text="".join(pending[mark])))
                pending[mark].clear()

    for mark, text in marked:
        if not text:
            continue
        flush(*(("removed", "added") if mark == "same" else ("same",)))
        pending[mark].append(text)
    flush("same", "removed", "added")
    return tuple(pieces)
