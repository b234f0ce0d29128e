"""The browser: which one, whether it starts, and who asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from crawler.browser.find import (
    INSTALL,
    Found,
    Missing,
    find_browser,
    has_sandbox,
    version_of,
)
from hanoiwatch.config import BrowserConfig
from hanoiwatch.doctor.finding import Finding, Patient, State
from hanoiwatch.errors import HanoiwatchError

NOBODY = "no source that a crawl takes asks for one"


def check_browser(patient: Patient) -> Iterator[Finding]:
    """What is missing counts only where a source asks for a browser."""
    asking = _asking(patient)
    needed: State = "missing" if asking else "note"
    whom = f"asked for by {', '.join(asking)}" if asking else NOBODY
    found = find_browser(patient.config.browser)
    if isinstance(found, Missing):
        yield Finding(check="browser", state=needed, said=f"{found.reason} ({whom})", do=INSTALL)
        return
    version = version_of(found.executable) or "it does not say its version"
    said = f"{found.executable}, {found.how}: {version}; {whom}"
    yield Finding(check="browser", state="ok", said=said)
    fault = _fault_of_start(found, patient.config.browser)
    if fault:
        yield Finding(check="browser start", state=needed, said=fault, do=_do_about(fault))
    else:
        box = "in its sandbox" if has_sandbox() else "without its sandbox, as root must"
        yield Finding(check="browser start", state="ok", said=f"starts and shows a page, {box}")


def _asking(patient: Patient) -> list[str]:
    if isinstance(patient.sources, HanoiwatchError):
        return []
    return [source.name for source in patient.sources if source.fetch.render != "never"]


def _fault_of_start(found: Found, config: BrowserConfig) -> str:
    """Why it shows no page; empty where it does. Shows one that needs no network."""
    from crawler.browser.pool import BrowserGoneError

    try:
        return asyncio.run(_try(found, config))
    except BrowserGoneError as error:
        return f"it does not start: {error}"


async def _try(found: Found, config: BrowserConfig) -> str:
    from crawler.browser.leave import Place
    from crawler.browser.page import NotShown, PageToShow, Terms
    from crawler.browser.pool import BrowserPool

    async def never(_: str) -> str:
        return "nothing is asked for here"

    page = PageToShow(
        url="http://127.0.0.1/",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=b"<p id=p></p><script>p.textContent = 6 * 7</script>",
    )
    terms = Terms(
        place=Place(home="http://127.0.0.1/", is_local=True),
        may_ask=never,
        timeout_seconds=config.timeout_seconds,
        max_bytes=100_000,
    )
    pool = BrowserPool(found, config, agent="hanoiwatch doctor")
    try:
        shown = await pool.show(page, terms)
    finally:
        await pool.close()
    if isinstance(shown, NotShown):
        return f"it shows no page: {shown.reason}"
    return "" if "42" in shown.html else "it runs no scripts"


def _do_about(fault: str) -> str:
    if "shared librar" in fault:
        return "install what it lacks: `playwright install-deps chromium`, or Debian's package"
    if "sandbox" in fault.lower():
        return "install Debian's `chromium-sandbox`, or let the kernel give it user namespaces"
    return "start it by hand to see more; " + INSTALL
