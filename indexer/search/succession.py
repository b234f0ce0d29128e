"""The next generation of the embedded index, filled beside the one that answers.

Two phases: all articles by rowid, in large segments; then the changes since the first phase
began. Killed in either, the file goes on where its last transaction ended, because it says
itself how far it has come. See docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Self

from hanoiwatch.errors import StoreError
from hanoiwatch.model import Article
from indexer.search.feeding import Feeder, full, next_numbers
from indexer.search.generations import Generations, sync_file
from indexer.search.indexfile import VERSION, WORD, IndexFile
from indexer.search.protocol import IndexChange

if TYPE_CHECKING:
    from indexer.search.bulk import BulkSegment
    from indexer.search.wordnumbers import WordNumbers


_WHOLE = -1
"""What `filled` says once nothing is missing: such a file is never filled further, should it be
met without the pointer that made it the current one."""


class EmbeddedSuccessor:
    """`Successor` of an embedded index. For one thread of one process at a time."""

    at_once = 32_768
    """Some seconds' work, four segments."""
    counts_links_alone = True

    def __init__(self, generations: Generations, *, position: int) -> None:
        self._generations = generations
        generations.remove_former()
        self._number = generations.current() + 1
        self._file = self._resumed() or self._begun(position)
        self._feeder = Feeder(self._file)
        self._numbers: WordNumbers | None = None

    def _resumed(self) -> IndexFile | None:
        """What a rebuild that was killed left, if it is sound and of this version."""
        with suppress(FileNotFoundError, StoreError):
            file = IndexFile(self._generations.file(self._number), create=False)
            if file.version == VERSION and file.is_sound() and _filled(file) != _WHOLE:
                file.begin_build()
                return file
            file.close()
        return None

    def _begun(self, position: int) -> IndexFile:
        self._generations.remove(self._number)
        file = IndexFile(self._generations.file(self._number))
        with file.write():
            file.keep_number("position", position)
        file.begin_build()
        return file

    def position(self) -> int:
        with self._file.read():
            return self._file.number("position")

    def filled_to(self) -> int:
        return _filled(self._file)

    def fill(self, articles: Iterable[Article], *, upto: int) -> int:
        try:
            with self._file.write():
                return self._fill(articles, upto)
        except OverflowError as error:
            raise full(self._file) from error
        except BaseException:
            self._forget()  # what was numbered in a lost transaction is not in the file
            raise

    def _fill(self, articles: Iterable[Article], upto: int) -> int:
        from indexer.search.bulk import BulkSegment

        count = 0
        with _OneAtATime() as writing:
            segment = BulkSegment(self._word_numbers())
            for article in articles:
                segment.add(article)
                count += 1
                if segment.full:
                    writing.start(partial(self._write, segment))
                    segment = BulkSegment(self._word_numbers())
            writing.start(partial(self._write, segment))
        self._file.keep_number("filled", upto)
        return count

    def _write(self, segment: BulkSegment) -> None:
        connection = self._file.connection
        if len(segment):
            segment.write(connection, self._feeder.vocabulary, *next_numbers(connection))

    def _word_numbers(self) -> WordNumbers:
        """New words get their numbers in the transaction in which they are met."""
        if self._numbers is None:
            from indexer.search.wordnumbers import WordNumbers

            ids = self._feeder.vocabulary.ids
            self._numbers = WordNumbers(partial(ids, self._file.connection, WORD))
        return self._numbers

    def _forget(self) -> None:
        self._feeder.vocabulary.forget()
        self._numbers = None

    def apply(self, changes: Sequence[IndexChange]) -> None:
        try:
            with self._file.write():
                self._feeder.apply(changes)
            self._feeder.merge()
        except BaseException:
            self._forget()
            raise
        self._numbers = None  # a removed article takes its words along

    def take_over(self) -> None:
        former = self._generations.current()
        with self._file.write():
            self._file.keep_number("filled", _WHOLE)
        self._file.end_build()
        self._file.close()
        sync_file(self._file.path)
        self._generations.switch_to(self._number)
        self._generations.remove(former)

    def close(self) -> None:
        self._file.close()


def _filled(file: IndexFile) -> int:
    with file.read():
        return file.number("filled")


class _OneAtATime:
    """Work in a thread beside this one: SQLite and numpy let others run while they are busy."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._going: Future[None] | None = None

    def start(self, work: Callable[[], None]) -> None:
        """Once the one before is done; raises what that one raised."""
        self._wait()
        self._going = self._thread.submit(work)

    def _wait(self) -> None:
        if self._going is not None:
            going, self._going = self._going, None
            going.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Nothing is at work any more."""
        try:
            if kind is None:
                self._wait()
        finally:
            self._thread.shutdown()
