"""What an article links to, as text: who, which body, what about, and the words that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hanoiwatch.articlejson import links_json
from hanoiwatch.clock import HANOI
from hanoiwatch.model import (
    Article,
    BodyLink,
    Content,
    Links,
    Mention,
    MentionField,
    OfficialLink,
    TopicLink,
)

if TYPE_CHECKING:
    from hanoiwatch.store.corrections import Correction

COLUMNS = (
    "kind", "id", "name", "post", "field", "item", "start", "end", "words", "rule", "confidence",
)  # fmt: skip
"""Of `show --links`: a line a mention."""


def link_fields(links: Links) -> Iterator[str]:
    """Three lines at most, each with everything of its kind; a name that only unsure words
    made has a question mark."""
    sure = links.counted()
    for label, all_, counted in (
        ("officials", links.officials, sure.officials),
        ("bodies", links.bodies, sure.bodies),
        ("topics", links.topics, sure.topics),
    ):
        if all_:
            said = ", ".join(_named(link, unsure=link not in counted) for link in all_)
            yield f"{label}: {said}"


def _named(link: OfficialLink | BodyLink | TopicLink, *, unsure: bool) -> str:
    post = f" ({link.post})" if isinstance(link, OfficialLink) and link.post else ""
    return f"{link.name}{post}{'?' if unsure else ''}"


def link_rows(article: Article) -> list[dict[str, Any]]:
    """Every mention with its link, by `COLUMNS`."""
    shown = links_json(article.links)
    return [
        {
            "kind": kind,
            "id": link["id"],
            "name": link["name"],
            "post": link.get("post"),
            "words": mention["text"],
            **{name: mention[name] for name in ("field", "item", "start", "end", "rule")},
            "confidence": mention["confidence"],
        }
        for kind, field in (("official", "officials"), ("body", "bodies"), ("topic", "topics"))
        for link in shown[field]
        for mention in link["mentions"]
    ]


def correction_line(correction: Correction) -> str:
    """What a person said about a link of the article."""
    because = f": {correction.because}" if correction.because else ""
    return (
        f"correction {correction.id}: {correction.kind}:{correction.target} is {correction.says} "
        f"({correction.by}, {correction.at.astimezone(HANOI):%Y-%m-%d}{because})"
    )


# --- the words within the text -----------------------------------------------------------------

Spans = Sequence[tuple[int, int]]
"""Stretches of a text that name something, ascending, none within another."""


@dataclass(frozen=True, slots=True)
class LinkedWords:
    """Where the fields of an article name something of the registry."""

    links: Links
    content: Content

    def of(self, field: MentionField, item: int = 0) -> Spans:
        return _joined(
            (mention.start, mention.end)
            for mention in self._mentions()
            if (mention.field, mention.item) == (field, item) and mention.end > mention.start
        )

    def of_blocks(self) -> Iterator[Spans]:
        """Of each block's own text; of a picture's none: its caption is a field."""
        spans, start = self.of("text"), 0
        for block in self.content.blocks:
            if block.kind == "image":
                yield ()
                continue
            end = start + len(block.text)
            yield within(spans, start, end)
            start = end + 1

    def _mentions(self) -> Iterator[Mention]:
        for links in (self.links.officials, self.links.bodies, self.links.topics):
            for link in links:
                yield from link.mentions


def within(spans: Spans, start: int, end: int) -> Spans:
    """What of the stretches lies in a part of the text, counted from its beginning."""
    return [
        (max(first, start) - start, min(last, end) - start)
        for first, last in spans
        if first < end and last > start
    ]


def _joined(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def parts(text: str, spans: Spans) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it names something."""
    bounds = [0, *(bound for span in spans for bound in span), len(text)]
    for number, (start, end) in enumerate(pairwise(bounds)):
        if end > start:
            yield text[start:end], number % 2 == 1
