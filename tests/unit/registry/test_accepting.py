"""What a person accepts becomes an entry, and nothing is filled in; what is known is no news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hanoiwatch.errors import UnknownLinkError
from hanoiwatch.registry import load_registry
from hanoiwatch.registry.accepting import Accepted, merged_entry
from hanoiwatch.registry.news import is_news
from hanoiwatch.registry.partialdate import partial_date
from hanoiwatch.registry.records import Place, ProposedChange

REGISTRY = load_registry()
NEWCOMER = Accepted(
    name="Khúc Đại Hải", official_id=None, post_id="gd-so-ngoai-vu", change="in", on="2026-01-15",
    source_id="article-1", source="https://bao.example/1 (2026-01-16); accepted by mai",
    note="Giám đốc Sở Ngoại vụ: Ông Khúc Đại Hải nhận quyết định.",
)  # fmt: skip


def officials(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in tree["officials"]}


def test_a_newcomer_with_a_post_and_a_day_gets_a_tenure_with_its_source() -> None:
    tree, official = merged_entry({}, REGISTRY, NEWCOMER)
    assert official == "khuc-dai-hai"
    entry = officials(tree)[official]
    assert entry["name"] == "Khúc Đại Hải"
    assert entry["tenures"] == [
        {"post": "gd-so-ngoai-vu", "from": "2026-01-15", "confidence": "medium",
         "sources": ["article-1"], "note": NEWCOMER.note}
    ]  # fmt: skip
    assert tree["sources"] == {"article-1": NEWCOMER.source}
    assert set(entry) == {"id", "name", "confidence", "sources", "tenures"}


def test_a_newcomer_without_a_day_is_known_without_a_tenure() -> None:
    tree, official = merged_entry({}, REGISTRY, replace(NEWCOMER, on=None))
    entry = officials(tree)[official]
    assert "tenures" not in entry
    assert entry["note"] == NEWCOMER.note


def test_a_namesake_gets_an_id_of_their_own() -> None:
    namesake = replace(NEWCOMER, name="Trần Sỹ Thanh")
    assert merged_entry({}, REGISTRY, namesake)[1] == "tran-sy-thanh-2"


def test_somebody_known_gets_a_further_tenure_and_the_file_keeps_what_it_had() -> None:
    before = {"sources": {"desk": "Bàn biên tập"}, "officials": [
        {"id": "tran-sy-thanh", "note": "Của tôi.", "tenures": [{"post": "x", "from": "2020"}]}
    ]}  # fmt: skip
    known = replace(NEWCOMER, official_id="tran-sy-thanh")
    tree, official = merged_entry(before, REGISTRY, known)
    entry = officials(tree)[official]
    assert entry["note"] == "Của tôi."
    assert [one["post"] for one in entry["tenures"]] == ["x", "gd-so-ngoai-vu"]
    assert set(tree["sources"]) == {"desk", "article-1"}
    assert before["officials"][0]["tenures"] == [{"post": "x", "from": "2020"}]
    assert merged_entry(tree, REGISTRY, known)[0] == tree


def test_a_removal_ends_the_tenure_that_goes_on() -> None:
    open_tenure = next(
        (one, official.id)
        for official in REGISTRY.officials.values()
        for one in official.tenures
        if one.until is None and not one.ended
    )
    tenure, official = open_tenure
    left = replace(
        NEWCOMER, official_id=official, post_id=tenure.post, change="out", on="2026-02-20"
    )
    entry = officials(merged_entry({}, REGISTRY, left)[0])[official]
    (ended,) = entry["tenures"]
    assert (ended["post"], ended["from"], ended["until"]) == (
        tenure.post, str(tenure.since), "2026-02-20",
    )  # fmt: skip
    assert ended["sources"] == [*tenure.sources, "article-1"]
    assert "seen" not in ended


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        (replace(NEWCOMER, change="out"), "--official"),
        (replace(NEWCOMER, official_id="tran-sy-thanh", on=None), "--on"),
        (replace(NEWCOMER, official_id="tran-sy-thanh", post_id=None), "--post"),
        (replace(NEWCOMER, post_id="gd-so-khong-co"), "gd-so-khong-co"),
        (
            replace(NEWCOMER, official_id="tran-sy-thanh", change="out", post_id="tu-lenh"),
            "without an end",
        ),
    ],
)
def test_what_the_article_leaves_open_is_asked_for(accepted: Accepted, said: str) -> None:
    with pytest.raises(UnknownLinkError, match=said):
        merged_entry({}, REGISTRY, accepted)


# --- what is known is no news ------------------------------------------------------------------


def change(official: str | None, post: str, kind: Any, on: str | None) -> ProposedChange:
    return ProposedChange(
        name="Ai đó", official_id=official, post="", post_id=post, body_id=None, kind=kind,
        on=partial_date(on) if on else None, on_is_stated=True, sentence="",
        place=Place(field="text", start=0, end=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("official", "kind", "on", "news"),
    [
        ("bui-thi-minh-hoai", "elected", "2024-07-17", False),  # the day itself
        ("bui-thi-minh-hoai", "elected", "2024-07-01", False),  # decided, and elected later
        ("bui-thi-minh-hoai", "elected", "2025-10-16", False),  # again, in the post
        ("bui-thi-minh-hoai", "elected", "2024-05-01", True),
        ("bui-thi-minh-hoai", "elected", "2027-01-01", True),  # after she left
        ("dinh-tien-dung", "removed", "2024-06-25", False),
        ("dinh-tien-dung", "removed", "2024-06", False),
        ("dinh-tien-dung", "removed", "2023-06-25", True),
        ("tran-sy-thanh", "elected", "2024-07-17", True),  # never held it
        ("nguyen-duy-ngoc", "removed", "2026-11-20", True),
        (None, "elected", "2024-07-17", True),
        ("bui-thi-minh-hoai", "elected", None, True),
    ],
)
def test_a_change_near_what_the_registry_has_is_no_news(
    official: str | None, kind: str, on: str | None, news: bool
) -> None:
    assert REGISTRY.known_until >= date(2026, 2, 1)
    assert is_news(REGISTRY, change(official, "bi-thu-thanh-uy", kind, on)) is news
