"""Scores that a rebuilt index gives again: how rare a phrase is among the living, times its field.

The scores of the engine itself count documents that are deleted but not yet merged away, so two
indices of the same articles would order them otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hanoiwatch.query import Field, Node, Phrase
from hanoiwatch.query.tree import wanted_phrases
from indexer.search.elastic.querying import Query, any_of, phrase_in

FIELD_WEIGHT: Mapping[Field, float] = {
    "title": 4.0, "lead": 2.0, "text": 1.0, "caption": 1.0, "byline": 1.0, "tag": 2.0,
}  # fmt: skip
"""As in the embedded index."""
SCORED = 1_000
"""Words, in all their fields, that are scored: a pasted text is found by all of its words, and
ordered by its first ones."""


def scored_phrases(tree: Node) -> list[Phrase]:
    phrases: list[Phrase] = []
    words = 0
    for phrase in dict.fromkeys(wanted_phrases(tree)):
        words += len(phrase.words) * len(phrase.fields)
        if words > SCORED:
            break
        phrases.append(phrase)
    return phrases


def rarity_request(phrases: list[Phrase]) -> Query:
    """The `aggs` that count the articles of each phrase, among all."""
    filters = {
        str(number): any_of([phrase_in(phrase, field) for field in phrase.fields])
        for number, phrase in enumerate(phrases)
    }
    return {"having": {"filters": {"filters": filters}}}


def rarities(answer: dict[str, Any], phrases: list[Phrase], count: int) -> list[float]:
    having = answer.get("having", {}).get("buckets", {})
    return [
        _rarity(having.get(str(number), {}).get("doc_count", 0), count)
        for number in range(len(phrases))
    ]


def _rarity(having: int, count: int) -> float:
    return math.log(1 + (count - having + 0.5) / (having + 0.5))


def scores(phrases: list[Phrase], weights: list[float]) -> list[Query]:
    """What each phrase adds in each of its fields."""
    return [
        {
            "constant_score": {
                "filter": phrase_in(phrase, field),
                "boost": round(weight * FIELD_WEIGHT[field], 4),
            }
        }
        for phrase, weight in zip(phrases, weights, strict=True)
        for field in phrase.fields
    ]
