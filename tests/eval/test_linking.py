"""Linking on the labelled passages, and its cost beside that of extraction."""

from __future__ import annotations

import gzip
import time
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.model import Block, Content, ReadArticle
from hanoiwatch.registry import load_registry
from hanoiwatch.registry.linking import Linker
from hanoiwatch.text import nfc
from tests.eval.passages import FOLDER, KINDS, OTHERS, OWN, Passage, read_passages, score

FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))
SETS = (OWN, *OTHERS)
GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(load_registry())


def passages(path: Path) -> list[Passage]:
    return read_passages(path)


def test_the_set_is_as_large_as_it_claims() -> None:
    own = passages(OWN)
    assert len(own) >= 120
    nobody = [one for one in own if not one.officials]
    assert len(nobody) >= 60
    assert {one.on.year for one in own} >= set(range(2020, 2027))
    assert {topic for one in own for topic in one.topics} == set(load_registry().topics)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_labels_are_of_the_registry(path: Path, linker: Linker) -> None:
    for one in passages(path):
        for kind in KINDS:
            assert one.labels(kind) <= set(getattr(linker.registry, kind)), one.name


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_links_agree_with_the_labels_at_least_as_well_as_ever(path: Path, linker: Linker) -> None:
    result = score(passages(path), linker)
    figures = result.figures()
    fallen = {
        name: (round(figures[name], 4), floor)
        for name, floor in FLOORS[path.stem].items()
        if figures[name] < floor
    }
    assert not fallen, "\n".join([str(fallen), *result.errors()])


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_mention_is_where_it_says(path: Path, linker: Linker) -> None:
    for one in passages(path):
        links = one.linked(linker)
        for link in (*links.officials, *links.bodies, *links.topics):
            assert link.mentions
            for m in link.mentions:
                said = nfc({
                    "title": one.content.title, "lead": one.content.lead, "text": one.content.text,
                    "caption": one.content.images[m.item].caption if m.field == "caption" else "",
                }[m.field])  # fmt: skip
                assert said[m.start : m.end] == m.text, one.name
                assert m.rule
                assert 0.6 <= m.confidence <= 1.0


PIECES = [
    said
    for path in SETS
    for one in passages(path)
    for said in (one.content.title, one.content.lead, one.content.text)
    if said
]


@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=2), st.data())
def test_any_piece_of_a_passage_is_linked_where_it_says(
    said: list[str], data: st.DataObject
) -> None:
    title, text = (
        piece[data.draw(st.integers(0, len(piece))) :][: data.draw(st.integers(0, 200))]
        for piece in said
    )
    content = Content(
        url="https://example.org/a.html", title=title, blocks=(Block(kind="paragraph", text=text),)
    )
    linked = Linker(load_registry()).link(content, source_is_of_hanoi=True, on=date(2025, 8, 8))
    for link in (*linked.officials, *linked.bodies, *linked.topics):
        for m in link.mentions:
            field = nfc(content.title if m.field == "title" else content.text)
            assert field[m.start : m.end] == m.text != ""


ROUNDS = 7


@pytest.mark.slow
def test_linking_costs_at_most_half_of_extraction(linker: Linker) -> None:
    """CPU of both on the same pages in the same run; best of some rounds."""
    import trafilatura

    from indexer.extract import LayoutBook, PageInput, read_page

    pages = [gzip.decompress(path.read_bytes()) for path in GOLDEN.glob("*/*/page.html.gz")]
    contents = []
    for page in pages:
        reading = read_page(
            PageInput(
                url="https://example.org/bai-viet-100000.html", body=page, status=200,
                content_type="text/html", captured_at=_noon(), source=None,
            ),
            LayoutBook(),
        )  # fmt: skip
        if isinstance(reading, ReadArticle):
            contents.append((page.decode("utf-8", "replace"), reading.content))
    assert len(contents) >= 5
    extract, link = _best(
        lambda: [trafilatura.extract(page) for page, _ in contents],
        lambda: [
            linker.link(content, source_is_of_hanoi=True, on=date(2025, 11, 5))
            for _, content in contents
        ],
    )
    assert link <= extract / 2, (link, extract)


def _noon():  # type: ignore[no-untyped-def]
    from datetime import UTC, datetime

    return datetime(2025, 11, 5, 5, tzinfo=UTC)


def _best(*works: Callable[[], object]) -> list[float]:
    """Of each; by turns, so that what else the machine does meanwhile slows all alike."""
    rounds = [[_seconds(work) for work in works] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
