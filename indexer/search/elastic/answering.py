"""Searches: what `SearchIndex` promises of them, asked of the alias that everybody reads."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from hanoiwatch.model import Filters, Match, Matches, SortOrder
from hanoiwatch.query import Node, without_marks
from indexer.search.elastic.connection import Connection
from indexer.search.elastic.facets import facet_requests, facets_of
from indexer.search.elastic.querying import Query, all_but, as_query, narrowing, these
from indexer.search.elastic.relevance import rarities, rarity_request, scored_phrases, scores

WINDOW = 10_000
"""How far a result can be paged without a point in time (`index.max_result_window`)."""
PAGE = 5_000
"""Hits of one request where a whole result is gone through."""
KEEP_ALIVE = "5m"
_DAYS = 65_000
"""Days of an archive: 178 years, just below what one answer may count."""

_DATE = {"published_us": {"order": "desc", "missing": "_last", "unmapped_type": "long"}}
_ID = {"id": {"order": "asc", "unmapped_type": "keyword"}}
_ROWID = {"rowid": {"order": "asc", "unmapped_type": "long"}}
_SORTS: Mapping[SortOrder, list[Query]] = {
    "newest": [_DATE, _ID],
    "oldest": [{"published_us": {**_DATE["published_us"], "order": "asc"}}, _ID],
    "relevance": [{"_score": {"order": "desc"}}, _DATE, _ID],
}


class Answering:
    """Reads one index alias of a cluster. One that is not there is empty."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(
        self, tree: Node | None, filters: Filters, *, sort: SortOrder, limit: int, offset: int
    ) -> Matches:
        narrowed = narrowing(filters)
        deep = offset + limit > WINDOW
        found = self._ask(self.request(tree, filters, sort=sort, limit=limit, offset=offset))
        total = found["hits"]["total"]["value"] if "total" in found["hits"] else 0
        hits = islice(self._whole(tree, filters, sort), offset, offset + limit) if deep else None
        return Matches(
            total=total,
            matches=tuple(map(_match, found["hits"]["hits"] if hits is None else hits)),
            facets=facets_of(found.get("aggregations", {}), narrowed, partial(self._counts, tree)),
            hint=None if total or not tree else self._hint(tree, filters),
        )

    def request(
        self, tree: Node | None, filters: Filters, *, sort: SortOrder, limit: int, offset: int
    ) -> Query:
        """The body that answers nearly all of a search; behind the window, without its hits."""
        deep = offset + limit > WINDOW
        narrowed = narrowing(filters)
        return self._body(tree, sort) | {
            "post_filter": all_but(narrowed),
            "aggs": facet_requests(narrowed),
            "track_total_hits": True,
            "from": 0 if deep else offset,
            "size": 0 if deep else limit,
        }

    def rowids(self, tree: Node | None, filters: Filters, *, sort: SortOrder) -> array[int]:
        return array("q", map(_rowid, self._whole(tree, filters, sort)))

    def days(self, tree: Node | None, filters: Filters) -> Mapping[date | None, int]:
        aggs = {
            "days": {"terms": {"field": "day", "size": _DAYS}},
            "undated": {"missing": {"field": "day"}},
        }
        answer = self._counts(tree, aggs, filters)
        if not answer:
            return {}
        counts: dict[date | None, int] = {
            date.fromisoformat(one["key"]): one["doc_count"] for one in answer["days"]["buckets"]
        }
        undated = answer["undated"]["doc_count"]
        return counts | ({None: undated} if undated else {})

    def versions(self) -> Iterator[tuple[int, int]]:
        body = {"query": {"match_all": {}}, "docvalue_fields": ["rowid", "sequence"]}
        for hit in self.walk(body, [_ROWID]):
            yield _rowid(hit), int(hit["fields"]["sequence"][0])

    def walk(self, body: Query, sort: list[Query]) -> Iterator[Any]:
        """Every hit, in this order, as of one moment; memory does not grow with them."""
        yield from walk(self._connection, self._connection.names.articles, body, sort)

    def _whole(self, tree: Node | None, filters: Filters, sort: SortOrder) -> Iterator[Any]:
        body = self._body(tree, sort)
        body["query"] = {"bool": {"must": [body["query"]], "filter": [all_but(narrowing(filters))]}}
        return self.walk(body, body["sort"])

    def _body(self, tree: Node | None, sort: SortOrder) -> Query:
        query: Query = {"bool": {"filter": [self._query(tree)]}}
        if sort == "relevance" and tree:
            query["bool"]["should"] = self._scores(tree)
        return {
            "query": query,
            "sort": _SORTS[sort],
            "track_scores": sort == "relevance",
            "_source": False,
            "docvalue_fields": ["rowid"],
        }

    def _query(self, tree: Node | None) -> Query:
        return as_query(tree, self._found)

    def _found(self, query: Query) -> Query:
        body = {"query": query, "_source": False, "docvalue_fields": ["rowid"]}
        return these(array("q", map(_rowid, self.walk(body, [_ROWID]))))

    def _scores(self, tree: Node) -> list[Query]:
        phrases = scored_phrases(tree)
        if not phrases:
            return []
        body = {"size": 0, "track_total_hits": True, "aggs": rarity_request(phrases)}
        answer = self._ask(body)
        count = answer["hits"]["total"]["value"] if "total" in answer["hits"] else 0
        return scores(phrases, rarities(answer.get("aggregations", {}), phrases, count))

    def _hint(self, tree: Node, filters: Filters) -> str | None:
        folded = without_marks(tree)
        if folded is None:
            return None
        query = {"bool": {"filter": [self._query(folded), all_but(narrowing(filters))]}}
        found = self._ask({"size": 0, "track_total_hits": True, "query": query})
        count = found["hits"]["total"]["value"] if "total" in found["hits"] else 0
        if not count:
            return None
        return (
            f"Nothing has these words with exactly these marks; {count} "
            "would match without marks (type none, or put ~ before a word)."
        )

    def _counts(self, tree: Node | None, aggs: Query, filters: Filters | None = None) -> Any:
        narrowed = all_but(narrowing(filters)) if filters else {"match_all": {}}
        query = {"bool": {"filter": [self._query(tree), narrowed]}}
        return self._ask({"size": 0, "query": query, "aggs": aggs}).get("aggregations", {})

    def _ask(self, body: Query) -> Any:
        return self._connection.ask(
            lambda client: client.search(
                index=self._connection.names.articles,
                body=body,
                ignore_unavailable=True,
                allow_partial_search_results=False,  # half an answer looks like a whole one
            )
        )


