"""What a query means: `parse` it, then ask the tree. One meaning for search and matching.

The language is told in docs/reference/query.md; docs/decisions/0009 says why it is read so.
"""

from hanoiwatch.query.highlight import highlights
from hanoiwatch.query.match import SearchedContent, Span, matches, spans
from hanoiwatch.query.parse import parse
from hanoiwatch.query.passages import Passage, lines_by_field, passages
from hanoiwatch.query.tree import FIELDS, AllOf, AnyOf, Field, Node, Not, Phrase, without_marks

__all__ = [
    "FIELDS",
    "AllOf",
    "AnyOf",
    "Field",
    "Node",
    "Not",
    "Passage",
    "Phrase",
    "SearchedContent",
    "Span",
    "highlights",
    "lines_by_field",
    "matches",
    "parse",
    "passages",
    "spans",
    "without_marks",
]
