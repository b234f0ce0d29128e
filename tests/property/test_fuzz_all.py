"""A thousand broken inputs to everything that reads what others wrote; `bench.fuzz` does more."""

from __future__ import annotations

import pytest

from bench.fuzz import fuzz
from bench.readers import READERS
from bench.spoilt_crawl import crawl_spoilt
from tests.thorough import examples

SEED = 20261123
"""The same cases in every run: a test that fails now and then helps nobody. Long runs deal anew."""

CASES = {"page": 200}
OTHER_CASES = 114
"""With seven other readers: a thousand in all."""


@pytest.mark.parametrize("name", READERS)
def test_no_input_breaks_its_reader_or_keeps_it_long(name: str) -> None:
    cases = examples(CASES.get(name, OTHER_CASES))
    tally = fuzz(READERS[name](), cases, SEED)
    assert [one.how for one in tally.broken] == []
    assert tally.cases >= cases * 0.9


@pytest.mark.slow
def test_a_crawl_of_spoilt_pages_and_lists_ends_with_an_exact_ledger() -> None:
    assert crawl_spoilt(60, SEED, again=False) == []
