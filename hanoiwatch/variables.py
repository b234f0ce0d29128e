"""Secrets stand in settings as ``${VARIABLE}``, and are put in only where they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hanoiwatch.errors import ConfigError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def is_variable(text: str) -> bool:
    """Whether ``text`` is one variable and nothing else."""
    return _VARIABLE.fullmatch(text) is not None


def filled(where: str, text: str, environment: Mapping[str, str]) -> str:
    """``text`` with its variables. Raises ConfigError that says ``where`` the text stands, and
    which variable is lacking."""

    def value(found: re.Match[str]) -> str:
        if not environment.get(found[1]):
            raise ConfigError(
                f"{where}: the environment has no variable {found[1]}: set it where "
                "hanoiwatch runs."
            )
        return environment[found[1]]

    return _VARIABLE.sub(value, text)
