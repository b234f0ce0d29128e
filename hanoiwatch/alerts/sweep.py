"""The proof that no alert was missed: the change log evaluated a second time, from each rule's own
last proof on, by the readings of the first time.

What is found that was not is an alert like any other, and says how it was found. A rule whose file
was wrong for a while is made up for in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from hanoiwatch.alerts.desk import AlertDesk, active_rules
from hanoiwatch.alerts.evaluating import AT_ONCE, ActiveRules, alerts_of
from hanoiwatch.store.alerts import (
    alert_changes,
    contents_of,
    keep_alerts,
    keep_swept,
    known_rules,
    position,
)
from hanoiwatch.store.engine import write

FOUND_BY_SWEEP = "found by the sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """``changes`` were looked at for ``rules``; ``missed`` alerts had not been found before."""

    rules: int
    changes: int
    missed: int


def sweep(desk: AlertDesk, *, whole: bool = False) -> Swept:
    """Evaluates what waits, then proves every active rule; ``whole``: since each began."""
    record, now = desk.parts.record, desk.parts.clock()
    book = desk.sync()
    with write(record.engine) as connection:
        desk.evaluator(connection, now)
        upto, generation = position(connection)
        known = known_rules(connection)
    rules = active_rules(book, known, generation)
    if not whole:
        rules = replace(rules, began={name: known[name].swept_sequence for name in rules.began})
    changes = missed = 0
    after = min(rules.began.values(), default=upto)
    while after < upto:
        with write(record.engine) as connection:
            looked, found, after = _sweep_some(desk, connection, rules, after, upto, now)
        changes, missed = changes + looked, missed + found
    with write(record.engine) as connection:
        keep_swept(connection, rules.began, upto)
    return Swept(rules=len(rules.began), changes=changes, missed=missed)


def _sweep_some(
    desk: AlertDesk,
    connection: Connection,
    rules: ActiveRules,
    after: int,
    upto: int,
    now: datetime,
) -> tuple[int, int, int]:
    """Some changes from just behind ``after``: how many, how many alerts were missed, and up to
    which change."""
    some = alert_changes(connection, after=after, upto=upto, limit=AT_ONCE)
    if not some:
        return 0, 0, upto
    before = contents_of(connection, {one.before_id for one in some if one.before_id})
    missed = 0
    for change in some:
        links = desk.parts.links_of(connection, change)
        found = alerts_of(rules, change, before.get(change.before_id or 0), links)
        reasoned = [replace(alert, reason=FOUND_BY_SWEEP) for alert in found]
        missed += keep_alerts(connection, reasoned, now)
    return len(some), missed, some[-1].sequence
