"""Prints who reads a layout's container better: ``python -m tests.eval.containers``.

Of the golden pages and the sample outlet every block is known. Each reader gets the same container
with the same elements taken out; a line counts as kept when it comes out exactly as it is in the
page. Figures of decision 0003.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from hanoiwatch.model import Content
from hanoiwatch.page.document import Document, PageInput, open_document
from hanoiwatch.page.tree import tidy
from hanoiwatch.sample.expected import expected_content
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.render.articles import article_page
from hanoiwatch.sources.schema import Layout
from indexer.extract.body import BodyRules, read_body
from indexer.extract.selectors import compiled
from tests.eval.pages import CAPTURED, bundled_layouts

RUNS = 3
READERS = ("direct", "trafilatura", "trafilatura, recall", "trafilatura, fast")


@dataclass(frozen=True, kw_only=True)
class Case:
    document: Document
    container: HtmlElement
    skip: frozenset[HtmlElement]
    expected: Content


def main() -> int:
    cases = list(_cases())
    print(f"{len(cases)} containers, {sum(len(_wanted(one)) for one in cases)} lines")
    print(f"{'reader':22} {'kept':>7} {'lines that are not there':>25} {'ms':>7}")
    for name in READERS:
        kept = wanted = extra = 0
        seconds = 0.0
        for case in cases:
            lines, took = _timed(lambda case=case, name=name: _read(name, case))
            expected = _wanted(case)
            kept += sum(line in lines for line in expected)
            wanted += len(expected)
            extra += sum(line not in expected for line in lines)
            seconds += took
        print(f"{name:22} {kept / wanted:7.1%} {extra:25} {seconds / len(cases) * 1000:7.2f}")
    return 0


def _cases() -> Iterator[Case]:
    edition = Outlet().edition
    book = bundled_layouts()
    for entry in edition.entries:
        expected = expected_content(entry, edition)
        body = article_page(entry, edition).encode()
        document = open_document(PageInput(url=expected.url, body=body, captured_at=CAPTURED))
        assert document is not None
        layout = next(book.candidates(document))
        container = compiled(layout.text).first_group(document)[0]
        skip = frozenset(_skipped(document, layout, container))
        yield Case(document=document, container=container, skip=skip, expected=expected)


def _skipped(document: Document, layout: Layout, container: HtmlElement) -> Iterator[HtmlElement]:
    for selector in (*layout.drop, layout.title, layout.lead, layout.byline, layout.published):
        yield from compiled(selector).all(document, container)


def _wanted(case: Case) -> list[str]:
    blocks = (block for block in case.expected.blocks if block.kind not in {"image", "table"})
    return [line for block in blocks for line in block.text.split("\n")]


def _read(name: str, case: Case) -> list[str]:
    if name == "direct":
        rules = BodyRules(base_url=case.document.base_url, skip=case.skip)
        pieces = read_body(case.container, rules)
        texts = (piece.text for piece in pieces if piece.kind not in {"image", "table"})
        return [line for text in texts for line in text.split("\n")]
    from trafilatura import bare_extraction

    read: Any = bare_extraction(
        _cleaned(case), include_comments=False, include_tables=False, deduplicate=False,
        favor_recall=name.endswith("recall"), fast=name.endswith("fast"),
    )  # fmt: skip
    lines = (tidy(line).removeprefix("- ") for line in (read.text if read else "").split("\n"))
    return [line for line in lines if line]


def _cleaned(case: Case) -> HtmlElement:
    """A copy of the container without what is dropped and without figures."""
    order = list(case.container.iter())
    copy = deepcopy(case.container)
    twins = dict(zip(order, copy.iter(), strict=True))
    figures = [one for one in order if one.tag in {"figure", "img"}]
    for element in (*case.skip, *figures):
        twin = twins[element]
        if twin.getparent() is not None:
            twin.drop_tree()
    return copy


def _timed(action: Callable[[], list[str]]) -> tuple[list[str], float]:
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        lines = action()
        times.append(time.process_time() - started)
    return lines, min(times)


if __name__ == "__main__":
    sys.exit(main())
