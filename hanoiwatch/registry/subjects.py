"""What an article is about: topics by their phrases, weighed by where they stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hanoiwatch.model import MentionField
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.gazetteer import Hit
from hanoiwatch.registry.records import WEAK_PHRASE, Phrase
from hanoiwatch.registry.spans import Around, Cover, Span
from hanoiwatch.registry.syllables import Syllables

FIELD_WEIGHT: dict[MentionField, float] = {"title": 3.0, "lead": 2.0, "caption": 1.0, "text": 1.0}
"""A headline says what an article is about; one word in its text may be in passing."""
ENOUGH_SHORT, ENOUGH_LONG = 1.5, 3.0
"""The weight that makes a topic: of a note, where one phrase after the opening is in passing; and
of a long article."""
SHARE_OF_STRONGEST = 0.35
"""Beside a topic that weighs four times as much, another is in passing."""
SHARE_OF_WEAK = 0.5
"""What weak phrases alone say is in passing beside a topic that weighs twice as much."""
CLEARLY = 1.4
"""A topic of the headline leads clearly where it weighs so many times as much as one sentence."""
SHORT_WORDS, LONG_WORDS = 200, 600
OPENING_WORDS, OPENING_WEIGHT = 60, 2.0
"""The first words of the text, where an article has no lead, say what a lead would."""
DISTINCT_WEAK = 2
"""Of weak phrases alone it takes so many, each another."""
MOST_OF_ONE_PHRASE = 3
"""A phrase counts so often at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A topic's phrase at its place."""

    field_number: int
    first: int
    end: int
    topic: str
    phrase: int
    weight: float
    whole: bool
    """In one row, with no other words between."""


@dataclass(frozen=True, slots=True)
class TopicField:
    kind: MentionField
    text: Syllables
    hits: list[Hit]
    """Of the kinds topic, exclude and beside."""
    titles: list[Span]
    """What is within somebody's title says nothing about the article."""
    opens: bool = False
    """The article begins here: it has no lead."""


def topics_said(registry: Registry, fields: list[TopicField]) -> dict[str, list[Said]]:
    """Each topic that the article is about, with the phrases that say so."""
    by_topic: dict[str, list[Said]] = defaultdict(list)
    for number, one in enumerate(fields):
        for said in _field_said(registry, number, one):
            by_topic[said.topic].append(said)
    lonely = _without_their_words(registry, fields)
    weights = {topic: _weight(said) for topic, said in by_topic.items() if topic not in lonely}
    strongest = max(weights.values(), default=0.0)
    least = _enough(sum(len(one.text) for one in fields))
    headed = max(
        (weight for topic, weight in weights.items() if _is_headed(fields, by_topic[topic])),
        default=0.0,
    )
    return {
        topic: by_topic[topic]
        for topic, weight in weights.items()
        if weight >= max(least, _share(registry, fields, by_topic[topic], headed) * strongest)
        and not _all_but_weak(registry, by_topic[topic])
        and not _one_weak_sentence(registry, fields, by_topic[topic])
        and not (weight * CLEARLY <= headed and _in_passing(fields, by_topic[topic]))
    }


def _without_their_words(registry: Registry, fields: list[TopicField]) -> set[str]:
    """Topics that need one of some words in the article, and have none."""
    there = {hit.meaning.id for one in fields for hit in one.hits if hit.meaning.kind == "beside"}
    return {topic.id for topic in registry.topics.values() if topic.beside} - there


def _is_headed(fields: list[TopicField], said: list[Said]) -> bool:
    return any(fields[one.field_number].kind in ("title", "lead") for one in said)


def _in_passing(fields: list[TopicField], said: list[Said]) -> bool:
    """Whether all of it stands in one sentence, and that is neither title nor lead."""
    if _is_headed(fields, said):
        return False
    places = {(one.field_number, fields[one.field_number].text.sentence[one.first]) for one in said}
    return len(places) == 1


def _share(registry: Registry, fields: list[TopicField], said: list[Said], headed: float) -> float:
    """The share of the strongest topic that it takes beside that one."""
    phrases = registry.topics[said[0].topic].phrases
    weak = all(phrases[one.phrase].weight < 1 for one in said)
    beside = headed > 0 and not _is_headed(fields, said)
    return SHARE_OF_WEAK if weak or beside else SHARE_OF_STRONGEST


def _all_but_weak(registry: Registry, said: list[Said]) -> bool:
    """One weak phrase, wherever and however often it stands, is no topic."""
    phrases = registry.topics[said[0].topic].phrases
    distinct = {one.phrase for one in said}
    weak = all(phrases[one].weight <= WEAK_PHRASE for one in distinct)
    return weak and len(distinct) < DISTINCT_WEAK


