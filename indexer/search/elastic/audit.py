"""Does the index in Elasticsearch hold what the record says? Document by document.

What is found is made by the server from the document as it was sent, by an analyzer whose version
the mapping tells (`outdated`). So the documents are compared with what the record's articles give
now, and each index with its own word of how many it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from hanoiwatch.model import Article
from indexer.search.elastic.answering import walk
from indexer.search.elastic.connection import Connection
from indexer.search.elastic.documents import article_document
from indexer.search.elastic.indices import Indices
from indexer.search.protocol import Difference

ArticlesOf = Callable[[Sequence[int]], Mapping[int, Article]]

_AT_ONCE = 128
_OWN = {"indexed_at"}
"""What a document has of its own: when it was indexed."""


def storage_faults(connection: Connection, indices: Indices) -> list[str]:
    """What the cluster says of the indices that answer."""
    if not indices.current():
        return []
    health = connection.ask(
        lambda client: client.cluster.health(index=list(connection.names.aliases))
    )
    if health is None or health["status"] == "red":
        return ["a part of it is not available: the cluster says red"]
    return []


def differences(connection: Connection, articles_of: ArticlesOf) -> Iterator[Difference | int]:
    hits = walk(
        connection,
        connection.names.articles,
        {"query": {"match_all": {}}, "docvalue_fields": ["rowid"]},
        [{"rowid": {"order": "asc", "unmapped_type": "long"}}],
    )
    while few := list(islice(hits, _AT_ONCE)):
        documents = {int(hit["fields"]["rowid"][0]): hit for hit in few}
        articles = articles_of(list(documents))
        for rowid, hit in documents.items():
            article = articles.get(rowid)
            if article and article.sequence == hit["_source"].get("sequence"):
                yield from _compared(article, hit)
        yield len(few)


def _compared(article: Article, hit: Mapping[str, Any]) -> Iterator[Difference]:
    expected = article_document(article, article.fetched_at)
    found = hit["_source"]
    unlike = sorted(
        name
        for name in expected.keys() | found.keys()
        if name not in _OWN and expected.get(name) != found.get(name)
    )
    if hit["_id"] != article.id:
        unlike.append("_id")
    if unlike:
        said = f"its {', '.join(unlike)} in the index differ from the record"
        yield Difference(rowid=article.rowid, what=said)
