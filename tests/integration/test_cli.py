"""The commands as a user gives them, on the folder that the demo leaves."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hanoiwatch.cli.demo import scratch_folder
from hanoiwatch.cli.main import hoist, run
from hanoiwatch.sample.articles import load_articles
from tests.demo_copy import demo_copied


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    return demo_copied(tmp_path_factory, "cli")


@pytest.fixture
def command(demo, capfd: pytest.CaptureFixture[str]):
    def give(*words: str, code: int = 0) -> str:
        capfd.readouterr()
        assert run(["--config", str(demo.folder / "hanoiwatch.toml"), *words]) == code
        give.said = capfd.readouterr()
        return give.said.out

    return give


def test_the_demo_finds_every_article_of_the_sample_once(demo) -> None:
    assert demo.published == len(load_articles()) >= 60
    assert (demo.recorded, demo.discrepancies, demo.problems) == (demo.published, 0, 0)


@pytest.mark.slow
def test_the_demo_ends_by_itself_with_exit_code_0_and_can_be_given_again(tmp_path: Path) -> None:
    earlier = scratch_folder(tmp_path / "demo")
    (earlier / "sources").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "hanoiwatch", "demo", "--into", str(earlier)],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "66 of 66 articles found and recorded" in done.stdout
    assert "title: Một trung tâm, năm nhiệm vụ: Thành phố nhập [-380-]{+392+}" in done.stdout
    assert "- 10  > [-Mỗi lần nghe gọi điện hỏi thuê sân bóng" in done.stdout
    assert "Try next" in done.stdout


def test_the_demo_empties_no_folder_that_is_not_its_own(tmp_path: Path, capfd) -> None:
    (tmp_path / "bai-viet.txt").write_text("của tôi", "utf-8")
    assert run(["demo", "--into", str(tmp_path)]) == 1
    assert "is not empty and no demo made it" in capfd.readouterr().err
    assert (tmp_path / "bai-viet.txt").exists()


def test_search_without_marks_finds_the_phrase_in_title_lead_caption_and_text(command) -> None:
    answer = json.loads(command("search", '"sap xep bo may"', "--format", "json"))
    assert set(answer) == {"total", "took_ms", "hits", "facets", "hint"}
    fields = {field for hit in answer["hits"] for field in hit["highlights"]}
    assert fields >= {"title", "lead", "caption", "text"}
    assert answer["total"] == len(answer["hits"]) == 8
    published = [hit["article"]["published_at"] for hit in answer["hits"]]
    assert published == sorted(published, reverse=True)
    assert sum(facet["count"] for facet in answer["facets"]["sources"]) == answer["total"]
    assert {"id": "bao-thu-do-mau", "name": "Báo Thủ đô Mẫu", "count": 8} in answer["facets"][
        "sources"
    ]


def test_search_pages_filters_and_counts_each_facet_without_its_own_filter(command) -> None:
    everything = json.loads(command("search", "--limit", "100", "--format", "json"))
    ids = [hit["article"]["id"] for hit in everything["hits"]]
    second = json.loads(command("search", "--limit", "5", "--offset", "5", "--format", "json"))
    assert [hit["article"]["id"] for hit in second["hits"]] == ids[5:10]
    some = json.loads(command("search", "--section", "Chính trị", "--format", "json"))
    assert 0 < some["total"] < everything["total"] == 66
    assert some["facets"]["sections"] == everything["facets"]["sections"]
    october = json.loads(
        command("search", "--since", "2026-10-01", "--until", "2026-10-31", "--format", "json")
    )
    months = {facet["id"]: facet["count"] for facet in everything["facets"]["months"]}
    assert october["total"] == months["2026-10"]


def test_a_query_may_begin_with_a_minus(command) -> None:
    with_rain = json.loads(command("search", "mưa", "--format", "json"))["total"]
    without = json.loads(command("search", "-mưa", "--limit", "1", "--format", "json"))["total"]
    assert with_rain > 0
    assert with_rain + without == 66


def test_show_gives_the_article_of_the_contract_by_id_and_by_url(command) -> None:
    answer = json.loads(command("search", "--limit", "1", "--format", "json"))
    article = answer["hits"][0]["article"]
    by_id = json.loads(command("show", article["id"], "--format", "json"))
    by_url = json.loads(command("show", article["url"] + "?utm_source=thu", "--format", "json"))
    assert by_id == by_url == article
    assert article["published_at"].endswith("+07:00")
    assert article["reading"]["layout"].split("/")[0] in ("onecms", "vccorp", "epi", "mastercms")


def test_show_raw_gives_the_response_as_it_was_received(command, demo) -> None:
    answer = json.loads(command("search", "--limit", "1", "--format", "json"))
    shown = subprocess.run(
        [sys.executable, "-m", "hanoiwatch", "show", "--raw", answer["hits"][0]["article"]["id"],
         "--config", str(demo.folder / "hanoiwatch.toml")],
        capture_output=True, check=False,
    )  # fmt: skip
    assert shown.stdout.startswith(b"HTTP 200\r\n")
    assert b"content-type: text/html" in shown.stdout.lower()


def test_reading_where_nothing_was_crawled_says_what_to_do(command) -> None:
    command("--data-dir", "khong-co", "search", code=1)
    assert "there is no archive" in command.said.err


def test_coverage_adds_up_and_names_every_loss(command) -> None:
    said = json.loads(command("coverage", "--format", "json"))
    (day,) = said["days"]
    fetch, *_, index = day["stages"]
    assert said["discrepancies"] == []
    assert fetch["entered"] == day["listed"] == sum(fetch["outcomes"].values())
    assert index["outcomes"] == {"indexed": 66}
    losses = list(csv.DictReader(io.StringIO(command("coverage", "--losses", "--format", "csv"))))
    assert len(losses) == day["listed"] - 66
    assert all(loss["reason"] for loss in losses)
    assert {loss["at"][-6:] for loss in losses} == {"+07:00"}
    assert {loss["at"][:10] for loss in losses} == {loss["day"] for loss in losses}


def test_an_index_that_was_deleted_is_made_anew_with_the_same_answers(command, demo) -> None:
    words = ("search", "bộ máy", "--format", "json")
    before = json.loads(command(*words))
    for file in (demo.folder / "data").glob("index.sqlite3*"):
        file.unlink()
    command("search", "bộ máy", "--format", "json")
    assert "66 changes behind" in command.said.err
    assert "66 articles indexed" in command("index", "rebuild")
    after = json.loads(command(*words))
    assert {**after, "took_ms": 0} == {**before, "took_ms": 0}


def test_archive_verify_names_a_damaged_record_and_fails(command, demo) -> None:
    assert "0 problems" in command("archive", "verify")
    (file, *_) = sorted((demo.folder / "data" / "archive").glob("*.warc.gz"))
    whole = file.read_bytes()
    try:
        place = len(whole) // 2
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        said = json.loads(command("archive", "verify", "--format", "json", code=1))
    finally:
        file.write_bytes(whole)
    assert said["problems"]
    assert file.name in json.dumps(said)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["search", '"bộ máy'], 2, "never closed"),
        (["crawl", "bao-la"], 2, "no source `bao-la`"),
        (["crawl", "hanoimoi"], 1, "user_agent_contact"),
        (["serch", "x"], 2, "Did you mean `search`?"),
        (["show", "0000"], 1, "no article 0000"),
        (["coverage", "--since", "mai"], 2, "is no date"),
        (["extract", "khong-co.html", "https://bao.vn/a"], 1, "cannot be read"),
    ],
)
def test_bad_input_is_one_clear_sentence(command, words, code, sentence) -> None:
    assert command(*words, code=code) == ""
    assert sentence in command.said.err
    assert "Traceback" not in command.said.err


def test_an_unknown_setting_names_the_file_the_key_and_the_nearest(tmp_path: Path, capfd) -> None:
    settings = tmp_path / "desk.toml"
    settings.write_text("[schedule]\nconcurency = 2\n", "utf-8")
    assert run(["--config", str(settings), "search", "x"]) == 1
    said = capfd.readouterr().err
    assert "desk.toml" in said
    assert "`concurency`" in said
    assert "`concurrency`" in said


def test_global_options_may_stand_anywhere_but_behind_a_double_dash() -> None:
    words = ["search", "x", "--data-dir", "d", "--config=c", "--", "--data-dir"]
    assert hoist(words) == ["--data-dir", "d", "--config=c", "search", "x", "--", "--data-dir"]


def test_extract_reads_a_saved_page_and_writes_nothing(command, tmp_path: Path) -> None:
    page = tmp_path / "trang.html"
    page.write_text("<html><title>Không có bài</title><p>Trống.</p></html>", "utf-8")
    before = sorted(tmp_path.iterdir())
    said = json.loads(command("extract", str(page), "https://bao.vn/x-1234567.html",
                              "--format", "json"))  # fmt: skip
    assert said["kind"] == "not-article"
    assert sorted(tmp_path.iterdir()) == before
