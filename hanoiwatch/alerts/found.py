"""Where in an article a rule's words stand, and the sentences around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from hanoiwatch.alerts.facets import wanted_links
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.diff.records import Piece
from hanoiwatch.diff.sentences import sentences
from hanoiwatch.model import Content, Links
from hanoiwatch.query import SearchedContent, spans
from hanoiwatch.query.tree import Field
from hanoiwatch.text import canon, nfc, words

MOST_PLACES = 40
"""Of one alert: a word that stands in every line is not told a hundred times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words that a rule asked for: code points of the NFC text of the field's item."""

    field: Field
    item: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with words that a rule asked for, and where in it they stand."""

    field: Field
    item: int
    text: str
    marks: tuple[tuple[int, int], ...]


def places_of(rule: Rule, content: Content | SearchedContent, links: Links) -> tuple[Place, ...]:
    """The words of the query, then the mentions that the rule's facets ask for."""
    found = [
        Place(field=span.field, item=span.item, start=span.start, end=span.end)
        for span in (spans(rule.tree, content) if rule.tree else ())
    ]
    for link in wanted_links(rule, links):
        found += [
            Place(field=one.field, item=one.item, start=one.start, end=one.end)
            for one in link.mentions
        ]
    return tuple(dict.fromkeys(found))[:MOST_PLACES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an alert keeps of its moment: places, and by name whom the article was linked to."""

    places: tuple[Place, ...] = ()
    officials: tuple[str, ...] = ()
    """Each with the post, where the article names one."""
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def found_in(rule: Rule, content: Content | SearchedContent, links: Links) -> Found:
    return Found(
        places=places_of(rule, content, links),
        officials=tuple(
            f"{one.name} ({one.post})" if one.post else one.name for one in links.officials
        ),
        bodies=tuple(one.name for one in links.bodies),
        topics=tuple(one.name for one in links.topics),
    )


def found_json(found: Found) -> str:
    return msgspec.json.encode(found).decode()


found_from = msgspec.json.Decoder(Found).decode


def field_text(content: Content, field: Field, item: int) -> str:
    """The NFC text that a place counts in; empty where there is none."""
    if field in ("title", "lead", "text"):
        return nfc(str(getattr(content, field)))
    listed: dict[str, tuple[str, ...]] = {
        "caption": tuple(image.caption for image in content.images),
        "byline": content.byline,
        "tag": content.tags,
    }
    texts = listed[field]
    return nfc(texts[item]) if item < len(texts) else ""


def sentences_of(places: Iterable[Place], content: Content) -> tuple[Sentence, ...]:
    """The sentences in which the places are, in reading order."""
    by_item: dict[tuple[Field, int], list[tuple[int, int]]] = {}
    for place in places:
        by_item.setdefault((place.field, place.item), []).append((place.start, place.end))
    return tuple(
        Sentence(field=field, item=item, text=text, marks=marks)
        for (field, item), marked in by_item.items()
        for text, marks in _marked(field_text(content, field, item), sorted(marked))
    )


def _marked(
    text: str, marked: list[tuple[int, int]]
) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    for start, end in sentence_bounds(text):
        inside = [
            (max(first, start) - start, min(last, end) - start)
            for first, last in marked
            if first < end and last > start
        ]
        if inside:
            yield text[start:end], tuple(inside)


def sentence_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, spaces around it left out."""
    start = 0
    for pieces in sentences((Piece(mark="same", text=text),)) if text else ():
        said = "".join(piece.text for piece in pieces)
        inner = said.strip()
        if inner:
            first = start + said.index(inner)
            yield first, first + len(inner)
        start += len(said)


def words_found(places: Iterable[Place], content: Content) -> tuple[str, ...]:
    """The words as the article writes them, each once."""
    said = [
        field_text(content, place.field, place.item)[place.start : place.end] for place in places
    ]
    return tuple({canon(one): one for one in reversed(said) if one}.values())[::-1]


def sentence_key(text: str) -> str:
    """A sentence as copies are compared: its words alone."""
    return f" {' '.join(words(canon(text)))} "
