"""Whatever is put into the archive comes out again, and no change of a file goes unseen."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hanoiwatch.archive import ArchiveWriter, read_exchange, trim_tails
from hanoiwatch.archive.member import MemberError, pack, unpack
from hanoiwatch.archive.record import one_line
from tests.thorough import examples
from tests.unit.archive.made import NOON, exchange, expected, make_archive, problems

token = st.text("abcdefghijklmnopqrstuvwxyzABC-0123456789", min_size=1, max_size=20)
value = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60).map(
    str.strip
)
headers = st.lists(st.tuples(token.map(lambda name: f"X-{name}"), value), max_size=8).map(tuple)
bodies = st.binary(max_size=2000)
shares = st.floats(0, 1, exclude_max=True)
"""How far into a file: its exact length differs from run to run, as record ids do."""


@given(body=bodies, said=headers, status=st.integers(100, 599))
@settings(max_examples=examples(150))
def test_any_response_comes_back(
    body: bytes, said: tuple[tuple[str, str], ...], status: int
) -> None:
    said = (*said, ("Content-Length", str(len(body))))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ArchiveWriter(folder, clock=lambda: NOON) as writer:
            prepared = writer.add(exchange(1, body, response_headers=said, status=status))
            writer.commit()
        stored = read_exchange(folder, prepared.place)
        assert (stored.body, stored.headers, stored.status) == (body, said, status)
        assert problems(folder, expected([prepared])) == []


@given(
    groups=st.lists(st.lists(bodies, max_size=4), max_size=6),
    max_bytes=st.integers(1, 6000),
    recorded=st.integers(0, 6),
)
@settings(max_examples=examples(60))
def test_any_crash_between_file_and_record_is_cured_by_trimming(
    groups: list[list[bytes]], max_bytes: int, recorded: int
) -> None:
    """The record has the first ``recorded`` groups; the files may have one more."""
    with tempfile.TemporaryDirectory() as name:
        folder, lengths, kept = Path(name), {}, []
        with ArchiveWriter(folder, clock=lambda: NOON, max_bytes=max_bytes) as writer:
            for number, group in enumerate(groups[: recorded + 1]):
                prepared = [writer.add(exchange(i, body)) for i, body in enumerate(group)]
                committed = writer.commit()
                if number < recorded:
                    lengths |= committed
                    kept += prepared
        assert not any(one.is_loss for one in trim_tails(folder, lambda: lengths))
        assert problems(folder, expected(kept)) == []
        assert [read_exchange(folder, one.place).body for one in kept] == [
            body for group in groups[:recorded] for body in group
        ]


@given(share=shares, change=st.binary(min_size=1, max_size=4))
@settings(max_examples=examples(200))
def test_any_change_of_bytes_is_found(share: float, change: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = make_archive(Path(name))
        whole = made.path.read_bytes()
        at = min(int(share * len(whole)), len(whole) - len(change))
        changed = whole[:at] + change + whole[at + len(change) :]
        made.path.write_bytes(changed)
        assert bool(problems(made.folder)) == (changed != whole)


@given(share=shares)
@settings(max_examples=examples(100))
def test_any_cut_is_found(share: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = make_archive(Path(name))
        last = made.prepared[-1].place
        os.truncate(made.path, int(share * (last.offset + last.length)))
        found = {problem.record_id for problem in problems(made.folder, made.expected)}
        assert last.record_id in found


@given(record=st.binary(max_size=3000), bit=st.integers(0))
@settings(deadline=None)
def test_a_member_is_read_whole_or_not_at_all(record: bytes, bit: int) -> None:
    member = bytearray(pack(record))
    assert unpack(bytes(member)) == record
    bit %= len(member) * 8
    member[bit // 8] ^= 1 << bit % 8
    try:
        unpack(bytes(member))
    except MemberError:
        return
    raise AssertionError(f"bit {bit} was changed unseen")


@given(st.text())
def test_a_field_is_one_line(text: str) -> None:
    assert not {"\r", "\n"} & set(one_line(text))
