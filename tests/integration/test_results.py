"""What a question finds: its page, its facets, its pieces of text, all of it, and its counts.

The demo's articles are laid out among three outlets, so that every facet has something to count.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from hanoiwatch.app import open_existing
from hanoiwatch.cli.articlelines import CSV_COLUMNS
from hanoiwatch.cli.main import run
from hanoiwatch.cli.output import cells_of
from hanoiwatch.cli.periods import first_day, period_id
from hanoiwatch.clock import HANOI, hanoi_day
from hanoiwatch.config import load_config
from hanoiwatch.errors import QueryError
from hanoiwatch.model import Article, Content, Filters
from hanoiwatch.query import highlights, matches, parse, passages
from hanoiwatch.store import Record, schema
from hanoiwatch.store.engine import write
from tests.chain import ROOT
from tests.demo_copy import demo_copied
from tests.large_archive import data_folder
from tests.query_table import FINDINGS
from tests.thorough import some
from tests.waiting import wait_for

OUTLETS = {"bao-thu-do-mau": "Báo Thủ đô Mẫu", "bao-phuong": "Báo Phường", "dai-pho": "Đài Phố"}
QUERIES = ("", "sap xep", "phường -cầu", "title:cầu OR caption:cầu", '"bộ máy"', "khongcotunao")
NARROWED = (
    Filters(),
    Filters(sources=("bao-phuong",)),
    Filters(sources=("bao-phuong", "dai-pho"), sections=("Chính trị",)),
    Filters(sections=("Xã hội", "Đô thị")),
    Filters(since=datetime(2026, 10, 10, tzinfo=HANOI)),
    Filters(
        sources=("dai-pho",),
        sections=("Chính trị", "Kinh tế"),
        since=datetime(2026, 9, 28, 12, tzinfo=HANOI),
        until=datetime(2026, 11, 10, tzinfo=HANOI),
    ),
)
GROWTH_KILOBYTES = 8_000
"""What 19,000 articles more, 120 MB of JSON, may add to the memory of an export at most."""


@dataclass(frozen=True)
class Desk:
    """The demo's folder, and what is in its record."""

    settings: Path
    articles: tuple[Article, ...]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = demo_copied(tmp_path_factory, "results").folder
    settings = folder / "hanoiwatch.toml"
    config = load_config(settings, environment={})
    record = Record.open(config.record_path)
    lay_out(record)
    assert run(["--config", str(settings), "index", "rebuild"]) == 0
    articles = record.articles.by_rowids(range(1, 200)).values()
    record.close()
    return Desk(settings, tuple(articles))


def lay_out(record: Record) -> None:
    """Every article to one of three outlets; one has no date."""
    with write(record.engine) as connection:
        connection.execute(
            insert(schema.source).prefix_with("OR REPLACE"),
            [
                {"name": name, "title": title, "home": "https://bao.example/", "rights": "full"}
                for name, title in OUTLETS.items()
            ],
        )
        for number, name in enumerate(OUTLETS):
            connection.execute(
                update(schema.article)
                .where(schema.article.c.rowid_ % 4 == number + 1)
                .values(source=name)
            )


Give = Callable[..., str]


@pytest.fixture
def give(desk: Desk, capfd: pytest.CaptureFixture[str]) -> Give:
    """Gives a command; what it wrote to stderr is then ``give.err``."""

    def command(*words: str, code: int = 0) -> str:
        capfd.readouterr()
        assert run(["--config", str(desk.settings), *words]) == code
        said = capfd.readouterr()
        command.err = said.err  # type: ignore[attr-defined]  # a function that remembers
        return said.out

    return command


def found(desk: Desk, query: str, filters: Filters) -> list[Article]:
    """By brute force, newest first."""
    tree = parse(query) if query else None
    here = [
        article
        for article in desk.articles
        if passes(article, filters) and (tree is None or matches(tree, article.content))
    ]
    return sorted(here, key=lambda article: (-moment(article).timestamp(), article.id))


def moment(article: Article) -> datetime:
    assert article.content.published_at
    return article.content.published_at


def passes(article: Article, filters: Filters) -> bool:
    at = moment(article)
    return (
        (not filters.sources or article.source in filters.sources)
        and (not filters.sections or article.content.section in filters.sections)
        and (filters.since is None or at >= filters.since)
        and (filters.until is None or at < filters.until)
    )


def words_of(query: str, filters: Filters) -> list[str]:
    words = [query] if query else []
    words += [word for name in filters.sources for word in ("--source", name)]
    words += [word for name in filters.sections for word in ("--section", name)]
    for name in ("since", "until"):
        if bound := getattr(filters, name):
            words += [f"--{name}", bound.isoformat()]
    return words


