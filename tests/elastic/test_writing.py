"""Writing when the cluster has no room, refuses, forgets, or is met by a late writer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanoiwatch.errors import IndexUnavailableError
from hanoiwatch.model import Article, Content, Filters
from hanoiwatch.query import parse
from indexer.indexing import _apply
from indexer.search.elastic.bulk import RefusedError
from indexer.search.elastic.index import ElasticIndex
from indexer.search.elastic.settings import ElasticSettings
from tests.elasticnode import Node
from tests.elasticnode.proxy import Asked, Refusal, proxied
from tests.index_engines import drop, elastic_index, prefix_of
from tests.search_feed import Feed, id_of, make_article

pytestmark = pytest.mark.elastic

BUSY: Refusal = (
    429,
    {"error": {"type": "es_rejected_execution_exception", "reason": "queue is full"}},
)


def article(rowid: int, title: str = "Chợ đêm") -> Article:
    return make_article(rowid, Content(url=f"https://bao.example/{rowid}", title=title))


def total(index: ElasticIndex, query: str = "chợ") -> int:
    return index.search(parse(query), Filters()).total


@pytest.fixture
def index(elastic_node: Node, tmp_path: Path) -> Iterator[ElasticIndex]:
    opened = elastic_index(elastic_node, prefix_of(tmp_path))
    yield opened
    drop(opened)
    opened.close()


def through(url: str, tmp_path: Path, busy_seconds: float = 20.0) -> ElasticIndex:
    """The same index, by way of a proxy."""
    return ElasticIndex(
        ElasticSettings(hosts=(url,), prefix=prefix_of(tmp_path), busy_seconds=busy_seconds)
    )


def test_a_cluster_without_room_is_given_time(
    elastic_node: Node, index: ElasticIndex, tmp_path: Path
) -> None:
    """Some documents of a request, then whole requests, find no room; all of them arrive once."""
    left = [8]

    def refuse(asked: Asked) -> Refusal | None:
        if not asked.path.endswith("_bulk") or not left[0]:
            return None
        left[0] -= 1
        if left[0] > 5:
            return BUSY
        count = asked.body.count(b'{"index"')
        item = {"index": {"status": 429, "error": BUSY[1]["error"]}}
        return 200, {"errors": True, "items": [item] * count}

    with proxied(elastic_node.url, refuse=refuse) as proxy:
        busy = through(proxy.url, tmp_path)
        Feed(busy).put(*(article(rowid) for rowid in range(1, 40)))
        busy.close()
    assert left == [0]
    assert (total(index), index.position()) == (39, 39)


def test_a_cluster_that_finds_no_room_is_left_for_the_next_time(
    elastic_node: Node, index: ElasticIndex, tmp_path: Path
) -> None:
    feed = Feed(index)
    feed.put(article(1))
    changes = [feed.note(2, article(2)), feed.note(3, article(3))]
    full = [True]

    def refuse(asked: Asked) -> Refusal | None:
        return BUSY if asked.path.endswith("_bulk") and full[0] else None

    with proxied(elastic_node.url, refuse=refuse) as proxy:
        busy = through(proxy.url, tmp_path, busy_seconds=1.0)
        with pytest.raises(IndexUnavailableError, match="429"):
            busy.apply(changes)
        assert (total(index), index.position()) == (1, 1)
        full[0] = False
        busy.apply(changes)
        busy.close()
    assert (total(index), index.position()) == (3, 3)


def test_a_request_that_is_too_large_for_a_proxy_goes_in_parts(
    elastic_node: Node, index: ElasticIndex, tmp_path: Path
) -> None:
    """Only what is too large by itself is refused, and it alone."""
    feed = Feed(index)
    small = [feed.note(rowid, article(rowid)) for rowid in range(1, 30)]
    large = feed.note(30, article(30, "chợ " * 5_000))

    def refuse(asked: Asked) -> Refusal | None:
        if asked.path.endswith("_bulk") and len(asked.body) > 12_000:
            return 413, {"error": "Request Entity Too Large"}
        return None

    with proxied(elastic_node.url, refuse=refuse) as proxy:
        other = through(proxy.url, tmp_path)
        refused = _apply(other, [*small, large])
        other.close()
    assert list(refused) == [30]
    assert "413" in refused[30]
    assert (total(index), index.position()) == (29, 30)


def test_an_index_that_goes_away_between_two_requests_is_made_by_nobody(
    elastic_node: Node, index: ElasticIndex, tmp_path: Path
) -> None:
    """Elasticsearch would make an index of the alias's name, which no alias could have again."""
    feed = Feed(index)
    feed.put(article(1))
    change = feed.note(2, article(2))
    gone: list[Asked] = []

    def refuse(asked: Asked) -> Refusal | None:
        if asked.path.endswith("_bulk") and not gone:
            gone.append(asked)
            drop(index)
        return None

    with proxied(elastic_node.url, refuse=refuse) as proxy:
        other = through(proxy.url, tmp_path)
        with pytest.raises(IndexUnavailableError, match="lost"):
            other.apply([change])
        assert other.position() == 0
        other.apply(feed.changes)
        other.close()
    assert (total(index), index.position()) == (2, 2)


