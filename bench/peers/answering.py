"""How a peer is asked to read pages: it runs in an environment of its own and uses nothing of ours.

Standard input has one page a line, as JSON: ``file`` (UTF-8) and ``url``. Standard output gets one
answer a line: ``title``, ``text``, ``authors``, ``published`` (ISO, or null) and ``seconds`` of
processor time. A page that breaks the peer is an empty answer.
"""

import json
import sys
import time
from pathlib import Path

NOTHING = {"title": None, "text": "", "authors": [], "published": None}


def answer_all(read):
    """Answers with what ``read(html, url)`` makes of each page; the first one is read twice, so
    that nothing is loaded on the clock."""
    pages = [json.loads(line) for line in sys.stdin]
    for at, page in enumerate([*pages[:1], *pages]):
        html = Path(page["file"]).read_text("utf-8")
        started = time.process_time()
        try:
            answer = read(html, page["url"])
        except Exception as error:  # noqa: BLE001 - the peer's own failure is its answer
            answer = {**NOTHING, "error": f"{type(error).__name__}: {error}"}
        if at > 0:
            seconds = time.process_time() - started
            print(json.dumps({**NOTHING, **answer, "seconds": seconds}), flush=True)


def stated(moment):
    """A date of a peer as ISO, or None."""
    return moment.isoformat() if moment is not None else None