# --- search ----------------------------------------------------------------------------------


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


# --- export ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_export_has_the_articles_of_search_in_its_order_letter_by_letter(give, sort) -> None:
    for query in ("", "phường"):
        words = (query, "--sort", sort)
        hits = json.loads(give("search", *words, "--limit", "1000", "--format", "json"))["hits"]
        lines = give("export", *words).splitlines()
        assert [json.loads(line) for line in lines] == [hit["article"] for hit in hits]
        rows = list(csv.DictReader(io.StringIO(give("export", *words, "--format", "csv"),
                                               newline="")))  # fmt: skip
        assert [row["id"] for row in rows] == [hit["article"]["id"] for hit in hits]
        assert tuple(rows[0]) == CSV_COLUMNS


def test_export_takes_the_filters_of_search(desk, give) -> None:
    for filters in NARROWED:
        ids = [
            json.loads(line)["id"]
            for line in give("export", *words_of("phường", filters)).splitlines()
        ]
        assert ids == [one.id for one in found(desk, "phường", filters)]


def test_export_into_a_file_says_so_and_replaces_only_by_force(give, tmp_path: Path) -> None:
    file = tmp_path / "bài viết.jsonl"
    assert give("export", "phường", "--output", str(file)) == ""
    written = file.read_text("utf-8")
    assert f"{len(written.splitlines())} articles written to {file}" in give.err
    assert written == give("export", "phường")
    give("export", "--output", str(file), code=1)
    assert "is there already" in give.err
    assert file.read_text("utf-8") == written
    give("export", "khongcotunao", "--output", str(file), "--force")
    assert "0 articles written" in give.err
    assert file.read_bytes() == b""
    give("export", '"dở dang', "--output", str(tmp_path / "khac"), code=2)
    assert list(tmp_path.iterdir()) == [file]


def test_csv_for_excel_begins_with_its_mark_and_guards_formulas_aloud(give) -> None:
    texts = [json.loads(line)["text"] for line in give("export").splitlines()]
    dashes = sum(text.startswith("- ") for text in texts)
    assert give("export", "--format", "csv", "--bom").startswith("\ufeffid,url,")
    assert ("apostrophe" in give.err) == (dashes > 0)
    assert "apostrophe" not in (give("export", "--format", "csv", "--exact") and give.err)
    give("export", "--bom", code=2)
    assert "for --format csv" in give.err


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of 3,000 articles: more than any buffer between programs takes."""
    return data_folder(tmp_path_factory.mktemp("large"), 3000)


def hanoiwatch(*words: str) -> list[str]:
    return [sys.executable, "-m", "hanoiwatch", *words]


@pytest.mark.parametrize("words", [("export",), ("export", "--format", "csv"), ("search", "kè")])
def test_whoever_reads_may_have_enough(large: Path, words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        hanoiwatch("--data-dir", str(large), *words),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    ) as running:  # fmt: skip
        if words[0] == "export":
            assert running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def test_a_full_device_is_one_sentence(large: Path) -> None:
    for words in (("export",), ("search", "kè")):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                hanoiwatch("--data-dir", str(large), *words),
                stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT,
            )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr == "hanoiwatch: there is no room left for the output.\n"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 1), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_an_export_that_is_interrupted_leaves_no_half_file(
    large: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    file = tmp_path / "bai.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", STOPS_HALF_WAY, "--data-dir", str(large), "export",
         "--output", str(file)],
        stderr=subprocess.PIPE, cwd=ROOT, preexec_fn=heeding_interrupts,  # noqa: PLW1509 - no threads here
    ) as running:  # fmt: skip
        wait_for(lambda: any(path.stat().st_size for path in tmp_path.iterdir()))
        running.send_signal(number)
        _, said = running.communicate(timeout=240)
    assert running.returncode == code
    assert b"Traceback" not in said
    assert not file.exists()
    assert number == signal.SIGKILL or not list(tmp_path.iterdir())


STOPS_HALF_WAY = """
import sys, time
from hanoiwatch.cli import export
from hanoiwatch.cli.main import main
written = export._written
def some(*arguments):
    for number, articles in enumerate(written(*arguments)):
        if number == 15:
            time.sleep(600)
        yield articles
