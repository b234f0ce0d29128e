"""The reading pool, with real processes that hang, die and are killed."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import ReadNothing, WarcPlace
from indexer.extract.worker import Desk, ReadTask
from indexer.pool import ReadingPool
from indexer.recording import Quarantined
from tests.waiting import PATIENCE, wait_for

HERE = Path(__file__).parent

Opener = Callable[..., ReadingPool]


@pytest.fixture
def open_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    monkeypatch.syspath_prepend(str(HERE))
    tasks = importlib.import_module("pool_tasks")
    pools: list[ReadingPool] = []

    def opened(*, workers: int = 1, timeout_seconds: float = 30.0) -> ReadingPool:
        pool = ReadingPool(
            workers=workers, timeout_seconds=timeout_seconds,
            desk=Desk(archive_folder=tmp_path), function=tasks.misbehave,
        )  # fmt: skip
        pools.append(pool)
        return pool

    yield opened
    for pool in pools:
        pool.close()


def task(path: str) -> ReadTask:
    return ReadTask(
        place=WarcPlace(file="a.warc.gz", offset=0, length=1, record_id="urn:uuid:0"),
        url=f"https://bao.example/{path}", content_type="text/html", status=200,
        captured_at=datetime(2026, 10, 1, tzinfo=UTC), source="bao",
    )  # fmt: skip


def reading_of(pool: ReadingPool, path: str) -> object:
    return pool.submit(task(path)).result(PATIENCE)


def tries(folder: Path, name: str) -> int:
    return len(list(folder.glob(f"tried-{name}-*")))


def test_every_task_gets_its_own_result(open_pool: Opener) -> None:
    pool = open_pool(workers=2)
    futures = {path: pool.submit(task(path)) for path in (f"page/{n}" for n in range(50))}
    for path, future in futures.items():
        result = future.result(PATIENCE)
        assert isinstance(result, ReadNothing)
        assert f"/{path} " in result.detail


def test_a_page_that_hangs_is_tried_twice_and_quarantined(
    open_pool: Opener, tmp_path: Path
) -> None:
    pool = open_pool(timeout_seconds=1.0)
    hung, fine = pool.submit(task("hang")), pool.submit(task("page"))
    assert hung.result(PATIENCE) == Quarantined(
        reason="timeout after 1 s", detail="twice, the second time alone"
    )
    assert isinstance(fine.result(PATIENCE), ReadNothing)
    assert tries(tmp_path, "hang") == 2


@pytest.mark.parametrize(
    ("path", "reason"),
    [("segfault", "worker died (signal 11)"), ("exit", "worker died (exit code 3)")],
)
def test_a_page_that_kills_its_process_costs_only_itself(
    open_pool: Opener, tmp_path: Path, path: str, reason: str
) -> None:
    pool = open_pool()
    paths = ["page/1", "page/2", path, "page/3", "page/4"]
    results = [future.result(PATIENCE) for future in [pool.submit(task(one)) for one in paths]]
    assert [isinstance(result, ReadNothing) for result in results] == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert isinstance(results[2], Quarantined)
    assert results[2].reason == reason
    assert tries(tmp_path, path) == 2
    assert tries(tmp_path, "page-3") == 1


def test_a_page_whose_process_an_outsider_killed_is_read_at_the_second_try(
    open_pool: Opener, tmp_path: Path
) -> None:
    pool = open_pool()
    result = reading_of(pool, f"kill-once?mark={tmp_path / 'mark'}")
    assert isinstance(result, ReadNothing)
    assert tries(tmp_path, "kill-once") == 2


def test_killing_idle_and_busy_processes_from_outside_loses_nothing(
    open_pool: Opener, tmp_path: Path
) -> None:
    pool = open_pool(workers=2)
    reading_of(pool, "page")
    idle = set(pool.process_ids)
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not idle & set(pool.process_ids))  # else one counts as a page's first try
    futures = [pool.submit(task(f"slow/{n}?seconds=0.2")) for n in range(12)]
    wait_for(lambda: tries(tmp_path, "slow") >= 2)
    for pid in pool.process_ids:
        with suppress(ProcessLookupError):  # one that was replaced just now
            os.kill(pid, signal.SIGKILL)
    assert all(isinstance(future.result(PATIENCE), ReadNothing) for future in futures)


def test_a_page_that_breaks_the_extractor_is_quarantined_with_its_error(
    open_pool: Opener, tmp_path: Path
) -> None:
    pool = open_pool()
    assert reading_of(pool, "raise") == Quarantined(reason="ValueError", detail="the page is odd")
    assert tries(tmp_path, "raise") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_a_page_that_wants_all_memory_ends_in_an_error_not_in_a_full_machine(
    open_pool: Opener,
) -> None:
    result = reading_of(open_pool(), "eat")
    assert isinstance(result, Quarantined)
    assert result.reason == "MemoryError"


def test_closing_cancels_what_waits_and_leaves_no_process(
    open_pool: Opener, tmp_path: Path
) -> None:
    pool = open_pool(workers=2)
    reading_of(pool, "page")
    futures = [pool.submit(task("slow?seconds=30")) for _ in range(5)]
    wait_for(lambda: tries(tmp_path, "slow"))
    pids = pool.process_ids
    assert pids
    pool.close()
    assert all(future.done() for future in futures)
    assert not any(psutil.pid_exists(pid) for pid in pids)
    with pytest.raises(HanoiwatchError, match="closed"):
        pool.submit(task("page"))


def test_processes_that_cannot_start_fail_the_futures_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"""
        import os
        if os.getpid() != {os.getpid()}:
            os._exit(1)
        def read(task, desk): ...
    """
    (tmp_path / "ends_on_import.py").write_text(textwrap.dedent(source), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    function = importlib.import_module("ends_on_import").read
    pool = ReadingPool(
        workers=1, timeout_seconds=5.0, desk=Desk(archive_folder=tmp_path), function=function,
    )  # fmt: skip
    with pool, pytest.raises(HanoiwatchError, match="end while they start"):
        reading_of(pool, "page")


def test_the_processes_of_a_killed_parent_end_too(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        import pool_tasks
        from datetime import UTC, datetime
        from hanoiwatch.model import WarcPlace
        from indexer.extract.worker import Desk, ReadTask
        from indexer.pool import ReadingPool

        def task(path):
            place = WarcPlace(file="a", offset=0, length=1, record_id="urn:uuid:0")
            return ReadTask(place=place, url="https://bao.example/" + path, content_type="",
                            status=200, captured_at=datetime(2026, 1, 1, tzinfo=UTC), source="")

        if __name__ == "__main__":
            pool = ReadingPool(workers=2, timeout_seconds=600, function=pool_tasks.misbehave,
                               desk=Desk(archive_folder=Path(sys.argv[2])))
            pool.submit(task("page")).result()
            for _ in range(2):
                pool.submit(task("hang"))
            while len(list(Path(sys.argv[2]).glob("tried-hang-*"))) < 2:
                time.sleep(0.05)
            print(*pool.process_ids, flush=True)
            time.sleep(600)
    """)
    (tmp_path / "parent.py").write_text(script, "utf-8")
    tried = tmp_path / "tried"
    tried.mkdir()
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "parent.py", HERE, tried], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    try:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    wait_for(lambda: not any(_lives(pid) for pid in pids))


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
