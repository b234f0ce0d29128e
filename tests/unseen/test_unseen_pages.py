"""The pages of an outlet that extraction has never seen, read without the network."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Content, ReadArticle
from hanoiwatch.sources.loader import load_families
from indexer.extract import LayoutBook, PageInput, read_page
from tests.unseen.server import Paper, fill, papers
from tests.unseen.truth import differences

SITE = "http://127.0.0.1:8099/"


def read(paper: Paper) -> ReadArticle:
    page = PageInput(
        url=SITE + paper.path[1:],
        body=fill(paper.page, SITE).encode(),
        captured_at=datetime(2026, 9, 6, tzinfo=UTC),
        source="song-nhue",
    )
    reading = read_page(page, LayoutBook(families=load_families()))
    assert isinstance(reading, ReadArticle), reading
    return reading


def as_json(content: Content) -> dict[str, object]:
    published = content.published_at and content.published_at.astimezone(HANOI).isoformat()
    return {
        "title": content.title,
        "lead": content.lead,
        "section": content.section,
        "byline": list(content.byline),
        "photographers": list(content.photographers),
        "published_at": published,
        "tags": list(content.tags),
        "original_source": content.original_source,
        "text": content.text,
        "images": [
            {"url": one.url, "caption": one.caption, "credit": one.credit} for one in content.images
        ],
        "blocks": [
            {"kind": one.kind, "text": one.text, "image": one.image} for one in content.blocks
        ],
    }


@pytest.mark.parametrize("paper", papers(), ids=lambda paper: paper.pid)
def test_an_unseen_page_is_read_as_a_person_reads_it(paper: Paper) -> None:
    assert differences(as_json(read(paper).content), paper.truth) == []


@pytest.mark.parametrize("paper", papers(), ids=lambda paper: paper.pid)
def test_an_unseen_page_is_known_by_its_family(paper: Paper) -> None:
    assert read(paper).layout.startswith("onecms/")
