"""Registry files: the bundled ones hold together, and whatever is wrong is named with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hanoiwatch.errors import NotFoundError, RegistryError
from hanoiwatch.registry import load_registry
from hanoiwatch.registry.records import AREA_KINDS


@pytest.fixture
def own(tmp_path: Path):
    """Writes one file of the user's registry and loads all."""

    def load(text: str, name: str = "own.yaml"):
        (tmp_path / name).write_text(text, "utf-8")
        return load_registry(tmp_path)

    return load


# --- the bundled registry -----------------------------------------------------------------


def test_the_bundled_registry_is_whole() -> None:
    registry = load_registry()
    assert len(registry.officials) >= 84
    assert len(registry.posts) >= 54
    assert len([body for body in registry.bodies.values() if body.kind == "district"]) == 30
    assert len([body for body in registry.bodies.values() if body.kind == "ward"]) == 126
    assert len(registry.topics) >= 39
    assert registry.known_until == date(2026, 2, 13)


def test_every_fact_has_a_source_that_is_described() -> None:
    registry = load_registry()
    facts = [
        *registry.officials.values(), *registry.posts.values(), *registry.bodies.values(),
        *registry.topics.values(),
        *(tenure for one in registry.officials.values() for tenure in one.tenures),
    ]  # fmt: skip
    assert all(fact.sources for fact in facts)
    assert {source for fact in facts for source in fact.sources} <= set(registry.sources)


def test_nobody_is_known_to_hold_a_post_after_the_registry_ends() -> None:
    registry = load_registry()
    for official in registry.officials.values():
        for tenure in official.tenures:
            assert tenure.since.first <= registry.known_until, tenure
            assert tenure.until is None or tenure.until.first <= registry.known_until, tenure


def test_bodies_know_what_came_before_and_after_them() -> None:
    registry = load_registry()
    assert registry.predecessors("so-nnmt") == ("so-nnptnt", "so-tnmt")
    assert "so-nnmt" in registry.bodies["so-tnmt"].successors
    assert registry.predecessors("phuong-ba-dinh") == ("quan-ba-dinh", "quan-hoan-kiem",
                                                       "quan-tay-ho")  # fmt: skip
    areas = [body for body in registry.bodies.values() if body.kind in AREA_KINDS]
    assert all(body.successors for body in areas if body.kind == "district")


# --- finding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("find", "name", "found"),
    [
        ("find_official", "tran-sy-thanh", "tran-sy-thanh"),
        ("find_official", "Trần Sĩ Thanh", "tran-sy-thanh"),
        ("find_official", "tran sy thanh", "tran-sy-thanh"),
        ("find_official", "ĐINH TIẾN DŨNG", "dinh-tien-dung"),
        ("find_post", "Chủ tịch UBND thành phố", "ct-ubnd"),
        ("find_post", "chu tich uy ban nhan dan tp ha noi", "ct-ubnd"),
        ("find_post", "Bí thư Thành uỷ", "bi-thu-thanh-uy"),
        ("find_body", "Sở GD&ĐT", "so-gddt"),
        ("find_body", "UBND TP Hà Nội", "ubnd"),
        ("find_body", "quận Ba Đình", "quan-ba-dinh"),
        ("find_topic", "Luật Thủ đô", "luat-thu-do"),
    ],
)
def test_an_entry_is_found_by_id_by_name_and_without_marks(
    find: str, name: str, found: str
) -> None:
    assert getattr(load_registry(), find)(name).id == found


def test_what_is_not_found_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(NotFoundError, match=r"Trần Sỹ Thanh \(tran-sy-thanh\)"):
        load_registry().find_official("Trần Sỹ Than")


# --- the user's own over it ---------------------------------------------------------------


SUCCESSOR = """
known_until: 2026-06-30
sources: {desk: 'our own desk, 2026-06-02'}
officials:
  - id: vu-dai-thang
    tenures:
      - {post: ct-ubnd, from: 2025-11-28, until: 2026-06-01, confidence: high, sources: [desk]}
  - id: le-van-thu-nghiem
    name: Lê Văn Thử Nghiệm
    confidence: high
    sources: [desk]
    tenures:
      - {post: ct-ubnd, from: 2026-06-01, confidence: high, sources: [desk]}
"""


def test_a_tenure_of_the_same_post_and_beginning_replaces_the_bundled_one(own) -> None:
    registry = own(SUCCESSOR)
    on = registry.sole_holder("ct-ubnd", date(2026, 6, 2))
    assert on is not None
    assert on.official == "le-van-thu-nghiem"
    kept = registry.officials["vu-dai-thang"]
    assert kept.name == "Vũ Đại Thắng"
    assert [tenure.post for tenure in kept.tenures] == ["pbt-thanh-uy", "ct-ubnd"]


def test_an_alias_is_added_and_a_name_replaced(own) -> None:
    text = "bodies:\n  - {id: hanoi-metro, name: Hà Nội Metro mới, aliases: [HMC mới]}\n"
    body = own(text).bodies["hanoi-metro"]
    assert body.name == "Hà Nội Metro mới"
    assert {"Transerco"}.isdisjoint(body.aliases)
    assert {"Hanoi Metro", "HMC mới"} <= set(body.aliases)


