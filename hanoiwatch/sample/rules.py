"""Which requests are answered in another way than the outlet would.

A `Misbehaviour` gets the request and the reply that the outlet would give, and returns the one
that goes out; `hanoiwatch.sample.misbehaviours` has many.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern

from hanoiwatch.sample.http import Reply, Request

Misbehaviour = Callable[[Request, Reply], Reply]


@dataclass(slots=True)
class _Rule:
    pattern: Pattern[str]
    misbehaviour: Misbehaviour
    times: int | None
    after: int


class Rules:
    """The rules now in force; safe to change while requests are judged."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: tuple[_Rule, ...] = ()

    def add(
        self, pattern: Pattern[str], misbehaviour: Misbehaviour, *, times: int | None, after: int
    ) -> None:
        rule = _Rule(pattern=pattern, misbehaviour=misbehaviour, times=times, after=after)
        with self._lock:
            self._rules = (rule, *self._rules)

    def clear(self) -> None:
        with self._lock:
            self._rules = ()

    def judge(self, request: Request, normal: Reply) -> Reply:
        """``normal``, or what the newest rule that applies makes of it."""
        if not self._rules:
            return normal
        rule = self._applying(request.target)
        return normal if rule is None else rule.misbehaviour(request, normal)

    def _applying(self, target: str) -> _Rule | None:
        with self._lock:
            for rule in self._rules:
                if rule.times == 0 or not rule.pattern.search(target):
                    continue
                if rule.after:
                    rule.after -= 1
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None
