from __future__ import annotations

from datetime import UTC, date, datetime

from hanoiwatch.page.document import PageInput, open_document
from hanoiwatch.sources.schema import Discover, Family, Layout, Source
from indexer.extract import LayoutBook, read_page
from tests.unit.extract.pages import CAPTURED, PROSE, URL, article, new_onecms, prose

HTML = '<h1 class="t">Tin</h1><div class="a"><p>a</p></div><div class="b"><p>b</p></div>'


def layout(name: str, when: str = ".t", **said: object) -> Layout:
    return Layout(name=name, when=when, text=said.pop("text", ".a"), **said)  # type: ignore[arg-type]


def source(*layouts: Layout, family: str | None = None) -> Source:
    return Source(
        name="bao", title="Báo Mẫu", home="https://bao.example/", family=family, layouts=layouts,
        discover=Discover(feeds=("https://bao.example/rss",)),
    )  # fmt: skip


def chosen(
    book: LayoutBook, *, of: str | None = "bao", day: date = date(2026, 11, 20)
) -> list[str]:
    captured = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    page = PageInput(url=URL, body=HTML.encode(), captured_at=captured, source=of)
    document = open_document(page)
    assert document is not None
    return [one.name for one in book.candidates(document)]


def family(name: str, *layouts: Layout) -> Family:
    return Family(name=name, title=name, layouts=layouts)


def test_the_sources_own_layouts_come_first_then_its_family_then_any_other() -> None:
    book = LayoutBook(
        families={"x": family("x", layout("x/1")), "y": family("y", layout("y/1"), layout("y/2"))},
        sources={"bao": source(layout("bao/1"), family="y")},
    )
    assert chosen(book) == ["bao/1", "y/1", "y/2", "x/1"]
    assert chosen(book, of=None) == ["x/1", "y/1", "y/2"]
    assert chosen(book, of="unknown") == ["x/1", "y/1", "y/2"]


def test_only_layouts_whose_when_matches_are_chosen() -> None:
    book = LayoutBook(families={"x": family("x", layout("x/1", ".none"), layout("x/2"))})
    assert chosen(book) == ["x/2"]


def test_valid_until_breaks_ties_by_the_date_of_the_capture() -> None:
    book = LayoutBook(
        families={
            "x": family(
                "x",
                layout("x/now"),
                layout("x/until-2024", valid_until=date(2024, 6, 1)),
                layout("x/until-2020", valid_until=date(2020, 6, 1)),
            )
        }
    )
    assert chosen(book, day=date(2019, 1, 1)) == ["x/until-2020", "x/until-2024", "x/now"]
    assert chosen(book, day=date(2024, 6, 1)) == ["x/until-2024", "x/now", "x/until-2020"]
    assert chosen(book)[0] == "x/now"


def test_a_layout_without_its_container_leaves_the_page_to_the_next() -> None:
    book = LayoutBook(
        families={"x": family("x", layout("x/1", text=".none"), layout("x/2", text=".b"))}
    )
    read = read_page(PageInput(url=URL, body=HTML.encode(), captured_at=CAPTURED), book)
    assert getattr(read, "layout", None) == "x/2"


def test_an_outlet_that_no_file_lists_is_read_by_the_family_it_looks_like() -> None:
    read = article(new_onecms(prose()), url="https://chua-ai-biet.example/tin-123456.html")
    assert (read.layout, read.content.text) == ("onecms/new", "\n".join(PROSE))


def test_the_title_of_the_source_is_nobodys_byline() -> None:
    html = '<h1 class="t">Tin</h1><p class="by">{by}</p><div class="a"><p>a</p></div>'
    book = LayoutBook(sources={"bao": source(layout("bao/1", byline=".by"))})

    def byline(by: str) -> object:
        body = html.format(by=by).encode()
        page = PageInput(url=URL, body=body, captured_at=CAPTURED, source="bao")
        read = read_page(page, book)
        return read.content.byline if hasattr(read, "content") else read

    assert byline("Báo Mẫu") == ()
    assert byline("Hà Vũ") == ("Hà Vũ",)
