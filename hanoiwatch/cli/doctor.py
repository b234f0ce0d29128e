"""`hanoiwatch doctor`: whether all that is needed is there, and what to do where it is not."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from hanoiwatch.cli.options import format_option
from hanoiwatch.config import DEFAULT_FILE, Config


@click.command()
@format_option()
@click.pass_context
def doctor(ctx: click.Context, form: str) -> int:
    """Examine machine, settings, sources and browser.

    Exit code 1 when something that is needed is missing. A check says what to do about it.
    """
    from hanoiwatch.cli.output import write_rows
    from hanoiwatch.doctor import Patient, examine
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=ctx.meta.get("verbose", False))
    config: Config = ctx.obj
    patient = Patient(config=config, settings_file=_settings_file(ctx))
    findings = list(examine(patient))
    rows = [asdict(finding) for finding in findings]
    write_rows(rows, ("check", "state", "said", "do"), form, sys.stdout)
    return int(any(finding.state == "missing" for finding in findings))


def _settings_file(ctx: click.Context) -> Path | None:
    named = ctx.find_root().params.get("file")
    file = Path(named or DEFAULT_FILE)
    return file.absolute() if named or file.exists() else None
