"""The user's registry over the bundled one, by id.

An entry with a new id is added. An entry with a known id changes that one: a value replaces the
old value, a list adds what is not there yet. A tenure of the same post and the same `from`
replaces that tenure. With ``replace: true`` the entry stands alone: nothing of the old one stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hanoiwatch.registry.shape import KINDS, Tree
from hanoiwatch.registry.yamlfile import KeyPath, YamlFile

REPLACE = "replace"
Where = tuple[YamlFile, KeyPath]


@dataclass(slots=True)
class Merged:
    """All files as one tree, and where each entry was last written."""

    tree: Tree = field(default_factory=dict)
    places: dict[tuple[str, str], Where] = field(default_factory=dict)
    """(kind, id) to its place."""


def merged(files: Iterable[YamlFile]) -> Merged:
    """The files as one tree, later ones over earlier ones. Raises RegistryError."""
    whole = Merged()
    entries: dict[str, dict[str, Tree]] = {kind: {} for kind in KINDS}
    for file in files:
        _take_values(whole.tree, file)
        for kind in KINDS:
            _take_entries(whole, entries[kind], kind, file)
    whole.tree |= {kind: list(entries[kind].values()) for kind in KINDS}
    return whole


def _take_values(tree: Tree, file: YamlFile) -> None:
    known = {"known_until", "sources", *KINDS}
    for key, value in file.tree.items():
        if key not in known:
            raise file.error((key,), f"unknown key `{key}`; known are {', '.join(sorted(known))}.")
        if key == "sources":
            if not isinstance(value, dict):
                raise file.error((key,), "`sources` must be a table of ids and their texts.")
            tree[key] = tree.get(key, {}) | value
        elif key == "known_until":
            tree[key] = max(str(value), tree.get(key, ""))


def _take_entries(whole: Merged, entries: dict[str, Tree], kind: str, file: YamlFile) -> None:
    rows = file.tree.get(kind, ())
    if not isinstance(rows, (list, tuple)):
        raise file.error((kind,), f"`{kind}` must be a list of entries.")
    here: set[str] = set()
    for number, row in enumerate(rows):
        place = (kind, number)
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise file.error(place, f"`{kind}[{number}]` must be a table with an `id`.")
        name = row["id"]
        if name in here:
            raise file.error(place, f"the id `{name}` stands twice in this file.")
        here.add(name)
        fresh = {key: value for key, value in row.items() if key != REPLACE}
        old = None if row.get(REPLACE) else entries.get(name)
        entries[name] = fresh if old is None else _over(old, fresh)
        whole.places[kind, name] = (file, place)


def _over(old: Tree, new: Tree) -> Tree:
    result = dict(old)
    for key, value in new.items():
        if key == "tenures" and isinstance(value, list):
            result[key] = _tenures(old.get(key, []), value)
        elif isinstance(value, list):
            kept = old.get(key, [])
            result[key] = [*kept, *(one for one in value if one not in kept)]
        else:
            result[key] = value
    return result


def _tenures(old: list[Tree], new: list[Tree]) -> list[Tree]:
    def key(row: Tree) -> tuple[object, object]:
        return (row.get("post"), row.get("from")) if isinstance(row, dict) else (None, None)

    changed = {key(row) for row in new}
    return [*(row for row in old if key(row) not in changed), *new]
