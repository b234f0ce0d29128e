"""``python -m bench.cluster``: three nodes, one killed in the middle of a load and of searches.

The node that holds the primary shard gets SIGKILL. Nothing may be lost or doubled, searches keep
answering, and when the node is back the cluster is green.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click

from bench.search_corpus import articles
from hanoiwatch.errors import IndexUnavailableError
from hanoiwatch.model import Filters
from indexer.search.elastic.index import ElasticIndex
from indexer.search.elastic.settings import ElasticSettings
from tests.elasticnode import Node, free_port

ARTICLES = 10_000
TURN = 1_000
KILL_AT = 0.4
"""Of the load."""
LONGEST_SECONDS = 60.0
"""What a search may take while a node dies: its requests in flight are lost and sent again."""


@dataclass
class Searches:
    """What those who search meet meanwhile."""

    answered: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    totals: list[int] = field(default_factory=list)


@click.command()
@click.option("--articles", "count", default=ARTICLES, show_default=True)
def main(*, count: int) -> None:
    """Exit code 1 where anything is lost, doubled or unanswered."""
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as folder, ExitStack() as ends:
        nodes = three_nodes(Path(folder))
        for node in nodes:
            ends.callback(node.stop)
            node.start(wait=False)
        for node in nodes:
            node.wait()
        passed = _measured(nodes, count)
    sys.exit(0 if passed else 1)


def three_nodes(folder: Path) -> list[Node]:
    ports = [free_port() for _ in range(3)]
    names = [f"n{number}" for number in range(3)]
    cluster = {
        "cluster.initial_master_nodes": ",".join(names),
        "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in ports),
    }
    return [
        Node(folder / name, free_port(), settings={**cluster, "transport.port": str(port)})
        for name, port in zip(names, ports, strict=True)
    ]


def _measured(nodes: list[Node], count: int) -> bool:
    hosts = tuple(node.url for node in nodes)
    index = ElasticIndex(ElasticSettings(hosts=hosts, prefix="cluster", busy_seconds=120.0))
    index.successor(position=0).take_over()  # searches have something to ask from the beginning
    successor = index.successor(position=count)
    nodes[0].wait("green")
    searches, over = Searches(), threading.Event()
    searching = threading.Thread(target=_search_on, args=(hosts, searches, over))
    searching.start()
    started = time.monotonic()
    killed: Node | None = None
    lost = 0
    while (after := successor.filled_to()) < count:
        if killed is None and after >= KILL_AT * count:
            killed = _primary(nodes)
            threading.Timer(0.3, killed.kill).start()  # in the middle of what comes next
        batch = islice(articles(after + 1, count + 1), TURN)
        try:
            successor.fill(batch, upto=min(after + TURN, count))
        except IndexUnavailableError:
            lost += 1  # as `index rebuild` would, given again
    successor.take_over()
    seconds = time.monotonic() - started
    over.set()
    searching.join()
    assert killed is not None
    click.echo(
        f"{count} articles in {seconds:.0f} s, node {killed.folder.name} killed on the way, "
        f"{lost} loads given again"
    )
    killed.start()
    nodes[0].wait("green")
    return _whole(index, count) & _answered(searches)


def _primary(nodes: list[Node]) -> Node:
    shards = nodes[0].ask("/_cat/shards/cluster-articles-*?format=json&h=index,prirep,node")
    newest = max(shards, key=lambda one: (one["index"], one["prirep"] == "p"))
    return next(node for node in nodes if node.folder.name == newest["node"])


def _search_on(hosts: tuple[str, ...], searches: Searches, over: threading.Event) -> None:
    index = ElasticIndex(ElasticSettings(hosts=hosts, prefix="cluster"))
    while not over.is_set():
        started = time.monotonic()
        try:
            searches.totals.append(index.search(None, Filters()).total)
            searches.answered += 1
        except IndexUnavailableError as error:
            searches.failed.append(str(error))
        searches.slowest = max(searches.slowest, time.monotonic() - started)
        time.sleep(0.05)
    index.close()


def _whole(index: ElasticIndex, count: int) -> bool:
    index.connection.ask(lambda client: client.indices.refresh(index="cluster-articles"))
    rowids = [rowid for rowid, _ in index.versions()]
    click.echo(f"{len(rowids)} articles there, {len(set(rowids))} different, cluster green")
    return rowids == list(range(1, count + 1)) and index.search(None, Filters()).total == count


def _answered(searches: Searches) -> bool:
    click.echo(
        f"{searches.answered} searches answered, {len(searches.failed)} not; "
        f"the slowest took {searches.slowest:.1f} s"
    )
    for said in dict.fromkeys(searches.failed):
        click.echo(f"  {said}")
    return not searches.failed and searches.answered > 0 and searches.slowest < LONGEST_SECONDS


if __name__ == "__main__":
    main()
