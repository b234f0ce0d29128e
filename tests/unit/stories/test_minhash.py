"""Signatures, and the candidates that they find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hanoiwatch.clock import to_stored
from hanoiwatch.store.stories import StoredSignature
from indexer.stories import shelves as shelves_module
from indexer.stories.minhash import RECIPE, restored, sign
from indexer.stories.shelves import MOST, Shelves

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
WORDS = [f"từ{place}" for place in range(80)]


def stored(article: int, words: list[str], after: timedelta = timedelta()) -> StoredSignature:
    return StoredSignature(article=article, at=to_stored(NOON + after), minhash=sign(words))


class Days:
    """The record's side: signatures by day, and which days were asked for."""

    def __init__(self, *signatures: StoredSignature) -> None:
        self.signatures = signatures
        self.asked: list[str] = []

    def __call__(self, day: str) -> list[StoredSignature]:
        self.asked.append(day)
        return [each for each in self.signatures if each.at.startswith(day)]


def near(shelves: Shelves, own: StoredSignature) -> list[int]:
    return [candidate.article for candidate in shelves.near(own)]


def test_a_signature_is_the_same_on_every_machine_and_comes_back_from_the_record() -> None:
    assert sign(WORDS) == sign(list(WORDS))
    assert restored(sign(WORDS)).jaccard(restored(sign(WORDS))) == 1.0
    assert "rminhash2/128/" in RECIPE


def test_a_text_of_a_few_words_has_none() -> None:
    assert sign(WORDS[:19]) == b""
    assert sign(WORDS[:20])


def test_a_signature_of_another_version_of_the_library_is_refused() -> None:
    with pytest.raises(ValueError, match="state"):
        restored(sign(WORDS).replace(b"RMinHash:2", b"RMinHash:1"))


def test_candidates_are_those_within_three_days_the_most_alike_first() -> None:
    shelves = Shelves(
        Days(
            stored(1, WORDS[:60] + ["khác"] * 20),
            stored(2, WORDS, timedelta(days=-3)),
            stored(3, WORDS, timedelta(days=3, minutes=1)),
            stored(4, [f"khác{place}" for place in range(80)]),
        )
    )
    assert near(shelves, stored(9, WORDS)) == [2, 1]


def test_an_article_is_no_candidate_of_itself_and_a_new_signature_replaces_the_old() -> None:
    shelves = Shelves(Days(stored(1, WORDS)))
    assert near(shelves, stored(1, WORDS)) == []
    shelves.put(stored(1, [f"mới{place}" for place in range(80)]))
    assert near(shelves, stored(9, WORDS)) == []
    shelves.remove(1)
    assert near(shelves, stored(9, [f"mới{place}" for place in range(80)])) == []


def test_a_page_that_answers_everything_brings_no_more_than_so_many_candidates() -> None:
    shelves = Shelves(Days(*(stored(number, WORDS) for number in range(1, 3 * MOST))))
    assert near(shelves, stored(999, WORDS)) == list(range(1, MOST + 1))


def test_days_are_read_once_and_put_away_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelves_module, "MOST_SIGNATURES", 5)
    days = Days(*(stored(day, WORDS, timedelta(days=day)) for day in range(40)))
    shelves = Shelves(days)
    for day in range(40):
        own = stored(100, WORDS, timedelta(days=day))
        assert sorted(near(shelves, own)) == [
            other for other in range(day - 3, day + 4) if 0 <= other < 40
        ]
    assert len(days.asked) == len(set(days.asked)) == 46
    assert near(shelves, stored(100, WORDS))[0] == 0
    assert days.asked.count("2026-11-12") == 2
