"""The content as files: ``objects.ndjson``, which Kibana's own pages import too, and one JSON file
for each rule, as its alerting API takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from hanoiwatch.errors import HanoiwatchError
from indexer.kibana.content import Content
from indexer.kibana.objects import to_ndjson

OBJECTS = "objects.ndjson"
RULES = "rules"


def files_of(content: Content) -> Mapping[str, str]:
    """Their texts by relative path."""
    rules = {
        f"{RULES}/{rule.key}.json": json.dumps(rule.body(), ensure_ascii=False, indent=2) + "\n"
        for rule in content.rules
    }
    return {OBJECTS: to_ndjson(content.objects), **rules}


def write_files(content: Content, folder: Path) -> list[Path]:
    """Writes them into ``folder``, and returns where. Other files there stay as they are."""
    written = []
    for name, text in files_of(content).items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise HanoiwatchError(f"{path} cannot be written: {error.strerror}.") from error
        written.append(path)
    return written
