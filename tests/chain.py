"""The whole program as a user runs it, on a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hanoiwatch.config import Config, load_config
from hanoiwatch.store import Record

ROOT = Path(__file__).parents[1]
ONE_READER = {"HANOIWATCH_CRAWL__EXTRACT_WORKERS": "1"}
"""In the environment: one process that reads pages. To start a second one takes longer than a
second, and the few pages of a test none."""


class Desk:
    """A settings file, source files and a data folder; commands run in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sources").mkdir(parents=True)
        self.settings = folder / "hanoiwatch.toml"
        self.write_settings('data_dir = "data"\n')

    def write_settings(self, text: str) -> None:
        self.settings.write_text(text, "utf-8")

    @property
    def config(self) -> Config:
        return load_config(self.settings, environment=ONE_READER)

    def add_source(self, name: str, toml: str) -> None:
        (self.folder / "sources" / f"{name}.toml").write_text(toml, "utf-8")

    def run(self, *words: str, timeout: float = 400) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HANOIWATCH_")}
        environment |= ONE_READER
        return subprocess.run(
            [sys.executable, "-m", "hanoiwatch", "--config", str(self.settings), *words],
            capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT,
            env=environment,
        )  # fmt: skip

    def crawl(self, *words: str, expect: int | None = 0) -> dict[str, Any]:
        """One crawl; asserts its exit code unless ``expect`` is None. Returns its JSON."""
        done = self.run("crawl", *words, "--format", "json")
        if expect is not None:
            assert done.returncode == expect, done.stdout + done.stderr
        return json.loads(done.stdout)

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--format", "json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def show(self, article: str) -> dict[str, Any]:
        return self.json("show", article)

    def search(self, *words: str) -> dict[str, Any]:
        return self.json("search", *words)

    def coverage(self) -> dict[str, int]:
        """All days and sources added up: listed, and the outcomes by name, and waiting."""
        sums = {"listed": 0, "waiting": 0}
        for day in self.json("coverage")["days"]:
            sums["listed"] += day["listed"]
            for stage in day["stages"]:
                sums["waiting"] += stage["waiting"]
                for outcome, count in stage["outcomes"].items():
                    sums[outcome] = sums.get(outcome, 0) + count
        return sums

    def assert_exact_ledger(self) -> None:
        """The ledger adds up, nothing waits, and every record of the archive is sound."""
        record = Record.open(self.config.record_path)
        try:
            assert record.ledger.discrepancies() == []
        finally:
            record.close()
        assert self.coverage()["waiting"] == 0
        verified = self.run("archive", "verify")
        assert verified.returncode == 0, verified.stdout
