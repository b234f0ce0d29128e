"""The raw truth: every response in gzipped WARC/1.1 files (decision 0002).

Written in groups by `ArchiveWriter`, trimmed after a crash by `trim_tails`, read one capture
at a time by `read_exchange`, checked by `verify`. The record (`hanoiwatch.store`) says where
each capture lies; nothing here knows it.
"""

from hanoiwatch.archive.blank import blank
from hanoiwatch.archive.coding import decode_body
from hanoiwatch.archive.exchange import Profile
from hanoiwatch.archive.reader import StoredResponse, read_exchange
from hanoiwatch.archive.tails import Trimmed, trim_tails
from hanoiwatch.archive.verify import Problem, Progress, verify
from hanoiwatch.archive.writer import ArchiveWriter, Prepared

__all__ = [
    "ArchiveWriter",
    "Prepared",
    "Problem",
    "Profile",
    "Progress",
    "StoredResponse",
    "Trimmed",
    "blank",
    "decode_body",
    "read_exchange",
    "trim_tails",
    "verify",
]
