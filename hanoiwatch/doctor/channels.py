"""The channels: whether each address can be used, and whether anybody is told of trouble.

Nothing is sent and no server is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

from hanoiwatch.alerts.channels import fill, kind_of, whole
from hanoiwatch.config import Config
from hanoiwatch.doctor.finding import Finding, Patient
from hanoiwatch.errors import ConfigError


def check_channels(patient: Patient) -> Iterator[Finding]:
    """One finding for each address that cannot be used."""
    channels = patient.config.channels
    faults = {name: fault for name in channels if (fault := _fault(patient.config, name))}
    for fault in faults.values():
        do = "correct it in [channels], or set the variable where hanoiwatch runs"
        yield Finding(check="channels", state="missing", said=fault, do=do)
    if channels and not faults:
        said = f"{len(channels)} addresses can be used: {', '.join(channels)}"
        yield Finding(check="channels", state="ok", said=said)


def check_operator(patient: Patient) -> Iterator[Finding]:
    channels = patient.config.operator.channels
    if channels:
        yield Finding(check="operator", state="ok", said=f"is told on {', '.join(channels)}")
        return
    do = "name some of [channels] in `[operator] channels`"
    yield Finding(check="operator", state="note", said="nobody is told of trouble", do=do)


def _fault(config: Config, name: str) -> str:
    """Why the address cannot be used; empty where it can. It names no secret."""
    environment = os.environ
    filled = partial(fill, name, environment=environment)
    try:
        address = whole(name, config.channels[name], environment)
        match kind_of(name, address, environment):
            case "email":
                from hanoiwatch.alerts.mail import mailbox

                mailbox(name, address, filled)
            case "webhook":
                from hanoiwatch.alerts.webhook import hook

                hook(name, address, filled)
            case "apprise":
                from hanoiwatch.alerts.relay import RelaySender

                RelaySender(name, filled(address))
            case "feed":
                filled(address)
    except ConfigError as error:
        return str(error)
    return ""