def test_replace_leaves_nothing_of_the_bundled_entry(own) -> None:
    registry = own(
        "topics:\n  - {id: luat-thu-do, replace: true, name: Luật Thủ đô, group: phap-luat,\n"
        "     phrases: [luật riêng của thủ đô], confidence: high, sources: [own]}\n"
    )
    assert [phrase.parts for phrase in registry.topics["luat-thu-do"].phrases] == [
        ("luật riêng của thủ đô",)
    ]


def test_the_fingerprint_changes_with_every_fact(own) -> None:
    assert own(SUCCESSOR).fingerprint != load_registry().fingerprint


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert load_registry(tmp_path / "none").fingerprint == load_registry().fingerprint


# --- what is wrong ------------------------------------------------------------------------

OFFICIAL = (
    "officials:\n  - id: a-b\n    name: An Văn Bình\n    confidence: high\n    sources: [k]\n"
)
TENURE = "    tenures:\n      - {post: ct-hdnd, confidence: high, sources: [k], "


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("officials: [\n", 2, "not valid YAML"),
        ("- a\n", 1, "must have keys at its top"),
        ("persons: []\n", 1, "unknown key `persons`"),
        ("officials: {a: 1}\n", 1, "must be a list"),
        ("officials:\n  - name: An Văn Bình\n", 2, "with an `id`"),
        ("topics:\n  - {id: a}\n", 2, "missing required field `confidence`"),
        (OFFICIAL.replace("high", "sure"), 4, "confidence: invalid enum value 'sure'"),
        (OFFICIAL + "    nmae: x\n", 2, "unknown field `nmae`"),
        (OFFICIAL.replace("[k]", "[]"), 5, "needs its source"),
        (OFFICIAL.replace("[k]", "[zz]"), 5, "there is no source `zz`"),
        (OFFICIAL.replace("a-b", "A b"), 2, "is no id"),
        (OFFICIAL.replace("An Văn Bình", "Bình"), 3, "is no whole name"),
        (OFFICIAL.replace("An Văn Bình", "Trần Sỹ Thanh"), 3, "have the same name"),
        (OFFICIAL + TENURE + "from: 2019-13}\n", 7, "is no day of the calendar"),
        (OFFICIAL + TENURE + "from: soon}\n", 7, "is no date"),
        (OFFICIAL + TENURE.replace("ct-hdnd", "ct-x") + "from: 2010}\n", 7, "no post `ct-x`"),
        (OFFICIAL + TENURE + "from: 2012, until: 2010}\n", 7, "is not after `from`"),
        (OFFICIAL + TENURE + "from: 2023-01-01, until: 2023-02-01}\n", 7, "has one seat"),
        (OFFICIAL + TENURE + "from: 2010, until: 2011, ended: true}\n", 7, "`ended` is for"),
        ("posts:\n  - {id: x, name: X, body: nobody, heads: [X], confidence: high, sources: [k]}\n",
         2, "there is no body `nobody`"),
        ("posts:\n  - {id: x, name: X, body: ubnd, confidence: high, sources: [k]}\n",
         2, "nothing says this post"),
        (("posts:\n  - {id: x, name: X, body: ubnd, heads: [chủ tịch], confidence: high,\n"
         "     sources: [k]}\n"), 2, "has the same head"),
        ("bodies:\n  - {id: x, name: Sở Y tế, kind: department, confidence: high, sources: [k]}\n",
         2, "at the same time"),
        ("bodies:\n  - {id: x, name: Sở Mới, kind: house, confidence: high, sources: [k]}\n",
         2, "kind: invalid enum value 'house'"),
        (("bodies:\n  - {id: x, name: Sở Mới, kind: agency, parent: y, confidence: high,\n"
         "     sources: [k]}\n"), 2, "there is no body `y`"),
        ("topics:\n  - {id: x, name: X, group: g, confidence: high, sources: [k]}\n",
         2, "at least one phrase"),
        ("topics:\n  - {id: luat-thu-do}\n  - {id: luat-thu-do}\n", 3, "stands twice"),
        ("known_until: next year\n", None, "`known_until`"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_line_and_reason(own, text: str, line: int, reason: str) -> None:
    with pytest.raises(RegistryError) as refused:
        own(text)
    assert reason in str(refused.value)
    if line is not None:
        assert refused.value.path.name == "own.yaml"
        assert refused.value.line == line
    assert str(refused.value).endswith(".")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_bytes("topics: []\n# Thủ đô\n".encode("utf-16-le"))
    with pytest.raises(RegistryError, match="own"):
        load_registry(tmp_path)


def test_a_file_that_cannot_be_read_or_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").mkdir()
    with pytest.raises(RegistryError, match="cannot be read"):
        load_registry(tmp_path)
    (tmp_path / "own.yaml").rmdir()
    (tmp_path / "own.yaml").write_bytes(b"#" * 5_000_001)
    with pytest.raises(RegistryError, match="more than 5 MB"):
        load_registry(tmp_path)


def test_names_that_two_entries_have_are_asked_about(own) -> None:
    registry = own(
        "officials:\n"
        "  - {id: nguyen-van-phong, common: true}\n"
        "  - {id: phong-khac, name: Nguyễn Văn Phong, common: true, confidence: low,\n"
        "     sources: [k]}\n"
    )
    with pytest.raises(NotFoundError, match="nguyen-van-phong, phong-khac"):
        registry.find_official("Nguyễn Văn Phong")
