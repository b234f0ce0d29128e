"""The one tree of errors.

    HanoiwatchError                 anything this program explains in one sentence
    ├── ConfigError                 a setting is wrong: names file, key and what would be right
    ├── SourceFileError             a source, family or alert rule file is wrong: file, line, reason
    ├── UnknownSourceError          a source name that no file defines
    ├── RegistryError               a registry file is wrong: file, line, reason
    ├── StoreError                  the record cannot be read or written
    │   ├── StoreBusyError          another process holds the database longer than we wait
    │   ├── DiskFullError           no room: nothing of this batch was kept, all before it was
    │   ├── ReadOnlyError           the data folder or a file in it cannot be written
    │   └── IndexUnavailableError   Elasticsearch cannot be reached, or does not let us in
    ├── ArchiveError                a WARC file cannot be read or written
    ├── QueryError                  a query that cannot be read: points at the place
    ├── PageError                   a page cannot be turned into text (bomb, broken encoding)
    ├── NotFoundError               an article, page or capture that the record does not have
    ├── NotAddedError               a page that was named cannot become an article, and why
    ├── UnknownLinkError            an official, post, body or topic that the registry does not have
    ├── UnknownRevisionError        a revision number that an article does not have
    ├── BusyError                   another process of ours already does this
    ├── EndedError                  a run was told to end, and ended, before this could be done
    ├── KibanaError                 Kibana cannot be reached, or did not take what it was sent
    └── DeliveryError               a channel did not take a message; it is tried again

Expected outcomes (not modified, refused by robots.txt, duplicate) are return values, not errors.
"""

from __future__ import annotations

from pathlib import Path


class HanoiwatchError(Exception):
    """Root: its text is one sentence that says what, where and what to do."""


class ConfigError(HanoiwatchError):
    """You meet it at start: a setting is unknown or has a value that cannot be used."""


class SourceFileError(HanoiwatchError):
    """You meet it before any crawl: a source file is wrong."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {reason}")


class UnknownSourceError(HanoiwatchError):
    """You meet it when a command names a source that no file defines."""


class RegistryError(HanoiwatchError):
    """You meet it when a registry file is wrong: before anything is linked or listed."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {reason}")


class StoreError(HanoiwatchError):
    """You meet it when the record cannot be read or written."""


class StoreBusyError(StoreError):
    """You meet it when another process keeps the database locked past the busy timeout."""


class DiskFullError(StoreError):
    """You meet it when the disk is full; everything committed before stays."""


class ReadOnlyError(StoreError):
    """You meet it when the data folder cannot be written."""


class IndexUnavailableError(StoreError):
    """You meet it when Elasticsearch cannot be reached, has no room, or does not let us in.

    A crawl goes on without it: what it brings waits in the record for the next time.
    """


class ArchiveError(HanoiwatchError):
    """You meet it when a WARC file or record cannot be read or written."""


class QueryError(HanoiwatchError):
    """You meet it when a search query cannot be read.

    ``position`` is the 0-based code point in ``query`` where reading stopped.
    """

    def __init__(self, query: str, position: int, reason: str) -> None:
        self.query, self.position, self.reason = query, position, reason
        super().__init__(f"cannot read the query at character {position + 1}: {reason}")


class PageError(HanoiwatchError):
    """You meet it when a response body cannot be decoded: a bomb, or a broken coding."""


class NotFoundError(HanoiwatchError):
    """You meet it when what you named is not in the record."""


class NotAddedError(HanoiwatchError):
    """You meet it when a page that you named is no article of a known source."""


class UnknownLinkError(HanoiwatchError):
    """You meet it when a command names an official, post, body or topic that nobody knows."""


class UnknownRevisionError(HanoiwatchError):
    """You meet it when a command names a revision that the article does not have."""


class BusyError(HanoiwatchError):
    """You meet it when another process of ours already does what you asked for."""


class EndedError(HanoiwatchError):
    """You meet it inside a crawl that was told to end before it had begun."""


class KibanaError(HanoiwatchError):
    """You meet it when Kibana cannot be asked, or its answer is no clear yes."""


class DeliveryError(HanoiwatchError):
    """You meet it in the delivery ledger: a channel did not take a message.

    ``down``: the channel itself cannot be used now, so others would fare no better.
    ``permanent``: it will never take this message. ``after_seconds``: when it asks to be tried
    again.
    """

    def __init__(
        self,
        reason: str,
        *,
        down: bool = False,
        permanent: bool = False,
        after_seconds: float | None = None,
    ) -> None:
        self.reason, self.down, self.permanent = reason, down, permanent
        self.after_seconds = after_seconds
        super().__init__(reason)
