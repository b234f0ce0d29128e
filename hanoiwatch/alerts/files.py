"""Rule files, read and checked: a wrong one is refused with its line, and the place in its query.

A rule is one TOML file, its name the rule's id. docs/reference/alerts.md tells the keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from hanoiwatch.alerts.rule import FACETS, IMMEDIATELY, KINDS, AlertKind, QuietHours, Rule
from hanoiwatch.errors import NotFoundError, QueryError, SourceFileError
from hanoiwatch.model import NamedKind
from hanoiwatch.query import Node, parse
from hanoiwatch.sources.checks import NAME, NAME_RULE
from hanoiwatch.sources.cron import cron_fault
from hanoiwatch.sources.faults import Fault, did_you_mean, refuse
from hanoiwatch.sources.shape import shaped
from hanoiwatch.sources.tomlfile import read_toml

LINKED: dict[str, NamedKind] = {"officials": "official", "bodies": "body", "topics": "topic"}
"""Keys of a rule that name entries of the registry, and the kind of each."""
_QUIET = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_SHOWN = 60
"""Characters of a query that an error shows around its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTable:
    """A whole rule file."""

    title: str = ""
    query: str = ""
    officials: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    on: tuple[AlertKind, ...] = KINDS
    channels: tuple[str, ...] = ()
    digest: str = IMMEDIATELY
    quiet_hours: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a rule may name. ``sources`` None: they are not checked."""

    channels: Collection[str]
    sources: Collection[str] | None = None
    find: Callable[[NamedKind, str], str] | None = None
    """The id for a name of the registry; raises NotFoundError. None: names are not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """The rules of a folder, and what is wrong with the files that are none."""

    rules: tuple[Rule, ...]
    faults: dict[str, SourceFileError]
    """By the rule's id."""


def load_rules(directory: Path, known: Known) -> RuleBook:
    """Every rule of ``directory``, by id; a file that is wrong costs that rule only."""
    rules: list[Rule] = []
    faults: dict[str, SourceFileError] = {}
    for path in rule_paths(directory):
        try:
            rules.append(read_rule(path, known))
        except SourceFileError as fault:
            faults[path.stem] = fault
    return RuleBook(rules=tuple(rules), faults=faults)


def rule_paths(directory: Path) -> list[Path]:
    """The rule files of a folder, sorted; a missing folder has none."""
    if not directory.exists():
        return []
    try:
        found = [path for path in directory.iterdir() if path.suffix == ".toml"]
    except OSError as error:
        reason = f"the folder of alert rules cannot be read: {error.strerror}."
        raise SourceFileError(directory, None, reason) from error
    return sorted(path for path in found if not path.name.startswith("."))


def read_rule(path: Path, known: Known) -> Rule:
    """One rule file. Raises SourceFileError."""
    file = read_toml(path)
    table = shaped(file, RuleTable)
    refuse(file, rule_faults(table, path.stem, known))
    return rule_of(with_ids(table, known), path.stem)


