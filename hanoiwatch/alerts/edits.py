"""What an edit has to do with a rule. Pure.

An edit is told to a rule whose query and facets the new text matches, if the old one did not
match, or if a sentence that the edit changed, in its old or its new wording, holds words that the
rule asks for or names whom its facets ask for. A rule without a query that names no official, body
or topic is told every edit that changed a sentence of what its facets let through.
"""

from __future__ import annotations

from collections.abc import Iterator

from hanoiwatch.alerts.facets import facet_key, wanted_links
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.diff import ChangedSentence, changed_sentences, compare
from hanoiwatch.model import Block, Content, Image, Links
from hanoiwatch.query import Node, SearchedContent, matches
from hanoiwatch.query.match import SearchedPassage
from hanoiwatch.query.tree import wanted_phrases
from hanoiwatch.text import canon


def changes_between(old: Content, new: Content) -> tuple[ChangedSentence, ...]:
    return changed_sentences(compare(old, new))


def edit_concerns(
    rule: Rule, old: Content, changed: tuple[ChangedSentence, ...], links: Links
) -> bool:
    """Whether an edit after which the article matches is told."""
    names = _names_asked_for(rule, links)
    if names and _say_any(changed, names):
        return True
    if rule.tree is None:
        return bool(changed) and not names
    return not matches(rule.tree, old) or _say_words(changed, rule.tree)


def _names_asked_for(rule: Rule, links: Links) -> set[str]:
    """The words by which the article names whom the rule's facets ask for."""
    asked = wanted_links(rule, links)
    return {facet_key(mention.text) for link in asked for mention in link.mentions}


def _say_any(changed: tuple[ChangedSentence, ...], names: set[str]) -> bool:
    said = [canon(f"{sentence.new}\n{sentence.old}") for sentence in changed]
    return any(name in text for text in said for name in names)


def _say_words(changed: tuple[ChangedSentence, ...], tree: Node) -> bool:
    return any(
        next(at.occurrences(phrase), None) is not None
        for at in _passages(changed)
        for phrase in wanted_phrases(tree)
        if at.passage.field in phrase.fields
    )


def _passages(changed: tuple[ChangedSentence, ...]) -> Iterator[SearchedPassage]:
    for sentence in changed:
        for text in (sentence.new, sentence.old):
            yield from SearchedContent(_content(sentence, text)).passages


def _content(sentence: ChangedSentence, text: str) -> Content:
    """An article that says this one sentence."""
    if sentence.field == "title":
        return Content(url="", title=text)
    if sentence.field == "lead":
        return Content(url="", title="", lead=text)
    if sentence.field == "caption":
        return Content(url="", title="", images=(Image(url="", caption=text),))
    return Content(url="", title="", blocks=(Block(kind="paragraph", text=text),))
