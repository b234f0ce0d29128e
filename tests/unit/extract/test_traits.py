"""Traits: where the fields of the article stand, not those of others on its page."""

from __future__ import annotations

from hanoiwatch.model import BELOW, ReadArticle
from hanoiwatch.sources.schema import Family, Layout
from indexer.extract import LayoutBook
from indexer.extract.reading import read_closely
from tests.unit.extract.pages import page, prose

LAYOUT = Layout(
    name="x/1", when=".noi-dung", title="h1", lead=".sapo", text=".noi-dung", byline=".tac-gia",
    published=".gio",
)  # fmt: skip
BOOK = LayoutBook(families={"x": Family(name="x", title="Hệ X", layouts=(LAYOUT,))})
OTHERS = """<article><h3><a href="/b">Một bài khác trong ngày</a></h3><p class="sapo">Tóm tắt của
    bài khác, chẳng liên quan.</p><b class="tac-gia">Lê Na</b><i class="gio">19/10/2026 07:30</i>
    </article>"""


def places(header: str, after: str = "") -> dict[str, str]:
    html = f"""<html><head><title>Phường họp không giấy</title></head><body><aside>{OTHERS}</aside>
        <main><h1>Phường họp không giấy</h1>{header}<div class="noi-dung">{prose()}</div>{after}
        </main>
        </body></html>"""
    read = read_closely(page(html), BOOK)
    assert isinstance(read, ReadArticle), read
    assert read.traits is not None
    return read.traits.places


def test_a_field_stands_where_this_article_has_it() -> None:
    header = '<p class="sapo a1">Họp bằng máy tính bảng.</p><span class="gio">12/10/2026</span>'
    assert places(header) == {
        "title": "h1", "lead": "p.a0.sapo", "published": "span.gio", "text": "div.noi-dung",
    }  # fmt: skip


def test_what_stands_in_the_cards_of_others_is_no_field_of_this_article() -> None:
    assert places("") == {"title": "h1", "text": "div.noi-dung"}


def test_a_field_below_the_text_stands_elsewhere_than_its_like_above() -> None:
    author = '<b class="tac-gia">Lê Na</b>'
    above, below = places(author), places("", after=f"<footer>{author}</footer>")
    assert (above["byline"], below["byline"]) == ("b.tac-gia", f"b.tac-gia{BELOW}")
