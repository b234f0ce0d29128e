"""``python -m bench.alerts``: 10,000 rules asked of one article after another.

Measured is the whole evaluation, from an article's content to the rules that match: normalising,
words, phrases, boolean parts, near, facets. Beside it in the same run pyahocorasick's bare scan
of the finished text for the same phrases, and a loop over the queries.
"""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import ahocorasick
import click

from bench.alerts_corpus import Corpus, article, corpus
from bench.verdict import judge, load_floors
from hanoiwatch.alerts.facets import Facts
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.alerts.ruleindex import RuleIndex
from hanoiwatch.alerts.wording import ArticleWords
from hanoiwatch.model import Content
from hanoiwatch.query import SearchedContent, matches
from hanoiwatch.text import canon

RULES, FEW, ARTICLES, SAMPLE = 10_000, 1_000, 60, 200
LAPS = 25
FACTS = Facts(source="bao-moi", section="Chính trị")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Milliseconds an article."""

    whole: float
    few: float
    scan: float
    loop: float
    phrases: int
    matched: int

    def figures(self) -> dict[str, float | None]:
        return {
            "alerts_times_scan": self.whole / self.scan,
            "alerts_growth": self.whole / self.few,
        }


@click.command()
@click.option("--rules", default=RULES, show_default=True)
def main(*, rules: int) -> None:
    """Ask many rules of many articles; exit code 1 where a bar is missed."""
    measured = measure(corpus(rules))
    verdicts = judge(measured.figures(), load_floors())
    click.echo(
        f"{rules} rules, {measured.phrases} phrases; {measured.matched} matches in {ARTICLES} "
        f"articles; an article: {measured.whole:.2f} ms, with {FEW} rules {measured.few:.2f} ms, "
        f"bare scan {measured.scan:.2f} ms, loop over the queries {measured.loop:.0f} ms"
    )
    for verdict in verdicts:
        click.echo(str(verdict))
    sys.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


def measure(made: Corpus) -> Measured:
    """Both indexes answer alike; the bare scan and they take turns."""
    asked = [article(number) for number in range(ARTICLES)]
    sample = [ArticleWords(article(10**7 + number)) for number in range(SAMPLE)]
    whole = RuleIndex(made.rules, sample)
    found = [whole.matching(ArticleWords(one), FACTS) for one in asked]
    assert found[0] == looped(made.rules, asked[0])
    matching = {rule.id for rules in found for rule in rules}
    others = [rule for rule in made.rules if rule.id not in matching]
    kept = [rule for rule in made.rules if rule.id in matching]
    few = RuleIndex(kept + others[: max(FEW - len(kept), 0)], sample)
    texts = [canon(f"{one.title} {one.lead} {one.text}") for one in asked]
    scanner = automaton(made.phrases)
    best = laps(
        [
            lambda place: whole.matching(ArticleWords(asked[place]), FACTS),
            lambda place: few.matching(ArticleWords(asked[place]), FACTS),
            lambda place: sum(1 for _ in scanner.iter(texts[place])),
        ]
    )
    loop = clocked(lambda: looped(made.rules, asked[0]))
    return Measured(
        whole=best[0],
        few=best[1],
        scan=best[2],
        loop=loop * 1000,
        phrases=len(made.phrases),
        matched=sum(map(len, found)),
    )


def laps(contestants: Sequence[Callable[[int], object]]) -> list[float]:
    """Milliseconds an article that each takes; lap by lap they take turns.

    Of each article the best of the laps counts: the machine is never idle.
    """
    gc.freeze()
    best = [[math.inf] * ARTICLES for _ in contestants]
    for _ in range(LAPS):
        for run, times in zip(contestants, best, strict=True):
            for place in range(ARTICLES):
                times[place] = min(times[place], clocked(partial(run, place)))
    return [sum(times) * 1000 / ARTICLES for times in best]


def clocked(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def looped(rules: Sequence[Rule], content: Content) -> list[Rule]:
    """What the index answers, by asking each query."""
    searched = SearchedContent(content)
    return [rule for rule in rules if rule.tree and matches(rule.tree, searched)]


def automaton(phrases: Sequence[str]) -> ahocorasick.Automaton:
    made = ahocorasick.Automaton()
    for phrase in phrases:
        made.add_word(canon(phrase), phrase)
    made.make_automaton()
    return made


if __name__ == "__main__":
    main()
