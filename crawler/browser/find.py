"""Which Chromium there is, and how it is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hanoiwatch.config import BrowserConfig

ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names of Debian's package, of Ubuntu's, and of Google's own."""

INSTALL = (
    "install Debian's package (`apt-get install chromium`), or `playwright install chromium` "
    "elsewhere, or name one in `[browser] executable`"
)

_OFF = (
    # our gateway decides who is reached, and knows the source's own address
    "LocalNetworkAccessChecks", "BlockInsecurePrivateNetworkRequests",
    # what asks Google, or the local network, for something
    "OptimizationHints", "MediaRouter", "DialMediaRouteProvider", "NetworkTimeServiceQuerying",
    "InterestFeedContentSuggestions", "PreconnectToSearch", "Translate", "LensOverlay",
    # what Playwright turns off besides: of two such flags Chromium takes the last, ours
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
)  # fmt: skip

START_FLAGS = (
    # nothing is asked of anybody but what a page asks for
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--dns-prefetch-disable",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    # no way out past the gateway
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    f"--disable-features={','.join(_OFF)}",
    # text is all we want of it
    "--disable-gpu",
    "--blink-settings=imagesEnabled=false",
    "--mute-audio",
    "--disable-extensions",
    "--disable-breakpad",
    # a page that wants more crashes, alone, long before the machine is full
    "--js-flags=--max-old-space-size=512",
)

VERSION_SECONDS = 20.0

How = Literal["[browser] executable", "Playwright's own", "on the PATH"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A Chromium on this machine."""

    executable: str
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """There is none; one sentence with what to do."""

    reason: str


def find_browser(
    config: BrowserConfig,
    playwrights_own: Callable[[], str] | None = None,
    which: Callable[[str], str | None] = shutil.which,
) -> Found | Missing:
    """The configured one; else Playwright's own; else the first of `ON_THE_PATH`."""
    if config.executable:
        return _configured(config.executable, which)
    own = (playwrights_own or playwrights_executable)()
    if own and _can_run(own):
        return Found(executable=own, how="Playwright's own")
    for name in ON_THE_PATH:
        if found := which(name):
            return Found(executable=found, how="on the PATH")
    return Missing(reason=f"no Chromium was found: {INSTALL}.")


def _configured(executable: str, which: Callable[[str], str | None]) -> Found | Missing:
    found = which(executable)
    if found:
        return Found(executable=found, how="[browser] executable")
    return Missing(
        reason=f"`[browser] executable`: {executable} is no program that can be run: correct "
        "the path, or remove the setting to take what is installed."
    )


def playwrights_executable() -> str:
    """Where Playwright keeps its own Chromium; empty where it has none."""
    if not any(folder.is_dir() for folder in _playwrights_folders()):
        return ""  # its driver takes half a second to say so
    with ThreadPoolExecutor(1) as thread:  # its blocking API refuses a thread with an event loop
        return thread.submit(_ask_playwright).result()


def _playwrights_folders() -> tuple[Path, ...]:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if named and named != "0":
        return (Path(named),)
    home = Path.home()
    return (home / ".cache/ms-playwright", home / "Library/Caches/ms-playwright")


def _ask_playwright() -> str:
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    except (Error, OSError):
        return ""


def _can_run(path: str) -> bool:
    return Path(path).is_file() and os.access(path, os.X_OK)


def version_of(executable: str) -> str:
    """What it says of itself; empty where it says nothing."""
    try:
        said = subprocess.run(
            [executable, "--version"],
            capture_output=True, text=True, timeout=VERSION_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = said.stdout.strip().splitlines()
    return lines[-1].strip() if lines else ""


def has_sandbox() -> bool:
    """Chromium refuses its sandbox to root."""
    return os.geteuid() != 0
