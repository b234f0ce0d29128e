"""YAML files of the tests, read ten times as fast where libyaml is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What the file says, with nothing but plain values in it."""
    return yaml.load(path.read_text("utf-8"), _Loader)
