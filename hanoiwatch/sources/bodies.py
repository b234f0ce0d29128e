"""The bodies that `@bodies` in a scope stands for: a plain list of names."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from hanoiwatch.text import nfc

BODIES_FILE = Path(__file__).with_name("bodies.txt")
_CITY = "{tp} "
_CITY_FORMS = ("thành phố ", "TP ", "")


@cache
def body_names() -> tuple[str, ...]:
    """Every name that by itself means a body of Hanoi, as it may be written."""
    return tuple(
        line.replace(_CITY, form)
        for line in _lines()
        for form in (_CITY_FORMS if _CITY in line else ("",))
    )


@cache
def bodies_version() -> str:
    """Changes with the list: articles decided by another list are decided anew."""
    return hashlib.sha256("\n".join(body_names()).encode()).hexdigest()[:12]


def _lines() -> list[str]:
    lines = (line.strip() for line in nfc(BODIES_FILE.read_text("utf-8")).splitlines())
    return [line for line in lines if line and not line.startswith("#")]
