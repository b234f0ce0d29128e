"""When the operator is told, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hanoiwatch.alerts.notices import OperatorTerms, make_message, render_notices
from hanoiwatch.alerts.rendering import words_of
from hanoiwatch.clock import to_stored
from hanoiwatch.store.engine import write
from hanoiwatch.store.notices import KINDS, Concern, keep_concerns
from tests.alert_desk import NOON, RuleDesk

HOUR = timedelta(hours=1)
SILENT = Concern(
    kind="silent", subject="ben", episode="1", facts={"since": to_stored(NOON), "hours": "20"}
)
FULL = Concern(kind="disk", facts={"gigabytes": "0.8"})
FAILED = Concern(
    kind="failing", subject="cau", episode="7", details=("its process was killed by signal 9.",),
    facts={"since": to_stored(NOON), "count": "2", "again": ""},
)  # fmt: skip
TERMS = OperatorTerms(channels=("desk",))


def look(rules: RuleDesk, *concerns: Concern, terms: OperatorTerms = TERMS, busy=False) -> bool:
    """As a pass that finds these; whether a message was made."""
    with write(rules.record.engine) as connection:
        keep_concerns(connection, concerns, rules.now)
    return make_message(rules.record, terms, rules.now, busy=busy)


def feed(rules: RuleDesk) -> str:
    rules.deliver()
    return (rules.folder / "feeds" / "@operator.xml").read_text("utf-8")


def test_what_lasts_is_told_once(rules: RuleDesk) -> None:
    assert look(rules, SILENT)
    for _ in range(30):
        rules.wait(hours=5)
        assert not look(rules, SILENT)
    assert feed(rules).count("<entry>") == 1


def test_what_comes_and_goes_is_told_once_a_day(rules: RuleDesk) -> None:
    told = 0
    for _ in range(96):  # each half hour of two days
        told += look(rules, SILENT)
        told += look(rules)
        rules.wait(minutes=30)
    assert told == 3


def test_another_trouble_of_the_same_source_waits_and_is_not_lost(rules: RuleDesk) -> None:
    look(rules, SILENT)
    rules.wait(hours=5)
    again = Concern(kind="silent", subject="ben", episode="2", facts=SILENT.facts)
    assert not look(rules, again)
    rules.wait(hours=16)
    assert look(rules, again)


def test_what_is_found_together_comes_in_one_message_the_gravest_first(rules: RuleDesk) -> None:
    assert look(rules, SILENT, FAILED, FULL)
    said = feed(rules)
    assert said.count("<entry>") == 1
    assert "[hanoiwatch] 3 việc cần xem" in said
    places = [said.index(one) for one in ("chỉ còn trống 0.8 GB", "Nguồn cau", "Nguồn ben")]
    assert places == sorted(places)
    assert "its process was killed by signal 9." in said
    assert "hanoiwatch schedule history cau" in said
    assert "12:00 20/11/2026" in said


def test_while_crawls_go_on_it_waits_for_them_an_hour_at_most(rules: RuleDesk) -> None:
    assert not look(rules, SILENT, busy=True)
    rules.wait(minutes=59)
    assert not look(rules, SILENT, FULL, busy=True)
    rules.wait(minutes=1)
    assert look(rules, SILENT, FULL, busy=True)
    rules.wait(minutes=30)
    assert not look(rules, SILENT, FULL, FAILED)  # no sooner than an hour after the last
    rules.wait(minutes=30)
    assert look(rules, SILENT, FULL, FAILED)


def test_a_digest_gathers_until_its_moment(rules: RuleDesk) -> None:
    terms = OperatorTerms(channels=("desk",), digest="0 7 * * *")
    assert not look(rules, SILENT, terms=terms)
    rules.wait(hours=18)
    assert not look(rules, SILENT, FAILED, terms=terms)
    rules.wait(hours=1)  # seven o'clock
    assert look(rules, SILENT, FAILED, terms=terms)
    assert "2 việc cần xem" in feed(rules)


def test_what_is_mended_before_it_is_told_is_not_told(rules: RuleDesk) -> None:
    look(rules, FULL, busy=True)
    rules.wait(hours=2)
    assert not look(rules)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_has_its_sentence_and_what_to_do(language) -> None:
    say = words_of(language)
    missing = [kind for kind in KINDS if not any(key.startswith(f"notice_{kind}") for key in say)]
    assert missing == []
    assert [kind for kind in KINDS if f"do_{kind}" not in say] == []
    assert set(words_of("vi")) == set(words_of("en"))


def test_the_operator_is_told_in_english_where_messages_are(rules: RuleDesk) -> None:
    look(rules, FAILED)
    (due,) = rules.record.messages.due(rules.now)
    said = render_notices(due, rules.record.notices.of_message(due.message_id), "en")
    assert said.subject.startswith("[hanoiwatch] Source cau: crawls fail since 12:00 20/11/2026")
    (notice,) = said.json["notices"]
    assert notice["do"].startswith("see hanoiwatch schedule history cau")
