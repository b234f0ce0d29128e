from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hanoiwatch.page.document import PageInput, open_document
from hanoiwatch.page.kind import refused_by_answer, refused_by_words, wall_in

PROSE = "<p>" + "Người dân trong ngõ kể lại buổi họp tổ dân phố tối qua. " * 40 + "</p>"


def page(body: str | bytes, *, content_type: str = "text/html", status: int = 200) -> PageInput:
    data = body.encode() if isinstance(body, str) else body
    return PageInput(
        url="https://bao.example/a-1.html", body=data, content_type=content_type, status=status,
        captured_at=datetime(2026, 10, 1, tzinfo=UTC),
    )  # fmt: skip


def by_answer(body: str | bytes, **said: object) -> str | None:
    refused = refused_by_answer(page(body, **said))  # type: ignore[arg-type] - str and int as named
    return refused.reason if refused else None


def by_words(html: str) -> str | None:
    document = open_document(page(html))
    assert document is not None
    refused = refused_by_words(document)
    return refused.reason if refused else None


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "not-found"), (410, "not-found"), (400, "not-found"), (401, "login"), (403, "challenge"),
     (429, "challenge"), (500, "maintenance"), (503, "maintenance"), (302, "empty")],
)  # fmt: skip
def test_an_error_status_is_never_an_article(status: int, reason: str) -> None:
    assert by_answer(f"<h1>Tin</h1>{PROSE}", status=status) == reason


@pytest.mark.parametrize(
    "content_type", ["image/jpeg", "application/pdf", "application/json", "text/css", "video/mp4"]
)
def test_other_types_are_not_html(content_type: str) -> None:
    assert by_answer(PROSE, content_type=content_type) == "not-html"


@pytest.mark.parametrize(
    "content_type",
    ["", "text/html; charset=utf-8", "application/xhtml+xml", "TEXT/HTML", "text/plain"],
)
def test_html_under_its_usual_types_goes_on(content_type: str) -> None:
    assert by_answer(f"<html><body>{PROSE}</body></html>", content_type=content_type) is None


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08\x00", b'{"Title": "x"}', b"[1, 2]",
     b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', b"<urlset xmlns='x'></urlset>",
     bytes(200) + b"\x01\x02"],
)  # fmt: skip
def test_bytes_that_are_no_html_are_told_although_the_header_says_html(body: bytes) -> None:
    assert by_answer(body) == "not-html"


def test_xhtml_with_a_declaration_and_utf16_are_html() -> None:
    assert by_answer('<?xml version="1.0"?><!DOCTYPE html><html><body>tin</body></html>') is None
    assert by_answer("<html><body>tin</body></html>".encode("utf-16")) is None


def test_no_bytes_are_empty() -> None:
    assert by_answer(b"") == "empty"
    assert by_answer(b" \n ") == "empty"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>Just a moment...</title><p>Enable JavaScript to continue</p>", "challenge"),
        ('<script>document.cookie="D1N=ab12";window.location.reload(true)</script>', "challenge"),
        ("<h1>Xác minh bạn là con người</h1><form>Nhập mã</form>", "challenge"),
        ("<p>Đang kiểm tra trình duyệt của bạn</p><div id='cf-chl-widget'></div>", "challenge"),
        ("<title>Đăng nhập</title><form><input name=u></form>", "login"),
        ("<p>Vui lòng đăng nhập để đọc toàn bộ nội dung bài viết này.</p>", "login"),
        ("<h1>Trước khi tiếp tục</h1><p>Chúng tôi sử dụng cookie.</p>", "consent"),
        ("<title>Không tìm thấy trang - Báo</title>" + PROSE, "not-found"),
        ("<h1>Bài viết không tồn tại hoặc đã bị gỡ</h1>" + PROSE, "not-found"),
        ("<h1>Hệ thống đang bảo trì</h1><p>Mời bạn quay lại sau 5 giờ sáng.</p>", "maintenance"),
        ("<title>502 Bad Gateway</title><center>nginx</center>", "maintenance"),
        ("<html><body><script>render()</script></body></html>", "empty"),
    ],
)  # fmt: skip
def test_gates_errors_and_apologies_are_told_by_what_they_say(html: str, reason: str) -> None:
    assert by_words(html) == reason


@pytest.mark.parametrize(
    "html",
    [
        "<title>Đăng nhập một lần cho mọi dịch vụ công của thành phố</title>" + PROSE,
        "<h1>Trang web giả mạo báo lỗi 404: cách nhận biết</h1>" + PROSE.replace("họp", "captcha"),
        "<title>Tin</title><h1>Tin</h1><script>var x='cf-chl';</script>" + PROSE,
        "<title>Tin</title><nav><h1>Đăng nhập</h1></nav>" + PROSE,
    ],
)  # fmt: skip
def test_an_article_about_gates_is_no_gate(html: str) -> None:
    assert by_words(html) is None


def test_a_teaser_before_a_login_is_told_and_ordinary_short_texts_are_not() -> None:
    wall = wall_in(
        "Chợ đầu mối dời về ngoại thành", ["Hai dòng đầu.", "Bạn cần đăng nhập để xem tiếp."]
    )
    assert wall is not None
    assert wall.reason == "login"
    news = ["Tin vắn: cầu thông xe lúc 9 giờ.", "Phụ huynh đăng nhập để xem kết quả từ 14 giờ."]
    assert wall_in("Công bố điểm thi vào lớp 10", news) is None
