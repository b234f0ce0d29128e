"""Environments of their own for what is not ours, made on demand from pinned, hashed lists.

The peers' are under ``bench/.peers``.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DONE = ".done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why a peer cannot be measured here."""

    reason: str


def peer_python(peer: str) -> Path | Missing:
    """The interpreter of ``peer``'s environment, which is made first where it is not there."""
    return python_of(HERE / "peers" / f"{peer}.lock", HERE / ".peers" / peer)


def python_of(lock: Path, folder: Path, base: str = sys.executable) -> Path | Missing:
    """The interpreter of the environment in ``folder``, which is made first where it is not there
    or another lock made it; from the interpreter ``base``."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)  # tests run in several processes
        return _made(lock, folder, base)


def _made(lock: Path, folder: Path, base: str) -> Path | Missing:
    python, done = folder / "bin" / "python", folder / DONE
    if done.exists() and done.read_text() == lock.read_text():
        return python
    uv = _uv()
    if uv is None:
        return Missing(reason="uv is not there to make its environment (`make setup` brings it)")
    try:
        _run(uv, "venv", "--quiet", "--clear", "--python", base, str(folder))
        _run(uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes",
             "--python", str(python), str(lock))  # fmt: skip
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        return Missing(reason=f"its environment cannot be made: {said[-1] if said else error}")
    done.write_text(lock.read_text())
    return python


def _uv() -> str | None:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
