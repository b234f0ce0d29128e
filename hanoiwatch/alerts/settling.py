"""From alerts to messages: copies, floods, digests, quiet hours.

Done when the stories of what is told are known: after a crawl, and by every `alerts deliver`.
Each rule is one transaction, in which its alerts get their message or their reason for none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from hanoiwatch.alerts.copies import copy_told
from hanoiwatch.alerts.moments import after_quiet, last_digest
from hanoiwatch.alerts.rule import IMMEDIATELY, Rule
from hanoiwatch.store import Record
from hanoiwatch.store.alerts import known_rules
from hanoiwatch.store.engine import write
from hanoiwatch.store.messages import MessageKind
from hanoiwatch.store.tellings import (
    FreshAlert,
    NewMessage,
    add_message,
    fresh_alerts,
    serve_digest,
    suppress_copy,
)

STORY_WAIT = timedelta(minutes=15)
"""For the story of a new article: it is found within seconds, unless its page breaks that stage."""
RUN_WAIT = timedelta(hours=6)
"""For the end of the runs, whose old articles go into one message: twice the longest crawl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of alerts: messages made, and alerts suppressed as copies."""

    messages: int = 0
    copies: int = 0


def settle(record: Record, rules: Collection[Rule], now: datetime) -> Settled:
    """Makes the messages that can be made now. A rule whose file is wrong waits for it."""
    by_id = {rule.id: rule for rule in rules}
    messages = copies = 0
    for name in record.messages.rules_with_fresh():
        if name in by_id:
            with write(record.engine) as connection:
                made, suppressed = _settle_rule(connection, by_id[name], now)
            messages, copies = messages + made, copies + suppressed
    return Settled(messages=messages, copies=copies)


def _settle_rule(connection: Connection, rule: Rule, now: datetime) -> tuple[int, int]:
    fresh = fresh_alerts(connection, rule.id, now - RUN_WAIT)
    ready = [alert for alert in fresh if is_ready(alert, now)]
    moment = _digest_moment(connection, rule, ready, now)
    if not ready or (rule.digest != IMMEDIATELY and moment is None):
        return 0, 0
    told: list[FreshAlert] = []
    for alert in ready:
        copy = copy_told(connection, alert, told)
        if copy is None:
            told.append(alert)
        else:
            suppress_copy(connection, alert.id, copy)
    messages = list(_messages(rule, told, now))
    for message in messages:
        add_message(connection, message, now)
    if moment is not None:
        serve_digest(connection, rule.id, moment)
    return len(messages), len(ready) - len(told)


def is_ready(alert: FreshAlert, now: datetime) -> bool:
    """Whether all is known that decides about it."""
    waited = now - alert.at
    if alert.old and not alert.run_ended and waited < RUN_WAIT:
        return False
    return alert.kind != "new" or alert.signed or waited >= STORY_WAIT


def _digest_moment(
    connection: Connection, rule: Rule, ready: Sequence[FreshAlert], now: datetime
) -> datetime | None:
    """The digest's moment that is to be served now; None: there is none."""
    if rule.digest == IMMEDIATELY or not ready:
        return None
    moment = last_digest(rule.digest, now)
    served = known_rules(connection)[rule.id].digest_at
    return moment if moment > served and ready[0].at <= moment else None


def _messages(rule: Rule, told: Sequence[FreshAlert], now: datetime) -> Iterator[NewMessage]:
    if rule.digest != IMMEDIATELY:
        if told:
            yield _message(rule, "digest", told, now)
        return
    for alert in told:
        if not alert.old:
            yield _message(rule, "single", [alert], now)
    old = [alert for alert in told if alert.old]
    if old:
        yield _message(rule, "summary", old, now)


def _message(
    rule: Rule, kind: MessageKind, alerts: Sequence[FreshAlert], now: datetime
) -> NewMessage:
    return NewMessage(
        key=message_key(rule.id, alerts),
        rule=rule.id,
        title=rule.title,
        kind=kind,
        alerts=tuple(alert.id for alert in alerts),
        channels=rule.channels,
        next_at=after_quiet(now, rule.quiet_hours),
    )


def message_key(rule: str, alerts: Sequence[FreshAlert]) -> str:
    """The same for the same message for ever, and no other's."""
    said = [rule]
    said += [f"{one.article_id} {one.kind} {one.revision} {one.sequence}" for one in alerts]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