def walk(
    connection: Connection, index: str, body: Query, sort: list[Query]
) -> Iterator[dict[str, Any]]:
    opened = connection.ask(
        lambda client: client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE)
    )
    if opened is None:
        return  # there is no index
    point: str = opened["id"]
    request = {**body, "sort": sort, "size": PAGE, "track_total_hits": False}
    try:
        while hits := (answer := _page(connection, request, point))["hits"]["hits"]:
            point = answer.get("pit_id", point)
            yield from hits
            request["search_after"] = hits[-1]["sort"]
            if len(hits) < PAGE:
                return
    finally:
        connection.ask(lambda client: client.close_point_in_time(id=point))


def _page(connection: Connection, request: Query, point: str) -> Any:
    body = {**request, "pit": {"id": point, "keep_alive": KEEP_ALIVE}}
    answer = connection.ask(
        lambda client: client.search(body=body, allow_partial_search_results=False)
    )
    if answer is None:
        raise connection.unavailable("has lost the point in time that a result was read at")
    return answer


def _rowid(hit: dict[str, Any]) -> int:
    return int(hit["fields"]["rowid"][0])


def _match(hit: dict[str, Any]) -> Match:
    return Match(article_rowid=_rowid(hit), score=round(hit.get("_score") or 0.0, 4))
