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
    if form == "json":
        print_json({"days": days, "discrepancies": discrepancies, "alarms": alarms})
        return
    _print_rows([_flat(day) for day in days], form)
    for source, sentence in alarms.items():
        click.echo(f"{source}: {sentence}", err=True)
    for found in discrepancies:
        click.echo(
            f"does not add up: {found['source']} {found['day']}: {found['what']} "
            f"({found['count']})", err=True,
        )  # fmt: skip


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
