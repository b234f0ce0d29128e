"""From messages to channels: one pass over what is due.

Each channel is served by a thread of its own, so that one that is down delays no other; within a
channel messages go out in order. A delivery is noted as leaving before it leaves, and what came of
it after. docs/explanation/alerts.md tells what that guarantees.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from queue import Queue
from threading import BoundedSemaphore, Thread

from hanoiwatch.alerts.channels import fill, kind_of, whole
from hanoiwatch.alerts.composing import compose
from hanoiwatch.alerts.feed import MOST_ENTRIES, FeedSender
from hanoiwatch.alerts.moments import BACK_OFF, after_quiet, next_attempt
from hanoiwatch.alerts.notices import render_notices
from hanoiwatch.alerts.rendering import Language, Rendered, render
from hanoiwatch.alerts.rule import QuietHours
from hanoiwatch.alerts.sending import Sender
from hanoiwatch.errors import ConfigError, DeliveryError, HanoiwatchError
from hanoiwatch.locks import FileLock
from hanoiwatch.log import logger
from hanoiwatch.store import Record
from hanoiwatch.store.messages import DueDelivery

MOST_CHANNELS_AT_ONCE = 16
BEGUN_TOGETHER = 16
"""Messages noted as leaving in one transaction, where a key keeps them from coming twice."""
MAY_HAVE_COME_TWICE = "cut off twice while it was sent: it may have arrived; not sent again"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierParts:
    """What deliveries work with, as the app builds it."""

    record: Record
    channels: Mapping[str, str]
    environment: Mapping[str, str]
    folder: Path
    """Where relative ``feed:`` folders start."""
    lock: Path
    clock: Callable[[], datetime]
    language: Language = "vi"
    quiet: Mapping[str, QuietHours] = field(default_factory=dict)
    """By rule: no attempt falls into them."""


@dataclass(slots=True)
class Delivered:
    """What a pass did. ``problems``: for each channel that failed, why."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    waiting: int = 0
    """Deliveries that are still to come, due or not."""
    busy: bool = False
    """Another process was delivering; it has what was due."""
    problems: dict[str, str] = field(default_factory=dict)


def deliver(parts: CourierParts, *, seconds: float) -> Delivered:
    """Sends what is due; begins nothing new after ``seconds``. One process at a time does."""
    lock = FileLock(parts.lock)
    done = Delivered()
    if not lock.acquire():
        return Delivered(busy=True, waiting=parts.record.messages.waiting())
    try:
        due = parts.record.messages.due(parts.clock())
        by_channel = groupby(sorted(due, key=_channel_then_order), key=lambda one: one.channel)
        rounds = [_Round(parts, name, list(those)) for name, those in by_channel]
        deadline = time.monotonic() + seconds
        for each in _serve_all(rounds, deadline):
            _add(done, each)
    finally:
        lock.release()
    done.waiting = parts.record.messages.waiting()
    return done


def _serve_all(rounds: Sequence[_Round], deadline: float) -> list[Delivered]:
    """Every round in a thread of its own, not too many at once. Raises what one of them raised.

    A process that is told to end waits for none of them, as it would for those of a pool: what a
    channel that hangs was being sent is found as after a crash.
    """
    ended: Queue[Delivered | BaseException] = Queue()
    places = BoundedSemaphore(MOST_CHANNELS_AT_ONCE)

    def serve(one: _Round) -> None:
        try:
            ended.put(one.serve(deadline))
        except BaseException as error:  # noqa: BLE001 - raised again below
            ended.put(error)
        finally:
            places.release()

    for one in rounds:
        places.acquire()
        Thread(target=serve, args=(one,), name="delivering", daemon=True).start()
    found = [ended.get() for _ in rounds]
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return [each for each in found if isinstance(each, Delivered)]


def _channel_then_order(delivery: DueDelivery) -> tuple[str, int]:
    return delivery.channel, delivery.message_id


def _add(done: Delivered, each: Delivered) -> None:
    done.sent += each.sent
    done.failed += each.failed
    done.dead += each.dead
    done.problems |= each.problems


def open_sender(parts: CourierParts, name: str) -> Sender:
    """The channel's sender. Raises ConfigError where its settings are wrong or a secret is
    missing; it never names a secret."""
    if name not in parts.channels:
        raise ConfigError(f"the settings have no channel `{name}` in [channels].")
    address = whole(name, parts.channels[name], parts.environment)
    filled = partial(fill, name, environment=parts.environment)
    match kind_of(name, address, parts.environment):
        case "email":
            from hanoiwatch.alerts.mail import MailSender, mailbox

            return MailSender(mailbox(name, address, filled))
        case "webhook":
            from hanoiwatch.alerts.webhook import WebhookSender, hook

            return WebhookSender(hook(name, address, filled))
        case "feed":
            folder = parts.folder / filled(address.partition(":")[2].removeprefix("//"))
            return FeedSender(folder, partial(_newest, parts, name))
        case "apprise":
            from hanoiwatch.alerts.relay import RelaySender

            return RelaySender(name, filled(address))


def _newest(parts: CourierParts, channel: str, rule: str) -> list[Rendered]:
    newest = parts.record.messages.newest_of(rule, channel, MOST_ENTRIES)
    rendered = (_rendered(parts, one) for one in newest)
    return [message for message in rendered if not message.is_empty]