def test_an_answer_that_is_lost_doubles_nothing(
    elastic_node: Node, index: ElasticIndex, tmp_path: Path
) -> None:
    """The cluster wrote; we never heard of it, and send again."""
    lost = [3]  # the client itself tries twice more
    feed = Feed(index)
    changes = [feed.note(rowid, article(rowid)) for rowid in range(1, 6)]

    def refuse(asked: Asked) -> Refusal | None:
        if not asked.path.endswith("_bulk") or not lost[0]:
            return None
        lost[0] -= 1
        proxy._forward(asked)
        return 503, {"error": {"type": "unavailable", "reason": "the way back is broken"}}

    with proxied(elastic_node.url, refuse=refuse) as proxy:
        other = through(proxy.url, tmp_path)
        with pytest.raises(IndexUnavailableError):
            other.apply(changes)
        other.apply(changes)
        other.close()
    assert (total(index), index.position()) == (5, 5)
    assert len(list(index.versions())) == 5


def test_a_refused_article_costs_that_one_only_and_says_why(index: ElasticIndex) -> None:
    """Longer than any term that Lucene takes."""
    feed = Feed(index)
    endless = article(2, "x" * 40_000)
    changes = [
        feed.note(1, article(1)), feed.note(2, endless), feed.note(3, article(3)),
    ]  # fmt: skip
    with pytest.raises(RefusedError):
        index.apply(changes)
    refused = _apply(index, changes)
    assert list(refused) == [2]
    assert "immense term" in refused[2]
    assert (total(index), index.position()) == (2, 3)
    assert [rowid for rowid, _ in index.versions()] == [1, 3]


def test_what_was_taken_down_is_brought_back_by_no_late_writer(
    elastic_node: Node, index: ElasticIndex, tmp_path: Path
) -> None:
    """A process that hung with an old batch wakes up: before and after the index was made anew."""
    feed = Feed(index)
    late = feed.note(1, article(1))
    index.apply([late, feed.note(2, article(2))])
    feed.remove(1)
    for _ in range(2):
        writer = index._writer()
        writer.apply([late])
        writer.keep_state(late.change.sequence)
        index._indices.refresh(*index.connection.names.aliases)
        assert (total(index), index.position()) == (1, 3)
        successor = index.successor(position=3)
        successor.fill([article(2)], upto=2)
        successor.take_over()
    kept = elastic_node.ask(f"/{index.connection.names.articles}/_doc/{id_of(1)}")["_source"]
    assert kept == {"removed": True, "rowid": 1, "sequence": 3}
    revisions = elastic_node.ask(f"/{index.connection.names.revisions}/_search")["hits"]["hits"]
    assert [hit["_source"]["article_id"] for hit in revisions] == [id_of(2)]


def test_an_index_that_was_deleted_is_filled_again_by_the_change_log(index: ElasticIndex) -> None:
    feed = Feed(index)
    feed.put(article(1), article(2))
    drop(index)
    assert (total(index), index.position()) == (0, 0)
    index.apply(feed.changes)
    assert (total(index), index.position()) == (2, 2)


def test_an_index_of_another_version_takes_nothing_until_it_is_made_anew(
    elastic_node: Node, index: ElasticIndex
) -> None:
    feed = Feed(index)
    feed.put(article(1))
    alias = index.connection.names.articles
    state = {"state": {"position": 1, "filled": 0, "version": 1}}
    elastic_node.ask(f"/{alias}/_doc/state?version=9&version_type=external", "PUT", state)
    assert index.outdated()
    assert "another version" in index.caveat()
    assert total(index) == 1
    successor = index.successor(position=1)
    successor.fill([article(1)], upto=1)
    successor.take_over()
    assert not index.outdated()
    assert total(index) == 1


