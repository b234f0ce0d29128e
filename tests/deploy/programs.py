"""Programs that are not ours, in environments of their own (`bench/environments.py`)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.environments import Missing, python_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DEPLOY = ROOT / "deploy"


def program(environment: str, name: str, *, minor: int = 0) -> Path:
    """A program of that environment, which is made first where it is not there; with ``minor``,
    from a Python of that version 3 or newer."""
    base = python_from(minor) if sys.version_info.minor < minor else sys.executable
    assert base, f"it needs Python 3.{minor} or newer, on the PATH or among pyenv's"
    made = python_of(
        HERE / "environments" / f"{environment}.lock", HERE / ".environments" / environment, base
    )
    assert not isinstance(made, Missing), made.reason
    return made.with_name(name)


def python_from(minor: int) -> str:
    """The oldest Python on this machine that is new enough; empty where there is none."""
    found = {path: int(found[1]) for path in _pythons() if (found := _MINOR.search(_version(path)))}
    fit = {path: version for path, version in found.items() if version >= minor}
    return str(min(fit, key=lambda path: fit[path])) if fit else ""


_MINOR = re.compile(r"^Python 3\.(\d+)\.")


def _pythons() -> Iterator[Path]:
    for folder in os.get_exec_path():
        yield from Path(folder).glob("python3.[1-9][0-9]")
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from root.glob("versions/3.*/bin/python3")


def _version(python: Path) -> str:
    """Empty where it is only a name, as pyenv's shims may be."""
    try:
        said = subprocess.run([python, "--version"], check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return said.stdout
