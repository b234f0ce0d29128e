"""Who reads pages beside us in the report, each in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.environments import HERE, Missing, peer_python
from hanoiwatch.clock import HANOI
from hanoiwatch.page.charset import decode_html
from hanoiwatch.page.document import PageInput
from tests.eval.fields import Answer

TOLD = frozenset({"title", "byline", "published", "text", "clean"})
"""What all of them tell: none parts lead, captions or credits from the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    title: str
    script: str
    lock: str | None = None
    """Of its environment; without one it is in ours (trafilatura, which we are built on)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page as a peer read it."""

    answer: Answer
    seconds: float


PEERS = (
    Peer(title="trafilatura", script="read_trafilatura.py"),
    Peer(title="newspaper4k", script="read_newspaper4k.py", lock="newspaper4k"),
    Peer(title="news-please", script="read_news_please.py", lock="news-please"),
)

Reader = Callable[[Sequence[PageInput]], "list[Read] | Missing"]


def read_by(peer: Peer, pages: Sequence[PageInput], scratch: Path) -> list[Read] | Missing:
    """The pages as the peer reads them, or why it does not run here."""
    python = Path(sys.executable) if peer.lock is None else peer_python(peer.lock)
    if isinstance(python, Missing):
        return python
    done = subprocess.run(
        [str(python), "-W", "ignore", str(HERE / "peers" / peer.script)],
        input="\n".join(_asked(pages, scratch)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(pages):
        said = done.stderr.strip().splitlines()
        return Missing(reason=said[-1] if said else f"{len(lines)} of {len(pages)} answers")
    return [_read(json.loads(line)) for line in lines]


def _asked(pages: Sequence[PageInput], scratch: Path) -> Iterable[str]:
    for number, page in enumerate(pages):
        file = scratch / f"{number}.html"
        file.write_text(decode_html(page.body, page.content_type), "utf-8")
        yield json.dumps({"file": str(file), "url": page.url})


def _read(said: dict[str, Any]) -> Read:
    answer = Answer(
        title=said["title"],
        byline=tuple(said["authors"]),
        published=_shown(said["published"]),
        text=said["text"],
        knows=TOLD,
    )
    return Read(answer=answer, seconds=said["seconds"])


def _shown(published: str | None) -> str | None:
    """In Hanoi's zone, as we show it; a time without a zone is taken for Hanoi's."""
    try:
        moment = datetime.fromisoformat(published or "")
    except ValueError:
        return published
    moment = moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
    return moment.astimezone(HANOI).isoformat(timespec="seconds")
