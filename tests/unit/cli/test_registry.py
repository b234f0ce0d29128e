"""`registry list|show` and `annotate`, as typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from hanoiwatch.cli.main import run


def output(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code = run(list(words))
    caught = capsys.readouterr()
    assert code == 0, caught.err
    return caught.out


@pytest.mark.parametrize("kind", ["officials", "posts", "bodies", "topics"])
def test_each_kind_is_listed_in_each_format(capsys, kind: str) -> None:
    listed = json.loads(output(capsys, "registry", "list", kind, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(output(capsys, "registry", "list", kind, "--format",
                                                  "csv"))))  # fmt: skip
    table = output(capsys, "registry", "list", kind).splitlines()
    assert len(listed) == len(rows) == len(table) - 1 > 30
    assert [one["id"] for one in listed] == [one["id"] for one in rows]


def test_the_list_says_who_held_what_on_a_day_and_what_is_open(capsys) -> None:
    listed = json.loads(output(capsys, "registry", "list", "posts", "--on", "2025-05-05",
                               "--format", "json"))  # fmt: skip
    holders = {one["id"]: one["holders"] for one in listed}
    assert holders["bi-thu-thanh-uy"] == ["Bùi Thị Minh Hoài"]
    assert all(name.endswith(" (?)") for name in holders["tb-noi-chinh"])


@pytest.mark.parametrize("name", ["ct-ubnd", "Chủ tịch UBND thành phố", "chu tich ubnd tp ha noi"])
def test_a_post_shows_who_held_it_on_a_day(capsys, name: str) -> None:
    shown = json.loads(output(capsys, "registry", "show", name, "--on", "2024-04-10",
                              "--format", "json"))  # fmt: skip
    assert [(one["official"], one["held"]) for one in shown["holders"]] == [
        ("tran-sy-thanh", "yes")
    ]


def test_a_post_that_nobody_held_says_so(capsys) -> None:
    assert "nobody is known on 2022-06-20" in output(
        capsys, "registry", "show", "ct-ubnd", "--on", "2022-06-20"
    )


def test_after_the_registry_ends_a_holder_is_only_perhaps_one(capsys) -> None:
    assert ", perhaps" in output(capsys, "registry", "show", "ct-ubnd", "--on", "2026-09-01")


def test_a_person_is_shown_with_dated_posts_and_their_sources(capsys) -> None:
    lines = output(capsys, "registry", "show", "Đinh Tiến Dũng").splitlines()
    post = next(line for line in lines if line.startswith("posts: "))
    assert post.startswith("posts: Bí thư Thành ủy Hà Nội, 2021-04-03 to 2024-06-19 (high)")
    assert any(line.startswith("  source: ") for line in lines)


def test_a_body_is_shown_with_all_its_predecessors(capsys) -> None:
    shown = json.loads(output(capsys, "registry", "show", "so-nnmt", "--format", "json"))
    assert shown["all_predecessors"] == ["so-nnptnt", "so-tnmt"]
    assert shown["posts"] == ["gd-so-nnmt"]


def test_what_is_unknown_is_answered_with_the_nearest(capsys) -> None:
    assert run(["registry", "show", "Trần Sỹ Than"]) == 1
    assert "tran-sy-thanh" in capsys.readouterr().err


def test_a_wrong_file_of_ones_own_is_named(capsys, tmp_path: Path) -> None:
    settings = tmp_path / "hanoiwatch.toml"
    settings.write_text('[registry]\ndirectory = "mine"\n', "utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "officials.yaml").write_text("officials:\n  - {id: x}\n", "utf-8")
    assert run(["--config", str(settings), "registry", "list", "officials"]) == 1
    assert "officials.yaml:2: `x`: " in capsys.readouterr().err


# --- annotate -----------------------------------------------------------------------------

TEXT = "Hà Nội bàn về đầu tư công\nBí thư Thành ủy Đinh Tiến Dũng chủ trì. Ông Dũng kết luận.\n"


def test_annotate_shows_what_a_text_links_to(capsys, tmp_path: Path) -> None:
    file = tmp_path / "bai.txt"
    file.write_text(TEXT, "utf-8")
    shown = json.loads(output(capsys, "annotate", str(file), "--date", "2024-04-10", "--format",
                              "json"))  # fmt: skip
    (official,) = shown["officials"]
    assert official["id"] == "dinh-tien-dung"
    assert [one["text"] for one in official["mentions"]] == ["Đinh Tiến Dũng", "Ông Dũng"]
    assert [one["id"] for one in shown["topics"]] == ["dau-tu-cong"]
    assert shown["topics"][0]["mentions"][0]["field"] == "title"
    assert "name-after-post" in output(capsys, "annotate", str(file), "--date", "2024-04-10")


def test_annotate_takes_a_month_and_resolves_a_post_only_if_all_of_it_agrees(
    capsys, tmp_path: Path
) -> None:
    file = tmp_path / "bai.txt"
    file.write_text("Chủ tịch UBND thành phố Hà Nội dự họp.", "utf-8")
    for day, count in (("2025-11", 0), ("2024-04", 1)):
        shown = json.loads(output(capsys, "annotate", str(file), "--date", day, "--format",
                                  "json"))  # fmt: skip
        assert len(shown["officials"]) == count, day


def test_annotate_minds_whether_the_outlet_is_of_hanoi(capsys, tmp_path: Path) -> None:
    file = tmp_path / "bai.txt"
    file.write_text("Thành ủy vừa ra thông báo.", "utf-8")
    assert "nothing of the registry" in output(capsys, "annotate", str(file), "--date", "2024")
    assert "thanh-uy" in output(
        capsys, "annotate", str(file), "--date", "2024-05-05", "--source-of-hanoi"
    )


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["annotate", "nowhere.txt", "--date", "2024-04-10"], 1, "cannot be read"),
        (["annotate", "nowhere.txt"], 2, "--date"),
        (["annotate", "nowhere.txt", "--date", "10-4-2024"], 2, "is no date"),
        (["registry", "show", "ct-ubnd", "--on", "2024"], 2, "is no day"),
        (["registry", "list", "people"], 2, "people"),
    ],
)
def test_wrong_usage_gets_one_sentence(capsys, words: list[str], code: int, reason: str) -> None:
    assert run(words) == code
    assert reason in capsys.readouterr().err


def test_annotate_of_a_file_that_is_not_utf8_says_so(capsys, tmp_path: Path) -> None:
    file = tmp_path / "bai.txt"
    file.write_bytes("Thành phố".encode("utf-16-le"))
    assert run(["annotate", str(file), "--date", "2024-04-10"]) == 1
    assert "is not UTF-8" in capsys.readouterr().err
