"""``python -m bench.linking``: how well and how fast articles are linked, and beside whom.

Report only: the floors are held by tests/eval/test_linking.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from bench.environments import Missing, peer_python
from hanoiwatch.model import Block, Content
from hanoiwatch.registry import load_registry
from hanoiwatch.registry.linking import Linker
from hanoiwatch.sample.articles import load_articles
from hanoiwatch.sample.expected import piece_text
from tests.eval.passages import OTHERS, OWN, Passage, read_passages, score

PEER = Path(__file__).parent / "peers" / "underthesea_people.py"
ROUNDS = 5
DAY = date(2025, 11, 5)
"""On which the sample outlet's articles are."""


@click.command()
@click.option("--errors", is_flag=True, help="Also every passage that disagrees with its labels.")
@click.option("--peer/--no-peer", default=True, help="Whether to run underthesea beside it.")
def main(*, errors: bool, peer: bool) -> None:
    """Print the figures of linking on the labelled passages, its time, and a peer's people."""
    linker = Linker(load_registry())
    for path in (OWN, *OTHERS):
        if path.exists():
            _print_scores(path.stem, read_passages(path), linker, errors=errors)
    _print_time(linker)
    if peer:
        _print_peer(read_passages(OWN), linker)


def _print_scores(name: str, passages: list[Passage], linker: Linker, *, errors: bool) -> None:
    scores = score(passages, linker)
    click.echo(f"{name}: {len(passages)} passages")
    for figure, value in scores.figures().items():
        click.echo(f"  {figure:22} {value:.3f}")
    if errors:
        for error in scores.errors():
            click.echo(f"  {error}")


def _print_time(linker: Linker) -> None:
    contents = [
        Content(
            url=f"https://example.org/{one.slug}",
            title=one.title,
            lead=one.lead,
            blocks=tuple(Block(kind="paragraph", text=piece_text(each)) for each in one.pieces),
        )
        for one in load_articles()
    ]
    words = sum(len(f"{one.title} {one.lead} {one.text}".split()) for one in contents)
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for one in contents:
            linker.link(one, source_is_of_hanoi=True, on=DAY)
        times.append(time.process_time() - start)
    click.echo(f"time: {min(times) * 1e6 / words:.2f} ms for 1,000 words (CPU, {words} words)")


def _print_peer(passages: Sequence[Passage], linker: Linker) -> None:
    """The labelled names that it finds to the letter: one with a title glued on is missed."""
    python = peer_python("underthesea")
    if isinstance(python, Missing):
        click.echo(f"underthesea: not measured, {python.reason}")
        return
    texts = [_whole(one) for one in passages]
    lines = "\n".join(json.dumps(text, ensure_ascii=False) for text in texts)
    start = time.perf_counter()
    done = subprocess.run([python, PEER], input=lines, capture_output=True, text=True, check=True)
    took = time.perf_counter() - start
    theirs = [set(json.loads(line)) for line in done.stdout.splitlines()]
    named = {one.name for one in linker.registry.officials.values()}
    wanted = found = touched = exact = 0
    for passage, said in zip(passages, theirs, strict=True):
        names = {word for words in passage.officials.values() for word in words if word in named}
        wanted += len(names)
        found += len(names & said)
        near = {one for one in said if any(name in one or one in name for name in names)}
        touched += len(near)
        exact += len(near & names)
    click.echo(
        f"underthesea: finds {found} of {wanted} labelled names to the letter; of {touched} people "
        f"of its own that touch one, {exact} are it; {took:.1f} s for {len(texts)} passages"
    )


def _whole(passage: Passage) -> str:
    content = passage.content
    captions = (image.caption for image in content.images)
    return "\n".join(
        part for part in (content.title, content.lead, content.text, *captions) if part
    )


if __name__ == "__main__":
    sys.exit(main())
