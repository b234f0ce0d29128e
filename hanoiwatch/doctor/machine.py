"""The machine: Python, SQLite, the data folder and its disk."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hanoiwatch.doctor.finding import Finding, Patient
from scheduler.concerns import ROOM_NEEDED

LEAST_PYTHON = (3, 11)
LEAST_SQLITE = (3, 35, 0)
"""The first with ``RETURNING``, which the record uses."""
ROOM_FOR_COMFORT = 10_000_000_000
"""Bytes: some months of a city's press."""


def check_python(_: Patient) -> Iterator[Finding]:
    said = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= LEAST_PYTHON:
        yield Finding(check="python", state="ok", said=said)
    else:
        do = "install Python 3.11 or newer and run `make setup` again"
        yield Finding(check="python", state="missing", said=said, do=do)


def check_sqlite(_: Patient) -> Iterator[Finding]:
    if sqlite3.sqlite_version_info >= LEAST_SQLITE:
        yield Finding(check="sqlite", state="ok", said=sqlite3.sqlite_version)
    else:
        least = ".".join(map(str, LEAST_SQLITE))
        do = f"use a Python that is built with SQLite {least} or newer"
        yield Finding(check="sqlite", state="missing", said=sqlite3.sqlite_version, do=do)


def check_data_folder(patient: Patient) -> Iterator[Finding]:
    """Whether it, or the nearest folder above it that is there, can be written."""
    folder = patient.config.data_path.absolute()
    try:
        with tempfile.TemporaryFile(dir=_nearest(folder)):
            pass
    except OSError as error:
        said = f"{folder} cannot be written: {error.strerror}"
        do = "correct its owner or its mount, or name another with `data_dir`"
        yield Finding(check="data folder", state="missing", said=said, do=do)
        return
    new = "" if folder.exists() else " (is made by the first crawl)"
    yield Finding(check="data folder", state="ok", said=f"{folder}{new}")


def check_disk(patient: Patient) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(_nearest(patient.config.data_path.absolute())).free
    except OSError as error:
        said = f"cannot be measured: {error.strerror}"
        yield Finding(check="disk", state="note", said=said)
        return
    said = f"{free / 1e9:.1f} GB free"
    do = "make room, or put `data_dir` on a larger disk"
    if free < ROOM_NEEDED:
        yield Finding(check="disk", state="missing", said=said, do=do)
    elif free < ROOM_FOR_COMFORT:
        yield Finding(check="disk", state="note", said=said, do=do)
    else:
        yield Finding(check="disk", state="ok", said=said)


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())
