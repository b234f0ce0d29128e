"""Faces and changes that the registry does not have yet: proposed, never applied.

An `UnknownName` is somebody whom an article names by a post of Hanoi. A `ProposedChange` is a
sentence that says that somebody takes or leaves a post.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hanoiwatch.model import MentionField
from hanoiwatch.registry.binding import Binder, Bound
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.found import FieldFound, PostFound
from hanoiwatch.registry.partialdate import PartialDate, partial_date
from hanoiwatch.registry.people import NameFound
from hanoiwatch.registry.records import (
    ChangeKind,
    Place,
    ProposedChange,
    UnknownName,
)
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.text import canon

Places = list[tuple[MentionField, int]]
"""The kind and the item of each field."""

_VERBS: tuple[tuple[str, ChangeKind], ...] = (
    ("thôi giữ", "removed"), ("miễn nhiệm", "removed"), ("bãi nhiệm", "removed"),
    ("cách chức", "removed"), ("cho thôi", "removed"), ("không còn giữ", "removed"),
    ("thôi đảm nhiệm", "removed"), ("đình chỉ", "removed"),
    ("bầu", "elected"), ("trúng cử", "elected"),
    ("bổ nhiệm", "appointed"), ("điều động", "appointed"), ("phân công", "appointed"),
    ("chỉ định", "appointed"), ("phê chuẩn", "appointed"), ("tiếp nhận", "appointed"),
    ("giao phụ trách", "appointed"), ("giao quyền", "appointed"), ("luân chuyển", "appointed"),
    ("giữ chức", "appointed"), ("giữ cương vị", "appointed"), ("đảm nhiệm", "appointed"),
)  # fmt: skip
_RETIRES = ("nghỉ hưu", "nghỉ công tác", "nghỉ chế độ", "nghỉ hưởng chế độ", "về hưu")
_NOT_YET = ("trước đó", "trước đây", "đề nghị", "dự kiến", "đề xuất", "giới thiệu")
"""A sentence that tells of the past, or of a wish, proposes nothing."""

_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{4}))?(?!\d|-[A-Za-z])")
_FROM = re.compile(r"(?:kể\s+)?từ\s+ngày\s+$")
_MONTH = re.compile(r"tháng\s+(\d{1,2})(?:\s*[-/]\s*|\s+năm\s+)(\d{4})")


# --- names that the registry lacks -----------------------------------------------------------


def find_unknown(registry: Registry, binder: Binder, places: Places) -> tuple[UnknownName, ...]:
    """One record for each name and post, with every place of the name."""
    found: dict[tuple[tuple[str, ...], str], UnknownName] = {}
    everywhere: dict[tuple[str, ...], list[tuple[int, NameFound]]] = defaultdict(list)
    for number, one in enumerate(binder.fields):
        for name in one.names:
            everywhere[name.words].append((number, name))
    for one in binder.fields:
        for name in one.names:
            post = _post_of_unknown(name)
            if post is None:
                continue
            key = (name.words, post.post or f"{post.head} {_body_of(registry, post)}")
            if key not in found:
                found[key] = _unknown(registry, binder, places, everywhere[name.words], post)
    return tuple(found.values())


def _post_of_unknown(name: NameFound) -> PostFound | None:
    """The highest post of Hanoi that stands beside somebody whom the registry lacks."""
    if name.ids or name.occupied:
        return None
    ours = [
        post
        for post in name.posts
        if post.standing == "ours"
        and (post.body or post.post)
        and post.office in ("holder", "fresh", "acting", "office")
    ]
    known = [post for post in ours if post.post is not None]
    return next(iter(known or ours), None)


def _unknown(
    registry: Registry, binder: Binder, places: Places,
    everywhere: list[tuple[int, NameFound]], post: PostFound,
) -> UnknownName:  # fmt: skip
    number, name = next(one for one in everywhere if post in one[1].posts)
    text = binder.fields[number].found.text
    said = [
        binder.fields[each].found.text.said(other.first, other.end) for each, other in everywhere
    ]
    return UnknownName(
        name=text.said(name.first, name.end),
        post=text.said(post.first, post.end),
        post_id=post.post,
        body_id=_body_of(registry, post),
        surfaces=tuple(dict.fromkeys(said)),
        places=tuple(
            _place(places[each], binder.fields[each].found.text, other.first, other.end)
            for each, other in everywhere
        ),
        sentence=text.sentence_text(name.first),
    )


def _body_of(registry: Registry, post: PostFound) -> str:
    if post.body is not None:
        return post.body.body
    assert post.post is not None
    return registry.posts[post.post].body


def _place(where: tuple[MentionField, int], text: Syllables, first: int, end: int) -> Place:
    return Place(field=where[0], item=where[1], start=text.starts[first], end=text.ends[end - 1])


# --- appointments and removals ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    found: FieldFound
    first: int
    end: int
    names: list[NameFound]
    posts: list[PostFound]

    @property
    def words(self) -> list[str]:
        return self.found.text.words[self.first : self.end]


def find_changes(
    registry: Registry, binder: Binder, bound: list[Bound], places: Places
) -> tuple[ProposedChange, ...]:
    """Every appointment and removal that a sentence states with a person and a post."""
    changes: list[ProposedChange] = []
    officials = {(one.field_number, one.first): one.official for one in bound}
    for number, one in enumerate(binder.fields):
        for sentence in _sentences(one.found, one.names):
            for name, post, kind in _stated(sentence):
                text = sentence.found.text
                on, is_stated = _when(text.sentence_text(sentence.first), binder.on)
                changes.append(
                    ProposedChange(
                        name=text.said(name.first, name.end),
                        official_id=officials.get((number, name.first)) or _only(name),
                        post=text.said(post.first, post.end),
                        post_id=post.post,
                        body_id=_body_of(registry, post),
                        kind=kind,
                        on=on,
                        on_is_stated=is_stated,
                        sentence=text.sentence_text(sentence.first),
                        place=_place(places[number], text, name.first, name.end),
                    )
                )
    return tuple(dict.fromkeys(changes))


def _only(name: NameFound) -> str | None:
    return name.ids[0] if len(name.ids) == 1 and not name.occupied else None


def _sentences(found: FieldFound, names: list[NameFound]) -> Iterator[_Sentence]:
    """The sentences with a name and a post of ours."""
    text = found.text
    ours = [post for post in found.posts if post.standing == "ours"]
    by_sentence: dict[int, tuple[list[NameFound], list[PostFound]]] = {}
    for post in ours:
        by_sentence.setdefault(text.sentence[post.first], ([], []))[1].append(post)
    for name in names:
        if text.sentence[name.first] in by_sentence:
            by_sentence[text.sentence[name.first]][0].append(name)
    for here, posts in by_sentence.values():
        if here:
            first, end = text.bounds(here[0].first)
            yield _Sentence(found=found, first=first, end=end, names=here, posts=posts)


def _stated(sentence: _Sentence) -> Iterator[tuple[NameFound, PostFound, ChangeKind]]:
    said = f" {' '.join(sentence.words)} "
    if any(f" {word} " in said for word in _NOT_YET):
        return
    for post in sentence.posts:
        kind = _kind(sentence, post)
        if kind is not None:
            yield from ((name, post, kind) for name in _persons(sentence, post))
    if any(f" {verb} " in said for verb in _RETIRES):
        for name in sentence.names:
            for post in name.posts[-1:]:
                if post.standing == "ours":
                    yield name, post, "retired"


def _kind(sentence: _Sentence, post: PostFound) -> ChangeKind | None:
    """What the nearest verb before the post does to its holder; None: the post is a mere title."""
    if post.office not in ("office", "acting"):
        return None
    before = " " + " ".join(sentence.found.text.words[sentence.first : post.first]) + " "
    best: tuple[int, int, ChangeKind] | None = None
    for verb, kind in _VERBS:
        at = before.rfind(f" {verb} ")
        if at >= 0 and (best is None or (at + len(verb), len(verb)) > best[:2]):
            best = at + len(verb), len(verb), kind
    if best is None:
        return None
    if best[2] == "appointed" and _holds(before):
        return _lasting(before)
    return best[2]


def _holds(before: str) -> bool:
    """The nearest verb is a mere ``giữ chức``: an earlier verb says how it came to that."""
    return before.rstrip().endswith(("giữ chức", "giữ chức vụ", "giữ chức danh"))


def _lasting(before: str) -> ChangeKind | None:
    clause = before
    for verb in ("thôi giữ", "không còn giữ"):
        if before.rfind(f" {verb} ") > before.rfind(" giữ chức") - len(verb) - 2:
            return "removed"
    if any(f" {word} " in clause[-40:] for word in ("từng", "đang", "nguyên")):
        return None
    return "elected" if " bầu " in clause else "appointed"


def _persons(sentence: _Sentence, post: PostFound) -> list[NameFound]:
    """Who takes or leaves it: the name before the verb, else those after the post."""
    before = [name for name in sentence.names if name.end <= post.first]
    after = [name for name in sentence.names if name.first >= post.end]
    text = sentence.found.text
    if after and _points_on(text, post.end, after[0].start):
        return _row(text, after)
    return before[-1:] or _row(text, after)


def _points_on(text: Syllables, end: int, start: int) -> bool:
    """``… đối với ông A``, or the name right after the post."""
    between = text.words[end:start]
    return not between or between[:2] == ["đối", "với"] or between[:1] == ["cho"]


def _row(text: Syllables, names: list[NameFound]) -> list[NameFound]:
    """The first names that follow each other with nothing but a comma or ``và`` between."""
    row = names[:1]
    for name in names[1:]:
        between = text.words[row[-1].end : name.start]
        if between not in ([], ["và"]):
            break
        row.append(name)
    return row


def _when(sentence: str, on: date | None) -> tuple[PartialDate | None, bool]:
    """The date that the sentence states, the one after ``từ ngày`` first; else the article's."""
    lower = canon(sentence)
    found = sorted(_DAY.finditer(lower), key=lambda one: not _FROM.search(lower[: one.start()]))
    for one in found:
        year = int(one[3]) if one[3] else on.year if on else None
        if year is None:
            continue
        try:
            return partial_date(f"{year:04d}-{int(one[2]):02d}-{int(one[1]):02d}"), True
        except ValueError:
            continue
    month = _MONTH.search(lower)
    if month and 1 <= int(month[1]) <= 12:
        return partial_date(f"{month[2]}-{int(month[1]):02d}"), True
    return (partial_date(on.isoformat()) if on else None), False
