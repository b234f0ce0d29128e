"""``python -m bench.elastic``: the index in Elasticsearch beside the bare official client.

One node with 1 GB of heap. Indexing: the same documents by us, from articles as the record gives
them, and by `elasticsearch.helpers.parallel_bulk`, from documents that lie ready, in turns, into
indices of the same mapping. Searching: the whole answer that `hanoiwatch search` prints (total,
ten hits with highlights from the record, every facet), and the same request body sent by the bare
client, in turns.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

import click
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk
from sqlalchemy import insert

from bench.rows import make_room, record_rows
from bench.search_corpus import articles, questions
from hanoiwatch.articlejson import article_json
from hanoiwatch.clock import now
from hanoiwatch.model import Article, Filters
from hanoiwatch.query import highlights, parse
from hanoiwatch.store import Record
from hanoiwatch.store.engine import write
from indexer.search.elastic.documents import article_document, revision_documents
from indexer.search.elastic.index import ElasticIndex
from indexer.search.elastic.indices import Indices
from indexer.search.elastic.settings import ElasticSettings
from indexer.search.elastic.succession import ElasticSuccessor
from tests.elasticnode import Node, free_port

ARTICLES = 100_000
COMPARED = 20_000
"""Of these, how many are indexed by both."""
TURN = 2_000
EACH = 8
"""Questions of each kind."""
ROUNDS = 3
HITS = 10
INDEXING_BAR, SEARCH_BAR = 0.9, 1.3


@click.command()
@click.option("--articles", "count", default=ARTICLES, show_default=True)
@click.option("--compared", default=COMPARED, show_default=True, help="Indexed by both.")
@click.option("--each", default=EACH, show_default=True, help="Questions of each kind.")
def main(*, count: int, compared: int, each: int) -> None:
    """Exit code 1 where indexing or searching costs more than the bars allow."""
    with tempfile.TemporaryDirectory(prefix="bench-elastic-") as folder:
        node = Node(Path(folder) / "node", free_port(), heap="1g")
        with node.start():
            passed = _measured(node, Path(folder), count, min(compared, count), each)
    sys.exit(0 if passed else 1)


def _measured(node: Node, folder: Path, count: int, compared: int, each: int) -> bool:
    index = ElasticIndex(ElasticSettings(hosts=(node.url,), prefix="ours"))
    record = Record.open(folder / "record.sqlite3")
    make_room(record)
    client = Elasticsearch(node.url, request_timeout=60)
    ratio = _indexing(index, record, client, count, compared)
    passed = _verdict("indexing_times_parallel_bulk", ratio, ratio >= INDEXING_BAR, "at least 0.9")
    ours, bare = _searching(index, record, client, each)
    ratio = _p95(ours) / _p95(bare)
    click.echo(
        f"search at {count} articles, ms p50 / p95: {_shown(ours)}; bare client {_shown(bare)}"
    )
    searched = _verdict("search_p95_times_bare", ratio, ratio <= SEARCH_BAR, "at most 1.3")
    index.close()
    record.close()
    client.close()
    return passed and searched


# --- indexing --------------------------------------------------------------------------------


def _indexing(
    index: ElasticIndex, record: Record, client: Elasticsearch, count: int, compared: int
) -> float:
    """How many times as fast as `parallel_bulk` ours is; all articles are indexed by ours."""
    successor = index.successor(position=count)
    _warm_up(index)
    peers = Indices(ElasticIndex(ElasticSettings(hosts=index.connection.settings.hosts,
                                                 prefix="peer")).connection)  # fmt: skip
    peers.create(1)
    seconds = [0.0, 0.0]
    made = articles(1, count + 1)
    while batch := list(islice(made, TURN)):
        _keep(record, batch)
        ready = list(_actions(batch)) if batch[-1].rowid <= compared else []
        turns: list[tuple[int, Callable[[], object]]] = [
            (0, partial(_fill, successor, batch)), (1, partial(_bulk, client, ready)),
        ]  # fmt: skip
        if batch[0].rowid // TURN % 2:
            turns.reverse()  # who goes second finds the node still at work for the other
        for number, work in turns:
            seconds[number] += _seconds(work)
        if batch[-1].rowid == compared:
            rates = [compared / each for each in seconds]
            click.echo(
                f"{compared} articles indexed: {rates[0]:.0f} a second, "
                f"parallel_bulk {rates[1]:.0f} a second"
            )
    successor.take_over()
    peers.remove(1)
    return rates[0] / rates[1]


def _warm_up(index: ElasticIndex) -> None:
    """The node's own compiler has seen this work before anything is timed."""
    warm = ElasticIndex(ElasticSettings(hosts=index.connection.settings.hosts, prefix="warm"))
    _fill(warm.successor(position=0), list(articles(1, TURN + 1)))
    Indices(warm.connection).remove(1)
    warm.close()


