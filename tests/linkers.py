"""A linker of a few names, for tests of everything around linking: `functools.partial` of it is
what the pool's processes make theirs with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from hanoiwatch.model import (
    BodyLink,
    Content,
    Links,
    Mention,
    MentionField,
    OfficialLink,
    TopicLink,
)
from hanoiwatch.registry.partialdate import partial_date
from hanoiwatch.registry.records import Findings, Place, ProposedChange, UnknownName


@dataclass(frozen=True)
class NameLinker:
    """Links whatever has one of these names in it; breaks where an article says ``breaks_on``.

    An official's post carries the day and whether it is exact, and a body's whether the source
    is of Hanoi, so that a test sees what the linker was told.
    """

    fingerprint: str
    officials: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    breaks_on: str = ""

    def examine(
        self,
        content: Content,
        *,
        source_is_of_hanoi: bool,
        on: date | None,
        day_is_exact: bool = True,
    ) -> tuple[Links, Findings]:
        if self.breaks_on and self.breaks_on in content.title:
            raise ValueError(f"{self.breaks_on} is odd")
        post = f"Chủ tịch ngày {on}{'' if day_is_exact else ' (đoán)'}"
        bodies = self.bodies if source_is_of_hanoi else ()
        return self._links(content, post, f"chu-tich-{on}", bodies), self._findings(content, on)

    def _links(self, content: Content, post: str, post_id: str, bodies: tuple[str, ...]) -> Links:
        return Links(
            officials=tuple(
                OfficialLink(
                    id=id_of(name), name=name, post=post, posts=(post,),
                    post_ids=(post_id,), mentions=found,
                )
                for name in self.officials
                if (found := mentions(content, name))
            ),
            bodies=tuple(
                BodyLink(id=id_of(name), name=name, mentions=found)
                for name in bodies
                if (found := mentions(content, name))
            ),
            topics=tuple(
                TopicLink(id=id_of(name), name=name, mentions=found)
                for name in self.topics
                if (found := mentions(content, name))
            ),
        )  # fmt: skip

    def _findings(self, content: Content, on: date | None) -> Findings:
        return Findings(
            unknown=tuple(
                UnknownName(
                    name=name, post="Giám đốc Sở Mẫu", post_id=None, body_id="so-mau",
                    surfaces=(name,), places=(_place(found[0]),), sentence=f"Ông {name} nói.",
                )
                for name in self.unknowns
                if (found := mentions(content, name))
            ),
            changes=tuple(
                ProposedChange(
                    name=name, official_id=None, post="Giám đốc Sở Mẫu", post_id="giam-doc-so-mau",
                    body_id="so-mau", kind="appointed",
                    on=partial_date(on.isoformat()) if on else None, on_is_stated=False,
                    sentence=f"Ông {name} được bổ nhiệm.", place=_place(found[0]),
                )
                for name in self.changes
                if (found := mentions(content, name))
            ),
        )  # fmt: skip


def id_of(name: str) -> str:
    """The id under which `NameLinker` knows a name."""
    return "-".join(name.lower().split())


def mentions(content: Content, name: str) -> tuple[Mention, ...]:
    return tuple(
        Mention(
            field=field, item=item, start=found.start(), end=found.end(), text=found.group(),
            rule="name", confidence=0.9,
        )
        for field, item, text in _fields(content)
        for found in re.finditer(re.escape(name), text)
    )  # fmt: skip


def _fields(content: Content) -> Iterator[tuple[MentionField, int, str]]:
    yield from (("title", 0, content.title), ("lead", 0, content.lead), ("text", 0, content.text))
    for number, image in enumerate(content.images):
        yield "caption", number, image.caption


def _place(mention: Mention) -> Place:
    return Place(field=mention.field, item=mention.item, start=mention.start, end=mention.end)


def names_of(links: Iterable[OfficialLink | BodyLink | TopicLink]) -> list[str]:
    return [link.name for link in links]
