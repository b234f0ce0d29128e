"""Short ways to link a text in a test."""

from __future__ import annotations

from datetime import date
from functools import cache

from hanoiwatch.model import Block, Content, Image, Links
from hanoiwatch.registry import load_registry
from hanoiwatch.registry.linking import Linker
from hanoiwatch.registry.records import Findings


@cache
def linker() -> Linker:
    return Linker(load_registry())


def content(
    text: str, *, title: str = "", lead: str = "", captions: tuple[str, ...] = ()
) -> Content:
    return Content(
        url="https://example.org/bai.html",
        title=title,
        lead=lead,
        blocks=tuple(Block(kind="paragraph", text=line) for line in text.split("\n")),
        images=tuple(Image(url=f"https://example.org/{n}.jpg", caption=said)
                     for n, said in enumerate(captions)),
    )  # fmt: skip


def links(
    text: str, day: str | None = "2024-04-10", *, of_hanoi: bool = True, exact: bool = True,
    **more: object,
) -> Links:  # fmt: skip
    return linker().link(
        content(text, **more), source_is_of_hanoi=of_hanoi,
        on=date.fromisoformat(day) if day else None, day_is_exact=exact,
    )  # fmt: skip


def officials(text: str, day: str | None = "2024-04-10", **more: object) -> dict[str, list[str]]:
    """Each official with the words that mean them."""
    found = links(text, day, **more).officials
    return {one.id: [mention.text for mention in one.mentions] for one in found}


def bodies(text: str, day: str | None = "2024-04-10", **more: object) -> dict[str, list[str]]:
    found = links(text, day, **more).bodies
    return {one.id: [mention.text for mention in one.mentions] for one in found}


def topics(text: str, **more: object) -> list[str]:
    return [one.id for one in links(text, **more).topics]


def findings(text: str, day: str = "2025-11-13") -> Findings:
    return linker().unknown(content(text), source_is_of_hanoi=True, on=date.fromisoformat(day))
