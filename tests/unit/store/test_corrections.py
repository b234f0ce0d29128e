"""Corrections laid over links, and links read for what facets count."""

from __future__ import annotations

import random

import msgspec
import pytest

from hanoiwatch.model import (
    BodyLink,
    Content,
    Image,
    LinkKind,
    Links,
    Mention,
    OfficialLink,
    TopicLink,
)
from hanoiwatch.store.corrections import Link, Overlay, Says, corrected, mention_of
from hanoiwatch.store.countedlinks import decode_counted
from tests.contract.test_linked_facets import body, official, topic

CONTENT = Content(
    url="https://bao.example/1",
    title="Sở họp về ngập",
    lead="Ban cán sự, rồi ông An, nói về hồ.",
    images=(Image(url="1.jpg", caption="Một ngày mưa"), Image(url="2.jpg", caption="Bà Chi")),
)


def said(kind: LinkKind, target: str, says: Says, words: str = "", link: Link | None = None):
    return Overlay(kind=kind, target=target, says=says, link=link, words=words)


def missing(link: Link, kind: LinkKind, words: str = "") -> Overlay:
    return said(kind, link.id, "missing", words, link)


LINKS = Links(
    officials=(official("an", "bi-thu"), official("binh", sure=0.3)),
    bodies=(body("so"),),
    topics=(topic("ngap"),),
)


def test_without_a_correction_nothing_changes() -> None:
    assert corrected(LINKS, CONTENT, ()) == LINKS


def test_a_wrong_link_goes_and_others_stay_as_they_are() -> None:
    left = corrected(LINKS, CONTENT, [said("official", "an", "wrong")])
    assert left == Links(officials=LINKS.officials[1:], bodies=LINKS.bodies, topics=LINKS.topics)
    assert corrected(LINKS, CONTENT, [said("body", "an", "wrong")]) == LINKS


def test_a_missing_link_comes_last_with_the_words_that_name_it() -> None:
    chi = OfficialLink(id="chi", name="Chi", post="Giám đốc", posts=("Giám đốc",), post_ids=("gd",))
    links = corrected(LINKS, CONTENT, [missing(chi, "official", "bà chi")])
    assert links.officials[:2] == LINKS.officials
    added = links.officials[2]
    assert (added.post, added.post_ids) == ("Giám đốc", ("gd",))
    assert added.mentions == (
        Mention(
            field="caption", item=1, start=0, end=6, text="Bà Chi", rule="correction",
            confidence=1.0,
        ),
    )  # fmt: skip
    assert added in links.counted().officials


def test_a_link_that_only_unsure_words_made_counts_once_it_is_said_to_be_missing() -> None:
    binh = OfficialLink(id="binh", name="Bình")
    links = corrected(LINKS, CONTENT, [missing(binh, "official")])
    assert [len(one.mentions) for one in links.officials] == [2, 3]
    assert {one.id for one in links.counted().officials} == {"an", "binh"}


def test_the_later_word_counts() -> None:
    so, mua = BodyLink(id="so", name="Sở"), TopicLink(id="mua", name="Mưa")
    words = [said("body", "so", "wrong"), missing(so, "body"), missing(mua, "topic", "mưa")]
    links = corrected(LINKS, CONTENT, words)
    assert [one.id for one in links.bodies] == ["so"]
    assert [one.id for one in links.topics] == ["ngap", "mua"]
    assert corrected(links, CONTENT, words[:1]).bodies == ()


@pytest.mark.parametrize(
    ("words", "field", "item", "start", "text"),
    [
        ("ông an", "lead", 0, 16, "ông An"),
        ("An", "lead", 0, 20, "An"),  # not in "Ban"
        ("SỞ", "title", 0, 0, "Sở"),
        ("mưa", "caption", 0, 9, "mưa"),
        ("không có", "title", 0, 0, ""),
        ("", "title", 0, 0, ""),
        ("(hồ", "title", 0, 0, ""),
    ],
)
def test_words_are_found_whole_whatever_their_case(
    words: str, field: str, item: int, start: int, text: str
) -> None:
    found = mention_of(CONTENT, words)
    assert (found.field, found.item, found.start, found.text) == (field, item, start, text)
    assert found.end == start + len(text)


def test_reading_what_counts_gives_the_ids_of_what_counts() -> None:
    chance = random.Random(3)
    for _ in range(200):
        links = Links(
            officials=tuple(official(name, "p", "q", sure=chance.choice((0.59, 0.6)))
                            for name in "abc"[: chance.randrange(4)]),
            bodies=tuple(body(name, chance.random()) for name in "kl"[: chance.randrange(3)]),
            topics=tuple(topic(name, chance.random()) for name in "xy"[: chance.randrange(3)]),
        )  # fmt: skip
        read, counted = decode_counted(msgspec.json.encode(links).decode()), links.counted()
        for kind in ("officials", "bodies", "topics"):
            wanted = [one.id for one in getattr(counted, kind)]
            assert [one.id for one in getattr(read, kind)] == wanted
        assert [one.post_ids for one in read.officials] == [
            one.post_ids for one in counted.officials
        ]
        assert read.counted() == read
