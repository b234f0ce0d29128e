"""What a rule would have sent, had it been there: asked of the change log, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from hanoiwatch.alerts.copies import matching_sentences, says_all
from hanoiwatch.alerts.desk import AlertDesk
from hanoiwatch.alerts.evaluating import AT_ONCE, ActiveRules, alerts_of
from hanoiwatch.alerts.found import found_from, words_found
from hanoiwatch.alerts.moments import next_digest
from hanoiwatch.alerts.rule import IMMEDIATELY, AlertKind, Rule
from hanoiwatch.alerts.ruleindex import RuleIndex
from hanoiwatch.model import Content
from hanoiwatch.store.alerts import AlertChange, NewAlert
from hanoiwatch.store.engine import read

Sent = Literal["single", "summary", "digest", "copy"]

TOO_MUCH = 0.2
"""Of the articles: a rule that matches more is no alert but a second newspaper."""
TOO_FEW = 20
"""Articles of which a share says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An alert that there would have been. ``sent``: in which kind of message, or as a copy not
    at all."""

    at: datetime
    kind: AlertKind
    sent: Sent
    article_id: str
    url: str
    source: str
    title: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Trial:
    """``articles``: how many there were; ``matched``: how many of them the rule matched."""

    since: datetime
    until: datetime
    articles: int = 0
    matched: int = 0
    messages: int = 0
    alerts: list[Tried] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.matched / self.articles if self.articles else 0.0

    @property
    def is_too_much(self) -> bool:
        return self.articles >= TOO_FEW and self.share > TOO_MUCH

    @property
    def per_week(self) -> float:
        """Messages a week."""
        weeks = (self.until - self.since) / timedelta(days=7)
        return self.messages / weeks if weeks > 0 else 0.0


def try_rule(desk: AlertDesk, rule: Rule, since: datetime) -> Trial:
    """Every change since ``since``, as the rule would have met it."""
    trial = Trial(since=since, until=desk.parts.clock())
    rule = replace(rule, paused=False)
    rules = ActiveRules(index=RuleIndex([rule]), began={rule.id: 0}, generation=0)
    telling = _Telling(rule)
    for change, alert in _asked(desk, rules, trial):
        tried = telling.tell(alert)
        trial.alerts.append(tried)
        if change.kind == "new":
            trial.matched += 1
    trial.messages = telling.messages
    return trial


def _asked(
    desk: AlertDesk, rules: ActiveRules, trial: Trial
) -> Iterator[tuple[AlertChange, NewAlert]]:
    alerts = desk.parts.record.alerts
    after = alerts.change_at_or_after(trial.since)
    while changes := alerts.changes(after=after, limit=AT_ONCE):
        after = changes[-1].sequence
        trial.articles += sum(change.kind == "new" for change in changes)
        before = alerts.contents({one.before_id for one in changes if one.before_id})
        for change in changes:
            with read(desk.parts.record.engine) as connection:
                links = desk.parts.links_of(connection, change)
            for alert in alerts_of(rules, change, before.get(change.before_id or 0), links):
                yield change, alert


class _Telling:
    """Counts messages as `hanoiwatch.alerts.settling` makes them, a run of old ones as one."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._stories: dict[str, list[tuple[int, Content]]] = {}
        self._summaries: set[int | None] = set()
        self._digests: set[datetime] = set()
        self._singles = 0

    @property
    def messages(self) -> int:
        return self._singles + len(self._summaries) + len(self._digests)

    def tell(self, alert: NewAlert) -> Tried:
        change = alert.change
        return Tried(
            at=change.at,
            kind=change.kind,
            sent=self._sent(alert),
            article_id=change.article_id,
            url=change.url,
            source=change.source,
            title=change.content.title,
            words=words_found(found_from(alert.found).places, change.content),
        )

    def _sent(self, alert: NewAlert) -> Sent:
        change = alert.change
        told = self._stories.setdefault(change.story_id, []) if change.story_id else []
        others = (content for article, content in told if article != change.article)
        if change.kind == "new" and _has_all(others, alert):
            return "copy"
        told.append((change.article, change.content))
        if self._rule.digest != IMMEDIATELY:
            self._digests.add(next_digest(self._rule.digest, change.at))
            return "digest"
        if alert.old:
            self._summaries.add(change.run_id)
            return "summary"
        self._singles += 1
        return "single"


def _has_all(others: Iterable[Content], alert: NewAlert) -> bool:
    sentences = matching_sentences(alert.found, alert.change.content)
    return any(says_all(content, sentences) for content in others)
