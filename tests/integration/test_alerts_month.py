"""A month of a desk with alerts: nothing is lost, and nothing doubled but as promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hanoiwatch.alerts import webhook
from hanoiwatch.app import open_app
from hanoiwatch.store.engine import read
from tests.alerted import sinks
from tests.alerted.month import KILLED, Lived, lived_through
from tests.alerted.oracle import Expected, Told, expect, happened
from tests.alerted.rules import RULES, AskedRule
from tests.month.paper import slug_of
from tests.month.plan import SECOND

SEED = 1
FEW = 8
"""Messages to the operator in a month with one outlet down for two nights and eight kills."""


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_each_rule_tells_in_a_month_what_an_oracle_reads_from_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 3.0)  # a sink that hangs costs no minutes
    with lived_through(tmp_path / "desk", SEED) as lived:
        print("\n".join(lived.log))
        assert len(lived.kills) == len(KILLED)
        assert list(missing(lived)) == []
        with open_app(lived.config) as app:
            everything = happened(app.record)
            assert app.record.messages.waiting() == 0
            assert app.record.messages.log(dead=True) == []
        wrong = [line for rule in RULES for line in judged(rule, expect(rule, everything), lived)]
        assert wrong == []
        operator = list(sinks.feeds(tmp_path / "desk" / "truc"))
        notices = noticed(lived)
        print(notices)
        assert [subject for _, kind, subject in notices if kind == "unreadable"] == [SECOND]
        assert len(operator) == len({message for message, _, _ in notices}) <= FEW, notices


def noticed(lived: Lived) -> list[tuple[int, str, str]]:
    """What the operator was told: in which message, and of what."""
    query = text("SELECT message_id, kind, subject FROM notice WHERE message_id IS NOT NULL")
    with open_app(lived.config) as app, read(app.record.engine) as connection:
        return [tuple(row) for row in connection.execute(query)]


def missing(lived: Lived) -> Iterator[str]:
    """What stands on a paper and is not in the record."""
    with open_app(lived.config) as app:
        urls = [
            article.content.url for article in app.record.articles.stream(after=0, upto=1 << 40)
        ]
    for name, paper in lived.papers.items():
        known = {slug_of(paper, url) for url in urls}
        standing = {slug for slug in paper.addresses.values() if paper.seen(slug) != "gone"}
        yield from (f"{name}: {slug}" for slug in sorted(standing - known))


def judged(rule: AskedRule, expected: Expected, lived: Lived) -> Iterator[str]:
    """What is wrong with what each channel of the rule took."""
    sources: dict[str, Callable[[], Iterator[sinks.Arrived]]] = {
        "thu": lambda: sinks.mails(lived.sinks.mails.taken),
        "moc": lambda: sinks.posts(lived.sinks.moc),
        "tin": lambda: sinks.relayed(lived.sinks.tin),
        "nguon": lambda: sinks.feeds(lived.sinks.feeds),
    }
    for channel in rule.channels:
        arrived = [one for one in sources[channel]() if one.rule == rule.name]
        by_key = {one.key: one for one in arrived}
        told = Counter(each for one in by_key.values() for each in one.told)
        yield from _compared(f"{rule.name} on {channel}", Counter(expected.told), told)
        summaries = [one for one in by_key.values() if "bài cũ mới thu thập" in one.subject]
        in_summaries = {each for one in summaries for each in one.told}
        if not rule.digest and in_summaries != expected.old:
            yield f"{rule.name} on {channel}: {len(summaries)} summaries of other articles"
        if channel == "tin" and max(Counter(one.key for one in arrived).values(), default=0) > 2:
            yield f"{rule.name} on {channel}: a message came more than twice"


def _compared(where: str, expected: Counter[Told], told: Counter[Told]) -> Iterator[str]:
    yield from (f"{where}: lost {one}" for one in (expected - told).elements())
    yield from (f"{where}: too much {one}" for one in (told - expected).elements())
