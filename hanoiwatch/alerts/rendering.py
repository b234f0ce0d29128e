"""A message as text, as HTML and as JSON. What pages said is escaped in HTML.

Jinja2 is imported here only. docs/reference/alerts.md tells the JSON.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from hanoiwatch.alerts.composing import Item, Message
from hanoiwatch.clock import HANOI, to_shown
from hanoiwatch.diff.records import new_text, old_text

if TYPE_CHECKING:
    from jinja2 import Environment, Template

Language = Literal["vi", "en"]

MOST_ITEMS = 200
"""Articles shown in a text or in HTML; JSON has all."""
MOST_SUBJECT = 160
"""Characters: mail programs show about half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message ready for any channel."""

    key: str
    rule: str
    subject: str
    text: str
    html: str
    json: dict[str, Any]
    made_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to tell: its articles were removed."""
        return not self.json["alerts"] and not self.json.get("notices")


def render(message: Message, language: Language = "vi") -> Rendered:
    say = words_of(language)
    heading = subject(message, say)
    shown = message.items[:MOST_ITEMS]
    values = {
        "message": message,
        "items": shown,
        "more": len(message.items) - len(shown),
        "heading": heading,
        "say": say,
        "language": language,
    }
    text, html = templates("message")
    plain = text.render(values)
    return Rendered(
        key=message.key,
        rule=message.rule,
        subject=heading,
        text=plain,
        html=html.render(values),
        json=message_json(message, heading, plain),
        made_at=message.made_at,
    )


def subject(message: Message, say: Mapping[str, str]) -> str:
    """One line: the rule, and what happened."""
    if message.kind == "single" and message.items:
        (item,) = message.items
        said = f"{say[item.kind]}: {item.title} – {item.source_title}"
    else:
        name = "digest" if message.kind == "digest" else "summary"
        said = say[name].format(count=len(message.items))
    line = " ".join(f"[{message.title}] {said}".split())
    return line if len(line) <= MOST_SUBJECT else line[: MOST_SUBJECT - 1] + "…"


def message_json(message: Message, heading: str, text: str) -> dict[str, Any]:
    return {
        "key": message.key,
        "kind": message.kind,
        "rule": {"id": message.rule, "title": message.title},
        "made_at": to_shown(message.made_at),
        "subject": heading,
        "text": text,
        "alerts": [_item_json(item) for item in message.items],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "at": to_shown(item.at),
        "old": item.old,
        "article": {
            "id": item.article_id,
            "url": item.url,
            "source": item.source,
            "source_title": item.source_title,
            "section": item.section,
            "title": item.title,
            "lead": item.lead or None,
            "published_at": to_shown(item.published_at) if item.published_at else None,
            "withdrawn_at": to_shown(item.withdrawn_at) if item.withdrawn_at else None,
            "revision": item.revision,
            "rights": item.rights,
        },
        "words": list(item.words),
        "fields": list(item.fields),
        "excerpts": [
            {"field": one.field, "text": "".join(text for text, _ in one.parts),
             "words": [text for text, marked in one.parts if marked]}
            for one in item.cuttings
        ],
        "changed": item.changed,
        "changes": [
            {"field": one.field, "old": old_text(one.pieces).strip(),
             "new": new_text(one.pieces).strip()}
            for one in item.changes
        ],
        "officials": list(item.officials),
        "bodies": list(item.bodies),
        "topics": list(item.topics),
        "copies": list(item.copies),
    }  # fmt: skip


@cache
def words_of(language: Language) -> Mapping[str, str]:
    text = files("hanoiwatch.alerts").joinpath("templates", f"{language}.toml").read_text("utf-8")
    words: dict[str, str] = tomllib.loads(text)
    return words


def templates(name: str) -> tuple[Template, Template]:
    """As text and as HTML."""
    environment = _environment()
    return environment.get_template(f"{name}.txt.j2"), environment.get_template(f"{name}.html.j2")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("hanoiwatch.alerts"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
    )
    environment.filters["hanoi"] = _hanoi
    environment.filters["said"] = _said
    return environment


def _hanoi(moment: datetime) -> str:
    """``14:15 10/04/2024``, as the city's papers write it."""
    return moment.astimezone(HANOI).strftime("%H:%M %d/%m/%Y")


def _said(field: str, say: Mapping[str, str]) -> str:
    return say[field]
