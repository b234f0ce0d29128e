"""What of an article is searched, and where one passage ends.

A phrase lies within one passage: one line of the title, the lead, the text (a paragraph, a
heading, an item of a list, a row of a table), one caption, one name of the byline, one tag.
The index and the matcher both read articles through this module only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hanoiwatch.model import Content
from hanoiwatch.query.tree import Field
from hanoiwatch.text import nfc


@dataclass(frozen=True, slots=True)
class Passage:
    """``text`` stands at ``start`` of item ``item`` (which caption, name or tag) of ``field``.

    Both are of the NFC text of the item, whatever its article was recorded in.
    """

    field: Field
    item: int
    start: int
    text: str


def passages(content: Content) -> Iterator[Passage]:
    """The passages in the order in which the article is read. Credits are not among them."""
    yield from _lines("title", 0, content.title)
    yield from _lines("lead", 0, content.lead)
    yield from _lines("text", 0, content.text)
    for item, image in enumerate(content.images):
        yield from _lines("caption", item, image.caption)
    for item, name in enumerate(content.byline):
        yield from _lines("byline", item, name)
    for item, tag in enumerate(content.tags):
        yield from _lines("tag", item, tag)


def _lines(field: Field, item: int, text: str) -> Iterator[Passage]:
    start = 0
    for line in nfc(text).split("\n"):
        if line:
            yield Passage(field, item, start, line)
        start += len(line) + 1


def lines_by_field(content: Content) -> tuple[Sequence[str], ...]:
    """What `passages` tells apart, for each field in the order of `FIELDS`: as recorded, without
    places. A line that holds nothing but invisible characters is among them: it is no passage.
    """
    return (
        _filled(content.title),
        _filled(content.lead),
        _filled(content.text),
        _filled("\n".join([image.caption for image in content.images])),
        _filled("\n".join(content.byline)),
        _filled("\n".join(content.tags)),
    )


def _filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]
