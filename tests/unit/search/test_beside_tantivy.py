"""The same totals as an engine that we did not write, on the articles of the benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.search import measure, report
from bench.search_corpus import KINDS, VOCABULARY, Question, articles, questions
from bench.search_engines import Engine, Ours, Tantivy


@pytest.mark.slow
def test_both_engines_find_the_same_and_the_report_says_how_fast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engines: list[Engine] = [Ours(tmp_path), Tantivy(tmp_path)]
    measured = measure(engines, [60, 300], questions(1))  # raises where totals differ
    report(measured)
    for engine in engines:
        engine.close()
    said = capsys.readouterr().out
    assert all(kind in said for kind in KINDS)
    assert "search_p95_times_tantivy" in said


def test_the_ten_newest_hits_are_the_same(tmp_path: Path) -> None:
    ours, peer = Ours(tmp_path), Tantivy(tmp_path)
    made = list(articles(1, 200))
    for engine in (ours, peer):
        engine.keep(made)
        engine.add(made)
        engine.ready()
    for query in (VOCABULARY[0], VOCABULARY[40], f'"{VOCABULARY[0]} {VOCABULARY[1]}"'):
        titles = [document["title"] for _, document in peer.ask(query).hits]
        assert [[article["title"]] for _, article in ours.ask(query).hits] == titles != []
    ours.close()
    peer.close()


def test_the_corpus_is_the_same_at_every_run() -> None:
    assert list(articles(5, 8)) == list(articles(1, 10))[4:7]
    assert questions(2) == questions(2)
    assert len(set(VOCABULARY)) == len(VOCABULARY) == 6_000


def test_only_near_means_something_else_to_tantivy() -> None:
    assert Question("phrase", '"a b"').same_total
    assert not Question("near of 90%", '"a b"~6').same_total
