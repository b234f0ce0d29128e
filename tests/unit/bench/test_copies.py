"""The benchmark of stories, a tenth as large."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.copies import measure
from bench.copies_corpus import corpus

MS_EACH = 6.0
"""Three times the bar: other tests run beside this one."""


@pytest.mark.slow
def test_near_copies_among_a_week_of_articles_are_found_and_nothing_else(tmp_path: Path) -> None:
    made = corpus(1_000)
    assert (len(made.articles), len(made.copies)) == (1_000, 50)
    measured = measure(made, tmp_path)
    assert measured.precision >= 0.98
    assert measured.recall >= 0.95
    assert measured.ms_each < MS_EACH


def test_the_corpus_is_the_same_each_time() -> None:
    assert corpus(200) == corpus(200)
