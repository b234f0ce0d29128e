"""Pictures: which is which, and what became of captions and credits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from hanoiwatch.diff.records import ImageChange, ImageChangeKind
from hanoiwatch.diff.tokens import Alphabet, tokens
from hanoiwatch.diff.words import word_pieces
from hanoiwatch.model import Image

ALIKE_CAPTIONS = 0.5
"""Two pictures at different addresses are one where their captions share half of their words."""

MOST_COMPARED = 10_000
"""So many pairs of captions are compared word by word; a page has a hundred pictures at most."""


def image_changes(old: Sequence[Image], new: Sequence[Image]) -> tuple[ImageChange, ...]:
    """Pictures that came, went, or changed their caption or credit, as the new text has them;
    those that went come last."""
    pairs = _pairs(old, new)
    partner = {to: place for place, to in pairs.items()}
    changes = [
        _change(old[partner[to]] if to in partner else None, image) for to, image in enumerate(new)
    ]
    changes += [_change(image, None) for place, image in enumerate(old) if place not in pairs]
    return tuple(change for change in changes if change is not None)


def shared_captions(old: Sequence[Image], new: Sequence[Image]) -> Iterator[str]:
    """Captions of the pictures that `image_changes` has nothing to say about."""
    for place, to in _pairs(old, new).items():
        if _said(old[place]) == _said(new[to]):
            yield old[place].caption


def _said(image: Image) -> tuple[str, str]:
    return image.caption, image.credit


def _change(old: Image | None, new: Image | None) -> ImageChange | None:
    before, after = _said(old) if old else ("", ""), _said(new) if new else ("", "")
    if old and new and before == after:
        return None
    kind: ImageChangeKind = "changed" if old and new else "added" if new else "removed"
    return ImageChange(
        kind=kind,
        old=old,
        new=new,
        caption=word_pieces(before[0], after[0]),
        credit=word_pieces(before[1], after[1]),
    )


def _pairs(old: Sequence[Image], new: Sequence[Image]) -> dict[int, int]:
    """Old place to new place: by address, else by caption, else by a caption much like it."""
    pairs: dict[int, int] = {}
    free = list(range(len(new)))
    for known in (_address, _caption):
        where = {known(new[place]): place for place in reversed(free) if known(new[place])}
        for place, image in enumerate(old):
            to = where.pop(known(image), None) if place not in pairs else None
            if to is not None:
                pairs[place] = to
                free.remove(to)
    rest = [place for place in range(len(old)) if place not in pairs]
    if len(rest) * len(free) <= MOST_COMPARED:
        pairs.update(_by_likeness(rest, free, old, new))
    return pairs


def _address(image: Image) -> str:
    return image.url


def _caption(image: Image) -> str:
    return image.caption


def _by_likeness(
    places: Sequence[int], others: Sequence[int], old: Sequence[Image], new: Sequence[Image]
) -> dict[int, int]:
    letters = Alphabet()
    mine = {place: letters.spell(tokens(old[place].caption).words) for place in places}
    theirs = {place: letters.spell(tokens(new[place].caption).words) for place in others}
    ranked = sorted(
        (-LCSseq.normalized_similarity(one, other), place, to)
        for place, one in mine.items()
        for to, other in theirs.items()
        if one and other
    )
    pairs: dict[int, int] = {}
    for rank, place, to in ranked:
        if -rank >= ALIKE_CAPTIONS and place not in pairs and to not in pairs.values():
            pairs[place] = to
    return pairs
