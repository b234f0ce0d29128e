"""Faces and changes that the registry does not have yet: proposed, never applied."""

from __future__ import annotations

from hanoiwatch.model import MentionField
from hanoiwatch.registry.binding import Binder, Bound
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.records import ProposedChange, UnknownName


def find_unknown(
    registry: Registry, binder: Binder, places: list[tuple[MentionField, int]]
) -> tuple[UnknownName, ...]:
    return ()


def find_changes(
    registry: Registry, binder: Binder, bound: list[Bound], places: list[tuple[MentionField, int]]
) -> tuple[ProposedChange, ...]:
    return ()
