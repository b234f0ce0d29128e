"""What a message says, as far as each source's rights let it leave the desk. Pure.

``full``: the lead, every matching sentence, every changed one. ``excerpt``: up to three cuttings
around the matching words and three of what changed, each of a few words. ``link``: title, source,
time and link; of the text only the words that the rule asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.alerts.edits import changes_between
from hanoiwatch.alerts.found import Found, Sentence, found_from, sentences_of, words_found
from hanoiwatch.alerts.rule import AlertKind
from hanoiwatch.diff import ChangedSentence, Piece
from hanoiwatch.model import Rights
from hanoiwatch.query.tree import FIELDS, Field
from hanoiwatch.store.messages import DueDelivery, MessageKind, ToldAlert

MOST_CUTTINGS = 3
CUTTING = 160
"""Characters of a cutting that may leave the desk under ``excerpt``, about; as in a search."""
MOST_SINGLE = 1
"""In a list each article has one cutting at most: it is read at a glance."""

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True: words that the rule asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    field: Field
    parts: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """A changed sentence; ``pieces`` as in `hanoiwatch.diff`."""

    field: Field
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article of a message."""

    kind: AlertKind
    at: datetime
    old: bool
    article_id: str
    url: str
    source: str
    source_title: str
    section: str | None
    rights: Rights
    revision: int
    title: str
    lead: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    words: tuple[str, ...]
    fields: tuple[Field, ...]
    """Where the words are."""
    cuttings: tuple[Cutting, ...]
    changes: tuple[ShownChange, ...]
    changed: int
    """How many sentences changed, shown or not."""
    officials: tuple[str, ...]
    bodies: tuple[str, ...]
    topics: tuple[str, ...]
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as every channel gets it."""

    key: str
    rule: str
    title: str
    kind: MessageKind
    made_at: datetime
    items: tuple[Item, ...]


def compose(delivery: DueDelivery, told: Sequence[ToldAlert]) -> Message:
    """A list begins with what was published last."""
    alone = len(told) == 1
    told = sorted(told, key=_published, reverse=True)
    return Message(
        key=delivery.key,
        rule=delivery.rule,
        title=delivery.title,
        kind=delivery.kind,
        made_at=delivery.made_at,
        items=tuple(item_of(alert, alone=alone) for alert in told),
    )


def _published(alert: ToldAlert) -> datetime:
    return alert.content.published_at or alert.first_seen_at


def item_of(alert: ToldAlert, *, alone: bool) -> Item:
    content, found, rights = alert.content, found_from(alert.found), alert.rights
    changed = _changed(alert)
    return Item(
        kind=alert.kind,
        at=alert.at,
        old=alert.old,
        article_id=alert.article_id,
        url=alert.url,
        source=alert.source,
        source_title=alert.source_title,
        section=content.section,
        rights=rights,
        revision=alert.revision,
        title=content.title,
        lead=content.lead if rights == "full" and alone else "",
        published_at=content.published_at,
        withdrawn_at=alert.withdrawn_at if alert.kind == "withdrawn" else None,
        words=words_found(found.places, content),
        fields=_fields(found),
        cuttings=_cuttings(sentences_of(found.places, content), rights, alone=alone),
        changes=_shown(changed, rights) if alone else (),
        changed=len(changed),
        officials=found.officials,
        bodies=found.bodies,
        topics=found.topics,
        copies=alert.copies,
    )


def _fields(found: Found) -> tuple[Field, ...]:
    here = {place.field for place in found.places}
    return tuple(field for field in FIELDS if field in here)


def _changed(alert: ToldAlert) -> tuple[ChangedSentence, ...]:
    if alert.kind != "edited" or alert.before is None:
        return ()
    return changes_between(alert.before, alert.content)


# --- rights ----------------------------------------------------------------------------------


def _cuttings(sentences: Iterable[Sentence], rights: Rights, *, alone: bool) -> tuple[Cutting, ...]:
    """The title is shown anyway."""
    if rights == "link":
        return ()
    told = [one for one in sentences if one.field != "title"]
    if rights == "excerpt" or not alone:
        told = told[: MOST_CUTTINGS if alone else MOST_SINGLE]
    room = None if rights == "full" and alone else CUTTING
    return tuple(Cutting(field=one.field, parts=_cut(one, room)) for one in told)


def _cut(sentence: Sentence, room: int | None) -> Marked:
    """The sentence, or about ``room`` characters of it around the first words asked for."""
    text, marks = sentence.text, sentence.marks
    first, last = (0, len(text)) if room is None else _window(text, marks[0], room)
    parts: list[tuple[str, bool]] = [("… ", False)] if first else []
    at = first
    for start, end in marks:
        if end <= at or start >= last:
            continue
        parts += [(text[at : max(start, at)], False), (text[max(start, at) : min(end, last)], True)]
        at = min(end, last)
    parts.append((text[at:last] + (" …" if last < len(text) else ""), False))
    return tuple((said, marked) for said, marked in parts if said)


def _window(text: str, mark: tuple[int, int], room: int) -> tuple[int, int]:
    """Ends between words; a mark that is longer than the room is shown whole."""
    if len(text) <= room:
        return 0, len(text)
    spare = max(room - (mark[1] - mark[0]), 0) // 2
    first, last = max(mark[0] - spare, 0), min(mark[1] + spare, len(text))
    if first:
        space = text.find(" ", first - 1, mark[0])
        first = mark[0] if space < 0 else space + 1
    if last < len(text):
        space = text.rfind(" ", mark[1], last + 1)
        last = mark[1] if space < 0 else space
    return first, last


def _shown(changed: Sequence[ChangedSentence], rights: Rights) -> tuple[ShownChange, ...]:
    if rights == "link":
        return ()
    if rights == "full":
        return tuple(ShownChange(field=one.field, pieces=one.pieces) for one in changed)
    return tuple(
        ShownChange(field=one.field, pieces=shortened(one.pieces, CUTTING))
        for one in changed[:MOST_CUTTINGS]
    )


def shortened(pieces: Sequence[Piece], room: int) -> tuple[Piece, ...]:
    """About ``room`` characters of a changed sentence, from shortly before its first change on."""
    first = next((place for place, piece in enumerate(pieces) if piece.mark != "same"), 0)
    before = "".join(piece.text for piece in pieces[:first])
    kept: list[Piece] = []
    if before:
        kept.append(Piece(mark="same", text=_tail(before, room // 3)))
    left = room - sum(len(piece.text) for piece in kept)
    for piece in pieces[first:]:
        if left <= 0:
            kept.append(Piece(mark="same", text=" …"))
            break
        said = piece.text if len(piece.text) <= left else _head(piece.text, left)
        kept.append(Piece(mark=piece.mark, text=said))
        left -= len(piece.text)
    return tuple(kept)


def _tail(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    space = text.find(" ", len(text) - room)
    return "… " + text[space + 1 :] if space >= 0 else "…"


def _head(text: str, room: int) -> str:
    space = text.rfind(" ", 0, room)
    return text[: space if space > 0 else room]
