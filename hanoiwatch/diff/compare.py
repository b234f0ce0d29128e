"""Two contents compared: fields, blocks, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hanoiwatch.clock import to_shown
from hanoiwatch.diff.alignment import Group, align
from hanoiwatch.diff.images import image_changes, shared_captions
from hanoiwatch.diff.records import (
    BlockChange,
    BlockChangeKind,
    Difference,
    FieldChange,
    FieldName,
    Mark,
    Piece,
    Pieces,
    WordCounts,
    is_changed,
)
from hanoiwatch.diff.tokens import count_words
from hanoiwatch.diff.words import word_pieces
from hanoiwatch.model import Block, Content


def compare(old: Content, new: Content) -> Difference:
    """What ``new`` says otherwise than ``old``.

    Addresses are not compared: an article that moved, and a picture that is served from
    elsewhere, say the same. Nor is the order of tags and names.
    """
    fields = tuple(_field_changes(old, new))
    blocks = _block_changes(_text_blocks(old), _text_blocks(new))
    images = image_changes(old.images, new.images)
    texts = [change.pieces for change in fields if change.name in ("title", "lead")]
    texts += [block.pieces for block in blocks]
    texts += [change.caption for change in images]
    return Difference(
        fields=fields,
        blocks=blocks,
        images=images,
        words=_counted(texts, _unchanged_words(old, new)),
    )


def _counted(texts: Iterable[Pieces], unchanged: int) -> WordCounts:
    counts: dict[Mark, int] = {"same": unchanged, "removed": 0, "added": 0}
    for piece in (piece for pieces in texts for piece in pieces):
        counts[piece.mark] += count_words(piece.text)
    return WordCounts(
        old=counts["same"] + counts["removed"],
        new=counts["same"] + counts["added"],
        removed=counts["removed"],
        added=counts["added"],
    )


def _unchanged_words(old: Content, new: Content) -> int:
    """Words of what has no change to show: title, lead and captions that are the same."""
    same = [one for one, other in ((old.title, new.title), (old.lead, new.lead)) if one == other]
    return sum(map(count_words, (*same, *shared_captions(old.images, new.images))))


# --- fields ----------------------------------------------------------------------------------


def _field_changes(old: Content, new: Content) -> Iterable[FieldChange]:
    before, after = _fields(old), _fields(new)
    for name in before:
        if name in ("title", "lead"):
            change = _text_change(name, *before[name], *after[name])
        else:
            change = _names_change(name, before[name], after[name])
        if is_changed(change.pieces):
            yield change


def _fields(content: Content) -> dict[FieldName, tuple[str, ...]]:
    published, modified = content.published_at, content.modified_at
    return {
        "title": (content.title,),
        "lead": (content.lead,),
        "lead_prefix": _one(content.lead_prefix),
        "byline": content.byline,
        "photographers": content.photographers,
        "original_source": _one(content.original_source),
        "section": _one(content.section),
        "published_at": _one(to_shown(published) if published else None),
        "modified_at": _one(to_shown(modified) if modified else None),
        "tags": content.tags,
    }


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _text_change(name: FieldName, old: str, new: str) -> FieldChange:
    return FieldChange(name=name, old=_one(old), new=_one(new), pieces=word_pieces(old, new))


def _names_change(name: FieldName, old: tuple[str, ...], new: tuple[str, ...]) -> FieldChange:
    marks: list[tuple[Mark, str]] = [("removed" if one not in new else "same", one) for one in old]
    marks += [("added", one) for one in new if one not in old]
    pieces = tuple(Piece(mark=mark, text=text) for mark, text in dict.fromkeys(marks))
    return FieldChange(name=name, old=old, new=new, pieces=pieces)


# --- blocks ----------------------------------------------------------------------------------


def _text_blocks(content: Content) -> tuple[Block, ...]:
    return tuple(block for block in content.blocks if block.kind != "image")


def _block_changes(old: Sequence[Block], new: Sequence[Block]) -> tuple[BlockChange, ...]:
    groups = align([block.text for block in old], [block.text for block in new])
    return tuple(_block_change(group, old, new) for group in groups)


def _block_change(group: Group, old: Sequence[Block], new: Sequence[Block]) -> BlockChange:
    before = [old[place] for place in group.old]
    after = [new[place] for place in group.new]
    pieces = word_pieces(_joined(before), _joined(after))
    now = (after or before)[0].kind
    was = before[0].kind if before and after and before[0].kind != now else None
    return BlockChange(
        kind=_kind(group, changed=is_changed(pieces) or was is not None),
        block=now,
        old=tuple(place + 1 for place in group.old),
        new=tuple(place + 1 for place in group.new),
        pieces=pieces,
        was=was,
    )


def _joined(blocks: Iterable[Block]) -> str:
    return "\n".join(block.text for block in blocks)


def _kind(group: Group, *, changed: bool) -> BlockChangeKind:
    if not group.old:
        return "added"
    if not group.new:
        return "removed"
    if group.moved:
        return "moved"
    if len(group.old) != len(group.new):
        return "split" if len(group.new) > 1 else "joined"
    return "changed" if changed else "same"
