"""Overwriting a record in its place: the file stays whole, whatever the record's length."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from hanoiwatch.archive import blank, read_exchange
from hanoiwatch.archive.blank import SAYS
from hanoiwatch.archive.member import MemberError, pack, pack_exactly, unpack
from hanoiwatch.errors import ArchiveError
from hanoiwatch.model import WarcPlace
from tests.unit.archive.made import make_archive, problems

NOISE = os.urandom(200)
AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def record(filling: int) -> bytes:
    return b"WARC/1.1\r\n\r\n" + NOISE[:filling]


@given(st.integers(min_value=120, max_value=70_000))
def test_a_member_of_any_length_can_be_made(length: int) -> None:
    member = pack_exactly(record, length)
    assert len(member) == length
    assert unpack(member).startswith(b"WARC/1.1")


def test_a_member_too_short_for_the_record_is_refused() -> None:
    with pytest.raises(MemberError, match="fits into"):
        pack_exactly(record, len(pack(record(0))) - 1)


def test_an_overwritten_record_is_gone_and_the_others_are_there(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    first, *others = (one.place for one in made.prepared)
    kept = [read_exchange(tmp_path, place).body for place in others]
    size = made.path.stat().st_size
    blank(tmp_path, first, AT)
    blank(tmp_path, first, AT)
    assert made.path.stat().st_size == size
    assert [read_exchange(tmp_path, place).body for place in others] == kept
    assert problems(tmp_path, made.expected) == []
    with made.path.open("rb") as stream:
        types = [
            (one.rec_type, SAYS.encode() in one.content_stream().read())
            for one in ArchiveIterator(stream)
        ]
    assert types.count(("metadata", True)) == 1
    with pytest.raises(ArchiveError):
        read_exchange(tmp_path, first)


def test_a_place_behind_the_end_is_one_sentence(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    size = made.path.stat().st_size
    place = WarcPlace(file=made.path.name, offset=size, length=900, record_id="urn:uuid:1")
    with pytest.raises(ArchiveError, match="cannot be overwritten: the file ends before it"):
        blank(tmp_path, place, AT)
