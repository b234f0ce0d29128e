"""Proves that record, index and archive say the same, or tells what differs and what to do.

Everything is read from its left: the record's own file, the index against the record, the
archive against the record. Memory does not grow with the archive: one segment of the index,
one WARC record, a few articles at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hanoiwatch.archive import Problem, verify
from hanoiwatch.errors import ArchiveError, IndexUnavailableError, StoreError
from hanoiwatch.model import Article, ArticleId
from hanoiwatch.store import Record
from hanoiwatch.store.inspection import Inspection, RecordedVersion
from indexer.search.protocol import Difference, SearchIndex

Part = Literal["record", "index", "archive"]

REBUILD = "run `hanoiwatch index rebuild`"
LINK = "run `hanoiwatch registry apply`"
CATCH_UP = "run `hanoiwatch crawl`, or `hanoiwatch index rebuild`"
REACH = "make Elasticsearch reachable (`hanoiwatch doctor` says what is missing), then check again"
RESTORE_RECORD = "restore the record from a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not as it should be. ``article`` is None where it befalls no one."""

    part: Part
    article: ArticleId | None = None
    what: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProgress:
    """So far in this step: articles, or bytes of the archive."""

    step: str
    done: int
    of: int


Said = Fault | CheckProgress


def check(
    record: Record, index: SearchIndex, archive_folder: Path, *, quick: bool = False
) -> Iterator[Said]:
    """Every fault, and progress between. ``quick`` leaves out the words and the archive."""
    inspection = Inspection(record.engine)
    yield from _record_faults(inspection)
    yield from _linking_faults(record)
    try:
        yield from _index_faults(record, index, inspection, words=not quick)
    except IndexUnavailableError as error:
        yield Fault(part="index", what=str(error), do=REACH)
    except StoreError as error:
        yield Fault(part="index", what=str(error), do=REBUILD)
    if not quick:
        yield from _archive_faults(record, inspection, archive_folder)


def _record_faults(inspection: Inspection) -> Iterator[Fault]:
    try:
        for said in (*inspection.storage_faults(), *inspection.broken_references()):
            yield Fault(part="record", what=said, do=RESTORE_RECORD)
    except StoreError as error:
        yield Fault(part="record", what=str(error), do=RESTORE_RECORD)


def _linking_faults(record: Record) -> Iterator[Fault]:
    if waiting := len(record.linkings.waiting()):
        said = f"{waiting} article{'s' * (waiting != 1)} not linked to officials, bodies and topics"
        yield Fault(part="record", what=said, do=LINK)


def _index_faults(
    record: Record, index: SearchIndex, inspection: Inspection, *, words: bool
) -> Iterator[Said]:
    if index.outdated():
        said = "it was made by another version of this program"
        yield Fault(part="index", what=said, do=REBUILD)
        return
    for said in index.storage_faults():
        yield Fault(part="index", what=said, do=REBUILD)
    position = index.position()
    yield from _position_faults(record, position)
    yield from _version_faults(record, index, inspection, position)
    if words:
        yield from _word_faults(record, index, inspection)


def _position_faults(record: Record, position: int) -> Iterator[Fault]:
    last = record.articles.last_sequence()
    if position > last:
        said = f"it is at change {position}, and the record's log ends at {last}"
        yield Fault(part="index", what=said, do=REBUILD)
    elif behind := record.articles.changes_after(position):
        said = f"it is {behind} changes behind the record"
        yield Fault(part="index", what=said, do=CATCH_UP)


def _version_faults(
    record: Record, index: SearchIndex, inspection: Inspection, position: int
) -> Iterator[Said]:
    """Both lists side by side, each ascending by rowid."""
    indexed = index.versions()
    there = next(indexed, None)
    of = record.articles.count()
    for done, recorded in enumerate(inspection.versions(), 1):
        yield from _log_faults(recorded)
        while there and there[0] < recorded.rowid:
            yield _too_many(inspection, there[0])
            there = next(indexed, None)
        sequence = 0
        if there and there[0] == recorded.rowid:
            sequence = there[1]
            there = next(indexed, None)
        yield from _compared(recorded, sequence, position)
        if done % 1000 == 0:
            yield CheckProgress(step="articles", done=done, of=of)
    while there:
        yield _too_many(inspection, there[0])
        there = next(indexed, None)


