"""The pool of processes that read captures: a page that hangs or kills costs only itself.

Each process has a connection of its own and answers task by task, so whatever happens to it the
pool knows which page it was reading. That page is tried once more, alone, in a fresh process (an
outsider may have killed the first one); then it is quarantined with its reason. The other pages
handed to the process go back to the queue.

Decision 0008 says why this is none of the ready pools.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Self

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Reading
from indexer.extract.worker import (
    Desk,
    Failure,
    ReadFunction,
    ReadTask,
    Ready,
    read_capture,
    serve,
)
from indexer.recording import Quarantined

PoolResult = Reading | Quarantined

MOST_AT_ONCE = 8
"""Tasks handed to a process in one message: fewer wake-ups, and the parts stay small."""
MOST_TASKS = 5000
"""A process is replaced after so many tasks, whatever its memory."""
START_SECONDS = 60.0
"""For the imports of a new process, on a slow and busy machine."""
MOST_FAILED_STARTS = 3


@dataclass(slots=True)
class _Item:
    task: ReadTask
    future: Future[PoolResult]
    suspected: bool = False
    """A process ended while it read this page."""


@dataclass(slots=True, eq=False)
class _Worker:
    """A process and what it was given. The first of ``items`` is the one it is reading."""

    process: SpawnProcess
    connection: Connection
    deadline: float
    ready: bool = False
    answered: int = 0
    items: deque[_Item] = field(default_factory=deque)


class ReadingPool:
    """Reads captures in ``workers`` processes, each page within ``timeout_seconds``.

    Futures never fail for what a page does: the result is a reading, or `Quarantined` with the
    reason. They fail with HanoiwatchError when no process can be started at all, and are
    cancelled by `close`. Use it as a context manager.
    """

    def __init__(
        self,
        *,
        workers: int,
        timeout_seconds: float,
        desk: Desk,
        function: ReadFunction = read_capture,
    ) -> None:
        """``function`` reads one capture; tests bring their own."""
        self._desk = desk
        self._function = function
        self._size = workers
        self._timeout = timeout_seconds
        self._context = multiprocessing.get_context("spawn")
        self._waiting: deque[_Item] = deque()
        self._suspects: deque[_Item] = deque()
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._closing = False
        self._lock = threading.Lock()
        self._wake_in, self._wake_out = os.pipe()
        self._thread: threading.Thread | None = None

    def submit(self, task: ReadTask) -> Future[PoolResult]:
        """The result to come of reading ``task``."""
        future: Future[PoolResult] = Future()
        with self._lock:
            if self._closing:
                raise HanoiwatchError("the reading pool is closed.")
            self._waiting.append(_Item(task, future))
            if self._thread is None:
                # Processes end with the thread that started them (PR_SET_PDEATHSIG), so this
                # one starts them all, and lives as long as the pool.
                self._thread = threading.Thread(target=self._supervise, name="reading-pool")
                self._thread.daemon = True
                self._thread.start()
        self._wake()
        return future

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Of the processes that live now."""
        return tuple(pid for worker in self._workers if (pid := worker.process.pid) is not None)

    def close(self) -> None:
        """Ends the processes at once. What has no result is cancelled."""
        with self._lock:
            self._closing = True
        if self._thread is not None:
            self._wake()
            self._thread.join()
        if self._wake_in >= 0:
            os.close(self._wake_in)
            os.close(self._wake_out)
            self._wake_in = self._wake_out = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the supervising thread: nobody else touches the workers --------------------------------

    def _wake(self) -> None:
        with self._lock:
            if self._wake_out >= 0:
                os.write(self._wake_out, b".")

    def _supervise(self) -> None:
        try:
            while not self._closing:
                self._start_missing()
                for worker in [one for one in self._workers if one.ready and not one.items]:
                    self._hand_out(worker)
                self._listen()
                self._end_late()
        finally:
            left = [item for worker in self._workers for item in worker.items]
            for worker in list(self._workers):
                self._end(worker)
            with self._lock:
                self._closing = True
                for item in (*left, *self._suspects, *self._waiting):
                    if not item.future.cancel():
                        item.future.set_exception(CancelledError())
                self._suspects.clear()
                self._waiting.clear()

    def _start_missing(self) -> None:
        wanted = min(self._size, len(self._waiting) + len(self._suspects) + self._busy())
        while len(self._workers) < wanted and not self._give_up():
            self._start()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve,
            args=(theirs, self._function, os.getpid()),
            name="hanoiwatch-reader",
            daemon=True,
        )
        try:
            process.start()
        except OSError:  # no memory, or too many processes
            self._failed_starts += 1
            ours.close()
        else:
            self._workers.append(_Worker(process, ours, time.monotonic() + START_SECONDS))
        finally:
            theirs.close()
        # Not as an argument: `start` writes those into a pipe that it holds both ends of, and one
        # that is larger than the pipe would wait for ever for a process that died meanwhile.
        with suppress(OSError):  # it is dead, or was never there: `_listen` hears of it
            ours.send(self._desk)

    def _busy(self) -> int:
        return sum(1 for worker in self._workers if worker.items)

    def _give_up(self) -> bool:
        """No process lives long enough to say that it is ready: then nothing ever will be read."""
        if self._failed_starts < MOST_FAILED_STARTS:
            return False
        error = HanoiwatchError("the processes that read pages end while they start.")
        for queue in (self._suspects, self._waiting):
            while queue:
                queue.popleft().future.set_exception(error)
        return True

    def _hand_out(self, worker: _Worker) -> None:
        if self._suspects and worker.answered == 0:
            items = [self._suspects.popleft()]
        elif self._suspects and all(one.answered for one in self._workers):
            self._end(worker)  # the fresh process that follows it takes the suspect
            return
        else:
            items = self._next_items()
        if not items:
            return
        worker.items.extend(items)
        worker.ready = False
        worker.deadline = time.monotonic() + self._timeout
        with suppress(OSError):  # it is dead: `_listen` hears of it
            worker.connection.send([item.task for item in items])

    def _next_items(self) -> list[_Item]:
        share = max(1, min(MOST_AT_ONCE, len(self._waiting) // self._size))
        items = [self._waiting.popleft() for _ in range(min(share, len(self._waiting)))]
        return [
            one
            for one in items  # one that came back from a dead process is running already
            if one.future.running() or one.future.set_running_or_notify_cancel()
        ]

    def _listen(self) -> None:
        """Waits for the next answer, end or deadline, and takes in what has come."""
        by_handle = {worker.connection: worker for worker in self._workers}
        deadlines = [one.deadline for one in self._workers if one.items or not one.ready]
        seconds = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        for handle in wait([self._wake_in, *by_handle], seconds):
            if handle == self._wake_in:
                os.read(self._wake_in, 4096)
            else:
                assert isinstance(handle, Connection)
                self._take(by_handle[handle])

    def _take(self, worker: _Worker) -> None:
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        worker.deadline = time.monotonic() + self._timeout
        if isinstance(answer, Ready):
            self._failed_starts = 0
            worker.ready = True
            if answer.large or worker.answered >= MOST_TASKS:
                self._end(worker)
            return
        worker.answered += 1
        if isinstance(answer, Failure):
            answer = Quarantined(reason=answer.reason, detail=answer.detail)
        worker.items.popleft().future.set_result(answer)

    def _end_late(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            if (worker.items or not worker.ready) and worker.deadline <= now:
                self._bury(worker, f"timeout after {self._timeout:g} s")

    def _bury(self, worker: _Worker, reason: str = "") -> None:
        """Ends a process that failed; the page it was reading is suspected, or quarantined."""
        self._end(worker)
        if not worker.ready and worker.answered == 0 and not worker.items:
            self._failed_starts += 1
        if not worker.items:
            return
        item, *others = worker.items
        self._waiting.extendleft(reversed(others))
        if item.suspected:
            reason = reason or _death(worker.process)
            detail = "twice, the second time alone"
            item.future.set_result(Quarantined(reason=reason, detail=detail))
        else:
            item.suspected = True
            self._suspects.append(item)

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()


def _death(process: SpawnProcess) -> str:
    code = process.exitcode or 0
    return f"worker died (signal {-code})" if code < 0 else f"worker died (exit code {code})"
