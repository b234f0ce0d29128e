"""Sends documents: as many at once as the cluster takes, each of them surely or not at all.

Every document carries a version, so what was sent twice is there once, and what is older than
what is there is left out. A cluster that has no room now (429) is given time; one that does not
find it within `busy_seconds` is left for the next time, with everything that waits in the record.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import msgspec

from indexer.search.elastic.connection import (
    BUSY,
    Connection,
    NoRoomError,
    TooLargeError,
    reason_of,
)
from indexer.search.elastic.documents import Document

AT_ONCE_BYTES = 8_000_000
"""Of one request: large enough that its own cost does not count, far below what nodes refuse."""
AT_ONCE = 500
SENDERS = 4
"""Requests under way at a time while an index is filled, as the client's own `parallel_bulk`."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_CONFLICT = 409
"""What is there is as new, or newer: nothing to do."""
_AWAY = {BUSY, 503}
"""Of a single document: no room, or its shard is just moving."""

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Action:
    """A document on its way, in the two lines of a bulk request."""

    index: str
    id: str
    version: int
    lines: bytes


class RefusedError(Exception):
    """The cluster cannot take a document, ever: which, and why."""

    def __init__(self, document_id: str, reason: str) -> None:
        self.document_id = document_id
        super().__init__(reason)


def action(
    index: str,
    document_id: str,
    version: int,
    document: Document,
    how: Literal["external", "external_gte"] = "external",
) -> Action:
    """Raises UnicodeEncodeError for text that is none."""
    about = {"_index": index, "_id": document_id, "version": version, "version_type": how}
    lines = b"%b\n%b\n" % (_encoder.encode({"index": about}), _encoder.encode(document))
    return Action(index, document_id, version, lines)


def send(connection: Connection, actions: Iterable[Action]) -> None:
    """One request after another. Raises RefusedError for the first document that is refused."""
    for batch in batches(actions):
        send_batch(connection, batch)


def send_all(connection: Connection, actions: Iterable[Action]) -> None:
    """Several requests at a time, for documents whose order does not matter."""
    with ThreadPoolExecutor(SENDERS) as pool:
        under_way: deque[Future[None]] = deque()
        for batch in batches(actions):
            while len(under_way) > SENDERS:
                under_way.popleft().result()
            under_way.append(pool.submit(send_batch, connection, batch))
        while under_way:
            under_way.popleft().result()


def batches(actions: Iterable[Action]) -> Iterator[list[Action]]:
    batch: list[Action] = []
    size = 0
    for one in actions:
        if batch and (size + len(one.lines) > AT_ONCE_BYTES or len(batch) == AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.lines)
    if batch:
        yield batch


def send_batch(connection: Connection, batch: list[Action], *, refresh: bool = False) -> None:
    """``refresh``: what its index was sent so far is found when this returns."""
    pause, ends = _FIRST_PAUSE, time.monotonic() + connection.settings.busy_seconds
    while batch := _left(connection, batch, refresh=refresh):
        if time.monotonic() + pause > ends:
            raise connection.unavailable("has no room for what we send (429)")
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _left(connection: Connection, batch: list[Action], *, refresh: bool) -> list[Action]:
    """Sends once; what there was no room for."""
    body = b"".join([one.lines for one in batch])
    aliases = connection.names.aliases
    # without its alias a name of ours would become an index that nobody made
    through_alias = all(one.index in aliases for one in batch)
    try:
        answer = connection.ask(
            partial(_bulk, body=body, refresh=refresh, require_alias=through_alias)
        )
    except NoRoomError:
        return batch
    except TooLargeError as error:
        _send_in_parts(connection, batch, error, refresh=refresh)
        return []
    if answer is None:
        raise connection.unavailable("lost an index that we write to")
    if not answer["errors"]:
        return []
    results = [item["index"] for item in answer["items"]]
    for sent, result in zip(batch, results, strict=True):
        if result["status"] >= 300 and result["status"] not in (_CONFLICT, *_AWAY):
            _refuse(connection, sent, result)
    return [sent for sent, result in zip(batch, results, strict=True) if result["status"] in _AWAY]


def _send_in_parts(
    connection: Connection, batch: list[Action], error: TooLargeError, *, refresh: bool
) -> None:
    """A proxy before the cluster may take far less than the cluster does."""
    if len(batch) == 1:
        raise RefusedError(batch[0].id, str(error)) from error
    half = len(batch) // 2
    for part in (batch[:half], batch[half:]):
        send_batch(connection, part, refresh=refresh)


def _refuse(connection: Connection, sent: Action, result: Any) -> None:
    if result["status"] == 404:
        raise connection.unavailable(f"has lost the index {sent.index}")
    raise RefusedError(sent.id, reason_of(result))


def _bulk(client: Any, body: bytes, *, refresh: bool, require_alias: bool) -> Any:
    return client.bulk(
        operations=body,
        filter_path="errors,items.*.status,items.*.error",
        refresh=refresh,
        require_alias=require_alias,
    )
