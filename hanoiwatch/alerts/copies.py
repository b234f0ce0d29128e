"""When an alert is a copy of what its readers were told already.

Only a new article can be one, of the same story as one that the same rule told, and only if every
sentence for which it matched is in that one word for word.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from hanoiwatch.alerts.found import found_from, sentence_key, sentences_of
from hanoiwatch.model import Content
from hanoiwatch.query import passages
from hanoiwatch.store.alerts import contents_of
from hanoiwatch.store.tellings import FreshAlert, ToldCopy, told_copies


def copy_told(
    connection: Connection, alert: FreshAlert, telling: Sequence[FreshAlert]
) -> ToldCopy | None:
    """The copy that was told, or is just being told, before it; None: it is news."""
    if alert.kind != "new" or alert.story_id is None:
        return None
    before = told_copies(connection, alert.rule, alert.story_id)
    before += [_as_told(one, alert.story_id) for one in telling if one.story_id == alert.story_id]
    others = [one for one in before if one.article != alert.article]
    if not others:
        return None
    contents = contents_of(connection, {alert.reading_id, *(one.reading_id for one in others)})
    if alert.reading_id not in contents:
        return None
    sentences = matching_sentences(alert.found, contents[alert.reading_id])
    for other in others:
        if other.reading_id in contents and says_all(contents[other.reading_id], sentences):
            return other
    return None


def _as_told(alert: FreshAlert, story_id: str) -> ToldCopy:
    return ToldCopy(
        article=alert.article,
        article_id=alert.article_id,
        story_id=story_id,
        reading_id=alert.reading_id,
    )


def matching_sentences(found: str, content: Content) -> set[str]:
    """The sentences for which an article matched, as they are compared."""
    return {sentence_key(one.text) for one in sentences_of(found_from(found).places, content)}


def says_all(content: Content, sentences: set[str]) -> bool:
    """Whether the article has each of the sentences; of none at all it is never said."""
    said = [sentence_key(passage.text) for passage in passages(content)]
    return bool(sentences) and all(any(one in text for text in said) for one in sentences)
