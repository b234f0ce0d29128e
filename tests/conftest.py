"""Every test: sockets on loopback only; in CI a skipped test is a failure.

Unless what it needs is not in the repository (`tests/beside.py`).
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.beside import is_expected
from tests.thorough import examples

if TYPE_CHECKING:
    from tests.chain import Desk
    from tests.elasticnode import Node


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says how busy the machine is; pytest-timeout stops what hangs.
    patient = hypothesis.settings(
        deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.register_profile("ours", patient, max_examples=examples(100))
    hypothesis.settings.load_profile("ours")
    config.stash[SKIPPED] = []


SKIPPED = pytest.StashKey[list[str]]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and not is_expected(_reason(report)):
        item.config.stash[SKIPPED].append(item.nodeid)


def _reason(report: pytest.TestReport) -> str:
    """Why a test was skipped; pytest keeps file, line and reason."""
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else ""


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    skipped = session.config.stash[SKIPPED]
    if os.environ.get("CI") and skipped and exitstatus == 0:
        print("\nskipped in CI, where everything must run:", *skipped, sep="\n  ")
        session.exitstatus = 1


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would leave this machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            assert host.startswith("127.") or host in ("::1", "localhost"), host
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command that runs inside a test configures logging for a stream that ends with it."""
    yield
    if "structlog" in sys.modules:
        sys.modules["structlog"].reset_defaults()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The whole program on a folder of its own."""
    from tests.chain import Desk

    return Desk(tmp_path / "desk")


@pytest.fixture(scope="session")
def elastic_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One real Elasticsearch node for the whole session. Each test takes an index prefix of its
    own (`tests.index_engines.prefix_of`)."""
    from tests.elasticnode import start_node, why_no_node

    if why := why_no_node():
        pytest.skip(why)
    with start_node(tmp_path_factory.mktemp("elasticnode")) as node:
        yield node
