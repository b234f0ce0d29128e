"""Starts nodes, waits until they answer, and ends them by their own process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.elasticnode.build import build
from tests.ports import LOOPBACK, free_port

HEAP = "512m"
START_SECONDS = 240.0
"""It takes about ten seconds where nothing else is at work."""
END_SECONDS = 30.0
_ENDS_WITH_US = Path(__file__).with_name("ends_with_parent.py")
"""A test session that is killed leaves no node behind."""


@dataclass
class Node:
    """One running node. ``stop`` and ``start`` keep its data; ``kill`` gives it no warning."""

    folder: Path
    port: int
    heap: str = HEAP
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def snapshots(self) -> Path:
        """Where it may keep snapshots."""
        return self.folder / "snapshots"

    def start(self, *, wait: bool = True) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "node.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(_ENDS_WITH_US), *self._argv()],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        if wait:
            self.wait()
        return self

    def wait(self, status: str = "") -> None:
        """Until it answers; with ``status``, until its cluster is that green or yellow."""
        ends = time.monotonic() + START_SECONDS
        path = f"/_cluster/health?timeout=1s{f'&wait_for_status={status}' if status else ''}"
        while True:
            try:
                if not self.ask(path)["timed_out"]:
                    return
            except OSError as error:
                last = error
            else:
                last = OSError("timed out")
            assert self.process, "it was not started"
            assert self.process.poll() is None, f"it ended: see {self.folder / 'node.log'}"
            assert time.monotonic() < ends, f"{self.url} does not answer: {last}"
            time.sleep(0.2)

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """One request with no client of anybody's. Raises OSError (urllib's errors are that)."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _argv(self) -> list[str]:
        home = build()
        settings = {
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
            "path.repo": self.snapshots,
            "cluster.name": "hanoiwatch-tests",
            "node.name": self.folder.name,
            "http.host": LOOPBACK,
            "http.port": self.port,
            "transport.host": LOOPBACK,
            "transport.port": free_port(),
            # a full disk of the machine is not what these tests are about
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **({} if "discovery.seed_hosts" in self.settings
               else {"discovery.type": "single-node"}),
            **self.settings,
        }  # fmt: skip
        return [
            str(home.jdk / "bin" / "java"), f"-Xms{self.heap}", f"-Xmx{self.heap}",
            "-Des.nativelibs.path=/usr/lib/x86_64-linux-gnu",
            "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
            "-cp", home.classpath, "Main", str(home.folder),
            *(f"{name}={value}" for name, value in settings.items()),
        ]  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_node(folder: Path, **settings: str) -> Node:
    """One node alone on a free port."""
    return Node(folder, free_port(), settings=settings).start()


def _main() -> None:
    """`python -m tests.elasticnode.node FOLDER [PORT]`: a node in the foreground."""
    folder = Path(sys.argv[1]).resolve()
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 9200
    folder.mkdir(parents=True, exist_ok=True)
    argv = Node(folder, port, heap=os.environ.get("ES_HEAP", "1g"))._argv()
    os.execv(argv[0], argv)


if __name__ == "__main__":
    _main()
