"""What links articles, and what it makes of one: pure, for any process and thread.

The processes that read captures link them in the same breath (`LinkedArticle`), since there
both cores are busy with pages; what comes without links is linked by the stage
(`indexer.linking.stage`). Either way the result hangs on the article, its day, its source and
the registry alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from hanoiwatch.clock import hanoi_day
from hanoiwatch.model import NO_LINKS, Content, Links, ReadArticle

if TYPE_CHECKING:
    from hanoiwatch.registry.records import Findings

_LONGEST_DETAIL = 500


class Linker(Protocol):
    """Links by one state of the registry. Safe to use from several threads."""

    @property
    def fingerprint(self) -> str:
        """Changes with everything that the links of an article hang on besides itself."""

    def examine(
        self,
        content: Content,
        *,
        source_is_of_hanoi: bool,
        on: date | None,
        day_is_exact: bool = True,
    ) -> tuple[Links, Findings]:
        """What the article names, as of the day ``on``; and what it says and the registry lacks.

        With ``day_is_exact`` False it is only known that the article is no younger.
        """


LinkerMaker = Callable[[], Linker]
"""Importable or a `functools.partial` of what is: the pool's processes make their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What linking one article came to."""

    registry: str
    links: Links = NO_LINKS
    findings: Findings | None = None
    failure: str = ""
    """Why there are no links: the article broke the linker."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedArticle(ReadArticle):
    """A reading that brings what it links to."""

    linked: Linked


def broken(registry: str, error: Exception) -> Linked:
    return Linked(
        registry=registry,
        failure=f"linking broke: {type(error).__name__}",
        detail=str(error)[:_LONGEST_DETAIL],
    )


def link_article(
    linker: Linker, content: Content, *, source_is_of_hanoi: bool, first_seen_at: datetime
) -> Linked:
    """Links by the day of publication, else by that of first sight, which is not exact.

    Never raises for what an article says: one that breaks the linker has no links, and says why.
    """
    published = content.published_at
    try:
        links, findings = linker.examine(
            content,
            source_is_of_hanoi=source_is_of_hanoi,
            on=hanoi_day(published or first_seen_at),
            day_is_exact=published is not None,
        )
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        return broken(linker.fingerprint, error)
    return Linked(registry=linker.fingerprint, links=links, findings=findings)
