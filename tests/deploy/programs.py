"""Programs that are not ours, in environments of their own (`bench/environments.py`)."""

from __future__ import annotations

from pathlib import Path

from bench.environments import Missing, python_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DEPLOY = ROOT / "deploy"


def program(environment: str, name: str) -> Path:
    """A program of that environment, which is made first where it is not there."""
    made = python_of(
        HERE / "environments" / f"{environment}.lock", HERE / ".environments" / environment
    )
    assert not isinstance(made, Missing), made.reason
    return made.with_name(name)
