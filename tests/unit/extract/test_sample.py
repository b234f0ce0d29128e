"""Every article page of the sample outlet, in the markup of five templates, field by field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanoiwatch.page.document import PageInput
from hanoiwatch.sample.edition import Entry
from hanoiwatch.sample.expected import expected_content
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.render import lists
from hanoiwatch.sample.render.articles import article_page
from indexer.extract import read_page
from indexer.extract.people import persons_in
from tests.unit.extract.pages import BOOK, CAPTURED, article, nothing

EDITION = Outlet().edition


@pytest.mark.parametrize("entry", EDITION.entries, ids=lambda entry: entry.path)
def test_an_article_of_the_sample_is_read_as_it_was_written(entry: Entry) -> None:
    expected = expected_content(entry, EDITION)
    # the sample counts agencies as photographers; extraction counts persons
    persons = tuple(name for credit in expected.photographers for name in persons_in(credit))
    read = article(article_page(entry, EDITION), url=expected.url)
    got = replace(read.content, photographers=persons, modified_at=None)
    assert got == replace(expected, photographers=persons)


@pytest.mark.parametrize("section", EDITION.site.sections)
def test_lists_of_the_sample_are_lists(section: str) -> None:
    pages = (lists.section_page(EDITION, section, number) for number in range(1, 9))
    reasons = [nothing(page) for page in pages if page]
    assert reasons
    assert set(reasons) == {"list"}


def test_the_front_page_is_a_list_and_the_error_page_is_not_found() -> None:
    assert nothing(lists.home_page(EDITION)) == "list"
    assert nothing(lists.not_found_page(EDITION)) == "not-found"


def test_padding_a_page_changes_nothing_that_is_read() -> None:
    padded = Outlet(padding_kb=60).edition
    for plain, full in list(zip(EDITION.entries, padded.entries, strict=True))[:5]:
        pages = [
            PageInput(url=EDITION.url(plain.path), body=html.encode(), captured_at=CAPTURED)
            for html in (article_page(plain, EDITION), article_page(full, padded))
        ]
        assert read_page(pages[0], BOOK) == read_page(pages[1], BOOK)
