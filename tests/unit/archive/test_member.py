"""Members that are framed well and hold something wrong: each check has its own."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from hanoiwatch.archive.member import MAGIC, MemberError, pack, read_head, unpack
from tests.unit.archive.made import make_archive, problems

RECORD = b"WARC/1.1\r\n\r\n"


def framed(deflated: bytes, crc: int, size: int) -> bytes:
    rest = deflated + struct.pack("<II", crc, size)
    return MAGIC + struct.pack("<II", 24 + len(rest), zlib.crc32(rest)) + rest


def deflated(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


WRONG = [
    (framed(b"\xff\xff\xff", 0, 0), "cannot be read"),
    (framed(deflated(RECORD)[:-2], zlib.crc32(RECORD), len(RECORD)), "cannot be read"),
    (framed(deflated(RECORD), zlib.crc32(RECORD) ^ 1, len(RECORD)), "gzip's checksum is wrong"),
    (framed(deflated(RECORD), zlib.crc32(RECORD), len(RECORD) + 1), "gzip's checksum is wrong"),
]


@pytest.mark.parametrize(("member", "said"), WRONG)
def test_a_wrong_member_cannot_be_unpacked(member: bytes, said: str) -> None:
    with pytest.raises(MemberError, match=said):
        unpack(member)


@pytest.mark.parametrize(("member", "said"), WRONG)
def test_a_wrong_member_is_found_by_verify(member: bytes, said: str, tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    made.path.write_bytes(made.path.read_bytes() + member)
    assert said in " ".join(problem.reason for problem in problems(tmp_path))


def test_compressed_bytes_that_go_on_after_their_end_are_found(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    member = framed(deflated(RECORD) + b"more", zlib.crc32(RECORD), len(RECORD))
    made.path.write_bytes(made.path.read_bytes() + member)
    assert "go on after their end" in " ".join(one.reason for one in problems(tmp_path))


def test_a_length_shorter_than_any_member_is_impossible() -> None:
    with pytest.raises(MemberError, match="impossible length"):
        read_head(MAGIC + struct.pack("<II", 25, 0))


def test_a_head_without_end_is_found_and_not_kept_in_memory(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    endless = b"WARC/1.1\r\n" + b"X-Field: y\r\n" * 300_000
    made.path.write_bytes(made.path.read_bytes() + pack(endless))
    assert [one.reason for one in problems(tmp_path)] == ["it has no end of its head"]
