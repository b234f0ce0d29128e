"""What of an article a rule's facets look at. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from hanoiwatch.alerts.rule import FACETS, FacetName, Rule
from hanoiwatch.model import BodyLink, Links, OfficialLink, TopicLink
from hanoiwatch.text import canon

NO_LINKS = Links()


class Facts:
    """Where an article is from, and who and what it is linked to."""

    def __init__(self, *, source: str, section: str | None, links: Links = NO_LINKS) -> None:
        self.source, self.section, self.links = source, section, links

    @cached_property
    def names(self) -> dict[FacetName, frozenset[str]]:
        """All names by which a rule may ask for it, as `facet_key` writes them."""
        return {
            "officials": _link_names(self.links.officials),
            "bodies": _link_names(self.links.bodies),
            "topics": _link_names(self.links.topics),
            "sources": frozenset([facet_key(self.source)]),
            "sections": frozenset([facet_key(self.section)] if self.section else []),
        }


def _link_names(links: Iterable[OfficialLink | BodyLink | TopicLink]) -> frozenset[str]:
    return frozenset(facet_key(name) for link in links for name in (link.id, link.name))


def facet_key(name: str) -> str:
    """A name as it is compared: officials, bodies and topics go by id or by name."""
    return canon(name).strip()


Wanted = tuple[tuple[FacetName, frozenset[str]], ...]


def wanted_names(rule: Rule) -> Wanted:
    """What the rule names of each facet that it looks at, as `facet_key` writes it."""
    named = ((facet, rule.facet(facet)) for facet in FACETS)
    return tuple((facet, frozenset(map(facet_key, names))) for facet, names in named if names)


def facets_hold(wanted: Wanted, facts: Facts) -> bool:
    """Whether the article has, of each facet that the rule names, any one."""
    names = facts.names
    return not any(names[facet].isdisjoint(any_of) for facet, any_of in wanted)


def wanted_links(rule: Rule, links: Links) -> tuple[OfficialLink | BodyLink | TopicLink, ...]:
    """The links that the rule asks for by name."""
    wanted = {facet_key(name) for facet in FACETS[:3] for name in rule.facet(facet)}
    every: tuple[OfficialLink | BodyLink | TopicLink, ...] = (
        *links.officials, *links.bodies, *links.topics,
    )  # fmt: skip
    return tuple(link for link in every if {facet_key(link.id), facet_key(link.name)} & wanted)
