"""What linking found and the registry lacks, as the record collects it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hanoiwatch.store.candidates import Candidate
from hanoiwatch.text import canon, words

if TYPE_CHECKING:
    from hanoiwatch.registry.records import Findings, ProposedChange, UnknownName


def candidates_of(findings: Findings | None) -> tuple[Candidate, ...]:
    """A name and a post, spelled in whatever way, is one candidate; so are a person, a post and
    what befell them in it, whatever day each article gives for that."""
    if findings is None:
        return ()
    return (*_names(findings), *_changes(findings))


def _names(findings: Findings) -> Iterator[Candidate]:
    for one in findings.unknown:
        yield Candidate(
            kind="name",
            key=_key("name", one.name, _post(one)),
            name=one.name,
            post=one.post,
            post_id=one.post_id,
            body_id=one.body_id,
            sentence=one.sentence,
        )


def _changes(findings: Findings) -> Iterator[Candidate]:
    for one in findings.changes:
        yield Candidate(
            kind="change",
            key=_key("change", one.official_id or one.name, _post(one), _direction(one)),
            name=one.name,
            post=one.post,
            post_id=one.post_id,
            body_id=one.body_id,
            official_id=one.official_id,
            change=one.kind,
            on=str(one.on) if one.on is not None else None,
            on_is_stated=one.on_is_stated,
            sentence=one.sentence,
        )


def _post(one: UnknownName | ProposedChange) -> str:
    return one.post_id or f"{one.body_id or ''} {one.post}"


def _direction(change: ProposedChange) -> str:
    return "in" if change.kind in ("appointed", "elected") else "out"


def _key(*parts: str) -> str:
    return "|".join(" ".join(words(canon(part))) for part in parts)
