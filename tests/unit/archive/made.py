"""Exchanges and small archives for the tests of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hanoiwatch.archive import ArchiveWriter, Prepared, Problem, Progress, verify
from hanoiwatch.model import Exchange, ExpectedRecord, Refers

NOON = datetime(2026, 11, 20, 5, 0, 0, 250_000, tzinfo=UTC)

PAGE = (
    "<!doctype html><html lang='vi'><head><title>Cầu vượt ngã tư Mai Động thông xe</title></head>"
    "<body><p>Sáng 20-11, cầu vượt dài 312 m được đưa vào sử dụng.</p></body></html>"
).encode()


def exchange(number: int = 1, body: bytes = PAGE, **changes: object) -> Exchange:
    plain = Exchange(
        url=f"https://bao.example/cau-vuot-{number:06d}.html?trang=1",
        requested_at=NOON + timedelta(seconds=number),
        fetched_at=NOON + timedelta(seconds=number, milliseconds=120),
        status=200,
        reason="OK",
        request_headers=(("User-Agent", "hanoiwatch/0.1"), ("Accept", "text/html")),
        response_headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("ETag", f'"{number}"'),
        ),
        body=body,
        ip="192.0.2.7",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests change what they like


def refers(prepared: Prepared, earlier: Exchange) -> Refers:
    return Refers(
        record_id=prepared.place.record_id,
        url=earlier.url,
        fetched_at=earlier.fetched_at,
        sha256=prepared.sha256,
    )


def expected(prepared: Sequence[Prepared]) -> list[ExpectedRecord]:
    """What the record would list of these captures."""
    listed = [
        ExpectedRecord(
            file=one.place.file,
            offset=one.place.offset,
            record_id=one.place.record_id,
            sha256=one.sha256,
        )
        for one in prepared
    ]
    return sorted(listed, key=lambda record: (record.file, record.offset))


@dataclass(frozen=True, slots=True)
class Made:
    """An archive of one file with a response, a revisit of each profile, and a second response."""

    folder: Path
    prepared: tuple[Prepared, ...]
    lengths: dict[str, int]

    @property
    def path(self) -> Path:
        return self.folder / self.prepared[0].place.file

    @property
    def expected(self) -> list[ExpectedRecord]:
        return expected(self.prepared)


def make_archive(folder: Path) -> Made:
    with ArchiveWriter(folder, clock=lambda: NOON) as writer:
        first = exchange(1)
        whole = writer.add(first)
        lengths = writer.commit()
        same = writer.add(exchange(2), revisit_of=refers(whole, first), profile="identical-payload")
        unchanged = writer.add(
            exchange(3, b"", status=304, reason="Not Modified"),
            revisit_of=refers(whole, first),
            profile="not-modified",
        )
        gone = writer.add(exchange(4, b"<p>404</p>", status=404, reason="Not Found"))
        lengths |= writer.commit()
    return Made(folder, (whole, same, unchanged, gone), lengths)


def problems(folder: Path, listed: Sequence[ExpectedRecord] | None = None) -> list[Problem]:
    """What `verify` finds; its last word is always the sum."""
    said = list(verify(folder, listed))
    assert isinstance(said[-1], Progress)
    return [one for one in said if isinstance(one, Problem)]
