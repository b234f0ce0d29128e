"""`hanoiwatch registry`: officials, bodies and topics, and what people say about links to them."""

from __future__ import annotations

import click

from hanoiwatch.cli.registry_accept import accept
from hanoiwatch.cli.registry_apply import apply
from hanoiwatch.cli.registry_candidates import candidates
from hanoiwatch.cli.registry_correct import correct, corrections


@click.group()
def registry() -> None:
    """Officials, bodies and topics: who they are, what articles link to them, what is lacking."""


for _command in (candidates, accept, correct, corrections, apply):
    registry.add_command(_command)
