"""A TOML file that can say on which line each of its keys stands."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hanoiwatch.errors import SourceFileError
from hanoiwatch.sources.lines import KeyPath, line_of_each_key

MAX_BYTES = 256 * 1024
"""A source file has about 2 KB; what is a hundred times that is something else."""

_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """The tree of one file, and its text, from which an error finds its line."""

    path: Path
    tree: dict[str, Any]
    text: str

    def error(self, key: KeyPath, reason: str) -> SourceFileError:
        """An error at ``key``, or at the nearest table around it that the file has."""
        lines = self._lines()
        while key and key not in lines:
            key = key[:-1]
        return SourceFileError(self.path, lines.get(key), reason)

    def _lines(self) -> Mapping[KeyPath, int]:
        try:
            return line_of_each_key(self.text)
        except RecursionError:  # nested just as deeply as `tomllib` could still bear
            return {}


def read_toml(path: Path) -> TomlFile:
    """Raises SourceFileError for anything that is not a readable, well-formed TOML file."""
    text = _decode(path, _read(path))
    try:
        return TomlFile(path=path, tree=tomllib.loads(text), text=text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from error
    except RecursionError as error:
        raise SourceFileError(path, None, "its arrays or tables are nested too deeply.") from error
    except ValueError as error:  # an integer of more digits than Python converts
        raise SourceFileError(
            path, None, "it has a number of more digits than can be read."
        ) from error


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceFileError(path, None, "this is a directory; a source is a TOML file.")
        if not path.is_file():  # a pipe or a device would be read for ever
            raise SourceFileError(path, None, "there is no such file, or it is no ordinary file.")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceFileError(path, None, f"it cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise SourceFileError(path, None, f"it has more than {MAX_BYTES // 1024} KB.")
    return data


def _decode(path: Path, data: bytes) -> str:
    """Text is NFC on entry, here too: names of sections are compared with those of articles."""
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceFileError(path, line, "it is not UTF-8 here: save it as UTF-8.") from error


def _syntax_error(path: Path, text: str, message: str) -> SourceFileError:
    found = _SYNTAX_LINE.search(message)
    line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
    reason = _SYNTAX_LINE.sub("", message).replace("(at end of document)", "").strip()
    return SourceFileError(path, line, f"not valid TOML: {reason}.")
