"""Telling alerts beside the crawls: in a thread of its own, so that a slow channel delays none.

Whatever happens here, the alerts are in the record: the next pass goes on from there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from hanoiwatch.alerts.delivering import Delivered
from hanoiwatch.app import App, open_app
from hanoiwatch.clock import now
from hanoiwatch.config import Config
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.log import logger
from scheduler.noticing import tell_operator

EVERY_SECONDS = 30.0
"""How often it looks for digests that have come due, quiet hours that have ended, retries."""
LOOKED_AFTER = timedelta(minutes=5)
"""How often it looks, between crawls, for what the operator should know."""
SWEPT_EVERY = timedelta(hours=24)
ENDS_WITHIN_SECONDS = 3.0
"""What is being sent when the service ends may take so long; the ledger knows about the rest."""


def tell(app: App, now: datetime, *, seconds: float | None = None) -> Delivered:
    """Notes what the operator should know, then makes messages and sends what is due.

    Trouble with the first holds nothing back of the second.
    """
    tell_the_operator(app, now)
    return app.tell_alerts(seconds=seconds)


def tell_the_operator(app: App, now: datetime) -> None:
    try:
        tell_operator(app, app.chosen_sources(()), now)
    except HanoiwatchError as error:
        logger(__name__).warning("the operator is not told", reason=str(error))


class Telling:
    """Call `nudge` after a crawl; `stop` ends it."""

    def __init__(self, config: Config, clock: Callable[[], datetime] = now) -> None:
        self._config, self._clock = config, clock
        self._swept_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._wanted, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="telling", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Something may have been found: look now."""
        self._looked_at = None
        self._wanted.set()

    def stop(self) -> None:
        self._stopping.set()
        self._wanted.set()
        self._thread.join(ENDS_WITHIN_SECONDS)

    def tell(self) -> None:
        """One pass: the sweep where it is due, then messages and what is due of them."""
        with open_app(self._config) as app:
            if self._sweep_is_due():
                from hanoiwatch.alerts.sweep import sweep

                swept = sweep(app.alerts)
                self._swept_at = self._clock()
                logger(__name__).info("swept", changes=swept.changes, missed=swept.missed)
            if self._look_is_due():
                self._looked_at = self._clock()
                tell_the_operator(app, self._looked_at)
            told = app.tell_alerts()
        if told.sent or told.problems:
            logger(__name__).info("told", sent=told.sent, problems=told.problems)

    def _sweep_is_due(self) -> bool:
        """At the start and a day after the last one; also where the clock was set back."""
        return self._swept_at is None or abs(self._clock() - self._swept_at) >= SWEPT_EVERY

    def _look_is_due(self) -> bool:
        looked = self._looked_at
        return looked is None or abs(self._clock() - looked) >= LOOKED_AFTER

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.clear()
            try:
                self.tell()
            except HanoiwatchError as error:
                logger(__name__).warning("alerts wait", reason=str(error))
            except Exception:  # noqa: BLE001 - crawls go on whatever a channel or a rule does
                logger(__name__).exception("telling broke")
            self._wanted.wait(EVERY_SECONDS)
