"""From the change log to alerts, in the transaction in which a revision is recorded.

The evaluator follows the change log from its own position, which moves in the same transaction:
whatever recorded a change, the next evaluation has it, and none has it twice. Nothing here asks
the search index. Re-readings, restorations and removals are no news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hanoiwatch.alerts.edits import changes_between, edit_concerns
from hanoiwatch.alerts.facets import NO_LINKS, Facts
from hanoiwatch.alerts.found import found_in, found_json
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.alerts.ruleindex import RuleIndex
from hanoiwatch.alerts.wording import ArticleWords
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.log import logger
from hanoiwatch.model import Content, Links
from hanoiwatch.query import SearchedContent
from hanoiwatch.store.alerts import (
    AlertChange,
    NewAlert,
    alert_changes,
    contents_of,
    keep_alerts,
    keep_evaluated,
    last_sequence,
    move_position,
    position,
    quarantine_alert,
)

OLD_AFTER = timedelta(days=7)
"""An article that is older at first sight was no news when we met it (design: alerts)."""

AT_ONCE = 200
"""Changes in memory together."""

LinksOf = Callable[[Connection, AlertChange], Links]
"""Who and what the article of a change is linked to."""


def no_links(_connection: Connection, _change: AlertChange) -> Links:
    return NO_LINKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRules:
    """The rules in force, ready to be asked, and since which change each is.

    ``generation``: of the record's rules when they were loaded.
    """

    index: RuleIndex
    began: Mapping[str, int]
    generation: int


LoadRules = Callable[[Connection], ActiveRules]


class Evaluator:
    """Evaluates what the change log has that was not evaluated; call it before the commit."""

    def __init__(self, load: LoadRules, links_of: LinksOf = no_links) -> None:
        self._load, self._links_of = load, links_of
        self._rules: ActiveRules | None = None

    def __call__(self, connection: Connection, now: datetime) -> None:
        """Everything up to the end of the log. An article that breaks it is quarantined."""
        sequence, generation = position(connection)
        last = last_sequence(connection)
        if sequence >= last:
            return
        if self._rules is None or self._rules.generation != generation:
            self._rules = self._load(connection)
        if self._rules.began:
            self._evaluate(connection, self._rules, sequence, now)
        move_position(connection, last)

    def _evaluate(
        self, connection: Connection, rules: ActiveRules, after: int, now: datetime
    ) -> None:
        after = max(after, min(rules.began.values()))
        while changes := alert_changes(connection, after=after, limit=AT_ONCE):
            after = changes[-1].sequence
            before = contents_of(connection, {one.before_id for one in changes if one.before_id})
            for change in changes:
                self._guarded(connection, rules, change, before, now)
            keep_evaluated(connection, changes)

    def _guarded(
        self,
        connection: Connection,
        rules: ActiveRules,
        change: AlertChange,
        before: Mapping[int, Content],
        now: datetime,
    ) -> None:
        try:
            links = self._links_of(connection, change)
            alerts = list(alerts_of(rules, change, before.get(change.before_id or 0), links))
        except (DBAPIError, HanoiwatchError):
            raise  # the record itself: nothing can be kept
        except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
            reason = f"evaluation broke: {type(error).__name__}"
            quarantine_alert(connection, change, reason, str(error), now)
            logger(__name__).warning(reason, article=change.article_id, sequence=change.sequence)
            return
        if alerts:
            keep_alerts(connection, alerts, now)


def alerts_of(
    rules: ActiveRules, change: AlertChange, before: Content | None, links: Links
) -> Iterator[NewAlert]:
    """What each rule that is concerned has to tell of a change."""
    facts = Facts(source=change.source, section=change.content.section, links=links)
    matching = [
        rule
        for rule in rules.index.matching(ArticleWords(change.content), facts)
        if change.kind in rule.on and change.sequence > rules.began.get(rule.id, change.sequence)
    ]
    searched = SearchedContent(change.content) if matching else None
    for rule in _concerned(matching, change, before, links):
        found = found_in(rule, searched or change.content, links)
        yield NewAlert(rule=rule.id, change=change, old=is_old(change), found=found_json(found))


def _concerned(
    matching: Sequence[Rule], change: AlertChange, before: Content | None, links: Links
) -> Sequence[Rule]:
    if not matching or change.kind != "edited" or before is None:
        return matching
    changed = changes_between(before, change.content)
    return [rule for rule in matching if edit_concerns(rule, before, changed, links)]


def is_old(change: AlertChange) -> bool:
    """Whether a new article was old already when it was first seen."""
    published = change.content.published_at
    if change.kind != "new" or published is None:
        return False
    return change.first_seen_at - published > OLD_AFTER
