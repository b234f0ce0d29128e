"""What a new reading means for the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.sources.schema import Scope
from hanoiwatch.store.readings import revision_digest
from hanoiwatch.store.stored import StoredArticle
from indexer.decide import (
    MOST_RETRIES,
    Arrival,
    Decision,
    Known,
    decide,
    identity,
    is_gone,
    next_visit,
    out_of_scope,
)

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
    known = more.pop("content", content())
    fields = {
        "rowid": 1, "id": "0123456789abcdef", "url": known.url, "page_id": 7, "revision": 1,
        "extractor": "1", "layout": "bao/new", "content": known, "digest": revision_digest(known),
    }  # fmt: skip
    return StoredArticle(**{**fields, **more})


def arrival(read: Content, **more) -> Arrival:
    fields = {
        "page_id": 7, "content": read, "digest": revision_digest(read), "layout": "bao/new",
        "extractor": "1",
    }  # fmt: skip
    return Arrival(**{**fields, **more})


def visited(read: Content, own: StoredArticle | None = None, **more) -> Decision:
    """The article's own page was read again."""
    own = own or stored()
    at_url = own if read.url == own.url else None
    return decide(arrival(read, **more), Known(of_page=own, at_url=at_url), EVERYTHING)


def test_an_unknown_article_is_new() -> None:
    assert decide(arrival(content()), Known(), EVERYTHING) == Decision(kind="new")


@pytest.mark.parametrize("change", [{}, {"tags": ("b", "a")}, {"modified_at": NOW}])
def test_the_same_words_make_no_revision(change) -> None:
    known = stored(content=content(tags=("a", "b")))
    assert visited(content(**{"tags": ("a", "b"), **change}), known).kind == "same"


@pytest.mark.parametrize(
    "change",
    [
        {"byline": ("Ngọc Lam",)},
        {"photographers": ("Ngọc Lam",)},
        {"original_source": "TTXVN"},
        {"section": "Xã hội"},
        {"published_at": NOW},
        {"tags": ("khác",)},
        {"lead_prefix": "HNM"},
        {"images": (Image(url="https://bao.vn/b.jpg", caption="Toàn cảnh ở Thủ đô"),)},
    ],
)
def test_what_stands_around_the_words_is_shown_anew_without_a_revision(change) -> None:
    assert visited(content(**change)).kind == "reread"


def test_details_that_only_the_general_path_read_are_not_believed() -> None:
    assert visited(content(byline=("Menu",)), layout="general").kind == "same"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Họp báo tháng Mười Một"},
        {"lead": "Lãnh đạo phường trả lời"},
        {"blocks": (Block(kind="paragraph", text="Phường Ba Đình hoãn họp báo."),)},
        {"images": (Image(url="https://bao.vn/a.jpg", caption="Toàn cảnh"),)},
        {"images": (Image(url="https://bao.vn/a.jpg", caption="Toàn cảnh", credit="Lam"),)},
    ],
)
def test_a_change_of_title_lead_text_or_caption_is_an_edit(change) -> None:
    assert visited(content(**change)).kind == "edited"


def test_another_extractor_never_makes_an_edit() -> None:
    assert visited(content(title="Khác"), extractor="2").kind == "same"


def test_a_worse_reading_is_held_back_with_its_reason() -> None:
    decision = visited(content(blocks=()))
    assert (decision.kind, decision.reason) == ("held", "the text is gone")


def test_another_page_with_the_same_article_is_a_duplicate() -> None:
    found = decide(arrival(content(title="Khác"), page_id=8), Known(at_url=stored()), EVERYTHING)
    assert (found.kind, found.reason) == ("duplicate", "same article as 0123456789abcdef")


MOVED = "https://bao.vn/tin/hop-bao-1300001.html"


def test_a_page_that_leads_to_a_new_address_is_the_same_article_there() -> None:
    decision = visited(content(url=MOVED))
    assert (decision.kind, decision.moved, decision.of) == ("same", True, stored())
    edited = visited(content(url=MOVED, lead="Thêm một câu"))
    assert (edited.kind, edited.moved) == ("edited", True)


def test_a_page_that_leads_to_another_article_is_held_back() -> None:
    other = content(
        url=MOVED, title="Lịch cắt điện", blocks=(Block(kind="paragraph", text="Từ tám giờ."),)
    )
    decision = visited(other)
    assert (decision.kind, decision.reason, decision.moved) == (
        "held", "another article answers", False,
    )  # fmt: skip


def test_a_page_that_leads_to_a_recorded_article_leaves_both_as_they_are() -> None:
    other = stored(rowid=2, page_id=8, content=content(url=MOVED))
    known = Known(of_page=stored(), at_url=other)
    assert decide(arrival(content(url=MOVED)), known, EVERYTHING).kind == "duplicate"


def test_the_very_same_words_of_the_same_minute_are_one_article() -> None:
    dated = content(published_at=NOW)
    twin = Known(twin=stored(content=dated))
    new = content(published_at=NOW, url=MOVED)
    assert decide(arrival(new, page_id=8), twin, EVERYTHING).kind == "duplicate"


@pytest.mark.parametrize(("words", "kind"), [(49, "new"), (50, "duplicate")])
def test_undated_words_are_known_again_only_where_there_are_enough(words: int, kind) -> None:
    text = " ".join(["phường"] * words)
    read = content(url=MOVED, blocks=(Block(kind="paragraph", text=text),))
    assert decide(arrival(read, page_id=8), Known(twin=stored()), EVERYTHING).kind == kind


def test_an_old_address_that_carries_something_else_is_a_new_article() -> None:
    once_there = Known(at_url=stored(content=content(url=MOVED)))
    other = content(title="Lịch cắt điện", blocks=(Block(kind="paragraph", text="Từ tám giờ."),))
    assert decide(arrival(other, page_id=8), once_there, EVERYTHING).kind == "new"
    same = decide(arrival(content(lead="Thêm"), page_id=8), once_there, EVERYTHING)
    assert same.kind == "duplicate"


def test_a_withdrawn_article_that_answers_is_restored_unless_it_is_worse() -> None:
    gone = stored(is_withdrawn=True)
    assert visited(content(), gone).restored
    edited = visited(content(title="Khác"), gone)
    assert (edited.kind, edited.restored) == ("edited", True)
    assert not visited(content(blocks=()), gone).restored


@pytest.mark.parametrize(
    ("reason", "redirected", "gone"),
    [
        ("not-found", False, True),
        ("list", True, True),
        ("list", False, False),
        ("challenge", True, False),
        ("empty", False, False),
    ],
)
def test_gone_is_a_page_that_says_so(reason, redirected: bool, gone: bool) -> None:
    assert is_gone(reason, redirected=redirected) is gone


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


@pytest.mark.parametrize("now_rendered", [True, False])
def test_what_a_browser_adds_or_takes_away_is_no_edit(now_rendered: bool) -> None:
    more = content(blocks=(*content().blocks, Block(kind="paragraph", text="Thêm một đoạn nữa.")))
    own = stored(rendered=not now_rendered)
    assert visited(more, own, rendered=now_rendered).kind == "reread"
    assert visited(more, stored(rendered=now_rendered), rendered=now_rendered).kind == "edited"
    assert visited(content(title=""), own, rendered=now_rendered).kind == "held"
