"""Shows where a query matched: short pieces of text with the words in ``<em>``."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from hanoiwatch.model import Content
from hanoiwatch.query.match import SearchedContent, SearchedPassage, joined, runs
from hanoiwatch.query.tree import Field, Node, Phrase, wanted_phrases

MAX_SNIPPETS = 3
SNIPPET_LENGTH = 160
"""Characters, about: a snippet ends between words, and holds at least one match whole."""

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Neighbouring matches of one passage that fit into one snippet."""

    at: SearchedPassage
    marks: list[tuple[int, int]]
    phrases: set[int]


def highlights(tree: Node, content: Content) -> dict[Field, list[str]]:
    """For each field with a match up to three snippets, in reading order.

    HTML-escaped but for ``<em>…</em>``. Each wanted phrase is shown once before any is shown
    twice. An article that the query does not match may still have some.
    """
    phrases = list(dict.fromkeys(wanted_phrases(tree)))
    by_field: dict[Field, list[SearchedPassage]] = defaultdict(list)
    for at in SearchedContent(content).passages:
        by_field[at.passage.field].append(at)
    shown = {field: _field_snippets(phrases, field, here) for field, here in by_field.items()}
    return {field: snippets for field, snippets in shown.items() if snippets}


def _field_snippets(phrases: list[Phrase], field: Field, here: list[SearchedPassage]) -> list[str]:
    wanted = {number: phrase for number, phrase in enumerate(phrases) if field in phrase.fields}
    unseen = dict(wanted)
    pieces: list[_Piece] = []
    for at in here:
        # with enough to show, only what was not shown yet is worth a look
        for piece in _pieces(at, wanted if len(pieces) < MAX_SNIPPETS else unseen):
            pieces.append(piece)
            for number in piece.phrases:
                unseen.pop(number, None)
        if len(pieces) >= MAX_SNIPPETS and not unseen:
            break
    return [_snippet(piece) for piece in _chosen(pieces)]


def _pieces(at: SearchedPassage, wanted: dict[int, Phrase]) -> Iterator[_Piece]:
    marks = sorted(
        (start, end, number)
        for number, phrase in wanted.items()
        for found in at.occurrences(phrase)
        for start, end in runs(at, found)
    )
    piece: _Piece | None = None
    for start, end, number in marks:
        if piece and end - piece.marks[0][0] <= SNIPPET_LENGTH:
            piece.marks.append((start, end))
            piece.phrases.add(number)
            continue
        if piece:
            yield piece
        piece = _Piece(at, [(start, end)], {number})
    if piece:
        yield piece


def _chosen(pieces: list[_Piece]) -> list[_Piece]:
    """Those that show something new, then the first others; in reading order."""
    seen: set[int] = set()
    new: list[int] = []
    for number, piece in enumerate(pieces):
        if not piece.phrases <= seen:
            new.append(number)
            seen |= piece.phrases
    rest = [number for number in range(len(pieces)) if number not in new]
    return [pieces[number] for number in sorted((new + rest)[:MAX_SNIPPETS])]


def _snippet(piece: _Piece) -> str:
    passage = piece.at.passage
    marks = [(start - passage.start, end - passage.start) for start, end in joined(piece.marks)]
    first, last = _window(passage.text, marks[0][0], marks[-1][1])
    parts = ["… " if first else ""]
    at = first
    for start, end in marks:
        parts += (_plain(passage.text[at:start]), "<em>", _plain(passage.text[start:end]), "</em>")
        at = end
    parts += (_plain(passage.text[at:last]), " …" if last < len(passage.text) else "")
    return "".join(parts)


def _window(text: str, first: int, last: int) -> tuple[int, int]:
    """From where to where to show ``text`` around a match; never cut inside a word."""
    room = max(SNIPPET_LENGTH - (last - first), 0)
    start = max(first - room // 2, 0)
    end = min(start + SNIPPET_LENGTH, len(text))
    start = max(min(start, end - SNIPPET_LENGTH), 0)
    if start > 0:
        space = _SPACE.search(text, start - 1, first)
        start = space.end() if space else first
    if end < len(text):
        end = max((space.start() for space in _SPACE.finditer(text, last, end + 1)), default=last)
    return start, end


def _plain(text: str) -> str:
    return html.escape(text, quote=False)