export._written = some
main()
"""
"""The command line, whose export does not come to its end by itself."""


def heeding_interrupts() -> None:
    """A shell lets what it runs in the background ignore them, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_article_that_vanished_is_left_out_and_counted(tmp_path: Path, capfd) -> None:
    folder = data_folder(tmp_path, 250)
    record = Record.open(folder / "record.sqlite3")
    with write(record.engine) as connection:
        connection.execute(
            update(schema.article)
            .where(schema.article.c.rowid_.in_((3, 120, 249)))
            .values(out_of_scope="gone")
        )
    record.close()
    assert run(["--data-dir", str(folder), "export"]) == 0
    said = capfd.readouterr()
    assert len(said.out.splitlines()) == 247
    assert "3 articles left out: gone from the record" in said.err


def test_withdrawn_articles_and_copies_are_marked(tmp_path: Path, capfd) -> None:
    folder = data_folder(tmp_path, 5)
    record = Record.open(folder / "record.sqlite3")
    with write(record.engine) as connection:
        article = schema.article.c
        connection.execute(update(schema.article).where(article.rowid_ == 1).values(
            withdrawn_at="2026-02-03T10:00:00.000000Z"))  # fmt: skip
        connection.execute(update(schema.article).where(article.rowid_ > 2).values(story_id="ab"))
    record.close()
    assert run(["--data-dir", str(folder), "search", "kè", "--sort", "oldest"]) == 0
    lines = [line for line in capfd.readouterr().out.splitlines() if "bao-lon" in line]
    marks = [line.rpartition("  ")[2] for line in lines]
    assert marks[0] == "withdrawn 2026-02-03"
    assert re.fullmatch("[0-9a-f]{16}", marks[1])
    assert marks[2:] == ["+2 copies"] * 3
    assert run(["--data-dir", str(folder), "search", "kè", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [row["copies"] for row in rows] == ["2", "2", "2", "0", "0"]


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    return {
        count: data_folder(tmp_path_factory.mktemp("memory"), count) for count in (1_000, 20_000)
    }


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_memory_does_not_grow_with_what_is_exported(form: str, sizes: dict[int, Path]) -> None:
    few, many = (peak_kilobytes(folder, form, count) for count, folder in sizes.items())
    assert many - few < GROWTH_KILOBYTES


PEAK = """
import sys
from pathlib import Path
from hanoiwatch.cli.main import run
assert run(sys.argv[1:]) == 0
(peak,) = [line for line in Path("/proc/self/status").open() if line.startswith("VmHWM")]
print(peak.split()[1], file=sys.stderr)
"""


def peak_kilobytes(folder: Path, form: str, count: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "--data-dir", str(folder), "export", "--format", form],
        capture_output=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.count(b"\n") >= count
    return int(done.stderr)


def test_a_bar_is_shown_on_a_terminal_alone(large: Path, tmp_path: Path) -> None:
    seen = on_terminal("export", "--output", str(tmp_path / "a"), data=large)
    assert "articles" in seen
    assert "3000/3000" in seen
    code = "import sys, hanoiwatch.cli.main as m; m.run(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--data-dir", str(large), "export", "--output",
         str(tmp_path / "b")], capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stderr.splitlines() == [f"3000 articles written to {tmp_path / 'b'}"]
    assert "rich" not in done.stdout.split()


def on_terminal(
    *words: str, settings: Path | None = None, data: Path | None = None, **more: str
) -> str:
    """What a command shows on a terminal of 60 columns."""
    ours, its = pty.openpty()
    where = ["--config", str(settings)] if settings else ["--data-dir", str(data)]
    environment = {**os.environ, "COLUMNS": "60", "TERM": "xterm", **more}
    running = subprocess.Popen(
        hanoiwatch(*where, *words), stdout=its, stderr=its, cwd=ROOT, env=environment
    )
    os.close(its)
    seen = b"".join(iter(lambda: read_some(ours), b""))
    os.close(ours)
    assert running.wait(240) == 0, seen
    return seen.decode().replace("\r\n", "\n")


def read_some(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # so a terminal says that nobody is at the other end
        return b""


# --- timeline --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize("filters", NARROWED, ids=range(len(NARROWED)))
def test_a_timeline_counts_what_brute_force_counts(desk, give, by, filters) -> None:
    for query in QUERIES:
        words = words_of(query, filters)
        answer = json.loads(give("timeline", *words, "--by", by, "--format", "json"))
        assert list(answer) == ["query", "by", "total", "undated", "periods"]
        assert (answer["query"], answer["by"], answer["undated"]) == (query, by, 0)
        counts = by_period(found(desk, query, filters), by)
        articles = by_period(found(desk, "", filters), by)
        assert {row["period"]: row["count"] for row in answer["periods"] if row["count"]} == counts
        assert answer["total"] == sum(counts.values())
        for row in answer["periods"]:
            assert row["articles"] == articles[row["period"]]
            assert row["share"] == (row["count"] / row["articles"] if row["articles"] else 0)
        assert_unbroken(answer["periods"], by)


def by_period(articles: list[Article], by: Any) -> Counter[str]:
    return Counter(period_id(first_day(hanoi_day(moment(one)), by), by) for one in articles)


def assert_unbroken(rows: list[dict[str, Any]], by: Any) -> None:
    firsts = [date.fromisoformat(row["from"]) for row in rows]
    for before, after in itertools.pairwise(firsts):
        assert first_day(after - timedelta(days=1), by) == before
    assert [row["period"] for row in rows] == [period_id(first, by) for first in firsts]


def test_undated_articles_are_counted_apart(tmp_path: Path, capfd) -> None:
    folder = data_folder(tmp_path, 1200)
    assert run(["--data-dir", str(folder), "timeline", "kè", "--format", "json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert (answer["total"], answer["undated"]) == (1200, 2)
    assert sum(row["count"] for row in answer["periods"]) == 1198
    assert run(["--data-dir", str(folder), "timeline", "kè"]) == 0
    assert "1200 found, 2 of them without a date" in capfd.readouterr().out


def test_a_timeline_as_csv_has_the_columns_of_its_json(give) -> None:
    rows = list(csv.DictReader(io.StringIO(give("timeline", "phường", "--format", "csv"))))
    periods = json.loads(give("timeline", "phường", "--format", "json"))["periods"]
    assert [{**row, "share": float(row["share"])} for row in rows] == [
        {**period, "count": str(period["count"]), "articles": str(period["articles"])}
        for period in periods
    ]


def test_bars_fit_the_terminal_and_are_ascii_where_blocks_cannot_be_had(desk, give) -> None:
    on_screen = on_terminal("timeline", "phường", settings=desk.settings).splitlines()
    assert max(map(cells_of, on_screen)) == 60
    assert any("█" in line for line in on_screen)
    plain = on_terminal("timeline", "phường", settings=desk.settings, PYTHONIOENCODING="ascii")
    assert plain.isascii()
    assert max(map(len, plain.splitlines())) == 60
    assert "#" in plain
    narrow = on_terminal("timeline", "phường", settings=desk.settings, COLUMNS="10")
    assert "█" in narrow
    assert "█" * 40 in give("timeline", "phường")


def test_a_timeline_of_nothing_is_a_head_and_no_error(give) -> None:
    assert give("timeline", "khongcotunao").splitlines() == [
        "period  from  count  articles  share", "0 found",
    ]  # fmt: skip
    answer = json.loads(give("timeline", "khongcotunao", "--format", "json"))
    assert (answer["total"], answer["periods"]) == (0, [])


# --- the words of errors, and of the documentation ---------------------------------------------


@pytest.mark.parametrize("command", ["search", "export", "timeline"])
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (['"bộ máy'], 2, "never closed"),
        (["bộ", "máy"], 2, "in quotes"),
        (["x", "--since", "2026-11-02", "--until", "2026-11-01"], 2, "--since is after --until"),
        (["x", "--source", "zzz"], 2, "there is no source `zzz`."),
        (["x", "--data-dir", "khong-co"], 1, "there is no archive"),
    ],
)
def test_bad_input_is_one_clear_sentence(give, command, words, code, sentence) -> None:
    assert give(command, *words, code=code) == ""
    assert sentence in give.err
    assert "Traceback" not in give.err


def console_lines() -> Iterator[str]:
    page = (ROOT / "docs/howto/export-and-count.md").read_text("utf-8")
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        yield from (line.removeprefix("$ ") for line in block.splitlines())


def test_the_commands_of_the_page_on_exporting_run_as_they_stand(desk, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "hanoiwatch"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m hanoiwatch --config "{desk.settings}" "$@"\n'
    )
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}",
                   "PYTHONPATH": str(ROOT)}  # fmt: skip
    lines = list(console_lines())
    assert len(lines) == 6
    for line in lines:
        done = subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, (line, done.stderr)
    for name in ("reform.jsonl", "politics.jsonl", "bridges.csv"):
        assert (tmp_path / name).stat().st_size > 1000


def test_the_page_on_exporting_tells_every_column() -> None:
    page = (ROOT / "docs/howto/export-and-count.md").read_text("utf-8")
    cells = re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(cells))) == sorted(CSV_COLUMNS)


def test_python_code_can_ask_the_same(desk) -> None:
    config = load_config(desk.settings, environment={})
    with open_existing(config) as app:
        rowids = list(app.search_index.rowids(parse("phường"), Filters()))
        articles = app.record.articles.by_rowids(rowids)
    assert [articles[rowid].id for rowid in rowids] == [
        one.id for one in found(desk, "phường", Filters())
    ]
