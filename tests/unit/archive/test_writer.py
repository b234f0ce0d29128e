"""What is written, where, and when it is durable."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hanoiwatch.archive import ArchiveWriter, read_exchange
from hanoiwatch.archive.files import is_being_written
from hanoiwatch.archive.record import parse_fields
from hanoiwatch.errors import ArchiveError
from hanoiwatch.model import Rendered
from tests.unit.archive.made import NOON, PAGE, exchange, expected, make_archive, problems, refers


def records(path: Path) -> list[bytes]:
    """Every record of a file, by zlib alone."""
    data, found = path.read_bytes(), []
    while data:
        stream = zlib.decompressobj(31)
        found.append(stream.decompress(data))
        data = stream.unused_data
    return found


def fields_of(record: bytes) -> dict[str, str]:
    return parse_fields(record.partition(b"\r\n\r\n")[0])


def test_a_response_comes_back_as_it_was(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        sent = exchange()
        prepared = writer.add(sent)
        writer.commit()
    stored = read_exchange(tmp_path, prepared.place)
    assert (stored.url, stored.fetched_at) == (sent.url, sent.fetched_at)
    assert (stored.status, stored.reason) == (200, "OK")
    assert stored.headers == sent.response_headers
    assert stored.body == sent.body
    assert prepared.sha256 == hashlib.sha256(PAGE).hexdigest()


def test_nothing_is_on_disk_before_the_commit(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        prepared = writer.add(exchange())
        assert list(tmp_path.iterdir()) == []
        assert writer.commit() == {
            prepared.place.file: (tmp_path / prepared.place.file).stat().st_size
        }
        assert writer.commit() == {}


def test_what_was_not_committed_is_dropped_on_close(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, clock=lambda: NOON)
    writer.add(exchange())
    writer.close()
    assert writer.commit() == {}
    assert list(tmp_path.iterdir()) == []


def test_the_file_begins_with_a_warcinfo_record_that_names_it(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    opening = fields_of(records(made.path)[0])
    assert opening["warc-type"] == "warcinfo"
    assert opening["warc-filename"] == made.path.name
    assert re.fullmatch(r"hanoiwatch-20261120050000250-00001-\w+\.warc\.gz", made.path.name)


def test_request_and_response_belong_together(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    opening, response, request = (fields_of(record) for record in records(made.path)[:3])
    assert [response["warc-type"], request["warc-type"]] == ["response", "request"]
    assert request["warc-concurrent-to"] == response["warc-record-id"]
    assert request["warc-date"] == response["warc-date"] == "2026-11-20T05:00:01.370000Z"
    assert request["warc-warcinfo-id"] == opening["warc-record-id"]
    assert response["warc-ip-address"] == "192.0.2.7"
    assert request["hanoiwatch-requested-at"] == "2026-11-20T05:00:01.250000Z"


def test_a_request_without_a_host_header_gets_the_one_that_was_sent(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    _, _, block = records(made.path)[2].partition(b"\r\n\r\n")
    assert block.startswith(b"GET /cau-vuot-000001.html?trang=1 HTTP/1.1\r\nHost: bao.example\r\n")


def test_a_host_header_of_its_own_is_kept(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        sent = exchange(url="https://bao.example", request_headers=(("host", "khac.example"),))
        prepared = writer.add(sent)
        writer.commit()
    _, _, block = records(tmp_path / prepared.place.file)[2].partition(b"\r\n\r\n")
    assert block == b"GET / HTTP/1.1\r\nhost: khac.example\r\n\r\n\r\n\r\n"


def test_an_unchanged_page_whose_digest_nobody_knows_has_none(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        first = exchange()
        known = refers(writer.add(first), first)
        sent = exchange(2, b"", status=304)
        prepared = writer.add(sent, revisit_of=replace(known, sha256=""), profile="not-modified")
        writer.commit()
    assert prepared.sha256 == ""
    assert "warc-payload-digest" not in fields_of(records(tmp_path / prepared.place.file)[3])


def test_revisits_say_what_they_refer_to(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    _, first, _, same, _, unchanged, *_ = (fields_of(record) for record in records(made.path))
    profiles = "http://netpreserve.org/warc/1.1/revisit/"
    assert same["warc-profile"] == profiles + "identical-payload-digest"
    assert unchanged["warc-profile"] == profiles + "server-not-modified"
    for revisit in (same, unchanged):
        assert revisit["warc-type"] == "revisit"
        assert revisit["warc-refers-to"] == first["warc-record-id"]
        assert revisit["warc-refers-to-target-uri"] == first["warc-target-uri"]
        assert revisit["warc-refers-to-date"] == first["warc-date"]
        assert revisit["warc-payload-digest"] == first["warc-payload-digest"]


def test_a_revisit_keeps_its_headers_and_no_body(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    stored = read_exchange(tmp_path, made.prepared[1].place)
    assert stored.body == b""
    assert ("Content-Length", str(len(PAGE))) in stored.headers
    assert read_exchange(tmp_path, made.prepared[2].place).status == 304


def test_a_revisit_needs_both_its_keywords(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        prepared = writer.add(exchange())
        with pytest.raises(ValueError, match="both"):
            writer.add(exchange(2), revisit_of=refers(prepared, exchange()))


def test_a_removed_transfer_coding_is_no_live_header(tmp_path: Path) -> None:
    headers = (("Transfer-Encoding", "chunked"), ("Content-Type", "text/html"))
    stored = _round_trip(tmp_path, response_headers=headers)
    assert stored.headers == (
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(PAGE))),
    )


def test_a_false_content_length_is_put_right_and_kept(tmp_path: Path) -> None:
    stored = _round_trip(tmp_path, response_headers=(("content-length", "7"),))
    assert stored.headers == (
        ("X-Archive-Orig-content-length", "7"),
        ("Content-Length", str(len(PAGE))),
    )


def test_header_bytes_come_back_as_latin_1(tmp_path: Path) -> None:
    headers = (
        ("Content-Length", str(len(PAGE))),
        ("X-Tieu-De", "Hà Nội".encode().decode("latin-1")),
    )
    assert _round_trip(tmp_path, response_headers=headers).headers == headers


def test_a_line_break_in_a_header_cannot_end_the_head(tmp_path: Path) -> None:
    headers = (("Content-Length", str(len(PAGE))), ("X-A", "b\r\n\r\n<p>not the body"))
    stored = _round_trip(tmp_path, response_headers=headers)
    assert stored.body == PAGE
    assert stored.headers[1] == ("X-A", "b <p>not the body")


def test_later_protocols_are_named_in_a_field_of_their_own(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        prepared = writer.add(exchange(protocol="h2", reason="Chưa rõ", ip=None))
        writer.commit()
    record = records(tmp_path / prepared.place.file)[1]
    assert fields_of(record)["warc-protocol"] == "h2"
    assert "warc-ip-address" not in fields_of(record)
    assert b"\r\n\r\nHTTP/1.1 200 Ch\xc6\xb0a r\xc3\xb5\r\n" in record


def test_a_new_file_begins_when_one_is_full_but_only_between_groups(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON, max_bytes=1500) as writer:
        first = [writer.add(exchange(number)) for number in range(3)]
        writer.commit()
        second = [writer.add(exchange(9))]
        writer.commit()
    assert len({one.place.file for one in first}) == 1
    assert {one.place.file for one in first}.isdisjoint({one.place.file for one in second})
    assert problems(tmp_path, expected(first + second)) == []


def test_a_new_file_begins_with_a_new_day_in_utc(tmp_path: Path) -> None:
    moments = iter([datetime(2026, 11, 20, 23, 59, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)])
    with ArchiveWriter(tmp_path, clock=lambda: next(moments)) as writer:
        prepared = []
        for number in range(2):
            prepared.append(writer.add(exchange(number)))
            writer.commit()
    days = [one.place.file.split("-")[1][:8] for one in prepared]
    assert days == ["20261120", "20261121"]
    assert problems(tmp_path, expected(prepared)) == []


def test_only_a_file_that_is_being_written_is_locked(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, clock=lambda: NOON)
    path = tmp_path / writer.add(exchange()).place.file
    writer.commit()
    assert is_being_written(path)
    writer.close()
    assert not is_being_written(path)


def test_two_writers_never_share_a_file(tmp_path: Path) -> None:
    clock = lambda: NOON + timedelta(0)  # noqa: E731 - one clock for both
    with ArchiveWriter(tmp_path, clock=clock) as one, ArchiveWriter(tmp_path, clock=clock) as other:
        prepared = [one.add(exchange(1)), other.add(exchange(2))]
        one.commit(), other.commit()
    assert prepared[0].place.file != prepared[1].place.file
    assert problems(tmp_path, expected(prepared)) == []


def test_reading_names_file_offset_and_record(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    place = made.prepared[3].place
    said = f"{re.escape(place.file)}.*{place.record_id}.*{place.offset}"
    for wrong in (
        replace(place, offset=place.offset - 1),
        replace(place, length=place.length - 1),
        replace(place, length=place.length + 10_000),
    ):
        with pytest.raises(ArchiveError, match=re.escape(place.record_id)):
            read_exchange(tmp_path, wrong)
    data = bytearray(made.path.read_bytes())
    data[place.offset + place.length - 3] ^= 4
    made.path.write_bytes(data)
    with pytest.raises(ArchiveError, match=said):
        read_exchange(tmp_path, place)


def test_reading_another_record_than_the_one_named_is_an_error(tmp_path: Path) -> None:
    made = make_archive(tmp_path)
    wrong = replace(made.prepared[3].place, record_id=made.prepared[0].place.record_id)
    with pytest.raises(ArchiveError, match="another record is there"):
        read_exchange(tmp_path, wrong)


def test_reading_from_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    place = make_archive(tmp_path).prepared[0].place
    with pytest.raises(ArchiveError, match=r"gone\.warc\.gz.*No such file"):
        read_exchange(tmp_path, replace(place, file="gone.warc.gz"))


def _round_trip(folder: Path, **changes: object):
    with ArchiveWriter(folder, clock=lambda: NOON) as writer:
        prepared = writer.add(exchange(**changes))
        writer.commit()
    assert problems(folder, expected([prepared])) == []
    return read_exchange(folder, prepared.place)


def test_a_rendered_page_lies_beside_its_response_and_refers_to_it(tmp_path: Path) -> None:
    body = "<html><body><p>Người dân góp sách.</p></body></html>".encode()
    rendered = Rendered(body=body, at=NOON, by="Chromium/156.0")
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        sent = exchange()
        response = writer.add(sent)
        beside = writer.add_rendered(rendered, refers(response, sent))
        writer.add(exchange(2))
        writer.commit()
    stored = read_exchange(tmp_path, beside.place)
    assert (stored.status, stored.url, stored.body) == (200, sent.url, body)
    assert stored.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert beside.sha256 == hashlib.sha256(body).hexdigest()
    (record,) = [
        fields
        for fields in map(fields_of, records(tmp_path / beside.place.file))
        if fields["warc-type"] == "conversion"
    ]
    assert record["warc-refers-to"] == f"<{response.place.record_id}>"
    assert record["warc-payload-digest"] == f"sha256:{beside.sha256}"


def test_a_rendered_page_that_is_not_in_the_record_is_found(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        sent = exchange()
        response = writer.add(sent)
        beside = writer.add_rendered(
            Rendered(body=b"<p>a</p>", at=NOON, by="x"), refers(response, sent)
        )
        writer.commit()
    found = problems(tmp_path, expected([response]))
    assert [(one.record_id, one.reason) for one in found] == [
        (beside.place.record_id, "it is not in the record")
    ]
    assert problems(tmp_path, expected([response, beside])) == []
    wrong = replace(beside, sha256="0" * 64)
    assert "its payload digest differs" in problems(tmp_path, expected([response, wrong]))[0].reason
