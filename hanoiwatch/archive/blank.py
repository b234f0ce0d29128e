"""Overwriting a record in its place, where an article was taken down.

The one exception to files that only grow. The record's bytes are replaced by a ``metadata``
record of the same id and the very same length, so every other record stays where it is and the
file stays whole for every reader of WARC files. Overwriting again does no harm: a process that
was killed in the middle does it again.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from hanoiwatch.archive.files import explained
from hanoiwatch.archive.member import MemberError, pack_exactly
from hanoiwatch.archive.record import frame
from hanoiwatch.clock import to_stored
from hanoiwatch.errors import ArchiveError
from hanoiwatch.model import WarcPlace

SAYS = "What was here has been taken down."


def blank(folder: Path, place: WarcPlace, at: datetime) -> None:
    """Overwrites the record at ``place``, and syncs. Raises ArchiveError or one of its kind."""
    path = folder / place.file
    try:
        member = pack_exactly(lambda filling: _tombstone(place, at, filling), place.length)
        _overwrite(path, member, place.offset)
    except MemberError as error:
        raise ArchiveError(
            f"{path} at byte {place.offset} cannot be overwritten: {error}."
        ) from error
    except OSError as error:
        raise explained(error, path) from error


def _overwrite(path: Path, member: bytes, offset: int) -> None:
    """Its writer, if there is one, only ever writes behind the file's end."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_size < offset + len(member):
            raise MemberError("the file ends before it")
        os.pwrite(descriptor, member, offset)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tombstone(place: WarcPlace, at: datetime, filling: int) -> bytes:
    fields = (
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", f"<{place.record_id}>"),
        ("WARC-Date", to_stored(at)),
        ("Content-Type", "text/plain"),
    )
    # letters that do not shrink: each makes the member a little longer
    noise = hashlib.sha512(place.record_id.encode()).hexdigest() * 2
    return frame(fields, f"{SAYS} {noise[:filling]}".encode())
