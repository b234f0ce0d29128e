"""Scores by BM25: rare words count more, and so does a title; long articles count less."""

from __future__ import annotations

import math
import sqlite3
from typing import Any

import numpy as np
import numpy.typing as npt

from hanoiwatch.model import Match
from hanoiwatch.query import FIELDS, Node, Phrase
from hanoiwatch.query.tree import wanted_phrases
from indexer.search.bits import to_bytes
from indexer.search.evaluate import Evaluation
from indexer.search.order import dated_documents
from indexer.search.view import View

FIELD_WEIGHT = {"title": 4.0, "lead": 2.0, "text": 1.0, "caption": 1.0, "byline": 1.0, "tag": 2.0}
K1, B = 1.2, 0.75
"""BM25's usual constants: how soon repetition stops counting, how much length counts."""

Scores = npt.NDArray[np.float64]


def by_relevance(
    view: View, connection: sqlite3.Connection, tree: Node, found: int, *, limit: int, offset: int
) -> list[Match]:
    """Best first; equal scores newest first."""
    docs = _members(found, view.size)
    last = min(offset + limit, len(docs))
    if not last:
        return []
    scores = _scores(view, tree)[docs]
    least = np.partition(scores, len(docs) - last)[len(docs) - last]
    score_of = dict(
        zip(docs[scores >= least].tolist(), scores[scores >= least].tolist(), strict=True)
    )
    best = sorted(
        dated_documents(connection, score_of),
        key=lambda document: (-score_of[document.doc], document.newest),
    )
    return [
        Match(article_rowid=document.article, score=round(score_of[document.doc], 4))
        for document in best[offset:last]
    ]


def _members(bits: int, size: int) -> npt.NDArray[np.intp]:
    flags = np.frombuffer(to_bytes(bits), np.uint8)
    return np.flatnonzero(np.unpackbits(flags, bitorder="little")[:size])


def _scores(view: View, tree: Node) -> Scores:
    """Of every document, matching or not, by its number."""
    alive = _members_as_one(view.alive, view.size)
    count = view.alive.bit_count()
    lengths = np.zeros(view.size)
    for segment in view.segments:
        starts = np.append(np.asarray(view.starts(segment.id), np.int64), segment.end_place)
        lengths[segment.first_doc : segment.first_doc + segment.docs] = np.diff(starts)
    mean = (lengths * alive).sum() / count
    norm = K1 * (1 - B + B * lengths / mean)
    total = np.zeros(view.size)
    for phrase in dict.fromkeys(wanted_phrases(tree)):
        often = _frequencies(view, phrase) * alive
        having = np.count_nonzero(often)
        rarity = math.log(1 + (count - having + 0.5) / (having + 0.5))
        total += rarity * often * (K1 + 1) / (often + norm)
    return total


def _frequencies(view: View, phrase: Phrase) -> Scores:
    """How often each document has the phrase, its fields weighed; longer phrases count once."""
    often = np.zeros(view.size)
    for field in phrase.fields:
        slot = FIELDS.index(field)
        often += FIELD_WEIGHT[field] * (
            _word_counts(view, phrase, slot)
            if len(phrase.words) == 1
            else _members_as_one(Evaluation(view).phrase_docs(phrase, {slot}), view.size)
        )
    return often


def _word_counts(view: View, phrase: Phrase, slot: int) -> Scores:
    counts = np.zeros(view.size)
    terms = view.terms(phrase.words[0], folded=phrase.folded)
    for segment in view.segments:
        starts = np.asarray(view.starts(segment.id))
        for places in view.places(segment.id, terms).get(slot, ()):
            docs: Any = np.searchsorted(starts, np.asarray(places), "right") - 1
            counts[segment.first_doc : segment.first_doc + segment.docs] += np.bincount(
                docs, minlength=segment.docs
            )
    return counts


def _members_as_one(bits: int, size: int) -> Scores:
    result = np.zeros(size)
    result[_members(bits, size)] = 1.0
    return result
