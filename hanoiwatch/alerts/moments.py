"""When a message may go out: quiet hours, digests, the next attempt. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from hanoiwatch.alerts.rule import QuietHours
from hanoiwatch.clock import HANOI
from hanoiwatch.cron import Cron

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
)
"""After each failure; then `LATER`. A server that restarts is back in minutes, a mailbox that a
person must mend in a day or two."""
LATER = timedelta(hours=12)
GIVE_UP = timedelta(days=5)
"""After the message was made: as long as mail servers keep trying by custom (RFC 5321, 4.5.4.1)."""


def after_quiet(moment: datetime, quiet: QuietHours | None) -> datetime:
    """``moment``, or the end of the quiet hours that it falls into."""
    if quiet is None:
        return moment
    local = moment.astimezone(HANOI)
    minute = local.hour * 60 + local.minute
    crosses = quiet.end < quiet.start
    late, early = minute >= quiet.start, minute < quiet.end
    if not (late or early if crosses else late and early):
        return moment
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    days = 1 if crosses and late else 0
    end = midnight + timedelta(days=days, minutes=quiet.end)
    return end.astimezone(moment.tzinfo)


def last_digest(expression: str, now: datetime) -> datetime:
    """The latest moment of the cron expression at or before ``now``, by Hanoi's clock."""
    return Cron(expression, "Asia/Ho_Chi_Minh").last_at(now)


def next_digest(expression: str, after: datetime) -> datetime:
    """The first moment of the cron expression behind ``after``, by Hanoi's clock."""
    return Cron(expression, "Asia/Ho_Chi_Minh").next_after(after)


def next_attempt(attempts: int, now: datetime, made_at: datetime) -> datetime | None:
    """When to try again after so many failures; None: it is given up."""
    wait = BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else LATER
    again = now + wait
    return again if again - made_at <= GIVE_UP else None
