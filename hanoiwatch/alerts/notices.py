"""What the operator is told, as a message: when one is made, and what it says.

Delivered as every message is: by the same ledger, senders and retries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hanoiwatch.alerts.moments import last_digest
from hanoiwatch.alerts.rendering import MOST_SUBJECT, Language, Rendered, templates, words_of
from hanoiwatch.alerts.rule import IMMEDIATELY
from hanoiwatch.clock import HANOI, from_stored, to_shown
from hanoiwatch.store import Record
from hanoiwatch.store.engine import write
from hanoiwatch.store.messages import OPERATOR, DueDelivery
from hanoiwatch.store.notices import (
    Concern,
    Notice,
    fresh_notices,
    last_told,
    tell_notices,
)
from hanoiwatch.store.tellings import NewMessage, add_message

TITLE = "hanoiwatch"
APART = timedelta(hours=1)
"""Between two messages at the least: a bad night is a few of them, no flood."""
LONGEST_WAIT = timedelta(hours=1)
"""For the end of a round of crawls, of which one message is to tell."""
MOST_DETAILS = 8
"""Lines under one notice: the command that it names tells all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTerms:
    """Whom to tell on which channels. ``digest``: immediately, or cron moments."""

    channels: tuple[str, ...]
    digest: str = IMMEDIATELY


def make_message(record: Record, terms: OperatorTerms, now: datetime, *, busy: bool) -> bool:
    """Puts what is so and was not told into one message, where it is time for one.

    ``busy``: more may be found within minutes, as crawls go on.
    """
    with write(record.engine) as connection:
        fresh = fresh_notices(connection)
        if not fresh or not _is_time(fresh, terms, last_told(connection), now, busy=busy):
            return False
        message = NewMessage(
            key=_key(fresh),
            rule=OPERATOR,
            title=TITLE,
            kind="operator",
            alerts=(),
            channels=terms.channels,
            next_at=now,
        )
        tell_notices(connection, fresh, add_message(connection, message, now))
    return True


def _is_time(
    fresh: Sequence[Notice],
    terms: OperatorTerms,
    last: datetime | None,
    now: datetime,
    *,
    busy: bool,
) -> bool:
    oldest = min(notice.at for notice in fresh)
    if terms.digest != IMMEDIATELY:
        return oldest <= last_digest(terms.digest, now)
    if last is not None and abs(now - last) < APART:
        return False
    return not busy or abs(now - oldest) >= LONGEST_WAIT


def _key(notices: Sequence[Notice]) -> str:
    """The same for the same message for ever, and no other's."""
    said = [OPERATOR, *(f"{one.id} {one.at.isoformat()}" for one in notices)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


# --- what it says ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One concern in words."""

    said: str
    details: tuple[str, ...]
    more: int
    """Details that are left out."""
    do: str


def render_notices(
    delivery: DueDelivery, notices: Sequence[Notice], language: Language = "vi"
) -> Rendered:
    say = words_of(language)
    heading = _subject(notices, say)
    values = {
        "lines": [_line(one.concern, say) for one in notices],
        "heading": heading,
        "say": say,
        "language": language,
    }
    text, html = (template.render(values) for template in templates("operator"))
    return Rendered(
        key=delivery.key,
        rule=OPERATOR,
        subject=heading,
        text=text,
        html=html,
        json=_json(delivery, notices, heading, text, say),
        made_at=delivery.made_at,
    )


def in_words(concern: Concern, language: Language = "vi") -> Line:
    """What is so, noted or not, and what to do."""
    return _line(concern, words_of(language))


def _subject(notices: Sequence[Notice], say: Mapping[str, str]) -> str:
    if len(notices) == 1:
        said = _said(notices[0].concern, say)
    elif all(one.concern.kind == "tried" for one in notices):
        fine = sum(one.concern.facts["outcome"] == "ok" for one in notices)
        said = say["notices_tried"].format(count=len(notices), fine=fine)
    else:
        said = say["notices"].format(count=len(notices))
    line = " ".join(f"[{TITLE}] {said}".split())
    return line if len(line) <= MOST_SUBJECT else line[: MOST_SUBJECT - 1] + "…"


def _line(concern: Concern, say: Mapping[str, str]) -> Line:
    details = tuple(one for one in concern.details if one)
    return Line(
        said=_said(concern, say),
        details=details[:MOST_DETAILS],
        more=max(len(details) - MOST_DETAILS, 0),
        do=_do(concern, say),
    )


def _said(concern: Concern, say: Mapping[str, str]) -> str:
    facts = dict(concern.facts)
    if facts.get("since"):
        facts["since"] = from_stored(facts["since"]).astimezone(HANOI).strftime("%H:%M %d/%m/%Y")
    return say[_wording(concern)].format(subject=concern.subject, **facts)


def _wording(concern: Concern) -> str:
    """Which sentence of the language's file tells it."""
    facts = concern.facts
    match concern.kind:
        case "tried":
            return f"notice_tried_{facts['outcome']}"
        case "moved" if facts["found"]:
            return "notice_moved_found"
        case "failing" if facts["again"]:
            return "notice_failing_once"
        case "robots" if facts["status"] not in ("401", "403"):
            return "notice_robots_page"
        case kind:
            return f"notice_{kind}"


def _do(concern: Concern, say: Mapping[str, str]) -> str:
    if concern.kind == "tried" and concern.facts["outcome"] == "ok":
        return ""
    return say.get(f"do_{concern.kind}", "").format(subject=concern.subject)


def _json(
    delivery: DueDelivery,
    notices: Sequence[Notice],
    heading: str,
    text: str,
    say: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "key": delivery.key,
        "kind": delivery.kind,
        "rule": {"id": OPERATOR, "title": delivery.title},
        "made_at": to_shown(delivery.made_at),
        "subject": heading,
        "text": text,
        "alerts": [],
        "notices": [
            {
                "kind": one.concern.kind,
                "subject": one.concern.subject,
                "at": to_shown(one.at),
                "said": _said(one.concern, say),
                "details": list(one.concern.details),
                "do": _do(one.concern, say),
            }
            for one in notices
        ],
    }
