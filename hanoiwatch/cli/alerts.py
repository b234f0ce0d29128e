"""`hanoiwatch alerts`: rules, what they found, and what became of it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import DateType, format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hanoiwatch.alerts.files import RuleTable
    from hanoiwatch.alerts.rule import Rule
    from hanoiwatch.alerts.trial import Trial
    from hanoiwatch.app import App

RULE_COLUMNS = (
    "id", "title", "state", "query", "facets", "on", "channels", "digest", "quiet_hours",
    "began_at", "alerts", "last_at", "problem",
)  # fmt: skip
LOG_COLUMNS = (
    "at", "rule", "kind", "source", "article", "title", "channel", "state", "attempts", "next_at",
    "reason", "message",
)  # fmt: skip
TRIAL_COLUMNS = ("at", "kind", "sent", "source", "article", "title", "words")


@click.group()
def alerts() -> None:
    """Rules that tell you of articles, one TOML file each; and every message's fate.

    docs/howto/write-an-alert.md tells how to write one.
    """


# --- rules -----------------------------------------------------------------------------------


@alerts.command("list")
@format_option(lists=True)
@click.pass_obj
def list_command(config: Config, form: str) -> None:
    """List the rules, since when each is in force, and what it has found.

    Channels are named; their addresses and secrets are never shown. A file that is wrong is
    listed with what is wrong; exit code 1 then.
    """
    from hanoiwatch.cli.output import write_rows

    rows = list_rules(config)
    write_rows(rows, RULE_COLUMNS, form, sys.stdout)
    if any(row.get("problem") for row in rows):
        raise click.exceptions.Exit(1)


def list_rules(config: Config) -> list[dict[str, Any]]:
    """Rows with the keys of `RULE_COLUMNS`."""
    with _open(config) as app:
        book = app.alerts.sync()
        known = app.record.alerts.rules()
        counts = app.record.messages.counts_by_rule()
    rows = [
        {**_rule_row(rule), "began_at": known[rule.id].began_at, **counts.get(rule.id, {})}
        for rule in book.rules
    ]
    rows += [
        {"id": name, "state": "wrong", "problem": str(fault), **counts.get(name, {})}
        for name, fault in book.faults.items()
    ]
    return sorted(rows, key=lambda row: str(row["id"]))


def _rule_row(rule: Rule) -> dict[str, Any]:
    from hanoiwatch.alerts.rule import FACETS

    return {
        "id": rule.id,
        "title": rule.title,
        "state": "paused" if rule.paused else "active",
        "query": rule.query,
        "facets": [f"{name}: {value}" for name in FACETS for value in rule.facet(name)],
        "on": list(rule.on),
        "channels": list(rule.channels),
        "digest": rule.digest,
        "quiet_hours": str(rule.quiet_hours) if rule.quiet_hours else None,
        "alerts": 0,
    }


def _rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a rule can ask for, alike for `add` and `test`."""
    for option in reversed((
        click.option("--query", default="", help="What to look for; docs/reference/query.md."),
        click.option("--official", "officials", multiple=True, help="Any of these; id or name."),
        click.option("--body", "bodies", multiple=True, help="Any of these; id or name."),
        click.option("--topic", "topics", multiple=True, help="Any of these; id or name."),
        click.option("--source", "sources", multiple=True, help="Any of these sources."),
        click.option("--section", "sections", multiple=True, help="Any of these sections."),
        click.option("--on", multiple=True, type=click.Choice(["new", "edited", "withdrawn"]),
                     help="What is told; default: all three."),
        click.option("--digest", default="immediately", help="Cron: one message at its moments."),
    )):  # fmt: skip
        command = option(command)
    return command


@alerts.command("add")
@click.argument("rule")
@click.option("--title", default="", help="As messages call it; default: RULE.")
@_rule_options
@click.option("--channel", "channels", multiple=True, help="Of [channels]; default: the only one.")
@click.option("--quiet-hours", default="", help="No message then, by Hanoi's clock: 22:00-06:00.")
@click.option("--yes", is_flag=True, help="Also a rule that would match very much.")
@click.pass_obj
def add_command(config: Config, /, rule: str, yes: bool, **options: Any) -> None:  # noqa: FBT001 - click's flag
    """Add the rule RULE, as a file of that name; it begins now.

    One that would have matched more than a fifth of the last 90 days' articles needs --yes.
    """
    path = add_rule(config, rule, options, yes=yes)
    click.echo(f"{path}: the rule {rule} is in force from now on.")


