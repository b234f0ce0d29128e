"""Whatever is wrong with a file is found, and named."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hanoiwatch.archive import ArchiveWriter, Progress, verify
from hanoiwatch.archive.member import MAGIC, pack, unpack
from hanoiwatch.archive.record import digest, frame
from hanoiwatch.model import ExpectedRecord
from tests.unit.archive.made import NOON, Made, exchange, expected, make_archive, problems

RECORDS = 9


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make_archive(tmp_path)


def member_starts(path: Path) -> list[int]:
    data, starts, at = path.read_bytes(), [], 0
    while (at := data.find(MAGIC, at)) >= 0:
        starts.append(at)
        at += 1
    return starts


def test_a_whole_archive_has_no_problem(made: Made) -> None:
    assert problems(made.folder, made.expected) == []
    size = made.path.stat().st_size
    last = list(verify(made.folder))[-1]
    assert last == Progress(records=RECORDS, bytes=size, of_bytes=size)


def test_an_empty_folder_and_no_folder_are_whole(tmp_path: Path) -> None:
    assert list(verify(tmp_path)) == [Progress(records=0, bytes=0, of_bytes=0)]
    assert list(verify(tmp_path / "none", [])) == [Progress(records=0, bytes=0, of_bytes=0)]


def test_every_flipped_bit_of_a_record_is_found_and_its_record_named(made: Made) -> None:
    """Every bit of gzip's header and trailer, and a sample of the rest."""
    place = made.prepared[3].place
    whole = made.path.read_bytes()
    bits = range(place.offset * 8, (place.offset + place.length) * 8)
    edges = [*bits[: 28 * 8], *bits[-10 * 8 :]]
    for bit in [*edges, *random.Random(5).sample(bits, 150)]:
        _flip(made.path, whole, bit)
        found = problems(made.folder, made.expected)
        assert len(found) == 1, bit
        assert (found[0].offset, found[0].record_id) == (place.offset, place.record_id)


