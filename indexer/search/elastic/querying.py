"""From a query's tree to the query language of Elasticsearch: the same sets of articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeGuard, assert_never

from hanoiwatch.model import Filters
from hanoiwatch.query import AllOf, AnyOf, Field, Node, Not, Phrase
from indexer.search.elastic.analysis import FOLDED, TONED
from indexer.search.elastic.mapping import FACET_FIELDS, SEARCHED
from indexer.search.writing import microseconds

Query = dict[str, Any]

_TERMS = 60_000
"""Values of one `terms` query; nodes take 65,536."""

EVERYTHING: Query = {"match_all": {}}

MOST = 3_000
"""Words, in all their fields, of one request: what nodes take grows with their heap, from 8,192 at
half a gigabyte."""
DEEPEST = 12
"""Levels of a query that hold each other: nodes refuse more than 30, ours come two at a time."""

Find = Callable[[Query], Query]
"""Asks for a part by itself: a query that names the articles that the part matches."""


class Sized(NamedTuple):
    """A query, how many words it asks for, and how deep it is."""

    query: Query
    words: int
    depth: int


def as_query(tree: Node | None, find: Find) -> Query:
    """What matches; it scores nothing. Parts of a query that a node would refuse, because it is
    too long or too deep, are found by themselves first."""
    return EVERYTHING if tree is None else _sized(tree, find).query


def _sized(tree: Node, find: Find) -> Sized:
    match tree:
        case Phrase():
            return _phrase(tree, find)
        case Not(part):
            inner = _sized(part, find)
            return Sized(_none_of([inner.query]), inner.words, inner.depth + 1)
        case AllOf(parts):
            return _all_of(parts, find)
        case AnyOf(parts):
            words = _words_at_once(parts)
            others = [_sized(part, find) for part in _others(parts)]
            return _together([*words, *others], any_of, find)
    assert_never(tree)


def _phrase(phrase: Phrase, find: Find) -> Sized:
    each = [phrase_in(phrase, field) for field in phrase.fields]
    words = sum(map(len, phrase.words))
    if words * len(each) > MOST and len(each) > 1:
        return Sized(any_of([find(query) for query in each]), len(each), 1)
    return Sized(any_of(each), words * len(each), 1)


def _all_of(parts: Iterable[Node], find: Find) -> Sized:
    """Each part once: people paste texts in which words come again."""
    once = list(dict.fromkeys(parts))
    wanted = [_sized(part, find) for part in once if not isinstance(part, Not)]
    unwanted = [_sized(part.part, find) for part in once if isinstance(part, Not)]
    found = _together(wanted, _each_of, find) if wanted else Sized(EVERYTHING, 0, 0)
    if not unwanted:
        return found
    without = _together(unwanted, any_of, find)
    query = {"bool": {"filter": [found.query], "must_not": [without.query]}}
    joined = Sized(query, found.words + without.words, max(found.depth, without.depth) + 1)
    return joined if joined.words <= MOST else Sized(find(query), 1, 1)


def _together(parts: list[Sized], join: Callable[[list[Query]], Query], find: Find) -> Sized:
    """Joins the parts; as many as are too many for one request are found before the others."""
    if len(parts) == 1:
        return parts[0]
    shallow = [Sized(find(part.query), 1, 1) if part.depth >= DEEPEST else part for part in parts]
    group: list[Query] = []
    words = 0
    for part in shallow:
        if group and words + part.words > MOST:
            group, words = [find(join(group))], 1
        group.append(part.query)
        words += part.words
    return Sized(join(group), words, max(part.depth for part in shallow) + 1)


def phrase_in(phrase: Phrase, field: Field) -> Query:
    """The phrase within one passage of this field."""
    place = SEARCHED[field] + ("" if phrase.folded else ".toned")
    if len(phrase.words) == 1:
        return {"terms": {place: list(phrase.words[0])}}
    if phrase.slop or any(len(spellings) > 1 for spellings in phrase.words):
        return {"intervals": {place: _near(phrase, SEARCHED[field])}}
    asked = {"query": " ".join(word for (word,) in phrase.words), "analyzer": _analyzer(phrase)}
    return {"match_phrase": {place: asked}}


def _analyzer(phrase: Phrase) -> str:
    """Of what is in the index: our words are spelt out already."""
    return FOLDED if phrase.folded else TONED


def _near(phrase: Phrase, place: str) -> Query:
    """In this order, with so many other words between. An end of a line is a hole in the
    positions: words that touch are of one line; others, if no end of a line is between them."""
    near: Query = {
        "ordered": True,
        "max_gaps": phrase.slop,
        "intervals": [_spelt(spellings, _analyzer(phrase)) for spellings in phrase.words],
    }
    if phrase.slop:
        lines = {"match": {"query": "\n", "use_field": f"{place}.lines"}}
        near["filter"] = {"not_containing": lines}
    return {"all_of": near}


def _spelt(spellings: Sequence[str], analyzer: str) -> Query:
    each = [{"match": {"query": word, "analyzer": analyzer}} for word in spellings]
    return each[0] if len(each) == 1 else {"any_of": {"intervals": each}}


def any_of(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _each_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"filter": list(queries)}}


def _none_of(queries: Sequence[Query]) -> Query:
    return {"bool": {"must_not": list(queries)}}


def these(rowids: Sequence[int]) -> Query:
    """Exactly these articles."""
    chunks = [list(rowids[at : at + _TERMS]) for at in range(0, len(rowids), _TERMS)]
    return any_of([{"terms": {"rowid": chunk}} for chunk in chunks or [[]]])


def _words_at_once(parts: Iterable[Node]) -> list[Sized]:
    """Of alternatives that are single words, one lookup a field: lists of a thousand are met."""
    words: dict[str, dict[str, None]] = defaultdict(dict)
    for part in parts:
        if _is_word(part):
            for field in part.fields:
                place = SEARCHED[field] + ("" if part.folded else ".toned")
                words[place].update(dict.fromkeys(part.words[0]))
    return [Sized({"terms": {place: list(found)}}, 1, 1) for place, found in words.items()]


def _others(parts: Iterable[Node]) -> list[Node]:
    return [part for part in dict.fromkeys(parts) if not _is_word(part)]


def _is_word(part: Node) -> TypeGuard[Phrase]:
    return isinstance(part, Phrase) and len(part.words) == 1


# --- filters ---------------------------------------------------------------------------------


def narrowing(filters: Filters) -> dict[str, Query]:
    """The filters that say something, by the name of the facet that leaves them out."""
    queries: dict[str, Query] = {
        name: {"terms": {place: [value for value in getattr(filters, name) if value]}}
        for name, place in FACET_FIELDS.items()
        if getattr(filters, name)
    }
    published = {
        **({"gte": microseconds(filters.since)} if filters.since else {}),
        **({"lt": microseconds(filters.until)} if filters.until else {}),
    }
    if published:
        queries["months"] = {"range": {"published_us": published}}
    return queries


def all_but(queries: dict[str, Query], name: str = "") -> Query:
    """What every filter lets through, but that of this name."""
    others = [query for other, query in queries.items() if other != name]
    return {"bool": {"filter": others}} if others else EVERYTHING