def add_rule(config: Config, name: str, options: dict[str, Any], *, yes: bool) -> str:
    """Returns the file's path. Raises QueryError, ConfigError or click's usage errors."""
    from hanoiwatch.alerts.feed import write_whole
    from hanoiwatch.alerts.files import rule_of, rule_toml, with_ids

    path = config.alerts_path / f"{name}.toml"
    if path.exists():
        raise ConfigError(f"{path}: there is such a rule already; edit it, or remove it first.")
    if not options["channels"] and len(config.channels) == 1:
        options["channels"] = tuple(config.channels)
    with _open(config) as app:
        table = checked(app, name, options)
        if not yes:
            _refuse_too_much(app, rule_of(with_ids(table, app.alerts.parts.known), name))
        write_whole(path, rule_toml(table).encode())
        app.alerts.sync()
    return str(path)


def checked(app: App, name: str, options: dict[str, Any]) -> RuleTable:
    """The rule that these options make. Raises QueryError, or a usage error for any other."""
    from hanoiwatch.alerts.files import RuleTable, rule_faults, tree_of
    from hanoiwatch.alerts.rule import KINDS
    from hanoiwatch.sources.shape import spelled
    from hanoiwatch.text import nfc

    tree_of(nfc(options["query"]))
    said = {**options, "query": nfc(options["query"]), "on": options["on"] or KINDS}
    table = RuleTable(**said)
    for place, reason in rule_faults(table, name, app.alerts.parts.known):
        if reason is not None:
            raise click.UsageError(f"`{spelled(place)}`: {reason}.")
    return table


def _refuse_too_much(app: App, rule: Rule) -> None:
    from hanoiwatch.alerts.trial import try_rule
    from hanoiwatch.cli.options import parse_date
    from hanoiwatch.clock import now

    since = parse_date("90d", now())
    assert since is not None
    trial = try_rule(app.alerts, rule, since)
    if trial.is_too_much:
        raise click.UsageError(
            f"this rule would have matched {trial.matched} of {trial.articles} articles of the "
            f"last 90 days ({trial.share:.0%}), about {trial.per_week:.0f} messages a week: make "
            "it narrower, or add it all the same with --yes."
        )


@alerts.command("pause")
@click.argument("rule")
@click.option("--resume", is_flag=True, help="End the pause: the rule begins again, from now on.")
@click.pass_obj
def pause_command(config: Config, rule: str, resume: bool) -> None:  # noqa: FBT001 - click's flag
    """Pause RULE: it stays where it is, and finds nothing more until it is resumed.

    What it has found already is still told.
    """
    from hanoiwatch.alerts.feed import write_whole
    from hanoiwatch.alerts.files import with_pause

    path = _path(config, rule)
    write_whole(path, with_pause(path.read_text("utf-8"), paused=not resume).encode())
    with _open(config) as app:
        app.alerts.sync()
    click.echo(f"{rule}: {'in force again from now on' if resume else 'paused'}.")


@alerts.command("remove")
@click.argument("rule")
@click.pass_obj
def remove_command(config: Config, rule: str) -> None:
    """Remove RULE with its file; what it found and nobody was told yet is dropped, and logged."""
    _path(config, rule).unlink()
    with _open(config) as app:
        app.alerts.sync()
    click.echo(f"{rule}: removed.")


def _path(config: Config, rule: str) -> Any:
    from hanoiwatch.alerts.files import rule_paths
    from hanoiwatch.sources.faults import did_you_mean

    paths = {path.stem: path for path in rule_paths(config.alerts_path)}
    if rule not in paths:
        raise NotFoundError(
            f"there is no rule `{rule}` in {config.alerts_path}.{did_you_mean(rule, paths)}"
        )
    return paths[rule]


# --- trying ----------------------------------------------------------------------------------


@alerts.command("test")
@click.argument("rule", required=False)
@_rule_options
@click.option("--since", type=DateType(), default="90d", show_default=True, help="From then on.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows shown.")
@format_option(lists=True)
@click.pass_obj
def test_command(
    config: Config, /, rule: str | None, since: datetime, limit: int, form: str, **options: Any
) -> None:
    """Show what RULE, or one of these options, would have sent; nothing is sent or kept."""
    trial = try_out(config, rule, since, options)
    rows = [_trial_row(one) for one in reversed(trial.alerts)]
    if form == "json":
        print_json(trial_json(trial, rows[:limit]))
        return
    from hanoiwatch.cli.output import write_rows

    write_rows(rows[:limit], TRIAL_COLUMNS, form, sys.stdout)
    if form == "table":
        click.echo(_trial_words(trial, min(limit, len(rows))))


def try_out(config: Config, name: str | None, since: datetime, options: dict[str, Any]) -> Trial:
    """Raises SourceFileError for a wrong file, QueryError for a wrong query."""
    from hanoiwatch.alerts.files import read_rule, rule_of, with_ids
    from hanoiwatch.alerts.trial import try_rule

    with _open(config) as app:
        if name is not None:
            rule = read_rule(_path(config, name), app.alerts.parts.known)
        else:
            channels = tuple(config.channels)[:1]
            table = checked(app, "test", {**options, "channels": channels})
            rule = rule_of(with_ids(table, app.alerts.parts.known), "test")
        return try_rule(app.alerts, rule, since)


