"""Small front pages in an article's place, built in the ways that such pages are; and articles
that look a little like them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.extract.pages import PROSE, article, nothing

TITLES = (
    "Phường họp không giấy", "Chợ đầu mối dời về phía nam sông", "Xe sách qua sáu điểm trường",
    "Hơn bốn trăm tên làng cổ vào ngân hàng tên", "Một cửa dán mũi tên màu trên sàn",
    "Trạm bơm Đồng Xép chờ hai máy mới", "Sắn dây Nghĩa Trai vào vụ", "Ngõ 88 có họng nước riêng",
)  # fmt: skip
Card = Callable[[str, str, str], str]


def headline_and_description(url: str, title: str, said: str) -> str:
    return f'<h3><a href="{url}">{title}</a></h3><p>{said}</p>'


def two_boxes(url: str, title: str, said: str) -> str:
    return f'<div class="t"><a href="{url}">{title}</a></div><div class="d">{said}</div>'


def cells(url: str, title: str, said: str) -> str:
    picture = '<td><img src="/a.jpg"></td>'
    return f'<table><tr>{picture}<td><a href="{url}"><b>{title}</b></a><br>{said}</td></tr></table>'


def definitions(url: str, title: str, said: str) -> str:
    return f'<dl><dt><a href="{url}">{title}</a></dt><dd>{said}</dd></dl>'


def led_on(url: str, title: str, said: str) -> str:
    return f'<div><h3>{title}</h3><p>{said} <a href="{url}">Xem chi tiết…</a></p></div>'


def by_script(url: str, title: str, said: str) -> str:
    return f"""<div onclick="go('{url}')"><h3>{title}</h3><p>{said}</p></div>"""


CARDS = (headline_and_description, two_boxes, cells, definitions, led_on, by_script)


def front(card: Card, how_many: int, *, lines: int, masthead: str = "") -> str:
    cards = "".join(
        card(
            f"/bai-{place}-1220{place}.html", TITLES[place],
            " ".join(PROSE[(place + more) % len(PROSE)] for more in range(lines)),
        )
        for place in range(how_many)
    )  # fmt: skip
    return f"""<html lang="vi"><head><title>Báo Bờ Bãi - Tin tức mới nhất</title></head><body>
        <nav><a href="/thoi-su">Thời sự</a><a href="/xa-hoi">Xã hội</a></nav>{masthead}
        <main>{cards}</main><footer>Báo Bờ Bãi. Tòa soạn: 5 phố Bờ Sông, Hà Nội.</footer>
        </body></html>"""


@pytest.mark.parametrize("masthead", ["", '<h1><a href="/">Báo Bờ Bãi</a></h1>'])
@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize("how_many", [3, 5, 8])
@pytest.mark.parametrize("card", CARDS)
def test_a_small_front_page_is_no_article(
    card: Card, how_many: int, lines: int, masthead: str
) -> None:
    assert nothing(front(card, how_many, lines=lines, masthead=masthead)) in {"list", "empty"}


def told(body: str, *, title: str = "Phường họp không giấy") -> str:
    return f"""<html lang="vi"><head><title>{title} - Báo Bờ Bãi</title></head><body>
        <nav><a href="/thoi-su">Thời sự hôm nay</a><a href="/x">Bạn đọc viết</a></nav>
        <main><h1>{title}</h1><div>{body}</div></main></body></html>"""


def test_links_to_other_articles_between_its_paragraphs_make_no_list_of_an_article() -> None:
    link = '<p><a href="/bai-khac-12201.html">Trạm bơm Đồng Xép chờ hai máy mới</a></p>'
    first, second, third, last = (f"<p>{text}</p>" for text in PROSE)
    read = article(told(f"{first}{link}{second}{third}{link}{last}"))
    assert [block.text for block in read.content.blocks] == list(PROSE)


def test_a_headline_alone_makes_an_article() -> None:
    body = "".join(f"<p>{text}</p>" for text in PROSE)
    assert article(told(body)).content.title == "Phường họp không giấy"


def test_headings_over_its_paragraphs_make_no_list_of_an_article() -> None:
    parts = zip(TITLES, PROSE, strict=False)
    body = "".join(f"<h3>{title}</h3><p>{text}</p>" for title, text in parts)
    assert len(article(told(body, title="Bốn điều về cuộc họp không giấy")).content.blocks) == 8


def test_a_short_notice_beside_links_to_others_is_no_list() -> None:
    links = "".join(
        f'<li><a href="/bai-1220{place}.html">{title}</a></li>'
        for place, title in enumerate(TITLES)
    )
    lines = (
        PROSE[0], "Việc này bắt đầu từ thứ hai tuần sau ở cả mười hai tổ dân phố.",
        "Ai cần bản in thì báo trước một ngày với cán bộ văn phòng.",
        "Mọi thắc mắc xin gọi số máy trực của phường trong giờ làm việc.",
    )  # fmt: skip
    body = "".join(f"<p>{line}</p>" for line in lines)
    html = told(body).replace("</main>", f"</main><aside><ul>{links}</ul></aside>")
    assert article(html).content.text == "\n".join(lines)
