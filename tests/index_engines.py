"""The search indexes that every contract is tested on. A new one is added here, nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indexer.search.elastic.index import ElasticIndex
from indexer.search.elastic.settings import ElasticSettings
from indexer.search.embedded import EmbeddedIndex
from indexer.search.protocol import SearchIndex
from tests.elasticnode import Node
from tests.matcher_index import MatcherIndex

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elastic)]
MATCHER = "matcher"
"""Answers like an index, and keeps nothing: not every contract is for it."""


@dataclass
class Engine:
    """One way to keep an index. The same path is the same index."""

    name: str
    make: Callable[[Path], SearchIndex]
    opened: list[SearchIndex] = field(default_factory=list)

    def open(self, path: Path) -> SearchIndex:
        """Closed when the tests of the module are over."""
        index = self.make(path)
        self.opened.append(index)
        return index


def engine_of(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The body of a fixture that has names of engines as its parameters."""
    engine = Engine(request.param, _maker(request))
    yield engine
    for index in engine.opened:
        if isinstance(index, ElasticIndex):
            drop(index)
        index.close()


def _maker(request: pytest.FixtureRequest) -> Callable[[Path], SearchIndex]:
    if request.param == "embedded":
        return EmbeddedIndex
    if request.param == MATCHER:
        return MatcherIndex
    node: Node = request.getfixturevalue("elastic_node")
    return lambda path: elastic_index(node, prefix_of(path))


def elastic_index(node: Node, prefix: str) -> ElasticIndex:
    return ElasticIndex(ElasticSettings(hosts=(node.url,), prefix=prefix))


def prefix_of(path: Path) -> str:
    """A prefix that no other folder has."""
    return "t" + hashlib.sha256(str(path).encode()).hexdigest()[:16]


def drop(index: ElasticIndex) -> None:
    """Everything that it keeps in the cluster."""
    names = index.connection.names
    for alias in names.aliases:
        found = index.connection.ask(
            lambda client, alias=alias: client.indices.get_alias(index=names.pattern(alias))
        )
        if found:
            index.connection.ask(
                lambda client, found=found: client.indices.delete(index=list(found))
            )
        index.connection.ask(
            lambda client, alias=alias: client.indices.delete_index_template(name=alias)
        )