def _trial_row(tried: Any) -> dict[str, Any]:
    row = asdict(tried)
    return {**row, "article": row.pop("article_id")}


def trial_json(trial: Trial, rows: list[dict[str, Any]]) -> dict[str, Any]:
    from hanoiwatch.clock import to_shown

    return {
        "since": to_shown(trial.since),
        "articles": trial.articles,
        "matched": trial.matched,
        "share": round(trial.share, 4),
        "alerts": len(trial.alerts),
        "copies": sum(one.sent == "copy" for one in trial.alerts),
        "messages": trial.messages,
        "messages_per_week": round(trial.per_week, 2),
        "would_have_sent": [{**row, "at": to_shown(row["at"])} for row in rows],
    }


def _trial_words(trial: Trial, shown: int) -> str:
    copies = sum(one.sent == "copy" for one in trial.alerts)
    words = (
        f"{_many(len(trial.alerts), 'alert')} ({shown} shown, the newest first), {copies} of them "
        f"copies that would not have been sent; {_many(trial.messages, 'message')}, "
        f"{trial.per_week:.1f} a week. "
        f"Matched {trial.matched} of {_many(trial.articles, 'article')} ({trial.share:.0%})."
    )
    return words + (" That is very much for an alert." if trial.is_too_much else "")


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


# --- delivering ------------------------------------------------------------------------------


@alerts.command("deliver")
@click.option("--dead", is_flag=True, help="Also what was given up, from a first attempt on.")
@click.option("--sweep", "sweeping", is_flag=True, help="First prove that nothing was missed.")
@click.option("--seconds", type=click.FloatRange(1), help="Begin nothing new after so long.")
@format_option()
@click.pass_context
def deliver_command(
    ctx: click.Context, dead: bool, sweeping: bool, seconds: float | None, form: str  # noqa: FBT001 - click's flags
) -> int:  # fmt: skip
    """Send what is due: new alerts, digests, and what failed before.

    Meant for a crontab line every few minutes. Exit code 3 when a channel failed or a rule's file
    is wrong.
    """
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=ctx.meta.get("verbose", False))
    told = deliver_now(ctx.obj, dead=dead, sweeping=sweeping, seconds=seconds)
    if form == "json":
        print_json(told)
    else:
        _print_delivered(told)
    return 3 if told["failed"] or told["dead"] or told["faults"] else 0


def deliver_now(
    config: Config, *, dead: bool, sweeping: bool, seconds: float | None
) -> dict[str, Any]:
    """The counts of a pass; ``sweep``: those of the proof, where it was asked for."""
    from hanoiwatch.alerts.sweep import sweep
    from hanoiwatch.clock import now
    from scheduler.telling import tell

    with _open(config) as app:
        swept = asdict(sweep(app.alerts)) if sweeping else None
        revived = app.record.messages.revive(now()) if dead else 0
        told = tell(app, now(), seconds=seconds)
        faults = [str(fault) for fault in app.alerts.book().faults.values()]
    return {**asdict(told), "revived": revived, "sweep": swept, "faults": faults}


def _print_delivered(told: dict[str, Any]) -> None:
    if told["sweep"]:
        swept = told["sweep"]
        click.echo(
            f"sweep: {swept['changes']} changes proved for {swept['rules']} rules, "
            f"{swept['missed']} alerts had been missed"
        )
    if told["busy"]:
        click.echo("another process is delivering")
    names = ("sent", "failed", "dead", "waiting")
    click.echo(", ".join(f"{told[name]} {name}" for name in names))
    for channel, problem in told["problems"].items():
        click.echo(f"channel {channel}: {problem}", err=True)
    for fault in told["faults"]:
        click.echo(f"alert rule not in force: {fault}", err=True)


@alerts.command("log")
@click.argument("rule", required=False)
@click.option("--dead", is_flag=True, help="Only what was given up.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows shown.")
@format_option(lists=True)
@click.pass_obj
def log_command(config: Config, rule: str | None, dead: bool, limit: int, form: str) -> None:  # noqa: FBT001 - click's flag
    """Show every alert, newest first, and what became of it on each channel.

    What the operator was told stands among them; RULE `@operator` shows that alone.
    """
    from hanoiwatch.cli.output import write_rows

    with _open(config) as app:
        rows = app.record.messages.log(rule=rule, dead=dead, limit=limit)
    write_rows(rows, LOG_COLUMNS, form, sys.stdout)


def _open(config: Config) -> App:
    """Rules may be written before anything was crawled: the record is made where there is none."""
    from hanoiwatch.app import open_app

    return open_app(config)
