"""Whatever is killed, no process of a browser and no profile of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from bench.scripted import Piece, shell
from crawler.browser.processes import MARK, marked
from crawler.browser.warden import sweep
from tests.browsers import needs_browser
from tests.chain import ROOT, Desk
from tests.crawling import Crawl, Reply, site
from tests.waiting import PATIENCE, wait_for

pytestmark = needs_browser


@pytest.fixture(autouse=True)
def _a_temporary_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Else a browser of a test that runs beside this one sweeps what is left here. Pytest has made
    its own folder before."""
    with TemporaryDirectory(prefix="b") as folder:  # a short path: sockets lie below it
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr("tempfile.tempdir", None)
        yield


@pytest.fixture
def hanging() -> Iterator[str]:
    """The address of a feed whose page keeps the browser busy."""
    piece = Piece(number=1)
    with site() as here:
        here.feed(piece.path)
        here.pages[piece.path] = Reply(body=shell(piece, "for (;;) {}"))
        yield here.url


def folder_of(process: psutil.Process) -> Path | None:
    """The folder of the browser that runs below the process, once its pages are there."""
    with suppress(psutil.Error):
        below = process.children(recursive=True)
        renders = any("--type=renderer" in _words(one) for one in below)
        for one in below:
            with suppress(psutil.Error):
                if renders and (mark := one.environ().get(MARK)):
                    return Path(mark)
    return None


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def is_gone(folder: Path) -> bool:
    return not folder.exists() and not marked(str(folder))


@pytest.fixture
def crawl(tmp_path: Path, hanging: str) -> Iterator[Crawl]:
    crawl = Crawl(tmp_path)
    crawl.settings["BROWSER__TIMEOUT_SECONDS"] = str(2 * PATIENCE)
    crawl.source(hanging, f'feeds = ["{hanging}/feed"]', '[fetch]\nrender = "auto"\n')
    yield crawl
    crawl.close()


def started(crawl: Crawl) -> tuple[subprocess.Popen[str], Path]:
    child = crawl.start()
    folder = wait_for(lambda: folder_of(psutil.Process(child.pid)))
    assert isinstance(folder, Path)
    return child, folder


def test_a_killed_crawl_leaves_no_browser(crawl: Crawl) -> None:
    child, folder = started(crawl)
    assert len(marked(str(folder))) > 3
    child.kill()
    wait_for(lambda: is_gone(folder))


def test_a_crawl_that_is_told_to_end_takes_its_browser_with_it(crawl: Crawl) -> None:
    child, folder = started(crawl)
    child.send_signal(signal.SIGTERM)
    report = crawl.finish(child)
    assert report.reason == "interrupted by SIGTERM"
    wait_for(lambda: is_gone(folder))


def test_a_killed_command_leaves_no_browser(tmp_path: Path, hanging: str) -> None:
    desk = Desk(tmp_path / "desk")
    desk.add_source(
        "bao-thu",
        f'name = "bao-thu"\ntitle = "Báo Thử"\nhome = "{hanging}/"\n[discover]\n'
        f'feeds = ["{hanging}/feed"]\n[fetch]\nrender = "auto"\n',
    )
    command = subprocess.Popen(
        [sys.executable, "-m", "hanoiwatch", "--config", str(desk.settings), "crawl", "bao-thu"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    folder = wait_for(lambda: folder_of(psutil.Process(command.pid)))
    assert isinstance(folder, Path)
    os.killpg(command.pid, signal.SIGKILL)  # the command, its child and its readers
    command.wait()
    wait_for(lambda: is_gone(folder))


def test_what_even_its_warden_could_not_clear_is_swept_by_the_next(crawl: Crawl) -> None:
    child, folder = started(crawl)
    below = psutil.Process(child.pid).children(recursive=True)
    wardens = [one for one in below if "crawler.browser.warden" in _words(one)]
    assert len(wardens) == 1
    wardens[0].kill()
    child.kill()
    child.wait()
    assert folder.exists()
    sweep()
    assert is_gone(folder)
