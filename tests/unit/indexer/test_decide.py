"""What a new reading means for the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.sources.schema import Scope
from hanoiwatch.store.articles import StoredArticle
from hanoiwatch.store.readings import revision_digest
from indexer.decide import MOST_RETRIES, decide, identity, next_visit, out_of_scope

URL = "https://bao.vn/hop-bao-thang-muoi-1200001.html"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
EVERYTHING = Scope()


def content(**more) -> Content:
    fields = {
        "url": URL,
        "title": "Họp báo tháng Mười",
        "section": "Chính trị",
        "blocks": (Block(kind="paragraph", text="Phường Ba Đình họp báo."),),
        "images": (Image(url="https://bao.vn/a.jpg", caption="Toàn cảnh ở Thủ đô"),),
    }
    return Content(**{**fields, **more})


def stored(**more) -> StoredArticle:
    fields = {
        "rowid": 1, "id": "0123456789abcdef", "page_id": 7, "revision": 1, "extractor": "1",
        "digest": revision_digest(content()),
    }  # fmt: skip
    return StoredArticle(**{**fields, **more})


def decided(read: Content, known: StoredArticle | None, *, page=7, scope=EVERYTHING, extractor="1"):
    digest = revision_digest(read)
    return decide(read, digest, known, page_id=page, scope=scope, extractor=extractor).kind


def test_an_unknown_article_is_new() -> None:
    assert decided(content(), None) == "new"


def test_the_same_words_make_no_revision() -> None:
    assert decided(content(tags=("khác",), modified_at=NOW), stored()) == "same"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Họp báo tháng Mười Một"},
        {"lead": "Lãnh đạo phường trả lời"},
        {"blocks": ()},
        {"images": (Image(url="https://bao.vn/a.jpg", caption="Toàn cảnh"),)},
    ],
)
def test_a_change_of_title_lead_text_or_caption_is_an_edit(change) -> None:
    assert decided(content(**change), stored()) == "edited"


def test_another_extractor_never_makes_an_edit() -> None:
    assert decided(content(title="Khác"), stored(), extractor="2") == "same"


def test_another_page_with_the_same_article_is_a_duplicate() -> None:
    assert decided(content(title="Khác"), stored(), page=8) == "duplicate"


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        (Scope(), True),
        (Scope(sections=("chính trị",)), True),
        (Scope(sections=("Thể thao",)), False),
        (Scope(any=("Thủ đô",)), True),  # in a caption
        (Scope(any=("Ba Đình",)), True),
        (Scope(any=("Ba",), sections=("Thể thao",)), True),
        (Scope(any=("Đìn",)), False),  # whole words only
        (Scope(any=("Ha Noi", "Hà Nội")), False),
    ],
)
def test_scope_keeps_by_section_or_by_words(scope: Scope, kept: bool) -> None:
    assert (out_of_scope(content(), scope) == "") is kept


@pytest.mark.parametrize(
    ("declared", "believed"),
    [
        ("https://bao.vn/hop-bao-1200001.html", True),
        ("https://bao.vn/chinh-tri/hop-bao-thang-muoi-1200001.html", True),
        ("https://bao.vn/", False),
        ("https://bao.vn/hop-bao-thang-muoi-1200002.html", False),
        ("https://bao.vn/chinh-tri", False),
        ("https://khac.vn/hop-bao-thang-muoi-1200001.html", False),
    ],
)
def test_a_declared_address_counts_only_where_it_names_this_article(declared, believed) -> None:
    assert identity(URL, declared) == (declared if believed else URL)


def test_a_gate_is_tried_again_ever_later_and_then_left_alone() -> None:
    waits = [next_visit("challenge", earlier, NOW) - NOW for earlier in range(MOST_RETRIES)]
    assert waits == [timedelta(hours=6 * 2**earlier) for earlier in range(MOST_RETRIES)]
    assert next_visit("challenge", MOST_RETRIES, NOW) is None
    assert next_visit("list", 0, NOW) is None