def _log_faults(recorded: RecordedVersion) -> Iterator[Fault]:
    if recorded.sequence != recorded.last_change:
        said = (
            f"its newest change is {recorded.last_change} by the change log, "
            f"and {recorded.sequence} by itself"
        )
        yield Fault(part="record", article=recorded.id, what=said, do=RESTORE_RECORD)


def _compared(recorded: RecordedVersion, sequence: int, position: int) -> Iterator[Fault]:
    """``sequence``: that of the index, 0 where it does not have the article. Changes that the
    index has not come to yet are no fault of an article."""
    if sequence == recorded.sequence or recorded.sequence > position:
        return
    if sequence:
        said = f"the index has it as of change {sequence}, the record as of {recorded.sequence}"
        yield Fault(part="index", article=recorded.id, what=said, do=REBUILD)
    elif not recorded.refused:
        yield Fault(part="index", article=recorded.id, what="it is not in the index", do=REBUILD)


def _too_many(inspection: Inspection, rowid: int) -> Fault:
    known = inspection.ids_of([rowid]).get(rowid)
    said = "it is in the index, but out of its source's scope"
    if known is None:
        said = f"the index has an article {rowid} that the record does not have"
    return Fault(part="index", article=known, what=said, do=REBUILD)


def _word_faults(record: Record, index: SearchIndex, inspection: Inspection) -> Iterator[Said]:
    done, of = 0, record.articles.count()
    linked = _LinkedWords(record)
    for said in index.differences(linked.by_rowids):
        yield from linked.faults()
        if isinstance(said, Difference):
            known = inspection.ids_of([said.rowid]).get(said.rowid) if said.rowid else None
            yield Fault(part="index", article=known, what=said.what, do=REBUILD)
        else:
            done += said
            yield CheckProgress(step="words", done=done, of=of)


class _LinkedWords:
    """Fetches articles for a comparison, and looks at their links on the way."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._faults: list[Fault] = []

    def by_rowids(self, rowids: Sequence[int]) -> Mapping[int, Article]:
        articles = self._record.articles.by_rowids(rowids)
        for article in articles.values():
            if astray := words_astray(article):
                said = f"links point to words that it does not have there: {', '.join(astray)}"
                self._faults.append(Fault(part="record", article=article.id, what=said, do=LINK))
        return articles

    def faults(self) -> Iterator[Fault]:
        """Those found since the last time."""
        found, self._faults = self._faults, []
        yield from found


def words_astray(article: Article) -> list[str]:
    """The words of mentions that do not stand where the mention says."""
    content, links = article.content, article.links
    captions = [image.caption for image in content.images]
    fields = {"title": [content.title], "lead": [content.lead], "text": [content.text],
              "caption": captions}  # fmt: skip
    mentions = [
        mention
        for linked in (links.officials, links.bodies, links.topics)
        for link in linked
        for mention in link.mentions
    ]
    return [
        mention.text
        for mention in mentions
        if "".join(fields[mention.field][mention.item : mention.item + 1])[
            mention.start : mention.end
        ]
        != mention.text
    ]


def _archive_faults(record: Record, inspection: Inspection, folder: Path) -> Iterator[Said]:
    try:
        for said in verify(folder, record.captures.expected_records()):
            if isinstance(said, Problem):
                yield from _lost(inspection, said)
            else:
                yield CheckProgress(step="archive", done=said.bytes, of=said.of_bytes)
    except ArchiveError as error:
        yield Fault(part="archive", what=str(error), do="make it readable, then check again")


def _lost(inspection: Inspection, problem: Problem) -> Iterator[Fault]:
    do = f"restore {problem.file} from a backup"
    articles = inspection.articles_of_capture(problem.record_id) if problem.record_id else []
    for article in articles or (None,):
        yield Fault(part="archive", article=article, what=str(problem), do=do)
