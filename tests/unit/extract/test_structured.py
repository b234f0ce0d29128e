from __future__ import annotations

import pytest

from indexer.extract.structured import Said, read_structured
from tests.unit.extract.pages import opened

ARTICLE = (
    '"@type": "NewsArticle", "headline": "Cầu mới", "datePublished": "2026-10-01T08:00:00+07:00",'
    '"author": [{"@type": "Person", "name": "Hà Vũ"}, {"@type": "Organization", "name": "Báo"}],'
    '"publisher": {"@type": "Organization", "name": "Báo Mẫu"}, "articleSection": ["Đô thị"]'
)
EXPECTED = Said(
    headline="Cầu mới", published="2026-10-01T08:00:00+07:00", authors=("Hà Vũ",),
    publisher="Báo Mẫu", section="Đô thị",
)  # fmt: skip


def said(*scripts: str) -> Said:
    marked = (f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return read_structured(opened("<p>x</p>" + "".join(marked)))


@pytest.mark.parametrize(
    "script",
    [
        f"{{{ARTICLE}}}",
        f"[{{{ARTICLE}}}]",
        f'{{"@graph": [{{"@type": "WebPage"}}, {{{ARTICLE}}}]}}',
        f"{{{ARTICLE},}}",
        f"\n<![CDATA[{{{ARTICLE}}}]]>\n",
        f'{{{ARTICLE}, "description": "hai\ndòng"}};',
    ],
)
def test_an_article_node_is_found_in_what_editors_make_of_json(script: str) -> None:
    found = said('{"@type": "Organization", "name": "Báo"}', script)
    assert found.headline == EXPECTED.headline
    assert (found.published, found.authors) == (EXPECTED.published, EXPECTED.authors)
    assert (found.publisher, found.section) == (EXPECTED.publisher, EXPECTED.section)


@pytest.mark.parametrize(
    "script",
    ["", "{", "null", "[[[[[[[[1]]]]]]]]", "[" * 5000, '{"@type": 3}', '"x"', '{"@graph": 1}'],
)
def test_what_is_no_article_says_nothing(script: str) -> None:
    assert said(script) == Said()


def test_breadcrumbs_are_the_trail_of_sections() -> None:
    trail = """{"@type": "BreadcrumbList", "itemListElement": [{"name": "Trang chủ"},
        {"item": {"name": "Đô thị"}}, {"item": "https://x"}, 3]}"""
    assert said(trail).trail == ("Trang chủ", "Đô thị")
