"""The article extraction benchmark: 181 English pages whose text somebody copied out by hand.

It stands beside the repository, never in it. The score is the benchmark's own: 4-word shingles,
each page's share of right, surplus and missing ones, the means of precision and recall over the
pages, and their F1.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Any

from hanoiwatch.model import ReadArticle
from hanoiwatch.page.document import PageInput
from indexer.extract import LayoutBook, read_page
from tests.beside import BENCHMARK, beside
from tests.eval.pages import CAPTURED

SHINGLE = 4
_WORD = re.compile(r"\w+")

TRAFILATURA = {
    "default": {},
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
    "fast": {"fast": True},
    "no tables": {"include_tables": False},
}
"""Its settings that change the text; comments are never asked for."""


@dataclass(frozen=True, kw_only=True)
class BenchmarkPage:
    key: str
    page: PageInput
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkScore:
    f1: float
    precision: float
    recall: float


def benchmark_pages() -> list[BenchmarkPage]:
    """None where the folder is not there."""
    folder = beside(BENCHMARK)
    if folder is None:
        return []
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    return [
        BenchmarkPage(
            key=key,
            page=PageInput(
                url=said["url"],
                body=gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()),
                captured_at=CAPTURED,
            ),
            text=said["articleBody"],
        )
        for key, said in truth.items()
    ]


def benchmark_score(pages: list[BenchmarkPage], texts: Mapping[str, str]) -> BenchmarkScore:
    """Of what a reader found, by the pages' keys."""
    counts = [_counts(one.text, texts[one.key]) for one in pages]
    precision = mean(
        1.0 if right == found == wanted else right / found
        for right, found, wanted in counts
        if found
    )
    recall = mean(right / wanted for right, _, wanted in counts if wanted)
    f1 = 2 * precision * recall / (precision + recall)
    return BenchmarkScore(f1=f1, precision=precision, recall=recall)


def _counts(truth: str, found: str) -> tuple[int, int, int]:
    mine, theirs = _shingles(found), _shingles(truth)
    return (mine & theirs).total(), mine.total(), theirs.total()


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    places = range(max(1, len(words) - SHINGLE + 1))
    return Counter(shingle for at in places if (shingle := tuple(words[at : at + SHINGLE])))


def read_ours(page: BenchmarkPage) -> str:
    """Lead and text by the general path, every field read on the way."""
    reading = read_page(page.page, LayoutBook())
    if not isinstance(reading, ReadArticle):
        return ""
    return f"{reading.content.lead}\n{reading.content.text}"


def trafilatura_reader(
    *, with_metadata: bool = False, **settings: Any
) -> Callable[[BenchmarkPage], str]:
    from trafilatura import bare_extraction

    def read(page: BenchmarkPage) -> str:
        found: Any = bare_extraction(
            page.page.body, include_comments=False, with_metadata=with_metadata, **settings
        )
        return found.text or "" if found else ""

    return read
