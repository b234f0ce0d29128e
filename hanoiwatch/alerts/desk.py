"""The rules of a desk, as its files say now and as the record knows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from hanoiwatch.alerts.evaluating import ActiveRules, Evaluator, LinksOf, no_links
from hanoiwatch.alerts.files import Known, RuleBook, load_rules
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.alerts.ruleindex import RuleIndex
from hanoiwatch.alerts.wording import ArticleWords
from hanoiwatch.store import Record
from hanoiwatch.store.alerts import KnownRule, RuleHead, known_rules, position, sync_rules
from hanoiwatch.store.engine import read, write

SAMPLE = 200
"""Of the newest articles: they tell which words are common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskParts:
    """What alerts work with, as the app builds it."""

    record: Record
    directory: Path
    known: Known
    clock: Callable[[], datetime]
    links_of: LinksOf = no_links


class AlertDesk:
    """Loads rules and evaluates them."""

    def __init__(self, parts: DeskParts) -> None:
        self.parts = parts

    @cached_property
    def evaluator(self) -> Evaluator:
        """Rules are loaded when it is first asked, and again when they have changed."""
        return Evaluator(self._active, self.parts.links_of)

    def book(self) -> RuleBook:
        """The rules as their files say now. Raises SourceFileError for an unreadable folder."""
        return load_rules(self.parts.directory, self.parts.known)

    def sync(self) -> RuleBook:
        """Brings the record up to the files; from here on a new rule is evaluated."""
        book = self.book()
        with read(self.parts.record.engine) as connection:
            current = is_current(connection, book)
        if not current:
            with write(self.parts.record.engine) as connection:
                sync_rules(connection, heads(book.rules), book.faults, self.parts.clock())
        return book

    def _active(self, connection: Connection) -> ActiveRules:
        """Within the evaluator's transaction. The files are those that the record has noted."""
        book = self.book()
        if not is_current(connection, book):
            sync_rules(connection, heads(book.rules), book.faults, self.parts.clock())
        _, generation = position(connection)
        return active_rules(book, known_rules(connection), generation, self._sample)

    def _sample(self) -> list[ArticleWords]:
        articles = self.parts.record.articles
        last = articles.last_rowid()
        newest = articles.stream(after=last - SAMPLE, upto=last)
        return [ArticleWords(article.content) for article in newest]


def active_rules(
    book: RuleBook,
    known: dict[str, KnownRule],
    generation: int,
    sample: Callable[[], Sequence[ArticleWords]] = tuple,
) -> ActiveRules:
    """Those that are evaluated: neither paused nor wrong."""
    rules = [rule for rule in book.rules if not rule.paused and rule.id in known]
    return ActiveRules(
        index=RuleIndex(rules, sample() if rules else ()),
        began={rule.id: known[rule.id].began_sequence for rule in rules},
        generation=generation,
    )


def heads(rules: Sequence[Rule]) -> list[RuleHead]:
    return [RuleHead(id=rule.id, meaning=rule.meaning, paused=rule.paused) for rule in rules]


def is_current(connection: Connection, book: RuleBook) -> bool:
    """Whether the record knows these rules as they are."""
    known = {
        one.id: (one.meaning, one.state == "paused")
        for one in known_rules(connection).values()
        if one.state != "removed"
    }
    said = {rule.id: (rule.meaning, rule.paused) for rule in book.rules}
    faulty = {name: known[name] for name in book.faults if name in known}
    return known == said | faulty
