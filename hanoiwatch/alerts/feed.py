"""An Atom file for each rule: written anew from the ledger, in one piece or not at all.

Feed readers tell messages apart by their ids, so that writing one twice harms nobody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from hanoiwatch.alerts.rendering import Rendered
from hanoiwatch.clock import to_shown
from hanoiwatch.errors import DeliveryError

MOST_ENTRIES = 1_000
"""The newest; older ones were there for whoever looked."""

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NewestOf = Callable[[str], Sequence[Rendered]]
"""The messages of a rule on this channel, newest first."""


class FeedSender:
    """``newest``: what a rule's file is to hold."""

    keyed = True

    def __init__(self, folder: Path, newest: NewestOf) -> None:
        self._folder, self._newest = folder, newest
        self._written: set[str] = set()

    def send(self, message: Rendered, now: datetime) -> str:
        """One writing of the file serves every message of the pass."""
        path = self._folder / f"{message.rule}.xml"
        if message.key not in self._written:
            entries = self._newest(message.rule)
            if message.key not in {entry.key for entry in entries}:
                return f"older than the newest {MOST_ENTRIES} of {path.name}"
            try:
                write_whole(path, feed_of(message.rule, entries, now))
            except OSError as error:
                reason = f"{path} cannot be written: {error.strerror}"
                raise DeliveryError(reason, down=True) from error
            self._written |= {entry.key for entry in entries}
        return f"in {path.name}"

    def refresh(self, now: datetime) -> int:
        """Writes every file anew that is there, without what was removed since. Returns how many.

        Raises OSError.
        """
        files = sorted(self._folder.glob("*.xml"))
        for path in files:
            write_whole(path, feed_of(path.stem, self._newest(path.stem), now))
        return len(files)

    def close(self) -> None:
        """Nothing is open."""


def feed_of(rule: str, entries: Sequence[Rendered], now: datetime) -> bytes:
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    title = entries[0].json["rule"]["title"] if entries else rule
    _add(feed, "id", f"urn:hanoiwatch:rule:{rule}")
    _add(feed, "title", f"hanoiwatch: {title}")
    _add(feed, "updated", to_shown(entries[0].made_at if entries else now))
    _add(_add(feed, "author"), "name", "hanoiwatch")
    for entry in entries:
        _add_entry(feed, entry)
    whole: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _add_entry(feed: ET.Element, message: Rendered) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:hanoiwatch:message:{message.key}")
    _add(entry, "title", message.subject)
    _add(entry, "updated", to_shown(message.made_at))
    alerts = message.json["alerts"]
    if len(alerts) == 1:
        _add(entry, "link").set("href", _NO_XML.sub("", alerts[0]["article"]["url"]))
    _add(entry, "content", message.html).set("type", "html")


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = _NO_XML.sub("", text) if text is not None else None
    return child


def write_whole(path: Path, data: bytes) -> None:
    """A reader sees the file before or the file after, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
