"""All rules asked of one article at once: the cost grows with what matches, not with the rules.

A rule is woken by the phrases without one of which it cannot match, chosen as the rarest that
will do; one that only says what must not occur is woken by its facets, else by every article.
Whoever is woken is asked in full. The answer is that of `hanoiwatch.query.matches`, rule by rule;
a property test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import assert_never

from hanoiwatch.alerts.facets import Facts, facets_hold, wanted_names
from hanoiwatch.alerts.phrases import Asked, PhraseBook, PhraseIndex
from hanoiwatch.alerts.rule import FacetName, Rule
from hanoiwatch.alerts.wording import ArticleWords
from hanoiwatch.query import AllOf, AnyOf, Node, Not, Phrase

Wakers = tuple[int, ...]
"""Numbers of phrases: without any of them the rule cannot match."""


class RuleIndex:
    """Made once from the rules; `matching` is asked of each article."""

    def __init__(self, rules: Iterable[Rule], sample: Iterable[ArticleWords] = ()) -> None:
        """``sample``: articles that tell which words are common."""
        self.rules = tuple(rules)
        self._book = PhraseBook()
        self._tests = [_test(rule.tree, self._book) if rule.tree else None for rule in self.rules]
        self._wanted = [wanted_names(rule) for rule in self.rules]
        self._phrases = PhraseIndex(self._book, sample)
        self._by_phrase: dict[int, list[int]] = {}
        self._by_facet: dict[tuple[FacetName, str], list[int]] = {}
        self._always: list[int] = []
        for place, rule in enumerate(self.rules):
            self._file(place, rule)
        needles = self._book.needles
        self._near_wakers = {number for number in self._by_phrase if needles[number].is_near}

    def _file(self, place: int, rule: Rule) -> None:
        wakers = _wakers(rule.tree, self._book, self._phrases) if rule.tree else None
        if wakers is not None:
            for number in wakers:
                self._by_phrase.setdefault(number, []).append(place)
            return
        if not self._wanted[place]:
            self._always.append(place)
            return
        facet, names = self._wanted[place][0]
        for name in names:
            self._by_facet.setdefault((facet, name), []).append(place)

    def matching(self, article: ArticleWords, facts: Facts) -> list[Rule]:
        """The rules that the article matches, in the order in which they were given."""
        asked = self._phrases.ask(article)
        woken = set(self._always)
        for number in asked.runs:
            woken.update(self._by_phrase.get(number, ()))
        for number in self._phrases.look_near(asked, self._near_wakers):
            woken.update(self._by_phrase[number])
        if self._by_facet:
            woken.update(self._woken_by_facets(facts))
        return [self.rules[place] for place in sorted(woken) if self._holds(place, asked, facts)]

    def _holds(self, place: int, asked: Asked, facts: Facts) -> bool:
        test, wanted = self._tests[place], self._wanted[place]
        return (test is None or test(asked)) and (not wanted or facets_hold(wanted, facts))

    def _woken_by_facets(self, facts: Facts) -> Iterator[int]:
        for facet, names in facts.names.items():
            for name in names:
                yield from self._by_facet.get((facet, name), ())


Test = Callable[[Asked], bool]


def _test(tree: Node, book: PhraseBook) -> Test:
    """The query, made ready to be asked."""
    match tree:
        case Phrase():
            number = book.number(tree)
            return lambda asked: asked.has(number)
        case AllOf(parts):
            return _every([_test(part, book) for part in parts])
        case AnyOf(parts):
            return _some([_test(part, book) for part in parts])
        case Not(part):
            unwanted = _test(part, book)
            return lambda asked: not unwanted(asked)
    assert_never(tree)


def _every(tests: Sequence[Test]) -> Test:
    def every(asked: Asked) -> bool:
        for test in tests:  # noqa: SIM110 - a third faster than all()
            if not test(asked):
                return False
        return True

    return every


def _some(tests: Sequence[Test]) -> Test:
    def some(asked: Asked) -> bool:
        for test in tests:  # noqa: SIM110 - likewise
            if test(asked):
                return True
        return False

    return some


def _wakers(tree: Node, book: PhraseBook, phrases: PhraseIndex) -> Wakers | None:
    """The fewest and rarest phrases of which a match has at least one; None: there are none."""
    match tree:
        case Phrase():
            return (book.number(tree),)
        case Not():
            return None
        case AnyOf(parts):
            return _all_of([_wakers(part, book, phrases) for part in parts])
        case AllOf(parts):
            found = [_wakers(part, book, phrases) for part in parts]
            able = [wakers for wakers in found if wakers is not None]
            return min(able, key=lambda wakers: sum(map(phrases.commonness, wakers)), default=None)
    assert_never(tree)


def _all_of(branches: Sequence[Wakers | None]) -> Wakers | None:
    joined: list[int] = []
    for wakers in branches:
        if wakers is None:
            return None
        joined += wakers
    return tuple(dict.fromkeys(joined))
