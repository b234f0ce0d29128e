"""`hanoiwatch coverage`: the ledger, per source and day, and every loss by name."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import DateType, format_option, print_json
from hanoiwatch.clock import from_stored, hanoi_day, to_shown
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hanoiwatch.store import Record
    from hanoiwatch.store.ledger import Loss


@click.command()
@click.option("--source", help="Only this source.")
@click.option("--since", type=DateType(), help="First seen on or after this day.")
@click.option("--until", type=DateType(end=True), help="First seen up to and including this day.")
@click.option("--losses", is_flag=True, help="Every listed page that was not indexed, and why.")
@format_option(lists=True)
@click.pass_obj
def coverage(config: Config, /, form: str, losses: bool, **options: Any) -> None:  # noqa: FBT001 - click's flag
    """What became of every listed page: per source and day of first sight (Hanoi time)."""
    from hanoiwatch.app import open_existing

    chosen = {
        "source": options["source"],
        "since": _day(options["since"]),
        "until": _day(options["until"]),
    }
    with open_existing(config) as app:
        ledger = app.record.ledger
        if losses:
            _print_rows([_loss(loss) for loss in ledger.losses(**chosen)], form)
            return
        days = [asdict(day) for day in ledger.coverage(**chosen)]
        discrepancies = [asdict(found) for found in ledger.discrepancies()]
        alarms = {alarm.source: alarm.sentence for alarm in app.record.vanished.alarms()}
        drift = drift_of(app.record, chosen["source"])
        not_linked = [asdict(one) for one in app.record.linkings.not_linked()]
    if form == "json":
        print_json({"days": days, "discrepancies": discrepancies, "alarms": alarms,
                    "drift": drift, "not_linked": not_linked})  # fmt: skip
        return
    _print_rows([_flat(day) for day in days], form)
    for source, sentence in alarms.items():
        click.echo(f"{source}: {sentence}", err=True)
    for source, found in drift.items():
        for line in drift_lines(found):
            click.echo(f"{source}: {line}", err=True)
    for one in not_linked:
        click.echo(
            f"{one['source']}: {one['articles']} article{'s' * (one['articles'] != 1)} recorded "
            f"without links ({one['reason']})", err=True,
        )  # fmt: skip
    for found in discrepancies:
        click.echo(
            f"does not add up: {found['source']} {found['day']}: {found['what']} "
            f"({found['count']})", err=True,
        )  # fmt: skip


def drift_of(record: Record, source: str | None) -> dict[str, dict[str, Any]]:
    """By source, what its last run found that its pages changed; only where there is anything."""
    names = [source] if source else record.drifts.sources()
    found = {name: record.drifts.of_run(name) for name in names}
    return {
        name: asdict(one) for name, one in found.items() if one and (one.suspects or one.collapses)
    }


def drift_lines(found: dict[str, Any]) -> Iterator[str]:
    """A sentence for each collapsed field, and one for the suspect pages."""
    from hanoiwatch.store.drift import Collapse

    for one in found["collapses"]:
        yield f"its pages have changed: {Collapse(**one).sentence}"
    if suspects := found["suspects"]:
        first = suspects[0]
        yield f"suspect pages in its last run: {len(suspects)}; {first['url']}: {first['reason']}"


def _day(moment: datetime | None) -> str | None:
    return hanoi_day(moment).isoformat() if moment else None


def _loss(loss: Loss) -> dict[str, Any]:
    return asdict(loss) | {"at": to_shown(from_stored(loss.at))}


def _flat(day: dict[str, Any]) -> dict[str, Any]:
    """One line of the table: the numbers that matter, stage by stage."""
    fetch, extract, record, index = (stage["outcomes"] for stage in day["stages"])
    return {
        "source": day["source"],
        "day": day["day"],
        "listed": day["listed"],
        "fetched": fetch.get("fetched", 0),
        "not due": fetch.get("not-due", 0),
        "refused": fetch.get("refused", 0),
        "failed": fetch.get("failed", 0),
        "not article": extract.get("not-article", 0),
        "quarantined": sum(stage["outcomes"].get("quarantined", 0) for stage in day["stages"]),
        "duplicate": record.get("duplicate", 0),
        "out of scope": record.get("out-of-scope", 0),
        "recorded": record.get("recorded", 0),
        "indexed": index.get("indexed", 0),
        "waiting": sum(stage["waiting"] for stage in day["stages"]),
    }


def _print_rows(rows: list[dict[str, Any]], form: str) -> None:
    import sys

    from hanoiwatch.cli.output import write_rows

    columns = tuple(rows[0]) if rows else ()
    if not rows and form == "table":
        click.echo("nothing to show")
        return
    write_rows(rows, columns, form, sys.stdout)
