"""Whether all that the program needs is there: `hanoiwatch doctor`.

A check takes the `Patient` and returns findings; `CHECKS` lists them in the order in which they
are told. To add one, write a function in a module of its noun and put it into the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hanoiwatch.doctor.browser import check_browser
from hanoiwatch.doctor.channels import check_channels, check_operator
from hanoiwatch.doctor.elasticsearch import check_elasticsearch
from hanoiwatch.doctor.finding import Finding, Patient
from hanoiwatch.doctor.machine import check_data_folder, check_disk, check_python, check_sqlite
from hanoiwatch.doctor.settings import check_contact, check_settings, check_sources

__all__ = ["CHECKS", "Finding", "Patient", "examine"]

Check = Callable[[Patient], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    check_python,
    check_sqlite,
    check_data_folder,
    check_disk,
    check_settings,
    check_sources,
    check_contact,
    check_channels,
    check_operator,
    check_browser,
    check_elasticsearch,
)


def examine(patient: Patient) -> Iterator[Finding]:
    """What each check found, as it finds it."""
    for check in CHECKS:
        yield from check(patient)
