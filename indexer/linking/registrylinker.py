"""The registry's linker, as the stage asks it."""

from __future__ import annotations

from datetime import date

from hanoiwatch.model import Content, Links
from hanoiwatch.registry import Registry
from hanoiwatch.registry.linking import Circumstances, Linker
from hanoiwatch.registry.news import is_news
from hanoiwatch.registry.records import Findings


class RegistryLinker:
    """`indexer.linking.linker.Linker` by one registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._linker = Linker(registry)

    @property
    def fingerprint(self) -> str:
        return self._registry.fingerprint

    def examine(
        self,
        content: Content,
        *,
        source_is_of_hanoi: bool,
        on: date | None,
        day_is_exact: bool = True,
    ) -> tuple[Links, Findings]:
        """Changes that the registry has already are left out."""
        seen = Circumstances(
            source_is_of_hanoi=source_is_of_hanoi, on=on, day_is_exact=day_is_exact
        )
        links, found = self._linker.link_and_find(content, seen)
        news = tuple(one for one in found.changes if is_news(self._registry, one))
        return links, Findings(unknown=found.unknown, changes=news)
