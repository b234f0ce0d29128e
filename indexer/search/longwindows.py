"""`indexer.search.windows` for words that are nearly everywhere: over whole arrays, by numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.search.bits import from_bytes
from indexer.search.indexfile import MAX_PLACE
from indexer.search.windows import Places

Array = npt.NDArray[np.uint32]

TURNS = 8
"""A document needs one occurrence: where it has many places, they are tried in so many turns,
until it has one."""
DENSE = 128
"""One place in so many: from here a map of all places is quicker than a search for each."""


def docs_with_windows(
    words: Sequence[list[Places]], slop: int, breaks: Places, starts: Places
) -> int:
    """The documents, counted from the segment's first, that have an occurrence of the phrase."""
    lists = [_one_array(spellings) for spellings in words]
    anchor = min(range(len(lists)), key=lambda number: len(lists[number]))
    first_places = np.asarray(starts)
    if slop:
        flags = _near(lists, anchor, slop, np.asarray(breaks), first_places)
    else:
        flags = np.zeros(len(first_places), bool)
        flags[np.searchsorted(first_places, _in_a_row(lists, anchor), "right") - 1] = True
    return from_bytes(np.packbits(flags, bitorder="little").tobytes())


def _in_a_row(lists: list[Array], anchor: int) -> Array:
    kept = lists[anchor]
    others = sorted(set(range(len(lists))) - {anchor}, key=lambda number: len(lists[number]))
    for number in others:
        # Places wrap round, as these numbers do: minus one is the largest of them.
        shift = np.uint32((number - anchor) & MAX_PLACE)
        kept = kept[_members(kept + shift, lists[number])]
    return kept


def _members(wanted: Array, among: Array) -> npt.NDArray[np.bool_]:
    first = among[0]
    span = int(among[-1] - first) + 1
    if len(wanted) * DENSE < span:
        at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
        return np.asarray(among[at] == wanted)
    there = np.zeros(span + 1, bool)
    there[among - first] = True
    # A place before the first one wraps round to a large number: both ends fall on the spare one.
    there[span] = False
    return np.asarray(there[np.minimum(wanted - first, np.uint32(span))])


def _near(
    lists: list[Array], anchor: int, slop: int, breaks: Array, starts: Array
) -> npt.NDArray[np.bool_]:
    anchors = lists[anchor]
    counts = np.diff(np.append(np.searchsorted(anchors, starts), len(anchors)))
    doc_of = np.repeat(np.arange(len(starts)), counts)
    flags = np.zeros(len(starts), bool)
    turns = TURNS if len(anchors) > TURNS * len(starts) else 1
    for turn in range(turns):
        docs = doc_of[turn::turns]
        waiting = ~flags[docs]
        tried, docs = anchors[turn::turns][waiting], docs[waiting]
        flags[docs[_windows(tried, lists, anchor, slop, breaks)]] = True
    return flags


def _windows(
    tried: Array, lists: list[Array], anchor: int, slop: int, breaks: Array
) -> npt.NDArray[np.intp]:
    """Which of the places tried have an occurrence around them."""
    most = len(lists) - 1 + slop
    kept, start, end = np.arange(len(tried)), tried, tried
    for places in lists[anchor + 1 :]:
        at = np.searchsorted(places, end, "right")
        found = places[np.minimum(at, len(places) - 1)]
        near = (at < len(places)) & (found - start <= most)
        kept, start, end = kept[near], start[near], found[near]
    for places in reversed(lists[:anchor]):
        at = np.searchsorted(places, start)
        found = places[np.maximum(at, 1) - 1]
        near = (at > 0) & (end - found <= most)
        kept, start, end = kept[near], found[near], end[near]
    whole = np.searchsorted(breaks, start) == np.searchsorted(breaks, end)
    return np.asarray(kept[whole])


def _one_array(spellings: list[Places]) -> Array:
    arrays = [np.asarray(places, np.uint32) for places in spellings]
    return arrays[0] if len(arrays) == 1 else np.sort(np.concatenate(arrays), kind="stable")