def test_a_document_that_is_not_as_the_record_says_is_told(
    elastic_node: Node, index: ElasticIndex
) -> None:
    articles = {rowid: article(rowid) for rowid in (1, 2, 3)}
    Feed(index).put(*articles.values())

    def of(rowids: object) -> dict[int, Article]:
        return articles

    assert [said for said in index.differences(of) if not isinstance(said, int)] == []
    alias = index.connection.names.articles
    document = elastic_node.ask(f"/{alias}/_doc/{id_of(2)}")["_source"] | {"title": "Chợ hoa"}
    elastic_node.ask(
        f"/{alias}/_doc/{id_of(2)}?version=2&version_type=external_gte&refresh=true",
        "PUT",
        document,
    )
    (difference,) = [said for said in index.differences(of) if not isinstance(said, int)]
    assert difference.rowid == 2
    assert "title" in difference.what


def test_revisions_are_kept_beside_the_articles(elastic_node: Node, tmp_path: Path) -> None:
    from indexer.search.elastic.documents import FormerRevision

    def formers(now: Article) -> list[FormerRevision]:
        return [
            FormerRevision(
                number=1, fetched_at=now.first_seen_at, url=now.content.url, title="Chợ cũ",
                lead="", text="", capture_record_id="urn:uuid:1", capture_sha256="1",
            )
        ]  # fmt: skip

    settings = ElasticSettings(hosts=(elastic_node.url,), prefix=prefix_of(tmp_path))
    index = ElasticIndex(settings, formers=formers)
    Feed(index).put(dataclasses.replace(article(1, "Chợ mới"), revision=2))
    alias = index.connection.names.revisions
    elastic_node.ask(f"/{alias}/_refresh", "POST")
    found = elastic_node.ask(f"/{alias}/_search?sort=revision")["hits"]["hits"]
    assert [(hit["_id"], hit["_source"]["title"], hit["_source"]["edited"]) for hit in found] == [
        (f"{id_of(1)}-1", "Chợ cũ", False), (f"{id_of(1)}-2", "Chợ mới", True),
    ]  # fmt: skip
    drop(index)
    index.close()


def test_a_facet_of_many_values_is_complete(
    index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer.search.elastic import facets

    monkeypatch.setattr(facets, "MANY", 3)
    monkeypatch.setattr(facets, "_PAGE", 4)
    Feed(index).put(*(make_article(n, article(n).content, f"bao-{n % 11}") for n in range(1, 31)))
    counts = index.search(parse("chợ"), Filters(sources=("bao-1",))).facets["sources"]
    assert len(counts) == 11
    assert sum(one.count for one in counts) == 30


def test_a_page_behind_the_ten_thousandth_hit_is_found(
    index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer.search.elastic import answering

    monkeypatch.setattr(answering, "WINDOW", 20)
    monkeypatch.setattr(answering, "PAGE", 7)
    Feed(index).put(*(article(rowid) for rowid in range(1, 51)))
    whole = list(index.rowids(parse("chợ"), Filters()))
    for sort in ("newest", "relevance"):
        found = index.search(parse("chợ"), Filters(), sort=sort, limit=10, offset=35)
        assert [match.article_rowid for match in found.matches] == whole[35:45]
        assert found.total == 50


@pytest.mark.parametrize("depth", [10, 45])
def test_a_query_deeper_than_a_node_takes_is_answered(index: ElasticIndex, depth: int) -> None:
    Feed(index).put(article(1), article(2, "Chợ hoa"), article(3, "Phố đêm"))
    query = "chợ"
    for level in range(depth):
        query = f"({query} OR xyz{level}) -abc{level}"
    assert total(index, query) == 2


def test_a_query_longer_than_a_node_takes_is_answered(index: ElasticIndex) -> None:
    Feed(index).put(article(1), article(2, "Chợ hoa"))
    absent = " ".join(f"-xyz{number}" for number in range(1_300))
    either = " OR ".join(f'"chợ {number}"' for number in range(700))
    assert total(index, f"chợ {absent}") == 2
    assert total(index, f'{either} OR "chợ hoa"') == 1
