"""The rules of the month, each twice: as a desk writes it, and as a few plain lines of Python that
know nothing of the program's queries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hanoiwatch.model import Content
from tests.month.plan import SECOND

Words = tuple[str, ...]
Passage = tuple[str, Words]
"""A field's name and the words of one item of it; of the text, a paragraph."""


def fold(text: str) -> str:
    """Without marks, and đ as d."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def exact(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def words(text: str) -> Words:
    return tuple(re.findall(r"[^\W_]+", text))


def passages(content: Content, spell: Callable[[str], str]) -> Iterator[Passage]:
    yield "title", words(spell(content.title))
    yield "lead", words(spell(content.lead))
    for block in content.blocks:
        if block.kind != "image":
            yield "text", words(spell(block.text))
    for image in content.images:
        yield "caption", words(spell(image.caption))
    for name in content.byline:
        yield "byline", words(spell(name))
    for tag in content.tags:
        yield "tag", words(spell(tag))


def says(said: Words, phrase: Words) -> bool:
    return any(said[at : at + len(phrase)] == phrase for at in range(len(said)))


def says_near(said: Words, asked: Words, room: int) -> bool:
    """In this order, with at most ``room`` other words between the first and the last."""
    for start, word in enumerate(said):
        if word != asked[0]:
            continue
        at = start
        for other in asked[1:]:
            at = next((place for place in range(at + 1, len(said)) if said[place] == other), -1)
            if at < 0:
                return False
        if at - start + 1 - len(asked) <= room:
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRule:
    """``toml``: the rule as a file. ``wants``: whether one passage holds words that it asks for;
    ``forbids``: words of which no passage may hold any. Without ``wants``: everything."""

    name: str
    toml: str
    channels: tuple[str, ...]
    on: tuple[str, ...] = ("new", "edited", "withdrawn")
    sources: tuple[str, ...] = ()
    digest: bool = False
    spell: Callable[[str], str] = exact
    wants: Callable[[str, Words], bool] | None = None
    forbids: Words = ()
    all_of: tuple[Words, ...] = ()
    """Words that must all occur, in whatever passages; then ``wants`` is any of them."""

    def matches(self, content: Content) -> bool:
        if self.wants is None:
            return True
        said = list(passages(content, self.spell))
        if self.forbids and any(says(text, self.forbids) for _, text in said):
            return False
        if self.all_of:
            return all(any(says(text, one) for _, text in said) for one in self.all_of)
        return any(self.wants(field, text) for field, text in said)

    def file(self) -> str:
        names = ", ".join(f'"{one}"' for one in self.channels)
        return f"{self.toml}\nchannels = [{names}]\n"


def _phrase(text: str, *fields: str) -> Callable[[str, Words], bool]:
    asked = words(text)
    return lambda field, said: (not fields or field in fields) and says(said, asked)


def _apparatus(_field: str, said: Words) -> bool:
    """In one paragraph, one title …: a passage here is one item of a field."""
    return says_near(said, ("sap", "xep", "bo", "may"), 6) or says(said, ("bo", "may"))


RULES = (
    AskedRule(
        name="bo-may",
        toml='query = \'"sap xep bo may"~6 OR "bo may"\'',
        channels=("moc", "thu"),
        spell=fold,
        wants=_apparatus,
    ),
    AskedRule(
        name="ngan-sach",
        toml='query = \'"ngân sách" -"bệnh viện"\'',
        channels=("thu",),
        wants=_phrase("ngân sách"),
        forbids=("bệnh", "viện"),
    ),
    AskedRule(
        name="sua-nguoi",
        toml="query = 'người'\non = [\"edited\"]",
        channels=("moc",),
        on=("edited",),
        wants=_phrase("người"),
    ),
    AskedRule(
        name="go-bai",
        toml=f'sources = ["bao-mau", "{SECOND}"]\non = ["withdrawn"]',
        channels=("tin", "nguon"),
        on=("withdrawn",),
    ),
    AskedRule(
        name="tit-hoc",
        toml="query = 'title:học'",
        channels=("tin",),
        wants=_phrase("học", "title"),
    ),
    AskedRule(
        name="anh-phuong",
        toml='query = \'caption:phường\'\non = ["new", "withdrawn"]',
        channels=("nguon",),
        on=("new", "withdrawn"),
        wants=_phrase("phường", "caption"),
    ),
    AskedRule(
        name="diem-tin",
        toml=f'sources = ["{SECOND}"]\non = ["new", "withdrawn"]\ndigest = "30 6 * * *"',
        channels=("thu",),
        on=("new", "withdrawn"),
        sources=(SECOND,),
        digest=True,
    ),
    AskedRule(
        name="dem-yen",
        toml='query = \'"chủ tịch"\'\nquiet_hours = "22:00-06:00"',
        channels=("moc",),
        wants=_phrase("chủ tịch"),
    ),
    AskedRule(
        name="hoc-sinh-xe",
        toml="query = 'truong xe'",
        channels=("nguon", "moc"),
        spell=fold,
        wants=lambda _, said: says(said, ("truong",)) or says(said, ("xe",)),
        all_of=(("truong",), ("xe",)),
    ),
)
