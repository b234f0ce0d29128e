"""The record: one SQLite database, opened as a `Record`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from hanoiwatch.store.alerts import Alerts
from hanoiwatch.store.articles import Articles
from hanoiwatch.store.attention import Attention
from hanoiwatch.store.candidates import Candidates
from hanoiwatch.store.captures import Captures
from hanoiwatch.store.corrections import Corrections
from hanoiwatch.store.drift import Drifts
from hanoiwatch.store.engine import BUSY_TIMEOUT_SECONDS, open_engine
from hanoiwatch.store.frontier import Frontier
from hanoiwatch.store.history import History
from hanoiwatch.store.hosts import Hosts
from hanoiwatch.store.launches import Launches
from hanoiwatch.store.ledger import Ledger
from hanoiwatch.store.linking import Linkings
from hanoiwatch.store.listings import Listings
from hanoiwatch.store.messages import Messages
from hanoiwatch.store.notices import Notices
from hanoiwatch.store.readings import Readings
from hanoiwatch.store.rereadings import Rereadings
from hanoiwatch.store.runs import Runs
from hanoiwatch.store.scopes import Scopes
from hanoiwatch.store.sources import KnownSources
from hanoiwatch.store.stories import Stories
from hanoiwatch.store.takedowns import Takedowns
from hanoiwatch.store.vanished import Vanished
from hanoiwatch.store.verdicts import Verdicts

_LITTLE_KILOBYTES = 1000


class Record:
    """The record's parts, by noun. Safe to use from several threads; close it when done."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.frontier = Frontier(engine)
        self.captures = Captures(engine)
        self.hosts = Hosts(engine)
        self.runs = Runs(engine)
        self.launches = Launches(engine)
        self.attention = Attention(engine)
        self.readings = Readings(engine)
        self.rereadings = Rereadings(engine)
        self.articles = Articles(engine)
        self.history = History(engine)
        self.ledger = Ledger(engine)
        self.sources = KnownSources(engine)
        self.scopes = Scopes(engine)
        self.stories = Stories(engine)
        self.linkings = Linkings(engine)
        self.corrections = Corrections(engine)
        self.candidates = Candidates(engine)
        self.vanished = Vanished(engine)
        self.listings = Listings(engine)
        self.drifts = Drifts(engine)
        self.verdicts = Verdicts(engine)
        self.alerts = Alerts(engine)
        self.messages = Messages(engine)
        self.notices = Notices(engine)
        self.takedowns = Takedowns(engine)

    @classmethod
    def open(cls, path: Path, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Record:
        """Opens the record at ``path``, making or migrating it where needed."""
        return cls(open_engine(path, busy_timeout_seconds=busy_timeout_seconds))

    def keep_little(self) -> None:
        """From here on little of what is read stays in memory: for who reads everything once."""
        with self.engine.connect() as connection:  # the pool's one, where one thread reads
            connection.exec_driver_sql(f"PRAGMA cache_size = -{_LITTLE_KILOBYTES}")

    def close(self) -> None:
        self.engine.dispose()