def test_a_flipped_bit_is_found_without_the_records_list_too(made: Made) -> None:
    whole = made.path.read_bytes()
    starts = member_starts(made.path)
    for bit in random.Random(6).sample(range(len(whole) * 8), 300):
        _flip(made.path, whole, bit)
        found = problems(made.folder)
        assert [one.offset for one in found] == [max(s for s in starts if s <= bit // 8)]


def test_the_record_is_named_from_its_own_head_where_no_list_is_at_hand(made: Made) -> None:
    place = made.prepared[0].place
    _flip(made.path, made.path.read_bytes(), (place.offset + place.length - 2) * 8)
    assert [one.record_id for one in problems(made.folder)] == [place.record_id]


def test_a_file_that_ends_early_is_found_at_every_length(made: Made) -> None:
    whole = made.path.read_bytes()
    last = made.prepared[3].place
    for length in (0, 1, 30, last.offset, last.offset + 20, last.offset + last.length - 1):
        made.path.write_bytes(whole[:length])
        found = problems(made.folder, made.expected)
        assert last.record_id in {one.record_id for one in found}, length


def test_bytes_after_the_last_record_are_found(made: Made) -> None:
    size = made.path.stat().st_size
    with made.path.open("ab") as file:
        file.write(b"\0")
    assert [one.offset for one in problems(made.folder)] == [size]


def test_the_check_goes_on_after_damage(made: Made) -> None:
    whole = bytearray(made.path.read_bytes())
    places = [one.place for one in made.prepared]
    for place in (places[0], places[2]):
        whole[place.offset : place.offset + 24] = bytes(24)  # no header to go by any more
    made.path.write_bytes(whole)
    found = problems(made.folder, made.expected)
    assert [one.record_id for one in found] == [places[0].record_id, places[2].record_id]


def test_a_record_whose_header_gives_a_wrong_length_costs_only_itself(made: Made) -> None:
    whole = bytearray(made.path.read_bytes())
    place = made.prepared[1].place
    whole[place.offset + 17] ^= 1
    made.path.write_bytes(whole)
    assert [one.record_id for one in problems(made.folder, made.expected)] == [place.record_id]


def _rewritten(made: Made, old: bytes, new: bytes, number: int = 0) -> None:
    """The archive with one response written otherwise; all its framing is in order."""
    place = made.prepared[number].place
    whole = made.path.read_bytes()
    record = unpack(whole[place.offset : place.offset + place.length])
    assert old in record
    member = pack(record.replace(old, new, 1))
    rest = whole[place.offset + place.length :] if len(member) == place.length else b""
    made.path.write_bytes(whole[: place.offset] + member + rest)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"Mai Dong", b"Mai Dich", "digest is wrong"),
        (b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: sha256:0", "payload digest"),
        (b"WARC-Block-Digest: sha256:", b"WARC-Block-Digest: sha256:0", "block digest"),
        (b"WARC-Block-Digest: sha256:", b"WARC-Block-Digest: sha1:", "block digest"),
        (b"WARC/1.1", b"WARC/1.0", "instead of WARC/1.1"),
        (b"WARC-Type: ", b"WARC-Type  ", "no colon"),
        (b"WARC-Date: ", b"WARC-Dare: ", "no warc-date"),
        (b"Content-Length: 4", b"Content-Length: 3", "two empty lines"),
        (b"Content-Length: 4", b"Content-Length: 9", "shorter than its Content-Length"),
        (b"Content-Length: 4", b"Content-Length: x", "two empty lines"),
        (b"\r\n\r\n", b"\r\n", "no colon"),
    ],
)
def test_a_record_that_is_framed_well_and_says_something_wrong_is_found(
    tmp_path: Path, old: bytes, new: bytes, said: str
) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        body = b"<p>Mai Dong</p>" + b"." * 405
        prepared = writer.add(exchange(body=body, response_headers=(("Content-Length", "420"),)))
        writer.commit()
    _rewritten(Made(tmp_path, (prepared,), {}), old, new)
    found = problems(tmp_path)
    assert any(said in one.reason for one in found), found


def test_a_response_other_than_the_record_says_is_found(made: Made) -> None:
    listed = made.expected
    wrong = [replace(listed[0], sha256="0" * 64), *listed[1:]]
    assert "differs from the record's" in problems(made.folder, wrong)[0].reason
    wrong = [replace(listed[0], record_id="urn:uuid:other"), *listed[1:]]
    found = problems(made.folder, wrong)[0]
    assert found.record_id == "urn:uuid:other"
    assert listed[0].record_id in found.reason


def test_a_captured_record_that_is_not_there_is_found(made: Made) -> None:
    first = made.expected[0]
    for offset in (1, first.offset + 1, made.path.stat().st_size + 5):
        extra = replace(first, offset=offset, record_id="urn:uuid:lost")
        listed = sorted([*made.expected, extra], key=lambda record: record.offset)
        assert [one.record_id for one in problems(made.folder, listed)] == ["urn:uuid:lost"]


def test_a_missing_file_is_found_record_by_record(made: Made) -> None:
    for name in ("aaa.warc.gz", "zzz.warc.gz"):
        gone = replace(made.expected[0], file=name, record_id="urn:uuid:lost")
        listed = sorted([*made.expected, gone], key=lambda record: (record.file, record.offset))
        found = problems(made.folder, listed)
        assert [(one.file, one.reason) for one in found] == [(name, "the file is missing")]
        assert str(found[0]) == f"{name} at byte {gone.offset} (urn:uuid:lost): the file is missing"


def test_a_response_that_the_record_does_not_know_is_found(made: Made) -> None:
    listed = made.expected
    found = problems(made.folder, listed[:1] + listed[2:])
    assert [(one.record_id, one.reason) for one in found] == [
        (listed[1].record_id, "it is not in the record")
    ]


