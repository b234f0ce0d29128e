"""Which block of the new text is which of the old one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from hanoiwatch.diff.likeness import Likeness, likely_pairs
from hanoiwatch.diff.tokens import LETTERS, Alphabet, is_word, tokens

MOVED_WORDS = 8
"""A block with fewer words is called moved only beside one that moved with it: "Ảnh: TTXVN" or
a row of asterisks that stands elsewhere is another one."""

GROWS_BY = 0.7
"""The share of a neighbour's words that must be found again before it counts as the other part
of a split or joined paragraph."""

PART_WORDS = 3
"""A part of a split paragraph has at least so many words."""


@dataclass(frozen=True, slots=True)
class Side:
    """The blocks of one text: ``keys`` tell equal ones, ``spelled`` are their words."""

    keys: tuple[str, ...]
    spelled: tuple[str, ...]

    def size(self, place: int) -> int:
        return len(self.spelled[place])


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that belong together, by their places (from 0); one side is empty for what was
    added or removed. ``moved``: it stands elsewhere among the others."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


Pairs = dict[int, int]
"""Place in the old text to place in the new one."""


def align(old: Sequence[str], new: Sequence[str]) -> tuple[Group, ...]:
    """Every block of both once, in the order of the new text, removed ones where they stood."""
    before, after = _sides(old, new)
    pairs = _anchored(before, after)
    pairs.update(_alike(before, after, pairs))
    fixed = _in_place(pairs, before)
    groups = _credible(_grown(pairs, before, after), fixed, before)
    return tuple(_in_reading_order(groups, fixed, (len(old), len(new))))


def _sides(old: Sequence[str], new: Sequence[str]) -> tuple[Side, Side]:
    """Both spelled with one alphabet; without punctuation and capitals, which headlines change."""
    letters, keys = Alphabet(), Alphabet()
    assert len(old) + len(new) <= LETTERS

    def side(texts: Sequence[str]) -> Side:
        words = ([word.lower() for word in tokens(text).words if is_word(word)] for text in texts)
        return Side(tuple(map(keys.letter, texts)), tuple(map(letters.spell, words)))

    return side(old), side(new)


# --- equal blocks ----------------------------------------------------------------------------


def _anchored(old: Side, new: Side) -> Pairs:
    """Equal blocks. First those that are there once, then, between those in place, the others:
    an asterisk of the first chapter is no asterisk of the last."""
    once = _unique(old.keys) & _unique(new.keys)
    where = {key: place for place, key in enumerate(new.keys)}
    pairs = {place: where[key] for place, key in enumerate(old.keys) if key in once}
    fixed = {place: pairs[place] for place in _in_place(pairs, old)}
    taken = set(pairs.values())
    for gap_old, gap_new in _gaps(fixed, old, new):
        mine = [place for place in gap_old if place not in pairs]
        theirs = [place for place in gap_new if place not in taken]
        shared = LCSseq.opcodes(_spelled(old.keys, mine), _spelled(new.keys, theirs))
        for block in shared.as_matching_blocks():
            for step in range(block.size):
                pairs[mine[block.a + step]] = theirs[block.b + step]
    return pairs


def _spelled(keys: Sequence[str], places: Sequence[int]) -> str:
    return "".join(keys[place] for place in places)


def _unique(keys: Sequence[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if count == 1}


def _gaps(fixed: Pairs, old: Side, new: Side) -> Iterator[tuple[range, range]]:
    """The places between pairs that are in place, before the first and behind the last."""
    last_old = last_new = -1
    for place, to in (*sorted(fixed.items()), (len(old.keys), len(new.keys))):
        yield range(last_old + 1, place), range(last_new + 1, to)
        last_old, last_new = place, to


def _in_place(pairs: Pairs, old: Side) -> frozenset[int]:
    """Old places of the pairs that kept their order; as few words as can be count as moved.

    That is the heaviest increasing subsequence, asked of rapidfuzz as a common one: each pair
    is a letter, repeated by its weight.
    """
    letter = {place: chr(number) for number, place in enumerate(sorted(pairs))}
    weight = {place: 1 + min(old.size(place), 64) // 8 for place in pairs}
    by_old = "".join(letter[place] * weight[place] for place in sorted(pairs))
    by_new = "".join(
        letter[place] * weight[place] for place in sorted(pairs, key=pairs.__getitem__)
    )
    kept = {
        by_old[block.a + step]
        for block in LCSseq.opcodes(by_old, by_new).as_matching_blocks()
        for step in range(block.size)
    }
    return frozenset(place for place in pairs if letter[place] in kept)


# --- changed blocks --------------------------------------------------------------------------


def _alike(old: Side, new: Side, pairs: Pairs) -> Pairs:
    """Blocks that are not equal but the same: the most alike first, each once."""
    taken = set(pairs.values())
    mine = [place for place in range(len(old.keys)) if place not in pairs and old.size(place)]
    theirs = [place for place in range(len(new.keys)) if place not in taken and new.size(place)]
    fixed = {place: pairs[place] for place in _in_place(pairs, old)}
    gap_of_old = _numbered(mine, sorted(fixed))
    gap_of_new = _numbered(theirs, sorted(fixed.values()))
    likeness = Likeness(old.spelled, new.spelled)
    ranked = []
    for place, to in likely_pairs(old.spelled, new.spelled, gap_of_old, gap_of_new):
        near = gap_of_old[place] == gap_of_new[to]
        rank = likeness.rank(place, to, near=near, moved_words=MOVED_WORDS)
        if rank:
            ranked.append((-rank, abs(place - to), place, to))
    found: Pairs = {}
    gone: set[int] = set()
    for *_, place, to in sorted(ranked):
        if place not in found and to not in gone:
            found[place] = to
            gone.add(to)
    return found


def _numbered(places: Sequence[int], fixed: Sequence[int]) -> dict[int, int]:
    """The gap between blocks in place in which each of ``places`` stands."""
    return {place: bisect_left(fixed, place) for place in places}


# --- split and joined ------------------------------------------------------------------------


def _grown(pairs: Pairs, old: Side, new: Side) -> list[Group]:
    """Pairs as groups; a neighbour that nobody claimed is taken in where it is the other part of
    a paragraph that was split or joined."""
    free_old = set(range(len(old.keys))) - set(pairs)
    free_new = set(range(len(new.keys))) - set(pairs.values())
    groups = []
    for place, to in sorted(pairs.items()):
        mine: tuple[int, ...] = (place,)
        theirs: tuple[int, ...] = (to,)
        if old.keys[place] != new.keys[to]:
            theirs = _with_parts(old.spelled[place], to, new.spelled, free_new)
            if len(theirs) == 1:
                mine = _with_parts(new.spelled[to], place, old.spelled, free_old)
        groups.append(Group(mine, theirs))
    return groups


def _with_parts(whole: str, place: int, spelled: Sequence[str], free: set[int]) -> tuple[int, ...]:
    """``place`` and its free neighbours that make up ``whole``; they are free no more."""
    first = last = place
    text = spelled[place]
    shared = LCSseq.similarity(whole, text)
    for step in (1, -1):
        beside = place + step
        while beside in free and len(spelled[beside]) >= PART_WORDS:
            part = spelled[beside]
            longer = text + part if step > 0 else part + text
            more = LCSseq.similarity(whole, longer)
            if more - shared < GROWS_BY * len(part):
                break
            text, shared = longer, more
            free.discard(beside)
            first, last = min(first, beside), max(last, beside)
            beside += step
    return tuple(range(first, last + 1))


def _credible(groups: list[Group], fixed: frozenset[int], old: Side) -> list[Group]:
    """Without the short ones that would count as moved, but for those beside a long one that
    went along, as a heading does with its paragraph."""
    away = [group for group in groups if not fixed & set(group.old)]
    starts = {(group.old[0], group.new[0]): group for group in away}
    ends = {(group.old[-1], group.new[-1]): group for group in away}
    moved = {group for group in away if sum(map(old.size, group.old)) >= MOVED_WORDS}
    for group in tuple(moved):
        for near, edge, step in ((starts, -1, 1), (ends, 0, -1)):
            beside: Group | None = group
            while beside:
                moved.add(beside)
                beside = near.get((beside.old[edge] + step, beside.new[edge] + step))
    return [group for group in groups if group in moved or fixed & set(group.old)]


# --- in reading order ------------------------------------------------------------------------


def _in_reading_order(
    groups: Sequence[Group], fixed: frozenset[int], sizes: tuple[int, int]
) -> Iterator[Group]:
    taken_old = {place for group in groups for place in group.old}
    arriving = _arrivals(groups, fixed, sizes[1])
    next_old = next_new = 0
    still = sorted((group for group in groups if fixed & set(group.old)), key=lambda each: each.old)
    for group in (*still, Group((sizes[0],), (sizes[1],))):
        yield from (
            Group((place,), ()) for place in range(next_old, group.old[0]) if place not in taken_old
        )
        yield from (arriving[place] for place in range(next_new, group.new[0]) if place in arriving)
        if group.old[0] < sizes[0] or group.new[0] < sizes[1]:
            yield group
        next_old, next_new = group.old[-1] + 1, group.new[-1] + 1


def _arrivals(groups: Sequence[Group], fixed: frozenset[int], size: int) -> Mapping[int, Group]:
    """What was added or moved to a place, by its first place in the new text."""
    moved = [group for group in groups if not fixed & set(group.old)]
    taken = {place for group in groups for place in group.new}
    added = {place: Group((), (place,)) for place in range(size) if place not in taken}
    return added | {group.new[0]: Group(group.old, group.new, moved=True) for group in moved}
