"""Pages of outlets that nobody has described."""

from __future__ import annotations

import pytest

from hanoiwatch.clock import to_shown
from indexer.extract import LayoutBook
from indexer.extract.boilerplate import main_text
from tests.unit.extract.pages import PROSE, article, content, nothing, opened

NO_LAYOUTS = LayoutBook()
LEAD = "Ba tháng không in một tờ tài liệu nào, phường tiết kiệm được gần bốn mươi triệu đồng."
HEAD = f"""<title>Phường họp không giấy | Báo Mới Mở</title>
    <meta name="description" content="{LEAD}">
    <meta property="og:site_name" content="Báo Mới Mở"><meta name="keywords" content="họp, phường">
    <link rel="canonical" href="/phuong-hop-khong-giay.html">"""
MENU = "".join(f'<li><a href="/muc-{n}">Chuyên mục {n}</a></li>' for n in range(8))
ASIDE = "".join(
    f'<li><a href="/bai-{n}">Bài khác trong ngày, số thứ {n}</a></li>' for n in range(9)
)


def unknown(body: str, *, head: str = HEAD, before: str = "", after: str = "") -> str:
    return f"""<html lang="vi"><head><meta charset="utf-8">{head}</head><body>
        <div class="top"><ul>{MENU}</ul><span class="date">Thứ Sáu, 20/11/2026 10:00</span></div>
        <div class="breadcrumb"><a href="/">Trang chủ</a><a href="/do-thi">Đô thị</a></div>
        {before}<h1>Phường họp không giấy</h1>
        <div class="news-meta"><span class="author">Hà Vũ</span>
        <span class="publish-date">12/10/2026, 16:05</span></div>{body}{after}
        <div class="side"><h3>Đọc nhiều</h3><ul>{ASIDE}</ul></div><p>© Báo Mới Mở</p>
        </body></html>"""


BODY = f"""<p class="sapo">{LEAD}</p><div class="noi-dung"><p>{PROSE[0]}</p><p>{PROSE[1]}</p>
    <figure><img src="/anh.jpg"><figcaption>Phòng họp. Ảnh: Đỗ Nam</figcaption></figure>
    <h2>Người lớn tuổi cũng theo được</h2><p>{PROSE[2]}</p>
    <ul><li>Một việc</li><li>Hai việc</li></ul><p>{PROSE[3]}</p></div>"""


def test_an_unknown_page_is_read_with_its_headings_pictures_and_fields_in_place() -> None:
    read = article(unknown(BODY), book=NO_LAYOUTS)
    said = read.content
    assert read.layout == "general"
    assert (said.title, said.lead, said.section) == ("Phường họp không giấy", LEAD, "Đô thị")
    assert (said.byline, said.photographers, said.tags) == (
        ("Hà Vũ",),
        ("Đỗ Nam",),
        ("họp", "phường"),
    )
    assert [block.kind for block in said.blocks] == [
        "paragraph", "paragraph", "image", "heading", "paragraph", "list", "paragraph",
    ]  # fmt: skip
    assert [block.text for block in said.blocks if block.kind == "paragraph"] == list(PROSE)
    assert (said.images[0].caption, said.images[0].credit) == ("Phòng họp.", "Đỗ Nam")
    assert said.url == "https://songnhue.example/phuong-hop-khong-giay.html"
    assert said.language == "vi"


def test_the_time_nearest_to_the_headline_is_taken_not_the_clock_of_the_masthead() -> None:
    published = content(unknown(BODY), book=NO_LAYOUTS).published_at
    assert published is not None
    assert to_shown(published) == "2026-10-12T16:05:00+07:00"


def test_a_machine_time_with_its_zone_comes_before_what_is_shown_somewhere() -> None:
    meta = '<meta property="article:published_time" content="2026-10-11T09:00:00+07:00">'
    published = content(unknown(BODY, head=HEAD + meta), book=NO_LAYOUTS).published_at
    assert published is not None
    assert to_shown(published) == "2026-10-11T09:00:00+07:00"


def test_a_heading_that_search_engines_get_in_other_words_is_still_the_title() -> None:
    head = HEAD.replace("<title>Phường họp không giấy |", "<title>Phường họp chẳng cần giấy tờ |")
    said = content(unknown(BODY, before="<h1>Báo Mới Mở</h1>", head=head), book=NO_LAYOUTS)
    assert said.title == "Phường họp không giấy"


def test_without_a_heading_the_title_loses_the_name_of_the_site() -> None:
    html = unknown(BODY).replace("<h1>", "<div>").replace("</h1>", "</div>")
    assert content(html, book=NO_LAYOUTS).title == "Phường họp không giấy"


def test_a_list_of_cards_is_a_list_even_when_it_says_article() -> None:
    headline = '<h3><a href="/b{n}">Bài thứ {n} của ngày hôm nay đây</a></h3>'
    card = f'<div class="c">{headline}<p>{{t}} {{n}}</p></div>'
    cards = "".join(card.format(n=n, t=PROSE[n % 4]) for n in range(6))
    meta = '<meta property="og:type" content="article">'
    assert nothing(unknown(cards, head=HEAD + meta), book=NO_LAYOUTS) == "list"
    one = card.format(n=1, t=PROSE[0] * 2)
    assert nothing(unknown(one), book=NO_LAYOUTS) == "list"