def test_a_copied_file_is_found(made: Made) -> None:
    copy = made.folder / "copy.warc.gz"
    copy.write_bytes(made.path.read_bytes())
    assert [(one.file, one.offset) for one in problems(made.folder)] == [("copy.warc.gz", 0)]


def test_a_record_that_is_there_twice_is_found(made: Made) -> None:
    place = made.prepared[0].place
    whole = made.path.read_bytes()
    made.path.write_bytes(whole + whole[place.offset : place.offset + place.length])
    found = problems(made.folder)
    assert [(one.offset, one.reason) for one in found] == [
        (len(whole), "its record id occurs twice in this file")
    ]


def test_a_file_that_does_not_begin_with_warcinfo_is_found(tmp_path: Path) -> None:
    record = frame(
        [
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", "<urn:uuid:1>"),
            ("WARC-Date", "2026-11-20T05:00:00Z"),
            ("WARC-Payload-Digest", digest("0")),
        ],
        b"",
    )
    (tmp_path / "a.warc.gz").write_bytes(pack(record))
    assert "warcinfo" in problems(tmp_path)[0].reason


def test_bytes_that_are_not_of_this_archive_are_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(random.Random(1).randbytes(700_000))
    (tmp_path / "b.warc.gz").write_bytes(b"")
    assert [one.file for one in problems(tmp_path)] == ["a.warc.gz", "b.warc.gz"]


def test_the_unfinished_end_of_a_file_that_is_being_written_is_no_problem(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        recorded = [writer.add(exchange(1))]
        writer.commit()
        unrecorded = writer.add(exchange(2))
        writer.commit()
        assert problems(tmp_path, expected(recorded)) == []
        path = tmp_path / unrecorded.place.file
        os.truncate(path, unrecorded.place.offset + 300)  # as if the write were under way
        assert problems(tmp_path, expected(recorded)) == []
        both = problems(tmp_path, expected([*recorded, unrecorded]))
        assert [one.record_id for one in both] == [unrecorded.place.record_id]
    assert [one.offset for one in problems(tmp_path, expected(recorded))] == [
        unrecorded.place.offset
    ]


def test_what_is_written_while_the_check_runs_is_no_problem(tmp_path: Path) -> None:
    """The record's list is read after the files were looked at, so it knows more than they."""
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        before = [writer.add(exchange(1))]
        writer.commit()

        def listed() -> Iterator[ExpectedRecord]:
            after = [writer.add(exchange(2))]
            writer.commit()
            with ArchiveWriter(tmp_path, clock=lambda: NOON + timedelta(hours=1)) as other:
                after.append(other.add(exchange(3)))
                other.commit()
            yield from expected([*before, *after])

        assert list(verify(tmp_path, listed()))[:-1] == []
    assert len(list(tmp_path.iterdir())) == 2


def test_large_records_are_checked_in_pieces(tmp_path: Path) -> None:
    body = random.Random(2).randbytes(3_000_000)
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        prepared = writer.add(exchange(1, body))
        writer.commit()
    assert problems(tmp_path, expected([prepared])) == []
    path = tmp_path / prepared.place.file
    _flip(path, path.read_bytes(), (prepared.place.offset + 2_500_000) * 8 + 3)
    assert [one.offset for one in problems(tmp_path)] == [prepared.place.offset]


def test_a_record_without_the_end_of_its_head_is_found(made: Made) -> None:
    made.path.write_bytes(made.path.read_bytes() + pack(b"WARC/1.1\r\nWARC-Type: metadata"))
    assert [one.reason for one in problems(made.folder)] == ["it ends within its head"]


def test_progress_is_told_on_the_way(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        prepared = [writer.add(exchange(number, b"")) for number in range(120)]
        writer.commit()
    told = list(verify(tmp_path, expected(prepared)))
    assert [one.records for one in told if isinstance(one, Progress)] == [200, 241]


def _flip(path: Path, whole: bytes, bit: int) -> None:
    data = bytearray(whole)
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
