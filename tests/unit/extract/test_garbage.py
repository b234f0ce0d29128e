"""Pages that no editor would publish: nothing raises, nothing hangs."""

from __future__ import annotations

import gzip
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoiwatch.model import ReadArticle, ReadNothing
from hanoiwatch.page.document import PageInput
from indexer.extract import LayoutBook, read_page
from tests.thorough import examples
from tests.unit.extract.pages import BOOK, CAPTURED, URL, new_onecms, prose, reading

GOLDEN = Path(__file__).parents[2] / "golden"
BODIES = [gzip.decompress(path.read_bytes()) for path in sorted(GOLDEN.glob("*/*/page.html.gz"))]
QUICK_CASES = 300
PATIENCE = 30.0
"""Seconds of CPU that the worst page may take."""


def mutated(body: bytes, random_: random.Random) -> bytes:
    """``body`` with bytes changed, cut out, doubled and moved, as disks and networks do it."""
    data = bytearray(body)
    for _ in range(random_.randint(1, 30)):
        at = random_.randrange(len(data))
        length = random_.randint(1, 200)
        match random_.randrange(5):
            case 0:
                data[at] = random_.randrange(256)
            case 1:
                del data[max(at, 1) : at + length]
            case 2:
                data[at:at] = data[at : at + length] * random_.randint(1, 5)
            case 3:
                data[at:at] = random_.choice(PIECES)
            case _:
                data = data[: max(at, 1)] if random_.random() < 0.1 else data
    return bytes(data)


PIECES = [
    b"<div>", b"</div>", b"</article>", b"<!--", b"-->", b"<script>", b"\x00", b"\xff\xfe", b"<p",
    b">", b"&#x110000;", b"&#0;", b"<table><tr><td>", b"<![CDATA[", b"<?xml encoding='utf-16'?>",
    b'"', b"</p></p>", b"<img src='http://[::1'>", b"<base href='//%'>", b"99/99/9999 99:99",
]  # fmt: skip


@pytest.mark.parametrize("book", [BOOK, LayoutBook()], ids=["layouts", "general"])
def test_damaged_pages_are_read_or_refused(book: LayoutBook) -> None:
    random_ = random.Random(20261120)
    cases = QUICK_CASES if book is BOOK else QUICK_CASES // 3  # the general path is slower
    for _ in range(cases):
        body = mutated(random_.choice(BODIES), random_)
        read = read_page(PageInput(url=URL, body=body, captured_at=CAPTURED), book)
        assert isinstance(read, ReadArticle | ReadNothing)


@given(st.binary(max_size=2000))
@settings(max_examples=examples(100))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert isinstance(reading(body), ReadArticle | ReadNothing)


@given(st.text(alphabet="<>/=\"' pdivab&;#0h1!-\n", max_size=400))
@settings(max_examples=examples(100))
def test_any_tags_are_read_or_refused(html: str) -> None:
    assert isinstance(reading(new_onecms(html + prose())), ReadArticle | ReadNothing)


LONG = "chữ " * 250_000
HUGE = {
    "five megabytes of paragraphs": new_onecms(f"<p>{'Một đoạn văn dài. ' * 20}</p>" * 8000),
    "one paragraph": new_onecms(f"<p>{LONG}</p>"),
    "deep boxes": new_onecms("<div>" * 1800 + prose() + "</div>" * 1800),
    "deep inline tags": new_onecms("<p>" + "<b><i><a>" * 600 + LONG),
    "boxes with long text": new_onecms(("<div>" + "chữ " * 500) * 250),
    "many breaks": new_onecms("một dòng dài hơn bốn mươi ký tự để bị xét.<br>" * 30_000),
    "nested tables": new_onecms("<table><tr><td>x<td>" * 300 + prose()),
    "nested lists and quotes": new_onecms("<ul><li>x<blockquote>" * 300 + prose()),
    "many images": new_onecms("<img src='/a.jpg'>" * 20_000 + prose()),
    "nested figures": new_onecms("<figure><img src=/a.jpg><figcaption>Ảnh: " * 300 + prose()),
    "many links": "<html><body>" + "<a href='/x'>Một bài khác đã đăng hôm qua nhé</a>" * 30_000,
    "cards": "<html><body>" + "<div><a>Một bài khác đã đăng hôm qua nhé</a><p>" * 900 + LONG[:900],
    "attributes": new_onecms("<p " + " ".join(f"a{n}='{n}'" for n in range(50_000)) + ">x</p>"),
    "classes": new_onecms(f"<p class='{'x ' * 500_000}'>x</p>" + prose()),
    "open tags only": "<" * 1_000_000,
    "metas": "<meta name=a content=b>" * 40_000 + new_onecms(prose()),
    "spaces": new_onecms("<p>" + " \n\t" * 700_000 + "</p>" + prose()),
}  # fmt: skip


LONGEST = {"attributes", "many links"}
"""Seconds each, because of their size."""


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.slow] * (one in LONGEST)) for one in HUGE]
)
def test_pages_made_to_be_slow_are_not(name: str) -> None:
    started = time.process_time()
    assert isinstance(reading(HUGE[name]), ReadArticle | ReadNothing)
    assert time.process_time() - started < PATIENCE