def test_headlines_alone_are_a_list() -> None:
    links = "".join(
        f'<li><a href="/b{n}">Một bài đã đăng trong ngày, số {n}</a></li>' for n in range(30)
    )
    assert nothing(unknown(f"<ul>{links}</ul>"), book=NO_LAYOUTS) in {"list", "empty"}


def test_a_table_of_data_is_no_article() -> None:
    rows = "".join(
        f"<tr><td>Phường số {n}</td><td>{n * 17}</td><td>{n}%</td></tr>" for n in range(80)
    )
    assert nothing(unknown(f"<table>{rows}</table>"), book=NO_LAYOUTS) == "empty"


def test_a_page_with_next_to_no_text_is_empty() -> None:
    assert nothing(unknown("<p>Đang cập nhật.</p>"), book=NO_LAYOUTS) == "empty"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_language_is_the_declared_one_where_the_letters_are_not_vietnamese(
    language: str,
) -> None:
    text = "The city council met on Monday to discuss the new tram line along the river bank. "
    body = "".join(f"<p>{text}{n}</p>" for n in range(8))
    head = f'<html lang="{language}"><head><title>Council met</title></head>'
    html = f"{head}<body><h1>Council met</h1>{body}"
    assert content(html, book=NO_LAYOUTS).language == language


def test_too_large_a_page_is_not_given_to_trafilatura() -> None:
    assert main_text(opened("<p>" + "chữ " * 800_000)).text == ""


COSMETICS = (
    '<p class="meta">Cập nhật lúc 10:15 ngày 21/11/2026</p>',
    "<p><em>Cập nhật: 21/11/2026, 10:15 (GMT+7)</em></p>",
    "<p>(Cập nhật lần cuối vào 10 giờ 15 phút, thứ Bảy, ngày 21 tháng 11 năm 2026)</p>",
    "<div>Lượt xem: 1.204</div>",
    "<p>1,2 nghìn lượt xem</p>",
    "<p>Số lượt đọc: 98 | 12 bình luận</p>",
    "<div><span>17</span> lượt thích · <span>4</span> chia sẻ</div>",
    "<p>35 Views</p>",
)


@pytest.mark.parametrize("line", COSMETICS)
def test_a_counter_and_a_stamp_are_no_text_wherever_they_stand(line: str) -> None:
    plain = content(unknown(BODY), book=NO_LAYOUTS)
    first, last = f"<p>{PROSE[0]}</p>", f"<p>{PROSE[3]}</p>"
    for body in (line + BODY, BODY.replace(first, line + first), BODY.replace(last, last + line)):
        said = content(unknown(body), book=NO_LAYOUTS)
        assert (said.lead, said.blocks) == (plain.lead, plain.blocks)


@pytest.mark.parametrize(
    "line",
    [
        "Cập nhật lúc 10 giờ, mực nước đã rút.",
        "Cập nhật ngày 21/11: thêm hai phường",
        "1.204 lượt xem chỉ trong một buổi tối",
        "Lượt xem: ai đếm và đếm để làm gì",
        "21/11/2026",
        "12 ý kiến",
        "Cập nhật",
    ],
)
def test_a_line_that_says_more_than_a_counter_or_a_stamp_is_text(line: str) -> None:
    body = BODY.replace(f"<p>{PROSE[3]}</p>", f"<p>{line}</p><p>{PROSE[3]}</p>")
    assert line in content(unknown(body), book=NO_LAYOUTS).text.split("\n")


def test_what_hidden_boxes_say_for_machines_is_not_read_again() -> None:
    said = "".join(f'<div itemprop="description">{text}</div>' for text in PROSE)
    stated = '<div itemprop="dateCreated">2026-10-12T16:05:31+07:00</div>'
    hidden = f'<div style="display:none" itemscope>{said}{stated}</div>'
    both = content(unknown(hidden + BODY + hidden), book=NO_LAYOUTS)
    assert both.text == content(unknown(BODY), book=NO_LAYOUTS).text


def test_a_digest_whose_sentences_go_on_after_their_links_is_no_list() -> None:
    item = '<li><b><a href="/b{n}">{link}</a>.</b> {rest}</li>'
    items = [item.format(n=n, link=text[:-1], rest=PROSE[n - 1]) for n, text in enumerate(PROSE)]
    meta = '<meta property="article:published_time" content="2026-10-12T16:05:31+07:00">'
    digest = f"<div><p>Bốn chuyện sáng nay ở phường.</p><ul>{''.join(items)}</ul></div>"
    read = content(unknown(digest, head=HEAD + meta), book=NO_LAYOUTS)
    assert all(text in read.text for text in PROSE)
    bare = f"<div><ul>{''.join(items)}</ul></div>"
    assert nothing(unknown(bare), book=NO_LAYOUTS) == "list"
