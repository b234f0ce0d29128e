"""One browser for one crawl: started when a page needs it, replaced before it grows or after it
broke, and gone with the crawl however that ends.

Each browser has a folder of its own with its profile and all that it and its driver write, a mark
by which its processes are known, and a warden that clears both away (`warden`).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Error, Playwright, async_playwright

from crawler.browser.find import START_FLAGS, Found, has_sandbox
from crawler.browser.page import HungError, NotShown, PageToShow, Shown, Terms, show
from crawler.browser.processes import MARK, marked, megabytes
from crawler.browser.warden import PREFIX, clear, sweep
from hanoiwatch.config import BrowserConfig
from hanoiwatch.log import logger

TRIES = 2
"""A page that hangs or crashes is shown once more, then given up for this run."""
BROWSER_DEATHS = 3
"""A page that may merely have been open when the browser died is not shown again after so many."""
START_SECONDS = 60.0
"""On a slow and busy machine."""
END_SECONDS = 3.0
"""For an orderly end; then it is killed."""
MEASURED_EVERY = 10
"""Pages between two looks at the memory; a look costs some hundredths of a second."""


class BrowserGoneError(Exception):
    """The browser cannot be started; the text says why."""


@dataclass(slots=True, eq=False)
class Running:
    """A browser that runs, with its driver and its warden."""

    folder: Path
    warden: subprocess.Popen[bytes]
    playwright: Playwright
    browser: Browser
    pages: int = 0
    active: int = 0
    retired: bool = False
    """It takes no further pages."""

    @property
    def is_usable(self) -> bool:
        return not self.retired and self.browser.is_connected()


class BrowserPool:
    """Shows pages, at most ``max_pages`` at once, each within its time."""

    def __init__(self, found: Found, config: BrowserConfig, agent: str) -> None:
        """``agent``: our name, by which the browser goes too."""
        self._found, self._config, self._agent = found, config, agent
        self._room = asyncio.Semaphore(config.max_pages)
        self._starting = asyncio.Lock()
        self._now: Running | None = None
        self._all: list[Running] = []
        self.version = ""
        self.starts = 0

    async def show(self, page: PageToShow, terms: Terms) -> Shown | NotShown:
        """What became of the page. Raises BrowserGoneError where no browser can be started."""
        async with self._room:
            tries = deaths = 0
            while True:
                outcome = await self._try(page, terms)
                if isinstance(outcome, Shown):
                    return outcome
                died = outcome.reason == DIED
                tries, deaths = tries + (not died), deaths + died
                last = tries >= TRIES or deaths >= BROWSER_DEATHS or not outcome.again
                logger(__name__).info(
                    "page not shown", url=page.url, reason=outcome.reason, again=not last
                )
                if last:
                    return outcome

    async def _try(self, page: PageToShow, terms: Terms) -> Shown | NotShown:
        running = await self._browser()
        running.active += 1
        running.pages += 1
        try:
            return await show(running.browser, page, terms)
        except HungError:
            running.retired = True
            await self._end(running, orderly=False)
            return NotShown(reason=f"the page hung (over {terms.timeout_seconds:g} s)")
        except Error as error:
            if running.browser.is_connected() and not running.retired:
                return NotShown(reason=_first_line(error))
            return NotShown(reason=DIED)
        finally:
            running.active -= 1
            await self._retire_when_due(running)

    async def _browser(self) -> Running:
        async with self._starting:
            if self._now is not None and self._now.is_usable:
                return self._now
            if self._now is not None and self._now.active == 0:
                await self._end(self._now, orderly=False)
            self._now = await self._start()
            return self._now

    async def _start(self) -> Running:
        await asyncio.to_thread(sweep)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        try:
            warden = await asyncio.to_thread(_start_warden, folder)
        except OSError as error:  # no memory, or too many processes
            await asyncio.to_thread(folder.rmdir)
            raise BrowserGoneError(_first_line(error)) from error
        playwright: Playwright | None = None
        try:
            async with asyncio.timeout(START_SECONDS):
                with _environment(folder) as environment:
                    playwright = await async_playwright().start()
                browser = await playwright.chromium.launch(
                    executable_path=self._found.executable,
                    # not by Playwright's setting: with it the browser would make up its system
                    args=[*START_FLAGS, f"--user-agent={self._agent}"],
                    chromium_sandbox=has_sandbox(),
                    env=environment,
                    timeout=START_SECONDS * 1000,
                )
        except (Error, OSError, TimeoutError) as error:
            await _stop(playwright, warden, folder, seconds=0.1)
            raise BrowserGoneError(_first_line(error)) from error
        self.starts += 1
        self.version = f"Chromium/{browser.version}"
        running = Running(folder=folder, warden=warden, playwright=playwright, browser=browser)
        self._all.append(running)
        logger(__name__).info("browser started", version=browser.version, folder=str(folder))
        return running

    async def _retire_when_due(self, running: Running) -> None:
        if not running.retired and running.pages >= self._config.restart_after:
            running.retired = True
        if not running.retired and running.pages % MEASURED_EVERY == 0:
            taken = await asyncio.to_thread(lambda: megabytes(marked(str(running.folder))))
            if taken > self._config.max_memory_mb:
                logger(__name__).info("browser too large", megabytes=round(taken))
                running.retired = True
        if running.active == 0 and not running.is_usable:
            await self._end(running, orderly=running.browser.is_connected())

    async def _end(self, running: Running, *, orderly: bool) -> None:
        if running not in self._all:
            return
        self._all.remove(running)
        running.retired = True
        if orderly:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(running.browser.close(), END_SECONDS)
        seconds = END_SECONDS if orderly else 0.1
        await _stop(running.playwright, running.warden, running.folder, seconds=seconds)

    async def close(self, *, orderly: bool = True) -> None:
        """Ends every browser, with all its processes and files."""
        await asyncio.gather(*(self._end(running, orderly=orderly) for running in tuple(self._all)))


DIED = "the browser died"


async def _stop(
    playwright: Playwright | None, warden: subprocess.Popen[bytes], folder: Path, *, seconds: float
) -> None:
    """Ends the driver, in order if that takes no longer than ``seconds``, and all else."""
    # told first that its driver goes: else Playwright logs its surprise
    stopped = asyncio.ensure_future(playwright.stop() if playwright else asyncio.sleep(0))
    await asyncio.wait({stopped}, timeout=seconds)
    await asyncio.to_thread(_dismiss, warden, folder)
    await asyncio.wait({stopped}, timeout=END_SECONDS)
    stopped.cancel()


def _start_warden(folder: Path) -> subprocess.Popen[bytes]:
    warden = subprocess.Popen(
        [sys.executable, "-m", "crawler.browser.warden", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert warden.stdout is not None
    warden.stdout.readline()  # it holds the folder now
    warden.stdout.close()
    return warden


def _dismiss(warden: subprocess.Popen[bytes], folder: Path) -> None:
    """The warden clears up; where it was killed, we do."""
    assert warden.stdin is not None
    with suppress(BrokenPipeError):
        warden.stdin.close()
    warden.wait()
    if folder.exists():
        clear(folder)


@contextmanager
def _environment(folder: Path) -> Iterator[dict[str, str | float | bool]]:
    """What the driver, which takes ours, and the browser are started with."""
    before = {name: os.environ.get(name) for name in (MARK, "TMPDIR")}
    os.environ.update({MARK: str(folder), "TMPDIR": str(folder)})
    try:
        yield dict(os.environ)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
