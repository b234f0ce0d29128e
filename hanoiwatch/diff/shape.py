"""A difference as JSON. docs/reference/diff.md describes it."""

from __future__ import annotations

from typing import Any

from hanoiwatch.diff.records import (
    BlockChange,
    Difference,
    FieldChange,
    ImageChange,
    Pieces,
)
from hanoiwatch.diff.sentences import changed_sentences
from hanoiwatch.diff.summary import summary
from hanoiwatch.model import Image


def difference_json(difference: Difference) -> dict[str, Any]:
    """Everything that changed. Unchanged blocks are left out."""
    words = difference.words
    return {
        "summary": summary(difference),
        "same": difference.is_empty,
        "similarity": round(difference.similarity, 4),
        "words": {
            "old": words.old, "new": words.new, "removed": words.removed, "added": words.added,
        },
        "fields": [_field(change) for change in difference.fields],
        "blocks": [_block(change) for change in difference.changed_blocks],
        "images": [_image(change) for change in difference.images],
        "sentences": [
            {"field": sentence.field, "old": sentence.old, "new": sentence.new}
            for sentence in changed_sentences(difference)
        ],
    }  # fmt: skip


def _field(change: FieldChange) -> dict[str, Any]:
    return {
        "name": change.name,
        "old": list(change.old),
        "new": list(change.new),
        "pieces": _pieces(change.pieces),
    }


def _block(change: BlockChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "block": change.block,
        "was": change.was,
        "old": list(change.old),
        "new": list(change.new),
        "pieces": _pieces(change.pieces),
    }


def _image(change: ImageChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "old": _picture(change.old),
        "new": _picture(change.new),
        "caption": _pieces(change.caption),
        "credit": _pieces(change.credit),
    }


def _picture(image: Image | None) -> dict[str, str] | None:
    if image is None:
        return None
    return {"url": image.url, "caption": image.caption, "credit": image.credit}


def _pieces(pieces: Pieces) -> list[dict[str, str]]:
    return [{"mark": piece.mark, "text": piece.text} for piece in pieces]
