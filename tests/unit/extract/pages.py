"""Short pages of our own writing, for the tests beside this file."""

from __future__ import annotations

from datetime import UTC, datetime

from hanoiwatch.model import Content, ReadArticle, Reading, ReadNothing
from hanoiwatch.page.document import Document, PageInput, open_document
from hanoiwatch.sources.loader import load_families
from indexer.extract import LayoutBook, read_page

URL = "https://songnhue.example/mot-bai-1220345.html"
CAPTURED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

BOOK = LayoutBook(families=load_families())

PROSE = (
    "Từ giữa tháng 7, mọi cuộc họp của phường đều gửi tài liệu trước một ngày để đọc ở nhà.",
    "Theo văn phòng phường, mỗi tháng trước đây tốn khoảng 62 ram giấy, chưa kể mực và công in.",
    "Các bác tổ trưởng được tập huấn vào tối thứ bảy, mỗi bàn có một đoàn viên ngồi cạnh chỉ dẫn.",
    "Sau ba tháng, phường kiến nghị thành phố hướng dẫn thống nhất về giá trị của biên bản ký số.",
)


def page(html: str | bytes, *, url: str = URL, source: str | None = None) -> PageInput:
    body = html.encode() if isinstance(html, str) else html
    return PageInput(url=url, body=body, captured_at=CAPTURED, source=source)


def opened(html: str) -> Document:
    document = open_document(page(html))
    assert document is not None
    return document


def reading(html: str | bytes, *, url: str = URL, book: LayoutBook = BOOK) -> Reading:
    return read_page(page(html, url=url), book)


def article(html: str | bytes, *, url: str = URL, book: LayoutBook = BOOK) -> ReadArticle:
    read = reading(html, url=url, book=book)
    assert isinstance(read, ReadArticle), read
    return read


def content(html: str | bytes, *, url: str = URL, book: LayoutBook = BOOK) -> Content:
    return article(html, url=url, book=book).content


def nothing(html: str | bytes, *, book: LayoutBook = BOOK) -> str:
    read = reading(html, book=book)
    assert isinstance(read, ReadNothing), read
    return read.reason


def new_onecms(
    body: str, *, header: str = "", head: str = "", after: str = "", container: str = "article"
) -> str:
    """A page of the new template around ``body``."""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
        <meta name="datetimenow" content="11/20/2026 10:00:00 AM">
        <meta property="og:site_name" content="Báo Sông Nhuệ">{head}</head><body>
        <{container} class="entry entry-no-padding longform"><div class="sc-longform-header">
        <h1 class="sc-longform-header-title block-sc-title">Phường họp không giấy</h1>
        {header}
        <p class="sc-longform-header-sapo block-sc-sapo">Ba tháng không in tài liệu.</p></div>
        {body}</{container}>{after}</body></html>"""


def old_onecms(body: str, *, head: str = "", row: str = "") -> str:
    """A page of the old template around ``body``."""
    return f"""<html><head><meta charset="utf-8">{head}</head><body>
        <div class="c-detail-head"><h1 class="c-detail-head__title">Phường họp không giấy</h1>{row}
        </div><div class="entry">{body}</div></body></html>"""


def prose(*, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in PROSE)
