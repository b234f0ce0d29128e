"""Why a page is no article: by its answer, by its bytes, by what it says, by its links."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from lxml.html import HtmlElement

from hanoiwatch.model import NotArticleReason
from hanoiwatch.page.document import Document, PageInput
from hanoiwatch.page.tree import SILENT, lines_after, lines_of, text_of, tidy
from hanoiwatch.text import fold

LITTLE_TO_READ = 1500
"""Characters. A gate, an error or an apology has fewer; a page with more is judged by its text."""
NEXT_TO_NOTHING = 300
"""Characters of a page that only runs a script and loads itself again."""
HEADING_LIMIT = 150
NOTICE_LIMIT = 220
"""Characters of a sentence that speaks to the reader: longer ones report."""
_MARKS_AROUND = 10
"""Quotation marks, brackets and blanks around such a sentence, at most."""
PROSE_LINE, MUCH_PROSE = 80, 900
"""Characters from which a line is prose, and from which a page tells something of its own: the
longest gates explain themselves in some 700."""
KNOWN_BY = 40
"""Characters at its end by which a text is found again on the page."""
END_LINES = 2
"""Of a teaser: its wall is the last that it says."""
WALL_LINES = 8
"""How far below the end of a text its wall stands."""
SHORTEST_WALL = 9
"""Characters: a shorter line below a text is a button, of which every page has some."""
MOST_OF_HEADING = 0.4
"""Share of a heading from which a phrase in it is the thing itself, not talk about it."""

_HTML_TYPES = ("html", "xml", "text/plain", "octet-stream")
_MAGIC = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS",
)  # fmt: skip
_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,300}?-->\s*)?<(?:rss|feed|urlset|sitemapindex|rdf:RDF|svg)\b",
    re.DOTALL,
)
_TAG = re.compile(
    rb"<(?:!doctype|html|head|body|title|div|p|article|meta|script|table|h1)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """Why a page is no article, and what showed it."""

    reason: NotArticleReason
    detail: str = ""


def refused_by_answer(page: PageInput) -> NoArticle | None:
    """What status, type and first bytes rule out. An error status is never an article."""
    if not 200 <= page.status < 300:
        return NoArticle(reason=_reason_of(page.status), detail=f"status {page.status}")
    if not page.body or page.body.isspace():
        return NoArticle(reason="empty", detail="no bytes")
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind and not any(name in kind for name in _HTML_TYPES):
        return NoArticle(reason="not-html", detail=kind)
    return _refused_by_bytes(page.body[:4096])


def _reason_of(status: int) -> NotArticleReason:
    if status in {404, 410}:
        return "not-found"
    if status in {401, 402, 407}:
        return "login"
    if status in {403, 429}:
        return "challenge"
    if status >= 500:
        return "maintenance"
    return "not-found" if status >= 400 else "empty"


def _refused_by_bytes(head: bytes) -> NoArticle | None:
    if head.startswith(_MAGIC):
        return NoArticle(reason="not-html", detail="binary")
    if found := _FEED.match(head):
        return NoArticle(reason="not-html", detail=found[0].split(b"<")[-1].decode("ascii"))
    if not _TAG.search(head) and head.lstrip()[:1] in {b"{", b"["}:
        return NoArticle(reason="not-html", detail="json")
    if head.count(b"\x00") * 20 > len(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        utf16 = b"\x00<" in head or b"<\x00" in head
        return None if utf16 else NoArticle(reason="not-html", detail="binary")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    challenge_code: tuple[str, ...]
    challenge_code_alone: tuple[str, ...]
    login_title: frozenset[str]
    said: dict[NotArticleReason, tuple[str, ...]]
    every: tuple[str, ...]
    """All that is said, whatever the reason."""


@cache
def _phrases() -> _Phrases:
    table = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
    reasons: tuple[NotArticleReason, ...] = (
        "challenge", "not-found", "maintenance", "login", "consent",
    )  # fmt: skip
    said = {
        reason: tuple(fold(phrase) for phrase in table[reason.replace("-", "_")])
        for reason in reasons
    }
    return _Phrases(
        challenge_code=tuple(table["challenge_code"]),
        challenge_code_alone=tuple(table["challenge_code_alone"]),
        login_title=frozenset(fold(title) for title in table["login_title"]),
        said=said,
        every=tuple(phrase for phrases in said.values() for phrase in phrases),
    )


def refused_by_words(document: Document) -> NoArticle | None:
    """Whether the page is a gate, an error or an apology by what it says.

    Only where it says little: an article *about* such pages is an article.
    """
    much = document.says_more_than(LITTLE_TO_READ)
    lines = () if much else document.visible_lines
    if not much and not lines and not document.title:
        return _code_of_gate(document, 0) or NoArticle(reason="empty", detail="nothing to read")
    headings = tuple(_headings(document))
    said = LITTLE_TO_READ if much else sum(map(len, lines))
    if gate := _code_of_gate(document, said):
        return gate
    little = said < LITTLE_TO_READ
    # the form that a menu opens has a heading too, but not the page's own title
    for heading in headings if little else (document.title,):
        if fold(heading) in _phrases().login_title:
            return NoArticle(reason="login", detail=heading)
    for heading in headings:
        if (found := _said((heading,))) and _is_about(heading, found.detail):
            return found
    if not little:
        return None
    prose = sum(len(line) for line in lines if len(line) >= PROSE_LINE)
    return _said(lines) if prose < MUCH_PROSE else _notice(lines)


def wall_in(title: str, lines: Iterable[str]) -> NoArticle | None:
    """Whether a short text is none: a teaser before a wall, or a notice in an article's place.

    By sentences that speak to the reader; one that only tells of such things reports.
    """
    found = _said((title,))
    if found and _is_about(title, found.detail):
        return found
    said = tuple(lines)
    return _notice(said) or _wall_at_end(said[-END_LINES:])


def wall_below(
    document: Document, text: str, container: HtmlElement | None = None
) -> NoArticle | None:
    """Whether a short text ends at a wall that stands outside of it.

    ``container``: what holds the text, where that is known; nothing above it is looked at then.
    """
    if b"isaccessibleforfree" in document.lowered and _LOCKED.search(document.html):
        return NoArticle(reason="login", detail="not accessible for free")
    if container is None:
        lines = document.visible_lines
    else:
        lines = (*_last_lines(container, text), *islice(lines_after(container), WALL_LINES))
    start = _end_of(text, lines) + 1
    said = tuple(
        line
        for line in map(fold, lines[start : start + WALL_LINES])  # once, not by each question
        if len(line) > SHORTEST_WALL and not _REMARKS.search(line)
    )
    found = _notice(said) or _wall_at_end(said)
    return found if found and found.reason == "login" else None


def _wall_at_end(lines: tuple[str, ...]) -> NoArticle | None:
    """Whether a text ends by saying both what is to be paid or opened, and what is behind it."""
    for line in lines:
        for sentence in _SENTENCE.split(line):
            if len(sentence) > NOTICE_LIMIT:
                continue
            folded = fold(sentence)
            if (key := _KEY.search(folded)) and _BEHIND.search(folded):
                return NoArticle(reason="login", detail=key[0])
    return None


def _end_of(text: str, lines: tuple[str, ...]) -> int:
    """The place of the line that ends the text; of the last line where none does."""
    end = _end(text)
    ends = (at for at, line in enumerate(lines) if _ends_with(line, end))
    return max(ends, default=len(lines))


def _end(text: str) -> str:
    return "".join(text[-KNOWN_BY * 2 :].split())[-KNOWN_BY:]


def _ends_with(line: str, end: str) -> bool:
    last = end[-1:]  # as a line ends too, or it need not be looked at
    return line.endswith(last) and "".join(line[-KNOWN_BY * 2 :].split()).endswith(end)


def _last_lines(container: HtmlElement, text: str) -> list[str]:
    """What a container says from the element on that ends the text; everything where none does."""
    end, said = _end(text), list[str]()
    for child in reversed(container):
        lines = [] if child.tag in SILENT else lines_of(child)
        said = [*lines, *filter(None, [tidy(child.tail or "")]), *said]
        if any(_ends_with(line, end) for line in lines):
            return said
    return lines_of(container)


_KEY = re.compile(
    r"\b(?:dang nhap|dang ky|tra phi|co phi|thue bao|hoi vien|thanh vien|goi doc|mua goi|dat mua|"
    r"tai khoan|log ?in|sign in|subscri\w+)\b"
)
_BEHIND = re.compile(
    r"\b(?:(?:doc|xem) (?:tiep|het|toan bo|day du|tron|bai nay|phan con lai)|"
    r"tiep tuc (?:doc|xem)|bai viet nay|noi dung nay|toan bo (?:bai|noi dung)|phan con lai|"
    r"(?:doc|noi dung) day du|continue reading|full (?:article|story)|keep reading)\b"
)
_LOCKED = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_REMARKS = re.compile(r"binh luan|y kien|danh gia|luu bai")
"""What readers are asked to log in for under every article."""
_SENTENCE = re.compile(r"(?<=[.!?…:])\s+")
_ADDRESS = re.compile(
    r"(?:(?:xin loi|rat tiec|thong bao|loi|kinh thua|chu y|luu y|quy doc gia|quy ban doc|ban doc|"
    r"quy khach|quy vi|ban|moi ban|hien tai|hien|\d{3})[,:!.]?\s+){0,3}"
)
"""How a notice begins before it says what it has to say."""


def _notice(lines: Iterable[str]) -> NoArticle | None:
    for line in lines:
        for sentence in _SENTENCE.split(line):
            if len(sentence) > NOTICE_LIMIT + _MARKS_AROUND:
                continue
            folded = fold(sentence).strip("\"'“”([ ")
            if not folded or len(folded) > NOTICE_LIMIT:
                continue
            begun = _ADDRESS.match(folded)
            start = begun.end() if begun else 0
            every = _phrases().every
            if not (folded.startswith(every) or folded.startswith(every, start)):
                continue  # as nearly all: asked in one go
            for reason, phrases in _phrases().said.items():
                for phrase in phrases:
                    if folded.startswith(phrase) or folded.startswith(phrase, start):
                        return NoArticle(reason=reason, detail=phrase)
    return None


def _headings(document: Document) -> Iterable[str]:
    texts = [document.title, *(text_of(one) for one in document.root.iter("h1"))]
    return (text for text in texts if text and len(text) <= HEADING_LIMIT)


def _code_of_gate(document: Document, said: int) -> NoArticle | None:
    codes: tuple[str, ...] = ()
    if said < LITTLE_TO_READ:
        codes += _phrases().challenge_code
    if said < NEXT_TO_NOTHING:
        codes += _phrases().challenge_code_alone
    found = next((code for code in codes if code in document.html), None)
    return NoArticle(reason="challenge", detail=found) if found else None


def _is_about(heading: str, phrase: str) -> bool:
    """Whether a heading is the phrase, and not a sentence in which it occurs."""
    return fold(heading).startswith(phrase) or len(phrase) >= MOST_OF_HEADING * len(heading)


def _said(lines: tuple[str, ...]) -> NoArticle | None:
    folded = fold("\n".join(lines))
    for reason, phrases in _phrases().said.items():
        for phrase in phrases:
            if phrase in folded:
                return NoArticle(reason=reason, detail=phrase)
    return None
