"""All that a question finds, streamed: into files, to terminals, to whoever has enough of it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from hanoiwatch.cli.articlelines import CSV_COLUMNS
from hanoiwatch.cli.main import run
from hanoiwatch.store import Record, schema
from hanoiwatch.store.engine import write
from tests.chain import ROOT
from tests.integration.results.asking import NARROWED, found, hanoiwatch, on_terminal, words_of
from tests.large_archive import data_folder
from tests.waiting import wait_for

GROWTH_KILOBYTES = 8_000
"""What 19,000 articles more, 120 MB of JSON, may add to the memory of an export at most."""


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


def console_lines() -> Iterator[str]:
    page = (ROOT / "docs/howto/export-and-count.md").read_text("utf-8")
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        yield from (line.removeprefix("$ ") for line in block.splitlines())


@pytest.mark.slow
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
