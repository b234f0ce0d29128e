from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, tostring

from hanoiwatch.sources.loader import load_families
from indexer.extract.selectors import compiled
from tests.unit.extract.pages import opened

PAGE = """
<div id="main" class="l-main wide"><article class="entry long"><h1 class="title">a</h1>
<p class="lead">b <b>c</b></p><div class="box related-posts"><ul>
<li><a href="/x" rel="tag">d</a></li><li class="on"><a href="/y">e</a></li></ul></div>
<figure><img src="i"><figcaption class="cap cap2">f</figcaption></figure>
<div><p class="lead">g</p><span data-role="time">h</span></div></article></div>
<aside class="l-main"><p class="lead">i</p><article><h2 class="title">j</h2></article></aside>
"""

NAMES = ["entry", "long", "l-main", "wide", "lead", "title", "box", "related-posts", "on", "cap"]
TAGS = ["div", "p", "a", "li", "ul", "article", "h1", "figcaption", "b", "*"]
compound = st.builds(
    lambda tag, names, end: tag + "".join(f".{name}" for name in names) + end,
    st.sampled_from(["", *TAGS]),
    st.lists(st.sampled_from(NAMES), max_size=2),
    st.sampled_from(["", "#main", "[href]", "[href='/x']", "[class*='lated']", "[rel~='tag']",
                     "[data-role]", "[class^='l-']", "[class$='long']", ":first-child",
                     ":not(.lead)"]),
).filter(bool)  # fmt: skip
selectors = st.lists(
    st.lists(st.tuples(compound, st.sampled_from([" ", " > ", " ~ "])), min_size=1, max_size=3),
    min_size=1,
    max_size=2,
).map(lambda group: ", ".join("".join(a + b for a, b in one[:-1]) + one[-1][0] for one in group))


def by_xpath(css: str, root: HtmlElement) -> set[HtmlElement]:
    return set(CSSSelector(css, translator="html")(root))


@given(selectors)
def test_selectors_select_what_xpath_selects(css: str) -> None:
    document = opened(PAGE)
    assert set(compiled(css).all(document)) == by_xpath(css, document.root), css


@pytest.mark.parametrize(
    "css",
    sorted(
        {
            selector
            for family in load_families().values()
            for layout in family.layouts
            for selector in (layout.when, layout.title, layout.text, layout.byline, *layout.drop)
            if selector
        }
    ),
)
def test_the_selectors_of_the_families_select_what_xpath_selects(css: str) -> None:
    document = opened(PAGE)
    assert set(compiled(css).all(document)) == by_xpath(css, document.root)


def test_the_first_alternative_that_selects_anything_is_taken_in_document_order() -> None:
    document = opened(PAGE)
    found = compiled(".missing, p.lead, h1.title").first_group(document)
    assert [element.text.strip() for element in found] == ["b", "g", "i"]


def test_only_what_is_inside_is_selected_there() -> None:
    document = opened(PAGE)
    aside = next(document.root.iter("aside"))
    found = compiled("p.lead, aside").all(document, aside)
    assert [tostring(element, encoding="unicode").strip() for element in found] == [
        '<p class="lead">i</p>'
    ]


def test_no_selector_selects_nothing() -> None:
    assert compiled("").all(opened(PAGE)) == []
    assert not compiled(" ").matches(opened(PAGE))
