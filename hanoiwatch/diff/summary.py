"""A difference in one line: ``title; 2 paragraphs changed, 1 added; +34 −12 words``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hanoiwatch.diff.records import Difference, is_changed

_FIELDS = {
    "title": "title",
    "lead": "lead",
    "lead_prefix": "prefix of the lead",
    "byline": "byline",
    "photographers": "photographers",
    "original_source": "named source",
    "section": "section",
    "published_at": "time of publication",
    "tags": "tags",
}
_NOUNS = {"heading": "heading", "list": "list", "table": "table"}
_VERBS = ("changed", "split", "joined", "moved", "added", "removed")

NOTHING = "no difference"


def summary(difference: Difference) -> str:
    """One line in English; `NOTHING` where both say the same."""
    names = {change.name for change in difference.fields}
    parts: list[str] = [name for name in ("title", "lead") if name in names]
    parts += _blocks(difference)
    parts += _pictures(difference)
    parts += [
        said for name, said in _FIELDS.items() if name in names and name not in ("title", "lead")
    ]
    words = difference.words
    if words.added or words.removed:
        counts = ((words.added, "+"), (words.removed, "−"))
        parts.append(" ".join(f"{sign}{count}" for count, sign in counts if count) + " words")
    return "; ".join(parts) or NOTHING


def _blocks(difference: Difference) -> Iterator[str]:
    counts: dict[str, Counter[str]] = {}
    for block in difference.changed_blocks:
        noun = _NOUNS.get(block.block, "paragraph")
        counts.setdefault(noun, Counter())[block.kind] += 1
    for noun in ("heading", "paragraph", "list", "table"):
        if noun in counts:
            yield _counted(noun, counts[noun])


def _counted(noun: str, verbs: Counter[str]) -> str:
    """``2 paragraphs changed, 1 added``."""
    first, *others = [(verb, verbs[verb]) for verb in _VERBS if verbs[verb]]
    said = [f"{_many(first[1], noun)} {first[0]}"]
    said += [f"{count} {verb}" for verb, count in others]
    return ", ".join(said)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _pictures(difference: Difference) -> Iterator[str]:
    kinds = Counter(image.kind for image in difference.images if image.kind != "changed")
    changed = [image for image in difference.images if image.kind == "changed"]
    captions = sum(is_changed(image.caption) for image in changed)
    credits_ = sum(is_changed(image.credit) for image in changed)
    for noun, count in (("caption", captions), ("credit", credits_)):
        if count:
            yield f"{_many(count, noun)} changed"
    if kinds:
        yield _counted("picture", Counter({str(kind): count for kind, count in kinds.items()}))
