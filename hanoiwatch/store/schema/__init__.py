"""The record's tables. Every arrow of the data flow is a table with a done-mark.

Times are text in UTC, fixed width (`hanoiwatch.clock.to_stored`), so that text order is time
order. Days are Hanoi days, ``YYYY-MM-DD``. Migrations are in ``migrations/`` (Alembic); a test
asserts that they and this module describe the same tables.
"""

from __future__ import annotations

from hanoiwatch.store.schema.alerts import (
    alert,
    alert_delivery,
    alert_evaluation,
    alert_message,
    alert_position,
    alert_rule,
    notice,
)
from hanoiwatch.store.schema.articles import (
    address,
    article,
    change,
    held,
    revision,
    signature,
    takedown,
    takedown_page,
)
from hanoiwatch.store.schema.captures import (
    capture,
    drift,
    reading,
    rendering,
    shape,
    verdict,
    warc_file,
)
from hanoiwatch.store.schema.crawling import (
    gap,
    host,
    launch,
    origin,
    outcome,
    page,
    poll,
    quarantine,
    run,
    sighting,
    source,
    vanished,
)
from hanoiwatch.store.schema.links import (
    candidate,
    candidate_seen,
    correction,
    link_name,
    linked,
)
from hanoiwatch.store.schema.metadata import metadata

__all__ = [
    "address",
    "alert",
    "alert_delivery",
    "alert_evaluation",
    "alert_message",
    "alert_position",
    "alert_rule",
    "article",
    "candidate",
    "candidate_seen",
    "capture",
    "change",
    "correction",
    "drift",
    "gap",
    "held",
    "host",
    "launch",
    "link_name",
    "linked",
    "metadata",
    "notice",
    "origin",
    "outcome",
    "page",
    "poll",
    "quarantine",
    "reading",
    "rendering",
    "revision",
    "run",
    "shape",
    "sighting",
    "signature",
    "source",
    "takedown",
    "takedown_page",
    "vanished",
    "verdict",
    "warc_file",
]