def _one_weak_sentence(registry: Registry, fields: list[TopicField], said: list[Said]) -> bool:
    """Whether weak phrases alone say it, all in one sentence of an article with a headline."""
    phrases = registry.topics[said[0].topic].phrases
    if any(phrases[one.phrase].weight > WEAK_PHRASE for one in said):
        return False
    headline = any(len(one.text) for one in fields if one.kind in ("title", "lead"))
    return headline and _in_passing(fields, said)


def topic_confidence(said: list[Said], words: int) -> float:
    """From 0.6 where it is just enough to 0.95."""
    over = _weight(said) / _enough(words)
    return round(min(0.95, 0.5 + 0.1 * over), 2)


def _enough(words: int) -> float:
    share = (words - SHORT_WORDS) / (LONG_WORDS - SHORT_WORDS)
    return ENOUGH_SHORT + (ENOUGH_LONG - ENOUGH_SHORT) * min(max(share, 0.0), 1.0)


def _weight(said: list[Said]) -> float:
    by_phrase: dict[int, list[float]] = defaultdict(list)
    for one in said:
        by_phrase[one.phrase].append(one.weight)
    return sum(
        sum(sorted(weights, reverse=True)[:MOST_OF_ONE_PHRASE]) for weights in by_phrase.values()
    )


def _field_said(registry: Registry, number: int, one: TopicField) -> Iterator[Said]:
    void: dict[str, list[Span]] = defaultdict(list)
    parts: dict[tuple[str, int], list[list[Hit]]] = {}
    for hit in one.hits:
        if hit.meaning.kind == "exclude":
            void[hit.meaning.id].append((hit.first, hit.end))
        elif hit.meaning.kind == "topic":
            key, part = (hit.meaning.id, hit.meaning.part[0]), hit.meaning.part[1]
            if key not in parts:
                parts[key] = [[] for _ in registry.topics[key[0]].phrases[key[1]].parts]
            parts[key][part].append(hit)
    found: list[Said] = []
    titles, voids = Cover(one.titles), {topic: Cover(spans) for topic, spans in void.items()}
    nothing = Cover(())
    for (topic, phrase), hits in parts.items():
        if not all(hits):
            continue  # of most phrases with a gap only one part is there
        known = registry.topics[topic].phrases[phrase]
        for first, end in _joined(one.text, known, hits):
            if titles.holds(first, end) or voids.get(topic, nothing).holds(first, end):
                continue
            weight = known.weight * (
                OPENING_WEIGHT if one.opens and first < OPENING_WORDS else FIELD_WEIGHT[one.kind]
            )
            found.append(
                Said(
                    field_number=number,
                    first=first,
                    end=end,
                    topic=topic,
                    phrase=phrase,
                    weight=weight,
                    whole=len(known.parts) == 1,
                )
            )
    yield from _apart(_outermost(found))


def _joined(text: Syllables, phrase: Phrase, parts: list[list[Hit]]) -> Iterator[Span]:
    """Where the parts stand in order, within one sentence, no farther apart than they may."""
    if len(parts) == 1:
        yield from ((hit.first, hit.end) for hit in parts[0])
        return
    later = [Around(hits) for hits in parts[1:]]
    for hit in parts[0]:
        end = _rest(text, later, hit, phrase.gap)
        if end is not None:
            yield hit.first, end


def _rest(text: Syllables, later: list[Around], last: Hit, room: int) -> int | None:
    if not later:
        return last.end
    for hit in later[0].between(last.end, last.end + room):
        if text.sentence[hit.first] == text.sentence[last.first]:
            end = _rest(text, later[1:], hit, room - (hit.first - last.end))
            if end is not None:
                return end
    return None


LONGEST = 40
"""No phrase with its gaps is longer: so far back one may hold another."""


def _outermost(found: list[Said]) -> Iterator[Said]:
    """Without what stands within a longer phrase: of its own topic, or of another's in one row.

    "chỉ số cải cách hành chính" is no word about "cải cách hành chính".
    """
    ordered = sorted(found, key=lambda said: said.first)
    firsts = [one.first for one in ordered]
    for one in ordered:
        near = ordered[bisect_left(firsts, one.first - LONGEST) : bisect_right(firsts, one.first)]
        if not any(_covers(other, one) for other in near):
            yield one


def _apart(found: Iterable[Said]) -> Iterator[Said]:
    """Of a topic's phrases that share a word the heaviest: a word speaks for a topic once."""
    taken: dict[str, list[Span]] = defaultdict(list)
    for one in sorted(found, key=lambda said: (-said.weight, said.first, -said.end)):
        there = taken[one.topic]
        if not any(first < one.end and one.first < end for first, end in there):
            there.append((one.first, one.end))
            yield one


def _covers(wide: Said, narrow: Said) -> bool:
    if not (wide.first <= narrow.first and narrow.end <= wide.end):
        return False
    longer = wide.end - wide.first > narrow.end - narrow.first
    if wide.topic == narrow.topic:
        if wide.weight < narrow.weight:
            return False
        return longer or (wide.first == narrow.first and wide.phrase < narrow.phrase)
    return longer and wide.whole
