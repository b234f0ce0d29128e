"""What the general path takes for byline, caption, lead and text where nobody described a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hanoiwatch.model import Content
from indexer.extract import LayoutBook
from indexer.extract.chunks import with_further_boxes
from indexer.extract.measure import measure
from indexer.extract.scaffolding import without_scaffolding
from tests.unit.extract.pages import PROSE, content, nothing, opened

NO_LAYOUTS = LayoutBook()
LONG = [f"{text} Đó là lời kể của người dân tổ {n}." for n, text in enumerate(PROSE)]


def read(middle: str, *, head: str = "", under: str = "", end: str = "") -> Content:
    html = f"""<html><head><title>Phường họp không giấy</title>{head}</head><body>
        <h1>Phường họp không giấy</h1>{under}<div class="text"><p>{LONG[0]}</p><p>{LONG[1]}</p>
        {middle}<p>{LONG[2]}</p><p>{LONG[3]}</p></div>{end}</body></html>"""
    return content(html, book=NO_LAYOUTS)


def test_each_author_in_a_box_of_several_is_named_and_the_box_is_nobody() -> None:
    box = '<div class="authors"><a class="author">Vũ Điệp</a> <a class="author">Thuận An</a></div>'
    assert read("", under=box).byline == ("Vũ Điệp", "Thuận An")


def test_the_name_behind_the_headline_in_the_title_is_the_sites_and_nobodys() -> None:
    head = """<title>Phường họp không giấy | Báo Bờ Bãi</title>
        <meta property="og:title" content="Phường họp không giấy">
        <meta name="author" content="Báo Bờ Bãi">"""
    html = f"""<html><head>{head}</head><body><h1>Phường họp không giấy</h1>
        <div><p>{LONG[0]}</p><p>{LONG[1]}</p><p>{LONG[2]}</p>
        <p style="text-align:right"><b>Lê Thắm</b></p></div></body></html>"""
    assert content(html, book=NO_LAYOUTS).byline == ("Lê Thắm",)


def test_a_paragraph_that_an_agencys_name_begins_under_the_headline_is_the_lead() -> None:
    said = read("", under="<h2>(Bờ Bãi) - Ba tháng không in một tờ tài liệu nào</h2>")
    assert (said.lead_prefix, said.lead) == (
        "(Bờ Bãi) -", "Ba tháng không in một tờ tài liệu nào",
    )  # fmt: skip


@pytest.mark.parametrize("box", ["figure", "table"])
def test_a_picture_over_a_link_to_another_article_is_none_of_this_ones(box: str) -> None:
    link = '<a href="/bai-khac-12345.html">Giá thuê xưởng tăng quý thứ năm liên tiếp</a>'
    image = '<a href="/bai-khac-12345.html"><img src="/khac.jpg"></a>'
    card = {
        "figure": f"<figure>{image}<figcaption>{link}</figcaption></figure>",
        "table": f"<table><tr><td>{image}</td></tr><tr><td>{link}</td></tr></table>",
    }[box]
    said = read(card)
    assert (said.images, [block.text for block in said.blocks]) == ((), LONG)


def test_a_caption_that_enlarges_its_picture_stays() -> None:
    caption = '<a href="/lon.jpg">Phòng họp tầng hai của phường</a>'
    said = read(f'<figure><img src="/a.jpg"><figcaption>{caption}</figcaption></figure>')
    assert [one.caption for one in said.images] == ["Phòng họp tầng hai của phường"]


@pytest.mark.parametrize(
    "line",
    [
        '<p class="chuthich">Phòng họp tầng hai.</p>',
        '<p style="text-align:center">Phòng họp tầng hai.</p>',
        '<div style="text-align: center;"><i>Phòng họp tầng hai.</i></div>',
        "<p><em>Phòng họp tầng hai.</em></p>",
    ],
)
def test_a_paragraph_set_as_a_caption_under_a_picture_is_its_caption(line: str) -> None:
    said = read(f'<p><img src="/a.jpg" alt="họp, phường, giấy"></p>{line}')
    assert [(one.caption, one.credit) for one in said.images] == [("Phòng họp tầng hai.", "")]
    assert [block.text for block in said.blocks if block.text] == LONG


def test_a_credit_makes_a_caption_of_a_plain_paragraph() -> None:
    said = read('<p><img src="/a.jpg"></p><p>Phòng họp tầng hai. Ảnh: Đỗ Nam</p>')
    assert [(one.caption, one.credit) for one in said.images] == [("Phòng họp tầng hai.", "Đỗ Nam")]
    assert said.photographers == ("Đỗ Nam",)


def test_alt_and_title_are_no_captions_but_a_title_that_joomla_prints_is() -> None:
    bare = read('<p><img src="/a.jpg" alt="họp phường" title="hop-phuong-1"></p>')
    assert [one.caption for one in bare.images] == [""]
    printed = read('<p><img class="caption" src="/a.jpg" title="Phòng họp tầng hai"></p>')
    assert [one.caption for one in printed.images] == ["Phòng họp tầng hai"]


def test_plain_text_after_a_picture_stays_text() -> None:
    said = read('<p><img src="/a.jpg"></p><p>Chiều cùng ngày, phường họp tiếp với bảy tổ.</p>')
    assert said.images[0].caption == ""
    assert "Chiều cùng ngày, phường họp tiếp với bảy tổ." in said.text


def test_centred_paragraphs_are_text_on_a_page_that_centres_its_text() -> None:
    paragraphs = "".join(f'<p style="text-align:center">{text}</p>' for text in LONG)
    html = f"""<html><head><title>Thơ phường</title></head><body><h1>Thơ phường ngày mới</h1>
        <div><p style="text-align:center"><img src="/a.jpg"></p>{paragraphs}</div></body></html>"""
    said = content(html, book=NO_LAYOUTS)
    assert said.images[0].caption == ""
    assert said.text.split("\n") == LONG


@pytest.mark.parametrize(
    ("under", "byline"),
    [
        ('<span class="author">Hà Vũ</span>', ("Hà Vũ",)),
        ('<a rel="author nofollow" href="/tg/3">Hà Vũ</a>', ("Hà Vũ",)),
        ('<span itemprop="author"><span itemprop="name">Hà Vũ</span></span>', ("Hà Vũ",)),
        ("<div>Tác giả: Hà Vũ</div>", ("Hà Vũ",)),
        ('<div class="byline">PV. Hà Vũ | 12/10/2026 16:05</div>', ("Hà Vũ",)),
        ("<p>Hà Vũ - Đỗ Nam</p>".replace("<p>", '<p class="author">'), ("Hà Vũ", "Đỗ Nam")),
        ('<b class="author">Hà Vũ</b>, <b class="author">Đỗ Nam</b>', ("Hà Vũ", "Đỗ Nam")),
        ('<span class="author">admin</span>', ()),
        ('<span class="author">Super User</span>', ()),
        ('<span class="author">toasoan@bao.example</span>', ()),
        ('<span class="author">https://bao.example/tac-gia/3</span>', ()),
        ('<span class="author">Theo Báo Bãi Giữa</span>', ()),
        ("<div>Hà Nội, 12/10/2026 16:05</div>", ()),
    ],
)
def test_an_author_is_a_person_near_the_headline(under: str, byline: tuple[str, ...]) -> None:
    assert read("", under=under).byline == byline


def test_what_holds_the_headline_too_is_no_sidebar_whatever_its_class_says() -> None:
    byline = '<div class="elementor-widget post-info"><span class="author">Hà Vũ</span></div>'
    html = f"""<html><head><title>Phường họp không giấy</title></head><body>
        <div class="content-sidebar related"><h1>Phường họp không giấy</h1>{byline}
        <div>{"".join(f"<p>{text}</p>" for text in LONG)}</div></div></body></html>"""
    assert content(html, book=NO_LAYOUTS).byline == ("Hà Vũ",)


def test_a_reader_who_comments_and_an_account_in_the_head_are_no_authors() -> None:
    comment = '<div class="comments"><b class="author">Trần Quân</b><p>Hay quá.</p></div>'
    assert read("", head='<meta name="author" content="admin">', end=comment).byline == ()


def test_where_it_was_taken_from_is_no_byline() -> None:
    said = read("", under='<span class="source">Theo Báo Bãi Giữa</span>')
    assert (said.original_source, said.byline) == ("Báo Bãi Giữa", ())
    said = read("", end="<p>Nguồn: Báo Bãi Giữa</p>")
    assert said.original_source == "Báo Bãi Giữa"


def test_a_lead_in_a_box_of_its_own_is_the_lead_with_and_without_a_mark() -> None:
    lead = "Ba tháng không in một tờ tài liệu nào, phường tiết kiệm bốn mươi triệu đồng."
    assert read("", under=f'<div class="sapo"><p>{lead}</p></div>').lead == lead
    assert read("", under=f"<p><b>{lead}</b></p>").lead == lead
    described = f'<meta name="description" content="{lead}">'
    assert read("", head=described, under=f'<p class="x1">{lead}</p>').lead == lead


def test_a_portal_in_tables_inside_a_form_is_read_like_any_page() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in LONG)
    html = f"""<html><head><title>Cổng thông tin điện tử phường Bến</title></head><body>
        <form action="x"><table><tr><td><table><tr><td><a href="/">Trang chủ</a></td></tr></table>
        </td><td><span class="tieude">Phường họp không giấy tờ</span>{paragraphs}</td></tr></table>
        </form></body></html>"""
    said = content(html, book=NO_LAYOUTS)
    assert said.title == "Phường họp không giấy tờ"
    assert said.text.split("\n") == LONG


def test_a_table_of_data_and_a_form_to_fill_in_are_no_scaffolding() -> None:
    data = "<table><tr><th>Tuyến</th><th>Giờ</th></tr><tr><td>04</td><td>22h30</td></tr></table>"
    document = opened(f"<body><p>{LONG[0]}</p>{data}<form><input></form></body>")
    assert without_scaffolding(document, measure(document.root)) is document


def test_further_boxes_of_the_same_kind_are_of_the_same_text() -> None:
    boxes = "".join(f'<div class="chunk"><p>{text}</p></div>' for text in LONG)
    other = f'<div class="comment"><p>{LONG[0]} Tôi cũng thấy như vậy đấy.</p></div>'
    document = opened(f"<body><main>{boxes}</main>{other}</body>")
    assert with_further_boxes(document, "\n".join(LONG[:2])).split("\n") == LONG


def test_one_box_that_looks_like_another_is_no_part_of_the_text() -> None:
    boxes = "".join(f'<div class="card"><p>{text}</p></div>' for text in LONG)
    document = opened(f"<body>{boxes}</body>")
    assert with_further_boxes(document, LONG[0]) == LONG[0]


def test_one_box_with_several_paragraphs_is_no_card_and_has_further_boxes() -> None:
    boxes = _boxes("<div>{}</div>")
    assert with_further_boxes(opened(boxes), "\n".join(LONG[:3])).split("\n") == LONG


@pytest.mark.parametrize(
    "around", ["<article><div>{}</div></article>", "<div><h1>Chuyện khác</h1><div>{}</div></div>"]
)
def test_the_box_of_another_article_is_no_part_of_the_text(around: str) -> None:
    found = "\n".join(LONG[:3])
    assert with_further_boxes(opened(_boxes(around)), found) == found


def _boxes(around: str) -> str:
    """Three paragraphs in one box, the others in the next."""
    parts = (LONG[:3], LONG[3:])
    texts = ("".join(f"<p>{text}</p>" for text in part) for part in parts)
    return f"<body><main>{''.join(map(around.format, texts))}</main></body>"


def test_a_clock_in_the_masthead_is_no_time_of_publication() -> None:
    clock = '<div id="header"><div class="date">20/11/2026, 08:59:12</div></div>'
    html = f"""<html><head><title>Phường họp không giấy</title></head><body>{clock}
        <h1>Phường họp không giấy</h1><p class="ngaythang">Cập nhật: 15:42 | 03/07/2026</p>
        <div>{"".join(f"<p>{text}</p>" for text in LONG)}</div></body></html>"""
    said = content(html, book=NO_LAYOUTS)
    assert said.published_at == datetime(2026, 7, 3, 8, 42, tzinfo=UTC)


def test_a_portal_that_calls_every_page_by_its_office_has_its_headline_on_the_page() -> None:
    html = f"""<html><head><title>UBND phường Hoàng Liên</title></head><body><div>
        <span class="tieude">Phường họp không giấy tờ</span>
        {"".join(f"<p>{text}</p>" for text in LONG)}</div></body></html>"""
    assert content(html, book=NO_LAYOUTS).title == "Phường họp không giấy tờ"


def test_what_is_left_when_the_text_is_gone_is_no_article() -> None:
    said = "Ba tháng không in tài liệu, phường tiết kiệm 40 triệu đồng và một phần ba thời gian. "
    html = f"""<html><head><title>Phường họp không giấy</title><meta property="og:description"
        content="{said * 3}"></head><body><div><span>Phường họp không giấy</span>
        12/10/2026 16:05 <b>{said * 3}</b></div></body></html>"""
    assert nothing(html, book=NO_LAYOUTS) == "empty"