def with_ids(table: RuleTable, known: Known) -> RuleTable:
    """The table with the registry's ids for names. Raises NotFoundError."""
    find = known.find
    if find is None:
        return table

    def ids(kind: NamedKind, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(find(kind, name) for name in names)

    return replace(
        table,
        officials=ids("official", table.officials),
        bodies=ids("body", table.bodies),
        topics=ids("topic", table.topics),
    )


def rule_of(table: RuleTable, rule_id: str) -> Rule:
    """The rule of a table without faults. Raises QueryError."""
    return Rule(
        id=rule_id,
        title=table.title or rule_id,
        query=table.query,
        tree=tree_of(table.query),
        officials=table.officials,
        bodies=table.bodies,
        topics=table.topics,
        sources=table.sources,
        sections=table.sections,
        on=table.on,
        channels=table.channels,
        digest=table.digest,
        quiet_hours=quiet_hours_of(table.quiet_hours),
        paused=table.paused,
    )


def tree_of(query: str) -> Node | None:
    """None for an empty query. Raises QueryError."""
    return parse(query) if query.strip() else None


def quiet_hours_of(text: str) -> QuietHours | None:
    """``22:00-06:00``; None for an empty text. The text is known to be without fault."""
    if not text:
        return None
    found = _QUIET.fullmatch(text)
    assert found is not None
    hours = [int(number) for number in found.groups()]
    return QuietHours(start=hours[0] * 60 + hours[1], end=hours[2] * 60 + hours[3])


# --- what can be wrong -----------------------------------------------------------------------


def rule_faults(table: RuleTable, rule_id: str, known: Known) -> Iterator[Fault]:
    """Each place that was checked, and what is wrong there."""
    name = None if NAME.fullmatch(rule_id) else f"in a file name {NAME_RULE}"
    yield ("title",), name
    if table.title and not table.title.isprintable():
        yield ("title",), "it has a line break or a control character"
    yield ("query",), _query_fault(table.query)
    yield ("query",), _empty_fault(table)
    for facet in FACETS:
        for place, value in enumerate(getattr(table, facet)):
            yield (facet, place), None if value.strip() else "an empty name stands for nothing"
    yield from _source_faults(table, known)
    yield from _link_faults(table, known)
    yield ("on",), None if table.on else "name at least one of new, edited and withdrawn"
    yield from _channel_faults(table.channels, known)
    if table.digest != IMMEDIATELY:
        yield ("digest",), _digest_fault(table.digest)
    yield ("quiet_hours",), _quiet_fault(table.quiet_hours)


def _query_fault(query: str) -> str | None:
    try:
        tree_of(query)
    except QueryError as error:
        return f"{error}, here: {_pointed(query, error.position)}"
    return None


def _pointed(query: str, position: int) -> str:
    """The query around the place, which an arrow marks."""
    start, end = max(position - _SHOWN // 2, 0), position + _SHOWN // 2
    before = ("…" if start else "") + query[start:position]
    after = query[position:end] + ("…" if end < len(query) else "")
    return " ".join(f"{before}⟶{after}".split())


def _empty_fault(table: RuleTable) -> str | None:
    asks = table.query.strip() or any(getattr(table, facet) for facet in FACETS)
    if asks or table.digest != IMMEDIATELY:
        return None
    return (
        "a rule without a query needs a facet (officials, bodies, topics, sources, sections), "
        "or a digest for a review of everything"
    )


def _source_faults(table: RuleTable, known: Known) -> Iterator[Fault]:
    for place, name in enumerate(table.sources if known.sources is not None else ()):
        if name not in (known.sources or ()):
            near = did_you_mean(name, known.sources or ())
            yield ("sources", place), f"there is no source `{name}`" + (near and f".{near}")


def _link_faults(table: RuleTable, known: Known) -> Iterator[Fault]:
    if known.find is None:
        return
    for facet, kind in LINKED.items():
        for place, name in enumerate(getattr(table, facet)):
            try:
                known.find(kind, name)
            except NotFoundError as error:
                yield (facet, place), str(error)


def _channel_faults(channels: tuple[str, ...], known: Known) -> Iterator[Fault]:
    if not channels:
        yield ("channels",), "name at least one channel of [channels] in the settings"
    for place, name in enumerate(channels):
        if name not in known.channels:
            near = did_you_mean(name, known.channels)
            reason = f"the settings have no channel `{name}` in [channels]"
            yield ("channels", place), reason + (near and f".{near}")


def _digest_fault(expression: str) -> str | None:
    fault = cron_fault(expression)
    return f"write immediately, or a cron expression: {fault}" if fault else None


def _quiet_fault(text: str) -> str | None:
    if not text:
        return None
    found = _QUIET.fullmatch(text)
    if not found or not all(int(found[hour]) < 24 and int(found[hour + 1]) < 60 for hour in (1, 3)):
        return "write hours of the day in Hanoi such as 22:00-06:00"
    same = found[1] == found[3] and found[2] == found[4]
    return "it begins when it ends" if same else None


# --- writing ---------------------------------------------------------------------------------


def rule_toml(table: RuleTable) -> str:
    """The text of a rule file; what is as it would be without a line has none."""
    lines = [
        f"{one.name} = {_toml(getattr(table, one.name))}"
        for one in fields(RuleTable)
        if getattr(table, one.name) != one.default
    ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # JSON's escapes are among TOML's
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_PAUSED_LINE = re.compile(r"^[ \t]*paused[ \t]*=.*\n?", re.MULTILINE)


def with_pause(text: str, *, paused: bool) -> str:
    """A rule file's text with that line alone changed. A rule file has no tables, so that a line
    at its end is at its top."""
    bare = _PAUSED_LINE.sub("", text)
    end = "" if not bare or bare.endswith("\n") else "\n"
    return f"{bare}{end}paused = true\n" if paused else bare
