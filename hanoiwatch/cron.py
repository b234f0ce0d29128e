"""When a cron expression fires: APScheduler's trigger, with cron's own meaning of weekdays.

The timetable of crawls and the digests of alerts ask the same class.

APScheduler counts weekdays from Monday and wants day and weekday both; cron counts from Sunday
and takes either where both are given. So each field is handed over as the values it stands for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hanoiwatch.sources.cron import cron_values, is_restricted

if TYPE_CHECKING:
    from apscheduler.triggers.base import BaseTrigger

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INSTANT = timedelta(microseconds=1)


class Cron:
    """A five-field expression that `cron_fault` finds nothing wrong with, in a time zone."""

    def __init__(self, expression: str, timezone: str) -> None:
        self.expression = expression
        self.zone = ZoneInfo(timezone)

    def next_after(self, moment: datetime) -> datetime:
        """The first moment strictly after ``moment`` at which it fires, in UTC.

        Where the zone's clock is set back, an expression of fixed hours fires once; where it is
        set forward over the time, as much later.
        """
        fire = self._fire(moment)
        while fire.fold and self._has_fixed_hours:
            fire = self._fire(fire)
        return fire.astimezone(UTC)

    def last_at(self, moment: datetime) -> datetime:
        """The last moment at or before ``moment`` at which it fired, in UTC.

        A trigger only looks forward: the time looked back over is doubled until it fired in it.
        """
        back = timedelta(minutes=2)
        while (fire := self.next_after(moment - back)) > moment:
            back *= 2
        while (later := self.next_after(fire)) <= moment:
            fire = later
        return fire

    def _fire(self, after: datetime) -> datetime:
        # in UTC: an addition to a local time knows nothing of `fold`
        instant = (after.astimezone(UTC) + _INSTANT).astimezone(self.zone)
        fire: datetime | None = self._trigger.get_next_fire_time(None, instant)
        assert fire is not None, "a cron expression without an end fires again"
        return fire

    @property
    def _has_fixed_hours(self) -> bool:
        return is_restricted(self.expression.split()[1])

    @cached_property
    def _trigger(self) -> BaseTrigger:
        from apscheduler.triggers.combining import OrTrigger
        from apscheduler.triggers.cron import CronTrigger

        _, _, day, _, weekday = self.expression.split()
        values = cron_values(self.expression)
        common = {
            "minute": _listed(values.minute), "hour": _listed(values.hour),
            "month": _listed(values.month), "timezone": self.zone,
        }  # fmt: skip
        days = {"day": _listed(values.day)}
        weekdays = {"day_of_week": ",".join(sorted({_WEEKDAYS[one] for one in values.weekday}))}
        if is_restricted(day) and is_restricted(weekday):
            return OrTrigger([CronTrigger(**common, **days), CronTrigger(**common, **weekdays)])
        return CronTrigger(**common, **days, **weekdays)


def _listed(values: frozenset[int]) -> str:
    return ",".join(map(str, sorted(values)))
