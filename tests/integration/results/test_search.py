"""What a question finds: its page, its facets, its pieces of text."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from hanoiwatch.app import open_existing
from hanoiwatch.clock import HANOI, hanoi_day
from hanoiwatch.config import load_config
from hanoiwatch.errors import QueryError
from hanoiwatch.model import Article, Content, Filters
from hanoiwatch.query import highlights, parse, passages
from tests.chain import ROOT
from tests.integration.results.asking import (
    NARROWED,
    OUTLETS,
    QUERIES,
    found,
    hanoiwatch,
    moment,
    on_terminal,
    words_of,
)
from tests.query_table import FINDINGS
from tests.thorough import some


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("filters", NARROWED, ids=range(len(NARROWED)))
def test_total_page_and_facets_are_those_of_brute_force(desk, give, query, filters) -> None:
    answer = json.loads(give("search", *words_of(query, filters), "--limit", "99", "--format",
                             "json"))  # fmt: skip
    expected = found(desk, query, filters)
    assert answer["total"] == len(expected)
    assert [hit["article"]["id"] for hit in answer["hits"]] == [one.id for one in expected]
    assert answer["facets"] == {
        **{kind: counted_links(expected, kind) for kind in ("officials", "bodies", "topics")},
        "posts": [],
        "sources": counted(
            Counter(one.source for one in found(desk, query, without(filters, "sources"))), OUTLETS
        ),
        "sections": counted(
            Counter(one.content.section for one in found(desk, query, without(filters, "sections")))
        ),
        "months": sorted(
            counted(
                Counter(
                    f"{moment(one).astimezone(HANOI):%Y-%m}"
                    for one in found(desk, query, without(filters, "since", "until"))
                )
            ),
            key=lambda facet: facet["id"],
            reverse=True,
        ),
    }


def counted_links(articles: list[Article], kind: str) -> list[Any]:
    """By the links of each article; the sample names nobody real, so no posts."""
    links = [
        link
        for article in articles
        for link in getattr(article.links, kind)
        if any(mention.confidence >= 0.6 for mention in link.mentions)
    ]
    return counted(Counter(link.id for link in links), {link.id: link.name for link in links})


def without(filters: Filters, *names: str) -> Filters:
    kept = {name: getattr(filters, name) for name in Filters.__slots__ if name not in names}
    return Filters(**kept)


def counted(counts: Counter[str | None], names: Mapping[str, str] | None = None) -> list[Any]:
    facets = [
        {"id": value, "name": (names or {}).get(value, value), "count": count}
        for value, count in counts.items()
        if value
    ]
    return sorted(facets, key=lambda facet: (-facet["count"], facet["id"]))


def test_the_outlets_the_facets_and_the_brute_force_have_something_to_count(desk) -> None:
    assert len(desk.articles) == 66
    assert {article.source for article in desk.articles} == set(OUTLETS)
    assert all(found(desk, query, Filters()) for query in QUERIES[:-1])
    assert len(counted_links(list(desk.articles), "bodies")) > 20
    assert len(counted_links(list(desk.articles), "topics")) > 10


def test_until_holds_its_whole_day_in_hanoi(desk, give) -> None:
    days = sorted({hanoi_day(moment(article)) for article in desk.articles})
    for day in (days[0], days[len(days) // 2], days[-1]):
        words = ("--since", day.isoformat(), "--until", day.isoformat(), "--format", "json")
        here = [one for one in desk.articles if hanoi_day(moment(one)) == day]
        assert json.loads(give("search", *words))["total"] == len(here) > 0


def test_pages_follow_each_other_in_every_order(give) -> None:
    for sort in ("newest", "oldest", "relevance"):
        words = ("search", "phường", "--sort", sort, "--format", "json")
        whole = json.loads(give(*words, "--limit", "1000"))["hits"]
        pages = [
            json.loads(give(*words, "--limit", "7", "--offset", str(first)))["hits"]
            for first in range(0, len(whole) + 7, 7)
        ]
        assert [hit["article"]["id"] for page in pages for hit in page] == [
            hit["article"]["id"] for hit in whole
        ]
        assert pages[-1] == []


def test_past_the_end_and_without_a_page_the_counts_stay(give) -> None:
    whole = json.loads(give("search", "phường", "--format", "json"))
    for words in (("--limit", "0"), ("--offset", "5000")):
        answer = json.loads(give("search", "phường", *words, "--format", "json"))
        assert answer["hits"] == []
        assert (answer["total"], answer["facets"]) == (whole["total"], whole["facets"])
    said = give("search", "phường", "--offset", "5000")
    assert f"{whole['total']} found, none behind the first 5000" in said


def test_a_source_is_found_by_its_title_and_an_unknown_one_names_the_nearest(give) -> None:
    by_name = json.loads(give("search", "--source", "dai-pho", "--format", "json"))
    by_title = json.loads(give("search", "--source", "đài  PHỐ", "--format", "json"))
    assert {**by_name, "took_ms": 0} == {**by_title, "took_ms": 0}
    for command in ("search", "export", "timeline"):
        assert give(command, "--source", "dai-phoo", code=2) == ""
        assert give.err == ("hanoiwatch: there is no source `dai-phoo`. Did you mean `dai-pho`?\n")


def test_a_source_that_was_not_crawled_yet_is_no_mistake(give) -> None:
    assert json.loads(give("search", "--source", "hanoimoi", "--format", "json"))["total"] == 0


def test_an_unknown_section_is_a_hint_that_names_the_nearest(give) -> None:
    sentence = "No article is in a section `chinh tri`. Did you mean `Chính trị`?"
    answer = json.loads(give("search", "--section", "chinh tri", "--format", "json"))
    assert (answer["total"], answer["hint"]) == (0, sentence)
    assert sentence in give("search", "--section", "chinh tri")
    for words in (["export"], ["timeline", "--format", "csv"], ["search", "--format", "csv"]):
        assert sentence not in give(*words, "--section", "chinh tri")
        assert sentence in give.err


def test_the_hint_of_marks_is_told_in_every_form(give) -> None:
    assert json.loads(give("search", "phuờng", "--format", "json"))["hint"]
    assert "without marks" in give("search", "phuờng")
    for command in ("search", "timeline"):
        give(command, "phuờng", "--format", "csv")
        assert "without marks" in give.err


def test_a_table_shows_title_source_time_and_facets_and_colours_only_a_terminal(desk, give) -> None:
    said = give("search", "title:cầu", "--limit", "1")
    first, second, *_ = said.splitlines()
    assert re.match(r"  1\. .*[Cc]ầu", first)
    assert re.match(r" {5}2026-\d\d-\d\d \d\d:\d\d  [a-z-]+  .+  [0-9a-f]{16}$", second)
    assert re.search(r"^sources: .*\(\d+\)", said, re.MULTILINE)
    assert "\x1b" not in said
    coloured = on_terminal("search", "title:cầu", "--limit", "1", settings=desk.settings)
    assert re.search("\x1b\\[33m\x1b\\[1m[Cc]ầu\x1b\\[0m", coloured)


def test_json_stays_json_where_stdout_takes_ascii_alone(desk, give) -> None:
    for words in (("search", "phường"), ("timeline", "phường"), ("sources", "list")):
        done = subprocess.run(
            hanoiwatch("--config", str(desk.settings), *words, "--format", "json"),
            capture_output=True, check=True, cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )  # fmt: skip
        plain, whole = json.loads(done.stdout), json.loads(give(*words, "--format", "json"))
        assert done.stdout.isascii()
        assert plain == (whole | {"took_ms": plain["took_ms"]} if "took_ms" in plain else whole)


def test_csv_of_search_has_a_row_a_hit(give) -> None:
    rows = list(csv.DictReader(io.StringIO(give("search", "phường", "--format", "csv"))))
    hits = json.loads(give("search", "phường", "--format", "json"))["hits"]
    assert [row["id"] for row in rows] == [hit["article"]["id"] for hit in hits]
    assert [row["title"] for row in rows] == [hit["article"]["title"] for hit in hits]
    assert set(rows[0]) >= {"published_at", "source", "section", "url", "withdrawn_at", "copies"}


# --- highlights ------------------------------------------------------------------------------


def readable(query: str) -> Any:
    try:
        return parse(query)
    except QueryError:  # the table has refusals of its own
        return None


def test_every_piece_of_text_is_whole_syllables_of_its_field_and_there_are_three_at_most(
    desk,
) -> None:
    queries = {row.query for row in FINDINGS if len(row.query) < 200} | set(QUERIES[1:])
    trees = [tree for query in sorted(queries) if (tree := readable(query))]
    looked_at = 0
    for tree, article in some(tuple(itertools.product(trees, desk.articles)), 7):
        for field, pieces in highlights(tree, article.content).items():
            assert 1 <= len(pieces) <= 3
            for piece in pieces:
                assert is_whole(piece, field, article.content), (piece, article.id)
                looked_at += 1
    assert looked_at > 500


def is_whole(piece: str, field: str, content: Content) -> bool:
    """Whether it stands so in the field, with no syllable cut at either end or by a mark."""
    assert "<em>" in piece
    marked = html.unescape(piece.replace("<em>", "\x01").replace("</em>", "\x02"))
    bare = marked.removeprefix("… ").removesuffix(" …")
    if re.search(r"[^\W_][\x01\x02]+[^\W_]", bare):
        return False
    plain = re.sub(r"[\x01\x02]", "", bare)
    texts = [passage.text for passage in passages(content) if passage.field == field]
    return any(stands_whole(plain, text) for text in texts)


def stands_whole(plain: str, text: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(plain)}(?![^\W_])", text) is not None


def test_python_code_can_ask_the_same(desk) -> None:
    config = load_config(desk.settings, environment={})
    with open_existing(config) as app:
        rowids = list(app.search_index.rowids(parse("phường"), Filters()))
        articles = app.record.articles.by_rowids(rowids)
    assert [articles[rowid].id for rowid in rowids] == [
        one.id for one in found(desk, "phường", Filters())
    ]