def refresh_feeds(parts: CourierParts) -> None:
    """Writes every rule's feed anew, without articles that were taken down since.

    Raises ConfigError where a channel cannot be read, OSError where a file cannot be written.
    """
    for name, address in parts.channels.items():
        if kind_of(name, address, parts.environment) == "feed":
            sender = open_sender(parts, name)
            assert isinstance(sender, FeedSender)
            sender.refresh(parts.clock())


def _rendered(parts: CourierParts, delivery: DueDelivery) -> Rendered:
    if delivery.kind == "operator":
        notices = parts.record.notices.of_message(delivery.message_id)
        return render_notices(delivery, notices, parts.language)
    told = parts.record.messages.alerts_of(delivery.message_id)
    return render(compose(delivery, told), parts.language)


class _Round:
    """One channel's part of a pass."""

    def __init__(self, parts: CourierParts, channel: str, due: Sequence[DueDelivery]) -> None:
        self._parts, self._channel, self._due = parts, channel, due
        self._done = Delivered()
        self._messages = parts.record.messages
        self._begun: dict[int, DueDelivery] = {}
        """Noted as leaving, and not sent yet."""

    def serve(self, deadline: float) -> Delivered:
        """In order, until the channel is down or the time is over; what is left stays due."""
        sender: Sender | None = None
        try:
            for place, delivery in enumerate(self._due):
                if time.monotonic() > deadline:
                    break
                sender = sender or self._open(delivery)
                again = self._send(sender, delivery) if sender else self._parts.clock()
                if again is not None:
                    self._release()
                    self._wait(self._due[place + 1 :], again)
                    break
            self._release()
        finally:
            if sender is not None:
                sender.close()
        return self._done

    def _release(self) -> None:
        if self._begun:
            self._messages.release(list(self._begun.values()))
            self._begun = {}

    def _begin(self, delivery: DueDelivery, *, ahead: int) -> None:
        """Notes that it leaves. A receiver that knows messages by their keys is no worse off where
        several are noted together: one sync of the disk for all."""
        if delivery.message_id not in self._begun:
            place = self._due.index(delivery)
            some = self._due[place : place + ahead]
            self._messages.begin(some, self._parts.clock())
            self._begun |= {one.message_id: one for one in some}
        del self._begun[delivery.message_id]

    def _open(self, delivery: DueDelivery) -> Sender | None:
        try:
            return open_sender(self._parts, self._channel)
        except ConfigError as error:
            self._begin(delivery, ahead=1)
            self._fail(delivery, DeliveryError(str(error), down=True))
            return None

    def _send(self, sender: Sender, delivery: DueDelivery) -> datetime | None:
        """Sends one message. Returns when to come back if the channel is down."""
        if delivery.state == "sending" and delivery.unsure and not sender.keyed:
            self._end_dead(delivery, MAY_HAVE_COME_TWICE)
            return None
        message = self._made(delivery)
        if message is None:
            return None
        self._begin(delivery, ahead=BEGUN_TOGETHER if sender.keyed else 1)
        started = time.monotonic()
        try:
            answer = sender.send(message, self._parts.clock())
        except DeliveryError as error:
            return self._fail(delivery, error)
        self._messages.end(delivery, "sent", self._parts.clock(), reason=answer)
        self._done.sent += 1
        seconds = round(time.monotonic() - started, 3)
        self._log("sent", delivery, reason=answer, seconds=seconds)
        return None

    def _made(self, delivery: DueDelivery) -> Rendered | None:
        try:
            message = _rendered(self._parts, delivery)
        except HanoiwatchError:
            raise
        except Exception as error:  # noqa: BLE001 - the stage's border: the next message is sent
            self._end_dead(delivery, f"it could not be written: {type(error).__name__}: {error}")
            return None
        if message.is_empty:
            self._end_dead(delivery, "its articles were removed from the archive")
            return None
        return message

    def _fail(self, delivery: DueDelivery, error: DeliveryError) -> datetime | None:
        now = self._parts.clock()
        again = next_attempt(delivery.attempts + 1, now, delivery.made_at)
        if error.after_seconds is not None:
            asked = now + timedelta(seconds=error.after_seconds)
            again = max(again, asked) if again else None
        self._done.problems[self._channel] = error.reason
        if error.permanent or again is None:
            self._end_dead(delivery, error.reason)
            return again if error.down else None
        again = after_quiet(again, self._parts.quiet.get(delivery.rule))
        self._messages.end(delivery, "failed", now, reason=error.reason, next_at=again)
        self._done.failed += 1
        self._log("failed", delivery, reason=error.reason)
        return again if error.down else None

    def _end_dead(self, delivery: DueDelivery, reason: str) -> None:
        self._messages.end(delivery, "dead", self._parts.clock(), reason=reason)
        self._done.dead += 1
        self._log("dead", delivery, reason=reason)

    def _wait(self, rest: Sequence[DueDelivery], again: datetime) -> None:
        """The channel is down: the others wait as long as the one that met it, at the least."""
        at = max(again, self._parts.clock() + BACK_OFF[0])
        reason = self._done.problems.get(self._channel, "the channel was down")
        self._messages.postpone(self._channel, [one.message_id for one in rest], reason, at)
        self._done.failed += len(rest)

    def _log(self, event: str, delivery: DueDelivery, **more: object) -> None:
        log = logger(__name__)
        say = log.info if event == "sent" else log.warning
        say(f"alert {event}", rule=delivery.rule, channel=self._channel, key=delivery.key, **more)
