"""Drift on pages: 30 and more mutated ones are all told, 300 clean ones none (issue: quality)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from hanoiwatch.model import ReadNothing
from hanoiwatch.page.document import PageInput
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.render.articles import article_page
from hanoiwatch.sample.site import sample_site
from hanoiwatch.sample.synthetic import synthetic_outlet
from hanoiwatch.sources.loader import load_families
from hanoiwatch.store.drift import NO_TRAITS, Shape
from indexer.drift.judge import Compared
from indexer.drift.suspects import History, suspicion
from indexer.extract import LayoutBook
from indexer.extract.reading import read_closely
from tests.mutations import (
    caption_moved,
    field_renamed,
    paragraphs_blanked,
    text_emptied,
    text_removed,
)

BOOK = LayoutBook(families=load_families())
LAYOUTS = {one.name: one for family in BOOK.families.values() for one in family.layouts}
GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*/*/page.html.gz"))
READ_ON = datetime(2026, 11, 28, tzinfo=UTC)
FIELDS = ("title", "lead", "byline", "published", "text")
_IDS = count(1)


def shaped(html: str) -> Shape:
    page = PageInput(
        url="https://bao.example/mot-bai-1234567.html", body=html.encode(), captured_at=READ_ON
    )
    read, number = read_closely(page, BOOK), next(_IDS)
    nothing = isinstance(read, ReadNothing)
    return Shape(
        id=number, source="bao", page_id=number, run_id=1, url=f"https://bao.example/{number}",
        at="", first=True, layout="" if isinstance(read, ReadNothing) else read.layout,
        reason=f"{read.reason}" if isinstance(read, ReadNothing) else "", extractor="1",
        traits=NO_TRAITS if nothing else read.traits or NO_TRAITS,
    )  # fmt: skip


@cache
def papers(how_many: int) -> tuple[str, ...]:
    """Pages of one outlet, in five templates."""
    outlet = synthetic_outlet(how_many, template=None)
    return tuple(article_page(entry, outlet.edition) for entry in outlet.edition.entries)


def mutated(page: str) -> Iterator[tuple[str, str]]:
    """The page on the day of a change, in as many ways as it can change."""
    layout = LAYOUTS[shaped(page).layout]
    ways = {f"{field} renamed": field_renamed(page, layout, field) for field in FIELDS}
    for tag in ("p", "div", "table"):
        ways[f"caption in a {tag}"] = caption_moved(page, layout, tag)
    ways |= {"emptied": text_emptied(page, layout), "one paragraph": text_emptied(page, layout, 1)}
    yield from ((name, html) for name, html in ways.items() if html)


def gates() -> dict[str, str]:
    """What a site may show in an article's place."""
    site = sample_site()
    return {
        "challenge": f"<html><title>Just a moment...</title><body>{site.challenge}</body></html>",
        "login": f"<html><title>Đăng nhập</title><body>{site.login}</body></html>",
        "maintenance": f"<html><body><h1>{site.maintenance}</h1></body></html>",
    }


def history_of(pages: tuple[str, ...]) -> History:
    return History([shaped(page) for page in pages])


def test_no_alarm_on_three_hundred_clean_pages() -> None:
    history = history_of(papers(400)[300:])
    found = [said for page in papers(400)[:300] if (said := suspicion(shaped(page), history))]
    assert found == []


@pytest.mark.parametrize("known", [15, 50, 100])
def test_no_alarm_on_clean_pages_of_a_paper_however_many_are_known(known: int) -> None:
    history = history_of(papers(400)[:known])
    found = [said for page in papers(400)[100:160] if (said := suspicion(shaped(page), history))]
    assert found == []


def test_no_alarm_on_the_sample_papers_own_articles() -> None:
    outlet = Outlet()
    pages = tuple(article_page(entry, outlet.edition) for entry in outlet.edition.entries)
    history = history_of(pages[:33])
    assert [said for page in pages[33:] if (said := suspicion(shaped(page), history))] == []


