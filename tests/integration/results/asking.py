"""The questions, what brute force finds, and how the commands are given."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Article, Filters
from hanoiwatch.query import matches, parse
from tests.chain import ROOT

OUTLETS = {"bao-thu-do-mau": "Báo Thủ đô Mẫu", "bao-phuong": "Báo Phường", "dai-pho": "Đài Phố"}
QUERIES = ("", "sap xep", "phường -cầu", "title:cầu OR caption:cầu", '"bộ máy"', "khongcotunao")
NARROWED = (
    Filters(),
    Filters(sources=("bao-phuong",)),
    Filters(sources=("bao-phuong", "dai-pho"), sections=("Chính trị",)),
    Filters(sections=("Xã hội", "Đô thị")),
    Filters(since=datetime(2026, 10, 10, tzinfo=HANOI)),
    Filters(
        sources=("dai-pho",),
        sections=("Chính trị", "Kinh tế"),
        since=datetime(2026, 9, 28, 12, tzinfo=HANOI),
        until=datetime(2026, 11, 10, tzinfo=HANOI),
    ),
)


@dataclass(frozen=True)
class Desk:
    """The demo's folder, and what is in its record."""

    settings: Path
    articles: tuple[Article, ...]


Give = Callable[..., str]


def found(desk: Desk, query: str, filters: Filters) -> list[Article]:
    """By brute force, newest first."""
    tree = parse(query) if query else None
    here = [
        article
        for article in desk.articles
        if passes(article, filters) and (tree is None or matches(tree, article.content))
    ]
    return sorted(here, key=lambda article: (-moment(article).timestamp(), article.id))


def moment(article: Article) -> datetime:
    assert article.content.published_at
    return article.content.published_at


def passes(article: Article, filters: Filters) -> bool:
    at = moment(article)
    return (
        (not filters.sources or article.source in filters.sources)
        and (not filters.sections or article.content.section in filters.sections)
        and (filters.since is None or at >= filters.since)
        and (filters.until is None or at < filters.until)
    )


def words_of(query: str, filters: Filters) -> list[str]:
    words = [query] if query else []
    words += [word for name in filters.sources for word in ("--source", name)]
    words += [word for name in filters.sections for word in ("--section", name)]
    for name in ("since", "until"):
        if bound := getattr(filters, name):
            words += [f"--{name}", bound.isoformat()]
    return words


def hanoiwatch(*words: str) -> list[str]:
    return [sys.executable, "-m", "hanoiwatch", *words]


def on_terminal(
    *words: str, settings: Path | None = None, data: Path | None = None, **more: str
) -> str:
    """What a command shows on a terminal of 60 columns."""
    ours, its = pty.openpty()
    where = ["--config", str(settings)] if settings else ["--data-dir", str(data)]
    environment = {**os.environ, "COLUMNS": "60", "TERM": "xterm", **more}
    running = subprocess.Popen(
        hanoiwatch(*where, *words), stdout=its, stderr=its, cwd=ROOT, env=environment
    )
    os.close(its)
    seen = b"".join(iter(lambda: read_some(ours), b""))
    os.close(ours)
    assert running.wait(240) == 0, seen
    return seen.decode().replace("\r\n", "\n")


def read_some(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # so a terminal says that nobody is at the other end
        return b""
