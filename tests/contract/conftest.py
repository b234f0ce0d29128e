"""Every index, empty, and a change log that feeds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.search.protocol import SearchIndex
from tests.index_engines import ENGINES, Engine, engine_of
from tests.search_feed import Feed


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    yield from engine_of(request)


@pytest.fixture
def index(engine: Engine, tmp_path: Path) -> SearchIndex:
    return engine.open(tmp_path / "index.sqlite3")


@pytest.fixture
def feed(index: SearchIndex) -> Feed:
    return Feed(index)