def _keep(record: Record, batch: Sequence[Article]) -> None:
    with write(record.engine) as connection:
        for table, rows in record_rows(batch).items():
            connection.execute(insert(table), rows)


def _fill(successor: ElasticSuccessor, batch: Sequence[Article]) -> None:
    successor.fill(batch, upto=batch[-1].rowid)


def _actions(batch: Sequence[Article]) -> Iterator[dict[str, Any]]:
    """The same documents, as `elasticsearch.helpers` takes them."""
    moment = now()
    for article in batch:
        about = {"_op_type": "index", "version": article.sequence, "version_type": "external"}
        document = article_document(article, moment)
        yield {**about, "_index": "peer-articles-000001", "_id": article.id, "_source": document}
        for revision, said in revision_documents(article, (), moment):
            yield {**about, "_index": "peer-revisions-000001", "_id": revision, "_source": said}


def _bulk(client: Elasticsearch, ready: Sequence[dict[str, Any]]) -> None:
    for good, result in parallel_bulk(client, ready):
        assert good, result


# --- searching -------------------------------------------------------------------------------


def _searching(
    index: ElasticIndex, record: Record, client: Elasticsearch, each: int
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    bare: list[float] = []
    for question in questions(each):
        body = index.answering.request(
            parse(question.query), Filters(), sort="newest", limit=HITS, offset=0
        )
        totals = {_ours(index, record, question.query), _bare(client, body)}
        assert len(totals) == 1, question
        times = [
            (
                _seconds(lambda: _ours(index, record, question.query)),  # noqa: B023 - called at once
                _seconds(lambda: _bare(client, body)),  # noqa: B023 - likewise
            )
            for _ in range(ROUNDS)
        ]
        ours.append(1000 * min(one for one, _ in times))
        bare.append(1000 * min(one for _, one in times))
    return ours, bare


def _ours(index: ElasticIndex, record: Record, query: str) -> int:
    """The whole answer, as `hanoiwatch search` gives it."""
    tree = parse(query)
    found = index.search(tree, Filters(), limit=HITS)
    rowids = [match.article_rowid for match in found.matches]
    there = record.articles.by_rowids(rowids)
    hits = [(highlights(tree, there[at].content), article_json(there[at])) for at in rowids]
    assert len(hits) == min(found.total, HITS)
    return found.total


def _bare(client: Elasticsearch, body: dict[str, Any]) -> int:
    found = client.search(index="ours-articles", body=body)
    return int(found["hits"]["total"]["value"])


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _shown(times: Sequence[float]) -> str:
    return f"{quantiles(times, n=2)[0]:.1f} / {_p95(times):.1f}"


def _verdict(name: str, ratio: float, passed: bool, bar: str) -> bool:  # noqa: FBT001 - told
    click.echo(f"{'PASS' if passed else 'FAIL'}  {name}: {ratio:.2f} ({bar})")
    return passed


if __name__ == "__main__":
    main()