def test_every_mutated_page_of_every_template_is_told() -> None:
    history = history_of(papers(400)[:100])
    cases = [(name, shaped(html)) for page in papers(400)[300:310] for name, html in mutated(page)]
    assert len(cases) >= 90
    assert [(name, one.layout) for name, one in cases if not suspicion(one, history)] == []
    emptied = [one for name, one in cases if name == "emptied"]
    assert [one.layout for one in emptied] == [""] * len(emptied)


def test_ten_known_pages_of_a_template_are_enough() -> None:
    history = history_of(papers(400)[:60])  # twelve of each of five templates
    cases = [(name, shaped(html)) for page in papers(400)[320:325] for name, html in mutated(page)]
    assert [(name, one.layout) for name, one in cases if not suspicion(one, history)] == []


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.parent.name)
def test_a_golden_page_that_changes_is_told_by_what_it_was(golden: Path) -> None:
    page = gzip.decompress(golden.read_bytes()).decode()
    before = shaped(page)
    if before.layout not in LAYOUTS:
        pytest.fail(f"{golden} is read by {before.layout}")
    history = History([])
    cases = [(name, shaped(html)) for name, html in mutated(page) if name != "one paragraph"]
    assert [name for name, one in cases if not suspicion(one, history, before)] == []
    assert suspicion(shaped(page), history, before) == ""


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.parent.name)
def test_what_is_left_of_a_page_without_its_text_is_no_article(golden: Path) -> None:
    page = gzip.decompress(golden.read_bytes()).decode()
    before = shaped(page)
    layout = LAYOUTS[before.layout]
    ways = {"removed": text_removed(page, layout), "blank": paragraphs_blanked(page, layout)}
    for name, html in ways.items():
        if html is not None and golden.parent.name not in STAYS.get(name, ()):
            left = shaped(html)
            assert (name, left.layout) == (name, "")
            assert suspicion(left, History([]), before)


STAYS = {"blank": {"quan-uy-so-ket-sau-thang"}}
"""Its text stands in no paragraphs, so that nothing of it is gone."""


def test_a_byline_found_below_the_text_when_the_one_above_is_renamed_is_told() -> None:
    history = history_of(tuple(signed_twice(number) for number in range(40)))
    assert suspicion(shaped(signed_twice(41)), history) == ""
    told = suspicion(shaped(signed_twice(41, above="nguoi-viet")), history)
    assert told.startswith("the byline stands in div.author")


def signed_twice(number: int, above: str = "author") -> str:
    """A page with its author above the text, and once more in a box below."""
    body = "".join(
        f"<p>Đoạn {place} của tin {number} kể về những ngõ nhỏ được đo lại, nơi xe chữa cháy "
        "không vào được từ nhiều năm nay.</p>" for place in range(5)
    )  # fmt: skip
    return f"""<html><head><title>Tin {number}</title></head><body><div class="detail">
        <h1 data-role="title">Tin số {number}: phường Vĩnh Lạc đo lại các ngõ nhỏ</h1>
        <div class="{above}" data-role="{above}">Hà Vũ</div>
        <div data-role="publishdate">{number % 28 + 1:02d}/10/2026 08:00</div>
        <h2 data-role="sapo">Phường đo lại ngõ số {number}.</h2>
        <div data-role="content">{body}</div>
        <div class="author" data-role="author">Hà Vũ</div></div></body></html>"""


def test_gates_are_told_and_are_no_articles() -> None:
    for name, html in gates().items():
        gate = shaped(html)
        assert gate.layout == "", name
        assert suspicion(gate, History([])), name


def test_a_first_run_is_compared_with_itself() -> None:
    clean = [shaped(page) for page in papers(400)[:200]]
    changed = [
        shaped(list(mutated(page))[place][1]) for place, page in enumerate(papers(400)[300:305])
    ]
    of_run = Compared([], [*changed, *clean])
    told = {one.id: suspicion(one, of_run.with_page(one)) for one in (*clean, *changed)}
    assert [told[one.id] for one in clean if told[one.id]] == []
    assert [one.layout for one in changed if not told[one.id]] == []
