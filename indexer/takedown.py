"""The archive's side of a takedown: its records are overwritten, in any process, at any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hanoiwatch.archive import blank
from hanoiwatch.store import Record


def finish_takedowns(record: Record, archive_folder: Path, clock: Callable[[], datetime]) -> int:
    """Overwrites every record of the archive that holds what was taken down. Returns how many.

    Killed anywhere, the next call does it again. Raises ArchiveError or one of its kind.
    """
    done = 0
    for number, places in record.takedowns.unfinished().items():
        for place in places:
            blank(archive_folder, place, clock())
        record.takedowns.finish(number, len(places), clock())
        done += len(places)
    return done
