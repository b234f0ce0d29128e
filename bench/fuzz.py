"""``python -m bench.fuzz``: thousands of broken inputs to all that reads what others wrote."""

from __future__ import annotations

import faulthandler
import hashlib
import math
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click
from hypothesis import HealthCheck, given, seed, settings

from bench.mutations import spoilt
from bench.readers import READERS, Reader
from bench.spoilt_crawl import crawl_spoilt

CASES = 10_000
LONGEST_SECONDS = 10.0
"""Of processor time for one case: wall time would judge the machine's other users as well."""

HANGING_SECONDS = 120.0
"""Code in C sees no signal: where it hangs, the process ends with its stack on stderr."""

WRITTEN_SHARE = 0.3
"""Of the cases, made by hypothesis; the others are sound inputs spoilt."""

PAGES_WEIGHT = 3


class TooSlow(BaseException):
    """A case took longer than `LONGEST_SECONDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A case that ended otherwise than it may."""

    reader: str
    data: bytes
    how: str

    @property
    def name(self) -> str:
        """For a file of its own."""
        return f"{self.reader.replace(' ', '-')}-{hashlib.sha256(self.data).hexdigest()[:12]}"


@dataclass(slots=True)
class Tally:
    cases: int = 0
    refused: int = 0
    slowest: float = 0.0
    broken: list[Broken] = field(default_factory=list)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises TooSlow inside after so much processor time."""

    def stop(_: int, frame: FrameType | None) -> None:
        raise TooSlow(f"{seconds:g} s of processor time, last in {frame and frame.f_code}")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_case(reader: Reader, data: bytes, tally: Tally) -> None:
    """One case, counted; one that ends as it may not is kept in the tally."""
    started = time.process_time()
    faulthandler.dump_traceback_later(HANGING_SECONDS, exit=True)
    try:
        with limited(LONGEST_SECONDS):
            reader.read(data)
    except reader.refusals:
        tally.refused += 1
    except (Exception, TooSlow):  # noqa: BLE001 - this is what is looked for
        tally.broken.append(
            Broken(reader=reader.name, data=data, how=traceback.format_exc(limit=-5))
        )
    finally:
        faulthandler.cancel_dump_traceback_later()
    tally.cases += 1
    tally.slowest = max(tally.slowest, time.process_time() - started)


def try_spoilt(reader: Reader, cases: int, dealer: random.Random, tally: Tally) -> None:
    for _ in range(cases):
        try_case(reader, spoilt(dealer.choice(reader.samples), dealer, reader.samples), tally)


def try_written(reader: Reader, cases: int, number: int, tally: Tally) -> None:
    """Hypothesis makes them; what breaks is kept as it comes, not made smaller."""
    if not cases:
        return

    @seed(number)
    @settings(
        max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(reader.written)
    def each(data: bytes) -> None:
        try_case(reader, data, tally)

    each()


def fuzz(reader: Reader, cases: int, number: int) -> Tally:
    """So many cases of one reader. The same number makes the same cases."""
    tally = Tally()
    made = round(cases * WRITTEN_SHARE)
    try_spoilt(reader, cases - made, random.Random(f"{number} {reader.name}"), tally)
    try_written(reader, made, number, tally)
    return tally


@click.command()
@click.option("--cases", default=CASES, show_default=True, help="Over all readers.")
@click.option("--pages", default=300, show_default=True, help="Of the spoilt outlet; 0: no crawl.")
@click.option("--seed", "number", type=int, help="A new one each time without it.")
@click.option("--only", type=click.Choice(tuple(READERS)), multiple=True, help="Repeatable.")
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for the inputs that broke.")
def main(
    *, cases: int, pages: int, number: int | None, only: tuple[str, ...], keep: Path | None
) -> None:
    """Spoil inputs; exit code 1 where one of them broke its reader, or a crawl."""
    number = random.SystemRandom().randrange(1_000_000) if number is None else number
    click.echo(f"seed {number}")
    broken: list[Broken] = []
    for name, share in _shared(only or tuple(READERS), cases):
        reader = READERS[name]()
        tally = fuzz(reader, share, number)
        broken += tally.broken
        click.echo(
            f"{reader.name}: {tally.cases} cases, {tally.refused} refused, slowest "
            f"{tally.slowest:.2f} s, {len(tally.broken)} broken"
        )
    for one in broken:
        click.echo(f"\n{one.name}\n{one.how}")
        _keep(one, keep)
    faults = crawl_spoilt(pages, number) if pages else []
    click.echo(f"a crawl of {pages} spoilt pages: {len(faults)} faults")
    for fault in faults:
        click.echo(f"FAULT: {fault}")
    sys.exit(1 if broken or faults else 0)


def _shared(names: Sequence[str], cases: int) -> Iterator[tuple[str, int]]:
    """Pages get three shares: nothing else is so large and so free."""
    weights = [PAGES_WEIGHT if name == "page" else 1 for name in names]
    for name, weight in zip(names, weights, strict=True):
        yield name, math.ceil(cases * weight / sum(weights))


def _keep(one: Broken, folder: Path | None) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / one.name).write_bytes(one.data)


if __name__ == "__main__":
    main()
