"""One registry file: its tree, and the line on which a place of the tree stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hanoiwatch.errors import RegistryError
from hanoiwatch.registry.shape import Tree

MAX_BYTES = 5_000_000
"""Far above any real registry; a wrong file should fail quickly."""

KeyPath = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is


class _Plain(_Loader):  # type: ignore[misc]  # the C loader where there is one
    """Reads dates and years as text: how much of a date is known is in how it is written."""


_Plain.yaml_implicit_resolvers = {
    first: [
        (tag, rule) for tag, rule in rules if not tag.endswith((":timestamp", ":int", ":float"))
    ]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class YamlFile:
    path: Path
    tree: Tree
    text: str

    def error(self, place: KeyPath, reason: str) -> RegistryError:
        return RegistryError(self.path, self.line(place), reason)

    def line(self, place: KeyPath) -> int | None:
        """The line of a place, else of the nearest place around it."""
        node = yaml.compose(self.text, Loader=_Plain)
        for key in place:
            inner = _inner(node, key)
            if inner is None:
                break
            node = inner
        return None if node is None else int(node.start_mark.line) + 1


def _inner(node: Any, key: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key]
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None


def read_yaml(path: Path) -> YamlFile:
    """Raises RegistryError for what is no readable YAML file with a table at its top."""
    text = _text(path)
    try:
        tree = yaml.load(text, Loader=_Plain)  # noqa: S506 - a safe loader, with less in it
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be parsed"
        line = None if mark is None else mark.line + 1
        raise RegistryError(path, line, f"not valid YAML: {reason}.") from error
    except RecursionError as error:
        raise RegistryError(path, None, "it is nested too deeply.") from error
    if tree is None:
        tree = {}
    if not isinstance(tree, dict):
        raise RegistryError(path, 1, "it must have keys at its top, such as `officials:`.")
    return YamlFile(path, {str(key): value for key, value in tree.items()}, text)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise RegistryError(path, None, f"it cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise RegistryError(path, None, f"it has more than {MAX_BYTES // 1_000_000} MB.")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RegistryError(path, line, "it is not UTF-8 here: save it as UTF-8.") from error
