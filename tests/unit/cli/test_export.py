"""Articles as lines of a file, and a file that is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.articlelines import CSV_COLUMNS, CsvLines, JsonLines
from hanoiwatch.cli.newfile import new_file
from hanoiwatch.clock import to_shown
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Article, ArticleId, Block, Content, Image, Story
from tests.search_feed import NOON, make_article

CONTENT = Content(
    url="https://bao.example/1",
    title='Cầu "Đò", bến Nứa',
    lead="- Thưa bà, cầu mới mở khi nào?",
    byline=("Khuê Minh", "Tường Vi"),
    published_at=NOON,
    blocks=(Block(kind="paragraph", text="Dòng một."), Block(kind="image", text="", image=0),
            Block(kind="paragraph", text="Dòng hai\u2028chưa hết.")),
    images=(Image(url="https://anh.example/1.jpg", caption="Bến", credit="Lam"),
            Image(url="https://anh.example/2.jpg")),
    tags=("cầu", "bến"),
)  # fmt: skip
ARTICLE = replace(
    make_article(1, CONTENT),
    withdrawn_at=NOON,
    story=Story(id=ArticleId("ab"), first_source="bao-pho", copies=2),
)
TEXTS = st.text(max_size=30)


def csv_rows(lines: CsvLines, *articles: Article) -> list[dict[str, str]]:
    text = (lines.head() + lines.lines(articles)).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_of_json_is_the_article_of_the_contract() -> None:
    lines = JsonLines().lines([ARTICLE, ARTICLE]).decode()
    assert [json.loads(line) for line in lines.splitlines()] == [article_json(ARTICLE)] * 2
    assert lines.endswith("\n")
    assert "Cầu" in lines


def test_a_row_of_csv_has_every_column_flat() -> None:
    (row,) = csv_rows(CsvLines(), ARTICLE)
    assert tuple(row) == CSV_COLUMNS
    assert row["title"] == CONTENT.title
    assert row["byline"] == "Khuê Minh; Tường Vi"
    assert row["text"] == "Dòng một.\nDòng hai\u2028chưa hết."
    assert (row["captions"], row["credits"]) == ("Bến", "Lam")
    assert row["image_urls"] == "https://anh.example/1.jpg; https://anh.example/2.jpg"
    assert (row["story_id"], row["story_first_source"], row["story_copies"]) == (
        "ab", "bao-pho", "2",
    )  # fmt: skip
    assert row["published_at"] == row["withdrawn_at"] == to_shown(NOON)
    assert row["modified_at"] == row["section"] == ""


def test_every_field_of_the_json_has_a_column() -> None:
    flat = {"blocks", "images", "story", "capture", "reading"}
    assert article_json(ARTICLE).keys() - flat <= set(CSV_COLUMNS)


def test_lines_of_csv_end_in_cr_lf_and_the_mark_stands_first() -> None:
    assert CsvLines().head() == (",".join(CSV_COLUMNS) + "\r\n").encode()
    assert CsvLines(bom=True).head()[:5] == b"\xef\xbb\xbfid"
    assert CsvLines(bom=True).lines([ARTICLE]).endswith(b"\r\n")


def test_formulas_are_guarded_and_counted_unless_exactness_is_asked_for() -> None:
    lines, exact = CsvLines(), CsvLines(exact=True)
    assert csv_rows(lines, ARTICLE, ARTICLE)[1]["lead"] == f"'{CONTENT.lead}"
    assert lines.guarded == 2
    assert csv_rows(exact, ARTICLE)[0]["lead"] == CONTENT.lead
    assert exact.guarded == 0


@given(TEXTS, TEXTS)
def test_exact_csv_and_json_give_back_every_text(title: str, lead: str) -> None:
    article = make_article(1, replace(CONTENT, title=title, lead=lead))
    (row,) = csv_rows(CsvLines(exact=True), article)
    said = json.loads(JsonLines().lines([article]))
    assert (row["title"], row["lead"]) == (said["title"], said["lead"]) == (title, lead)


# --- the file --------------------------------------------------------------------------------


def test_a_file_is_there_when_the_block_has_ended_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "bai.jsonl"
    with new_file(file, replace=False) as stream:
        stream.write(b"mot")
        assert not file.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["bai.jsonl"]
    assert file.read_bytes() == b"mot"


@pytest.mark.parametrize("ending", [KeyboardInterrupt, HanoiwatchError, SystemExit])
def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path, ending) -> None:
    file = tmp_path / "bai.jsonl"
    file.write_bytes(b"cu")

    def write() -> None:
        with new_file(file, replace=True) as stream:
            stream.write(b"moi")
            raise ending

    with pytest.raises(ending):
        write()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"cu"]


def test_a_file_is_replaced_only_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "bai.jsonl"
    file.write_bytes(b"cu")
    with pytest.raises(HanoiwatchError, match="is there already"):
        new_file(file, replace=False).__enter__()
    with new_file(file, replace=True) as stream:
        stream.write(b"moi")
    assert file.read_bytes() == b"moi"


def test_a_file_that_came_meanwhile_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "bai.jsonl"

    def write() -> None:
        with new_file(file, replace=False) as stream:
            stream.write(b"moi")
            file.write_bytes(b"cua nguoi khac")

    with pytest.raises(HanoiwatchError, match="is there already"):
        write()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"cua nguoi khac"]


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "that").write_bytes(b"cu")
    (tmp_path / "link").symlink_to("that")
    with new_file(tmp_path / "link", replace=True) as stream:
        stream.write(b"moi")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "that").read_bytes() == b"moi"


def test_the_longest_name_that_a_folder_takes_can_be_given(tmp_path: Path) -> None:
    with new_file(tmp_path / ("ộ" * 83), replace=False) as stream:
        stream.write(b"mot")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mot"]


def test_a_device_is_written_as_it_stands() -> None:
    with new_file(Path("/dev/null"), replace=False) as stream:
        assert stream.write(b"mot") == 3
    assert Path("/dev/null").is_char_device()


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    for file, sentence in [
        (tmp_path, "is a folder"),
        (tmp_path / "khong-co" / "bai.jsonl", "cannot be written: No such file"),
    ]:
        with pytest.raises(HanoiwatchError, match=sentence):
            new_file(file, replace=False).__enter__()
