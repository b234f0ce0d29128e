"""What arrived: read from the mails, posts and feed files themselves."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.alert_desk import Posts
from tests.alerted.oracle import Told

KINDS = {"Bài mới": "new", "Bài đã sửa": "edited", "Bài đã bị gỡ": "withdrawn"}
_HEAD = re.compile(
    rf"^({'|'.join(KINDS)})(?: \(bài cũ\))?(?:, bản thứ (\d+))?(?:: |\n)", re.MULTILINE
)
_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One message as a sink took it."""

    key: str
    """What a receiver can tell doubles by; the whole text where there is none."""
    rule: str
    subject: str
    told: tuple[Told, ...]


def mails(taken: Iterable[EmailMessage]) -> Iterator[Arrived]:
    for mail in taken:
        body = mail.get_body(("plain",))
        assert body is not None
        yield Arrived(
            key=str(mail["Message-ID"]),
            rule=str(mail["X-Hanoiwatch-Rule"]),
            subject=str(mail["Subject"]),
            told=tuple(_told(body.get_content())),
        )


def posts(sink: Posts) -> Iterator[Arrived]:
    for headers, body in sink.got:
        said = json.loads(body)
        yield Arrived(
            key=headers["Idempotency-Key"],
            rule=said["rule"]["id"],
            subject=said["subject"],
            told=tuple(
                Told(one["kind"], one["article"]["url"],
                     one["article"]["revision"] if one["kind"] == "edited" else None)
                for one in said["alerts"]
            ),
        )  # fmt: skip


def relayed(sink: Posts) -> Iterator[Arrived]:
    """By Apprise, as ntfy gets it: a title and a text, and nothing to tell doubles by."""
    for (_, body), status in zip(sink.got, sink.said, strict=True):
        if status >= 300:
            continue
        said = json.loads(body)
        text = said["message"]
        rule = text.rpartition("(")[2].partition(")")[0]
        yield Arrived(key=text, rule=rule, subject=said["title"], told=tuple(_told(text)))


def feeds(folder: Path) -> Iterator[Arrived]:
    for path in sorted(folder.glob("*.xml")):
        for entry in ET.parse(path).getroot().iter(f"{_ATOM}entry"):
            yield Arrived(
                key=entry.findtext(f"{_ATOM}id") or "",
                rule=path.stem,
                subject=entry.findtext(f"{_ATOM}title") or "",
                told=tuple(_told_in_html(entry.findtext(f"{_ATOM}content") or "")),
            )


def _told(text: str) -> Iterator[Told]:
    """Each article begins with what happened, and ends with its address."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        urls = re.findall(r"^https?://\S+$", text[head.start() : end], re.MULTILINE)
        assert urls, text
        yield Told(KINDS[head[1]], urls[-1], int(head[2]) if head[2] else None)


_ARTICLE = re.compile(r'<h3><a href="([^"]+)">.*?<p>([^·]+?)·', re.DOTALL)


def _told_in_html(text: str) -> Iterator[Told]:
    for url, said in _ARTICLE.findall(text):
        head = _HEAD.match(html.unescape(said).strip() + "\n")
        assert head, said
        yield Told(KINDS[head[1]], html.unescape(url), int(head[2]) if head[2] else None)
