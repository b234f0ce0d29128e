"""On which line of a TOML text each key stands.

`tomllib` gives values without places, so this reads the same text a second time, only for its
places: it trusts `tomllib` to have refused what is not TOML. Same keys as the tree of `tomllib`
(a property test holds both against each other).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""From the top: ``("layout", 0, "when")``; a number is the place in an array."""

_TOKEN = re.compile(
    r'(?P<string>"""(?:\\[\s\S]|[^\\])*?"{3,5}|\'\'\'[\s\S]*?\'{3,5}'
    r"|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<skip>[ \t\r]+|#[^\n]*)"
    r"|(?P<mark>[\n\[\]{}=,.])"
    r"|(?P<bare>[^\s\[\]{}=,.#\"']+)"
)


def line_of_each_key(text: str) -> dict[KeyPath, int]:
    """1-based lines of every key, table and array item of a well-formed TOML text."""
    return _Reading(text).read()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    is_mark: bool


@dataclass(slots=True)
class _Reading:
    """One pass over the tokens, left to right."""

    text: str
    tokens: list[_Token] = field(default_factory=list)
    at: int = 0
    lines: dict[KeyPath, int] = field(default_factory=dict)
    array_tables: dict[KeyPath, int] = field(default_factory=dict)
    """How many ``[[tables]]`` each array of tables has so far."""

    def read(self) -> dict[KeyPath, int]:
        self.tokens = _tokens(self.text)
        table: KeyPath = ()
        while self._more():
            if self._skip("\n"):
                continue
            if self._skip("["):
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _more(self) -> bool:
        return self.at < len(self.tokens)

    def _next(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _skip(self, mark: str) -> bool:
        found = self._more() and self.tokens[self.at].is_mark and self.tokens[self.at].text == mark
        self.at += found
        return found

    def _skip_lines(self) -> None:
        while self._skip("\n"):
            pass

    def _note(self, path: KeyPath, line: int) -> None:
        self.lines.setdefault(path, line)

    def _header(self) -> KeyPath:
        is_array = self._skip("[")
        parts, line = self._key()
        path = (*self._enter((), parts[:-1], line), parts[-1])
        self._note(path, line)
        if is_array:
            self.array_tables[path] = self.array_tables.get(path, 0) + 1
            path = self._last_of(path)
            self._note(path, line)
            self._skip("]")
        self._skip("]")
        return path

    def _last_of(self, path: KeyPath) -> KeyPath:
        return (*path, self.array_tables[path] - 1)

    def _enter(self, path: KeyPath, parts: list[str], line: int) -> KeyPath:
        """The table that ``parts`` lead to: an array of tables stands for its last one."""
        for part in parts:
            path = (*path, part)
            self._note(path, line)
            if path in self.array_tables:
                path = self._last_of(path)
        return path

    def _key(self) -> tuple[list[str], int]:
        first = self._next()
        parts = [_key_part(first)]
        while self._skip("."):
            parts.append(_key_part(self._next()))
        return parts, first.line

    def _pair(self, table: KeyPath) -> None:
        parts, line = self._key()
        path = (*self._enter(table, parts[:-1], line), parts[-1])
        self._note(path, line)
        self._skip("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._skip("["):
            self._array(path)
        elif self._skip("{"):
            self._inline_table(path)
        else:
            self._next()
            while self._more() and not self._at_end_of_value():
                self._next()  # the rest of a number or date: `1.5` and `07:30:00.5` hold a dot

    def _at_end_of_value(self) -> bool:
        token = self.tokens[self.at]
        return token.is_mark and token.text in "\n,]}"

    def _array(self, path: KeyPath) -> None:
        item = 0
        self._skip_lines()
        while not self._skip("]"):
            self._note((*path, item), self.tokens[self.at].line)
            self._value((*path, item))
            item += 1
            self._skip_lines()
            self._skip(",")
            self._skip_lines()

    def _inline_table(self, path: KeyPath) -> None:
        self._skip_lines()  # TOML 1.1 lets an inline table run over lines
        while not self._skip("}"):
            self._pair(path)
            self._skip_lines()
            self._skip(",")
            self._skip_lines()


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "skip":
            tokens.append(_Token(found[0], line, found.lastgroup == "mark"))
        line += found[0].count("\n")
    return tokens


def _key_part(token: _Token) -> str:
    if token.text[0] not in "\"'":
        return token.text
    part: str = tomllib.loads(f"key = {token.text}")["key"]
    return part
