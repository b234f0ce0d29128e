"""How far a run is, and what went wrong in it, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hanoiwatch.model import OUTCOMES, Outcome


@dataclass(slots=True)
class Tally:
    """Counts of one run. ``due``: pages taken up; each of them ends exactly once."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    listed: int = 0
    due: int = 0
    requests: int = 0
    browser: Counter[str] = field(default_factory=Counter)
    """Pages that a browser showed (``rendered``), and what became of their requests."""
    problems: list[str] = field(default_factory=list)
    """What the operator should know, a sentence each, without repetition."""

    def problem(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)

    def counts(self) -> dict[str, int]:
        """For progress, the report and the run ledger."""
        return {
            "listed": self.listed,
            "due": self.due,
            "ended": self.outcomes.total(),
            "requests": self.requests,
            **{name: self.outcomes[name] for name in OUTCOMES["fetch"]},
            **self._browser_counts(),
        }

    def _browser_counts(self) -> dict[str, int]:
        """None where no page was shown."""
        if not self.browser["rendered"]:
            return {}
        kept = ("not loaded", "tracker")
        return {
            "rendered": self.browser["rendered"],
            "page-requests": self.browser["let out"] + self.browser["documents"],
            "page-requests-not-loaded": sum(self.browser[word] for word in kept),
            "page-requests-refused": self.browser["refused"] + self.browser["too many"],
        }
