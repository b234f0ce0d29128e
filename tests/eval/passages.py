"""The labelled passages of linking, and how well links agree with their labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hanoiwatch.model import Block, Content, Image, Links
from hanoiwatch.registry.linking import Linker
from tests.yamlfile import read_yaml

FOLDER = Path(__file__).parent / "linking"
OWN = FOLDER / "passages.yaml"
OTHERS = tuple(FOLDER / f"{name}.yaml" for name in ("fresh", "fresh-2", "fresh-3", "press"))
"""Labelled before the linker, or who made its rules, had met them."""
KINDS = ("officials", "bodies", "topics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    name: str
    case: str
    content: Content
    of_hanoi: bool
    on: date
    officials: Mapping[str, tuple[str, ...]]
    """Each official with the words that mean them, in any order."""
    bodies: frozenset[str]
    topics: frozenset[str]

    def labels(self, kind: str) -> set[str]:
        return set(getattr(self, kind))

    def linked(self, linker: Linker) -> Links:
        return linker.link(self.content, source_is_of_hanoi=self.of_hanoi, on=self.on)


def read_passages(path: Path) -> list[Passage]:
    """The passages of a file, in its order."""
    rows = read_yaml(path)["passages"]
    return [_passage(f"{path.stem}-{number:03d}", row) for number, row in enumerate(rows, 1)]


_KEYS = {
    "date", "case", "title", "lead", "text", "captions", "credits", "byline", "tags",
    "original_source", "hanoi", "officials", "bodies", "topics",
}  # fmt: skip


def _passage(name: str, row: dict[str, Any]) -> Passage:
    assert set(row) <= _KEYS, f"{name}: unknown keys {set(row) - _KEYS}"
    captions = row.get("captions", [])
    credit = row.get("credits", [])
    images = tuple(
        Image(url=f"https://example.org/{n}.jpg", caption=said, credit=by)
        for n, (said, by) in enumerate(
            zip(captions, [*credit, *[""] * len(captions)], strict=False)
        )
    )
    content = Content(
        url=f"https://example.org/{name}.html",
        title=row.get("title", ""),
        lead=row.get("lead", ""),
        byline=tuple(row.get("byline", ())),
        original_source=row.get("original_source"),
        blocks=tuple(
            Block(kind="paragraph", text=said) for said in row["text"].split("\n") if said
        ),
        images=images,
        tags=tuple(row.get("tags", ())),
    )
    return Passage(
        name=name,
        case=row.get("case", ""),
        content=content,
        of_hanoi=row.get("hanoi", True),
        on=row["date"],
        officials={one: tuple(words) for one, words in row.get("officials", {}).items()},
        bodies=frozenset(row.get("bodies", ())),
        topics=frozenset(row.get("topics", ())),
    )


# --- scores ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    right: int = 0
    wrong: int = 0
    missed: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0

    def add(self, passage: Passage, wanted: set[Any], found: set[Any]) -> None:
        self.right += len(wanted & found)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)
        if wanted != found:
            extra, lacking = sorted(found - wanted), sorted(wanted - found)
            self.errors.append(f"{passage.name} ({passage.case}): extra {extra}, missed {lacking}")


@dataclass(frozen=True, slots=True)
class Scores:
    officials: Tally
    mentions: Tally
    bodies: Tally
    topics: Tally
    by_topic: Mapping[str, Tally]

    @property
    def topics_macro_f1(self) -> float:
        """The mean over the topics that any passage is about, or was said to be about."""
        return sum(tally.f1 for tally in self.by_topic.values()) / len(self.by_topic)

    def figures(self) -> dict[str, float]:
        return {
            "officials_precision": self.officials.precision,
            "officials_recall": self.officials.recall,
            "mentions_precision": self.mentions.precision,
            "mentions_recall": self.mentions.recall,
            "bodies_precision": self.bodies.precision,
            "bodies_recall": self.bodies.recall,
            "topics_macro_f1": self.topics_macro_f1,
        }

    def errors(self) -> Iterator[str]:
        for kind in ("officials", "mentions", "bodies", "topics"):
            tally: Tally = getattr(self, kind)
            yield from (f"{kind}: {error}" for error in tally.errors)


def score(passages: Iterable[Passage], linker: Linker) -> Scores:
    scores = Scores(Tally(), Tally(), Tally(), Tally(), defaultdict(Tally))
    for passage in passages:
        links = passage.linked(linker)
        for kind in KINDS:
            found = {one.id for one in getattr(links, kind)}
            getattr(scores, kind).add(passage, passage.labels(kind), found)
        scores.mentions.add(passage, _labelled_words(passage), _linked_words(links))
        said = {one.id for one in links.topics}
        for topic in said | passage.topics:
            assert isinstance(scores.by_topic, dict)
            scores.by_topic[topic].add(passage, passage.topics & {topic}, said & {topic})
    return scores


def _labelled_words(passage: Passage) -> set[tuple[str, str, int]]:
    return set(_numbered((who, said) for who, words in passage.officials.items() for said in words))


def _linked_words(links: Links) -> set[tuple[str, str, int]]:
    return set(_numbered((one.id, m.text) for one in links.officials for m in one.mentions))


def _numbered(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    """Words that stand twice count twice; small letters and a word of address do not matter."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for who, said in pairs:
        key = who, _core(said)
        seen[key] += 1
        yield *key, seen[key]


_ADDRESS = ("đồng chí ", "ông ", "bà ", "đ/c ", "anh ", "chị ")


def _core(said: str) -> str:
    said = said.lower()
    for address in _ADDRESS:
        said = said.removeprefix(address)
    return said
