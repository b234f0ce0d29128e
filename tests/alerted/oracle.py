"""What should have been told, read from the record afterwards and matched one by one.

It shares no code with the program's matcher, its comparison of texts or its settling: only the
record's rows, and what the documentation promises of a rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from hanoiwatch.clock import from_stored
from hanoiwatch.model import Content
from hanoiwatch.store import Record
from hanoiwatch.store.engine import read
from hanoiwatch.store.readings import decode_content
from tests.alerted.rules import AskedRule, Words, words

OLD = timedelta(days=7)
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|\n")
_ABBREVIATION = re.compile(r"\b[BCDĐFGHKLMNPQRSTVX]{1,6}\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """One article as a message tells it. ``revision`` of edits alone."""

    kind: str
    url: str
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A line of the change log with what the article said then and before."""

    kind: str
    article: int
    url: str
    source: str
    story: str | None
    revision: int
    old: bool
    content: Content
    before: Content | None

    @property
    def told(self) -> Told:
        return Told(self.kind, self.url, self.revision if self.kind == "edited" else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """By rule: what is told, what of it in summaries of old articles, and what is a copy."""

    told: tuple[Told, ...]
    old: frozenset[Told]
    copies: frozenset[Told]


def happened(record: Record) -> list[Happened]:
    """Every change that alerts may tell of, in order."""
    with read(record.engine) as connection:
        revisions = {
            (row.article, row.number): decode_content(row.content)
            for row in connection.execute(_REVISIONS)
        }
        return [_happened(row, revisions) for row in connection.execute(_CHANGES)]


def _happened(row, revisions: dict[tuple[int, int], Content]) -> Happened:
    content = revisions[row.article, row.revision]
    seen: datetime = from_stored(row.first_seen_at)
    published = content.published_at
    return Happened(
        kind=row.kind,
        article=row.article,
        url=row.url,
        source=row.source,
        story=row.story_id,
        revision=row.revision,
        old=row.kind == "new" and published is not None and seen - published > OLD,
        content=content,
        before=revisions.get((row.article, row.revision - 1)) if row.kind == "edited" else None,
    )


_REVISIONS = text(
    "SELECT revision.article, revision.number, reading.content FROM revision "
    "JOIN reading ON reading.id = revision.reading_id"
)
_CHANGES = text(
    "SELECT change.kind, change.article, change.revision, article.url, article.source, "
    "article.story_id, article.first_seen_at FROM change "
    "JOIN article ON article.rowid_ = change.article "
    "WHERE change.kind IN ('new', 'edited', 'withdrawn') ORDER BY change.sequence"
)


def expect(rule: AskedRule, everything: list[Happened]) -> Expected:
    told: list[Happened] = []
    copies: set[Told] = set()
    for one in everything:
        if not _concerns(rule, one):
            continue
        if one.kind == "new" and _is_copy(rule, one, told):
            copies.add(one.told)
        else:
            told.append(one)
    return Expected(
        told=tuple(one.told for one in told),
        old=frozenset(one.told for one in told if one.old),
        copies=frozenset(copies),
    )


def _concerns(rule: AskedRule, one: Happened) -> bool:
    if one.kind not in rule.on or (rule.sources and one.source not in rule.sources):
        return False
    if not rule.matches(one.content):
        return False
    if one.kind != "edited" or one.before is None:
        return True
    return not rule.matches(one.before) or _edit_says(rule, one.before, one.content)


def _edit_says(rule: AskedRule, old: Content, new: Content) -> bool:
    """Whether a sentence that came, went or changed holds words that the rule asks for."""
    assert rule.wants is not None, "no rule of this month tells edits without a query"
    before, after = Counter(sentences(old)), Counter(sentences(new))
    changed = (before - after) + (after - before)
    return any(rule.wants(field, words(rule.spell(said))) for field, said in changed)


def sentences(content: Content) -> Iterator[tuple[str, str]]:
    """Field and sentence, spaces evened out."""
    texts = [("title", content.title), ("lead", content.lead)]
    texts += [("text", block.text) for block in content.blocks if block.kind != "image"]
    texts += [("caption", image.caption) for image in content.images]
    for field, said in texts:
        yield from ((field, " ".join(one.split())) for one in _cut(said) if one.strip())


def _cut(said: str) -> list[str]:
    parts: list[str] = []
    for part in _END.split(said):
        if parts and _ABBREVIATION.search(parts[-1]):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return parts


def _is_copy(rule: AskedRule, one: Happened, told: list[Happened]) -> bool:
    """Whether an article of the same story was told and has every matching sentence."""
    if one.story is None or rule.wants is None:
        return False
    asked = [
        words(rule.spell(said))
        for field, said in (*sentences(one.content), *_labels(one.content))
        if rule.wants(field, words(rule.spell(said)))
    ]
    others = (
        other
        for other in told
        if other.story == one.story and other.article != one.article and other.kind != "withdrawn"
    )
    return bool(asked) and any(_says_all(rule, other.content, asked) for other in others)


def _labels(content: Content) -> Iterator[tuple[str, str]]:
    """What is matched and is no part of the text that an edit changes."""
    yield from (("byline", name) for name in content.byline)
    yield from (("tag", tag) for tag in content.tags)


def _says_all(rule: AskedRule, content: Content, asked: list[Words]) -> bool:
    texts = [content.title, content.lead, *(image.caption for image in content.images)]
    texts += [block.text for block in content.blocks if block.kind != "image"]
    texts += [text for _, text in _labels(content)]
    said = [f" {' '.join(words(rule.spell(one)))} " for one in texts]
    return all(any(f" {' '.join(one)} " in text for text in said) for one in asked)
