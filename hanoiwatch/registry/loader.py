"""Reads the bundled registry with the user's own over it. Nothing wrong passes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from hanoiwatch.errors import RegistryError
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.checks import Entries, Fault, faults
from hanoiwatch.registry.merging import Merged, merged
from hanoiwatch.registry.partialdate import PartialDate, partial_date
from hanoiwatch.registry.records import (
    LIKELY_PHRASE,
    WEAK_PHRASE,
    Body,
    Official,
    Phrase,
    Post,
    Tenure,
    Topic,
)
from hanoiwatch.registry.shape import (
    KINDS,
    BodyEntry,
    File,
    OfficialEntry,
    PostEntry,
    TenureEntry,
    TopicEntry,
)
from hanoiwatch.registry.version import LINKER_VERSION
from hanoiwatch.registry.yamlfile import YamlFile, read_yaml
from hanoiwatch.text import NORMALISER_VERSION

BUNDLED = Path(__file__).with_name("data")


def load_registry(own_directory: Path | None = None) -> Registry:
    """The bundled files with ``own_directory``'s over them; made once per process and state.

    A folder that does not exist is an empty one. Raises RegistryError.
    """
    files = [*_files(BUNDLED), *(_files(own_directory) if own_directory else ())]
    return _load(tuple((path, _stamp(path)) for path in files))


def _files(folder: Path) -> list[Path]:
    found = (*folder.glob("*.yaml"), *folder.glob("*.yml"))
    return sorted(path for path in found if not path.name.startswith("."))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise RegistryError(path, None, f"it cannot be read: {error.strerror}.") from error
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=4)
def _load(files: tuple[tuple[Path, tuple[int, int]], ...]) -> Registry:
    whole = merged(_read(path, stamp) for path, stamp in files)
    file = _converted(whole)
    entries = _entries(file, whole)
    for fault in faults(entries):
        raise _error(whole, fault)
    until = _known_until(file, whole)
    by_post: dict[str, list[Tenure]] = defaultdict(list)
    for official in entries.officials.values():
        for tenure in official.tenures:
            by_post[tenure.post].append(tenure)
    return Registry(
        officials=entries.officials, posts=entries.posts, bodies=entries.bodies,
        topics=entries.topics, sources=entries.sources, known_until=until,
        fingerprint=_fingerprint(whole),
        _by_post={
            post: tuple(sorted(held, key=lambda one: (one.since.first, one.since.last)))
            for post, held in by_post.items()
        },
    )  # fmt: skip


@lru_cache(maxsize=32)
def _read(path: Path, stamp: tuple[int, int]) -> YamlFile:
    del stamp  # another one is another file
    return read_yaml(path)


def _fingerprint(whole: Merged) -> str:
    said = json.dumps(whole.tree, sort_keys=True, ensure_ascii=False, default=str)
    versions = f"{LINKER_VERSION} {NORMALISER_VERSION}"
    return hashlib.sha256(f"{versions} {said}".encode()).hexdigest()


def _converted(whole: Merged) -> File:
    """The tree as typed entries; each is converted by itself, so that a fault has its place."""
    shapes: dict[str, type[msgspec.Struct]] = {
        "officials": OfficialEntry, "posts": PostEntry, "bodies": BodyEntry, "topics": TopicEntry,
    }  # fmt: skip
    found: dict[str, Any] = {kind: [] for kind in KINDS}
    for kind, shape in shapes.items():
        for row in whole.tree[kind]:
            try:
                found[kind].append(msgspec.convert(row, shape, strict=False, str_keys=True))
            except msgspec.ValidationError as error:
                raise _shape_error(whole, kind, row["id"], str(error)) from error
    values = {key: whole.tree[key] for key in ("sources", "known_until") if key in whole.tree}
    values["sources"] = {key: str(text) for key, text in values.get("sources", {}).items()}
    return File(**found, **values)


def _shape_error(whole: Merged, kind: str, name: str, message: str) -> RegistryError:
    reason, _, path = message.partition(" - at `$")
    keys = tuple(_keys(path.rstrip("`")))
    spelled = ".".join(str(key) for key in keys)
    text = f"{reason[0].lower()}{reason[1:]}"
    return _error(whole, Fault(kind, name, keys, f"{spelled}: {text}" if spelled else text))


def _keys(path: str) -> Iterator[str | int]:
    """``.tenures[2].from`` as its keys."""
    for part in path.replace("[", ".").replace("]", "").split("."):
        if part and part != "...":
            yield int(part) if part.isdigit() else part


def _error(whole: Merged, fault: Fault) -> RegistryError:
    file, place = whole.places[fault.kind, fault.id]
    end = "" if fault.reason.endswith(".") else "."
    return file.error((*place, *fault.path), f"`{fault.id}`: {fault.reason}{end}")


def _known_until(file: File, whole: Merged) -> date:
    try:
        return partial_date(file.known_until or "").last
    except ValueError as error:
        where = next(iter(whole.places.values()))[0]
        raise RegistryError(where.path, None, f"`known_until`: {error}.") from error


def _entries(file: File, whole: Merged) -> Entries:
    def made(kind: str, make: Any, rows: Any) -> dict[str, Any]:
        found = {}
        for rank, row in enumerate(rows):
            try:
                found[row.id] = make(row, rank)
            except _FaultyDateError as error:
                raise _error(whole, Fault(kind, row.id, error.path, error.reason)) from error
        return found

    return Entries(
        officials=made("officials", _official, file.officials),
        posts=made("posts", _post, file.posts),
        bodies=_with_successors(made("bodies", _body, file.bodies)),
        topics=made("topics", _topic, file.topics),
        sources=file.sources,
    )


class _FaultyDateError(Exception):
    def __init__(self, path: tuple[str | int, ...], reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(reason)


def _date(text: str | None, *path: str | int) -> PartialDate | None:
    if text is None:
        return None
    try:
        return partial_date(text)
    except ValueError as error:
        raise _FaultyDateError(path, str(error)) from error


def _official(row: OfficialEntry, _: int) -> Official:
    return Official(
        id=row.id, name=row.name, aliases=row.aliases, misspellings=row.misspellings,
        gender=row.gender, born=_date(row.born, "born"), common=row.common,
        elsewhere=row.elsewhere, confidence=row.confidence, sources=row.sources, note=row.note,
        tenures=tuple(_tenure(row.id, place, one) for place, one in enumerate(row.tenures)),
    )  # fmt: skip


def _tenure(official: str, place: int, row: TenureEntry) -> Tenure:
    since = _date(row.since, "tenures", place, "from")
    assert since is not None
    return Tenure(
        official=official, post=row.post, since=since,
        until=_date(row.until, "tenures", place, "until"), ended=row.ended,
        seen=_date(row.seen, "tenures", place, "seen"), confidence=row.confidence,
        sources=row.sources, note=row.note,
    )  # fmt: skip


def _post(row: PostEntry, rank: int) -> Post:
    return Post(
        id=row.id, name=row.name, body=row.body, seats=row.seats, heads=row.heads,
        phrases=row.phrases, rank=rank, confidence=row.confidence, sources=row.sources,
        note=row.note,
    )  # fmt: skip


def _body(row: BodyEntry, _: int) -> Body:
    return Body(
        id=row.id, name=row.name, kind=row.kind, aliases=row.aliases, short=row.short,
        parent=row.parent, since=_date(row.since, "from"), until=_date(row.until, "until"),
        predecessors=row.predecessors, successors=row.successors, code=row.code,
        confidence=row.confidence, sources=row.sources, note=row.note,
    )  # fmt: skip


def _with_successors(bodies: dict[str, Body]) -> dict[str, Body]:
    """Whoever follows a body is said once, at either end; here both ends know it."""
    before: dict[str, dict[str, None]] = {one: {} for one in bodies}
    after: dict[str, dict[str, None]] = {one: {} for one in bodies}
    for body in bodies.values():
        for one in body.predecessors:
            before[body.id][one] = None
            after.setdefault(one, {})[body.id] = None
        for one in body.successors:
            after[body.id][one] = None
            before.setdefault(one, {})[body.id] = None
    return {
        name: replace(
            body, predecessors=tuple(before[name]), successors=tuple(after[name])
        )
        for name, body in bodies.items()
    }  # fmt: skip


def _topic(row: TopicEntry, _: int) -> Topic:
    phrases = (
        *(Phrase(parts=(text,)) for text in (*row.phrases, *row.abbreviations)),
        *(Phrase(parts=(text,), weight=LIKELY_PHRASE) for text in row.likely),
        *(Phrase(parts=(text,), weight=WEAK_PHRASE) for text in row.weak),
        *(Phrase(parts=one.parts, gap=one.gap, weight=one.weight) for one in row.near),
    )
    return Topic(
        id=row.id, name=row.name, group=row.group, phrases=phrases, exclude=row.exclude,
        beside=row.beside, confidence=row.confidence, sources=row.sources, note=row.note,
    )  # fmt: skip
