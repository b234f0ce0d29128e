"""Marking a link of an article as wrong, or as missing: what is said, checked and made ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, assert_never

from hanoiwatch.clock import hanoi_day
from hanoiwatch.errors import UnknownLinkError
from hanoiwatch.model import Article, BodyLink, LinkKind, Links, OfficialLink, TopicLink
from hanoiwatch.store.corrections import Link, NewCorrection, Says, mention_of

if TYPE_CHECKING:
    from hanoiwatch.registry import Registry
    from hanoiwatch.store import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody says about links of an article, and why."""

    words: str = ""
    because: str = ""
    by: str
    at: datetime


def wrong_link(article: Article, kind: LinkKind, target: str, saying: Saying) -> NewCorrection:
    """``target``: an id, or a name as the article shows it. Raises UnknownLinkError where the
    article does not link to it."""
    there = links_of_kind(article.links, kind)
    named = [link.id for link in there if target in (link.id, link.name)]
    if not named:
        known = ", ".join(f"{kind}:{link.id}" for link in there) or f"no {kind}"
        raise UnknownLinkError(
            f"article {article.id} does not link to {kind}:{target}: it links to {known}."
        )
    return _said(article, kind, named[0], "wrong", None, saying)


def missing_link(article: Article, link: Link, saying: Saying) -> NewCorrection | None:
    """None where the article links to it already, and surely. Raises UnknownLinkError where
    ``saying`` points to words that the article does not have."""
    kind = kind_of(link)
    if any(one.id == link.id for one in links_of_kind(article.links.counted(), kind)):
        return None
    if saying.words and not mention_of(article.content, saying.words).text:
        raise UnknownLinkError(
            f"article {article.id} does not say “{saying.words}” in its title, lead, text or "
            "captions."
        )
    return _said(article, kind, link.id, "missing", link, saying)


def link_to(registry: Registry, kind: LinkKind, target: str, article: Article) -> Link:
    """A link to an entry of the registry, by its id, as of the article's day; no mentions."""
    match kind:
        case "official":
            published = article.content.published_at
            on = hanoi_day(published or article.first_seen_at)
            return _official_link(registry, target, on)
        case "body":
            return BodyLink(id=target, name=registry.bodies[target].name)
        case "topic":
            return TopicLink(id=target, name=registry.topics[target].name)
    assert_never(kind)


def refresh(record: Record, registry: Registry, at: datetime) -> int:
    """Brings what corrections add up to the registry's present names and posts; says how many
    differed. What the registry has no more stays as it was."""
    differing = 0
    for one in record.corrections.listed():
        article = record.articles.find(one.article)
        known = {"official": registry.officials, "body": registry.bodies, "topic": registry.topics}
        if one.says == "missing" and article is not None and one.target in known[one.kind]:
            link = link_to(registry, one.kind, one.target, article)
            differing += record.corrections.renew(one.id, link, at)
    return differing


def _official_link(registry: Registry, target: str, on: date) -> OfficialLink:
    held = list(dict.fromkeys(tenure.post for tenure in registry.posts_of(target, on)))
    names = tuple(registry.posts[post].name for post in held)
    return OfficialLink(
        id=target,
        name=registry.officials[target].name,
        post=names[0] if names else None,
        posts=names,
        post_ids=tuple(held),
    )


def links_of_kind(links: Links, kind: LinkKind) -> Sequence[Link]:
    match kind:
        case "official":
            return links.officials
        case "body":
            return links.bodies
        case "topic":
            return links.topics
    assert_never(kind)


def kind_of(link: Link) -> LinkKind:
    match link:
        case OfficialLink():
            return "official"
        case BodyLink():
            return "body"
        case TopicLink():
            return "topic"
    assert_never(link)


def _said(
    article: Article, kind: LinkKind, target: str, says: Says, link: Link | None, saying: Saying
) -> NewCorrection:
    return NewCorrection(
        article=article.rowid,
        kind=kind,
        target=target,
        says=says,
        link=link,
        words=saying.words or (link.name if link else ""),
        because=saying.because,
        by=saying.by,
        at=saying.at,
    )
