"""The fields of an article on a page that nobody has described, by what marks them.

Who wrote it, when, in which section, with which tags: from what is printed near the headline, and
from what elements state of themselves (microdata, RDFa, microformats, `rel`). What the head of the
page declares is in `fields.py`. Decision 0016 says which of them is believed before which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import text_of
from hanoiwatch.text import canon, fold
from indexer.extract.dates import Moment, read_machine, read_visible
from indexer.extract.evidence_words import EvidenceWords, the_evidence_words
from indexer.extract.fields import Facts
from indexer.extract.marks import Marks, is_in
from indexer.extract.people import Credits, looks_like_name, read_byline, read_source
from indexer.extract.pictures import class_tokens
from indexer.extract.words import bare, the_words

LONGEST_LINE = 120
"""Characters of a line with time or author; a longer one is prose."""
OVER = 5
"""Elements before the headline among which a link to its section is looked for."""
NEAR = 80
"""Elements after the headline among which an unmarked line is looked for: with icons, buttons and
counters between, the lines under a headline have at most about fifty."""
BEFORE = 3
"""So many times farther counts what stands before the headline: mastheads show today's date."""
DAY_ONLY = 30
"""Elements by which a date without a time of day counts as farther away."""
SIDE_BY_SIDE = 12
"""Elements between two names of one byline, at most."""
MOST_NAME_PARTS = 5
LONGEST_REST = 40
"""Characters beside date and time in a line that shows them."""

_LINES = frozenset({
    "p", "div", "span", "td", "li", "em", "i", "small", "font", "b", "strong", "time", "h4", "h5",
    "h6", "label", "dd", "a",
})  # fmt: skip
_STATED_TIME = frozenset({"datepublished", "dc:date", "dc:issued", "dcterms:issued",
                          "article:published_time", "schema:datepublished", "pubdate"})  # fmt: skip
_STATED_CHANGE = frozenset({"datemodified", "schema:datemodified", "dcterms:modified"})
_STATED_AUTHOR = frozenset({"author", "creator", "dc:creator", "schema:author"})
_NOT_IN_A_TIME_LINE = re.compile(r"[\d:/.,|()\-–—•]+")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A page around its headline. ``headline`` None: it was found nowhere on the page."""

    document: Document
    facts: Facts
    marks: Marks
    headline: HtmlElement | None = None

    # --- where things stand ------------------------------------------------------------------

    @cached_property
    def _order(self) -> dict[HtmlElement, int]:
        return {element: at for at, element in enumerate(self.document.elements)}

    @cached_property
    def _place(self) -> int:
        return self._order.get(self.headline, 0) if self.headline is not None else 0

    def _distance(self, element: HtmlElement) -> int:
        away = self._order[element] - self._place
        return away if away >= 0 else -away * BEFORE

    def _nearest_first(self, found: Iterable[HtmlElement]) -> list[HtmlElement]:
        return sorted(dict.fromkeys(found), key=self._distance)

    @cached_property
    def _under_headline(self) -> list[HtmlElement]:
        """The lines right after the headline, innermost elements only."""
        if self.headline is None:
            return []
        after = islice(self.document.elements, self._place + 1, self._place + NEAR)
        return [one for one in after if one.tag in _LINES and _is_line(one)]

    # --- when --------------------------------------------------------------------------------

    def times(self) -> Iterator[Moment]:
        """The times that the page shows, the most likely first."""
        marked = self._marked(the_words().times, but=_words().other_times)
        marked += [one for one in self.document.root.iter("time") if not _tells_of_change(one)]
        found = [
            (self._distance(one) + (0 if moment.has_time else DAY_ONLY), moment)
            for one in self._nearest_first(marked)
            for moment in _moments_of(one)
        ]
        yield from (moment for _, moment in sorted(found, key=lambda each: each[0]))
        yield from self._unmarked_times()

    def _unmarked_times(self) -> Iterator[Moment]:
        changed: list[Moment] = []
        for element in self._under_headline:
            text = text_of(element)
            moment = read_visible(text)
            if moment is None or not _is_time_line(text, moment):
                continue
            if fold(text).strip("( ").startswith(_words().change_labels):
                changed.append(moment)
            else:
                yield moment
        yield from changed

    def stated_time(self) -> str:
        """What an element states for machines: microdata, RDFa, microformats."""
        for element in self._nearest_first(self._stating(_STATED_TIME)):
            for attribute in ("content", "datetime", "title"):
                value: str = element.get(attribute) or ""
                if read_machine(value):
                    return value
        return ""

    def changes(self) -> Iterator[Moment]:
        """When elements state that it was changed."""
        for element in self._nearest_first(self._stating(_STATED_CHANGE)):
            stated = element.get("content") or element.get("datetime") or ""
            if moment := read_machine(stated):
                yield moment

    # --- the lead, and what is said of the making ----------------------------------------------

    def leads(self) -> Iterator[str]:
        """The texts of boxes that are marked as a lead."""
        for element in self.marks.having(the_words().leads):
            away = self._order[element] - self._place
            if abs(away) <= NEAR and not is_in(element, _words().not_the_article):
                yield text_of(element)

    def tells_of_making(self, text: str) -> bool:
        """Whether a short line says only when or by whom it was written."""
        if len(text) > LONGEST_LINE:
            return False
        if (moment := read_visible(text)) is not None and _is_time_line(text, moment):
            return True
        said = read_byline(text, self.facts.site_names)
        names = (*said.byline, *said.photographers)
        return (
            bool(names) and all(map(is_author, names)) and bare(text) == "".join(map(bare, names))
        )

    # --- who ---------------------------------------------------------------------------------

    def credits(self) -> Credits:
        """Shown near the headline; else declared; the longer list where both say the same."""
        shown = self._shown_authors()
        declared = self._declared_authors()
        names = set(map(bare, shown.byline))
        if names <= set(map(bare, declared.byline)):
            made = declared | Credits(photographers=shown.photographers)
        else:
            made = shown
        return made | Credits(original_source=shown.original_source or self._taken_from())

    def _shown_authors(self) -> Credits:
        marked = self._marked(the_words().authors, but=_words().not_the_article)
        marked += self._stating(_STATED_AUTHOR)
        marked += [
            one
            for one in self.document.with_attribute("rel")
            if "author" in (one.get("rel") or "").split() and one.tag == "a"
        ]
        made, last = Credits(), None
        for element in self._nearest_first(marked):
            if next(element.iterancestors("figure", "figcaption"), None) is not None:
                continue  # who took a picture
            if last is not None and abs(self._order[element] - last) > SIDE_BY_SIDE:
                continue
            text = text_of(element) or (element.get("content") or "")
            said = self._named(text) if len(text) <= LONGEST_LINE else Credits()
            if said.byline or said.photographers:
                made, last = made | said, self._order[element]
        return made if made.byline else made | self._unmarked_authors()

    def _unmarked_authors(self) -> Credits:
        """Lines under the headline that say themselves what they are: "Tác giả: …"."""
        words = the_words()
        labels = words.roles | words.both_roles | words.photo_roles
        made = Credits()
        for element in self._under_headline:
            text = text_of(element)
            label, colon, _ = text.partition(":")
            if (colon and canon(label).strip("( ") in labels) or _is_name_and_time(text):
                made |= self._named(text.strip("()"))
        return made

    def _named(self, text: str) -> Credits:
        """The people of a byline; of names that no person has, nothing."""
        said = read_byline(_without_title(_without_time(text)), self.facts.site_names)
        people = tuple(name for name in said.byline if is_author(name))
        return Credits(
            byline=people, photographers=said.photographers, original_source=said.original_source
        )

    def _declared_authors(self) -> Credits:
        made = Credits()
        document = self.document
        metas = (
            document.meta("author"),
            document.meta("dc.creator", "parsely-author", "sailthru.author", "citation_author"),
        )
        for text in (*self.facts.authors(), *metas):
            said = read_byline(text, self.facts.site_names)
            made = Credits(byline=tuple(name for name in said.byline if is_author(name)))
            if made.byline:
                break
        if len(self.facts.said.authors) > 1 and made.byline:
            for text in self.facts.said.authors:
                said = read_byline(text, self.facts.site_names)
                made |= Credits(byline=tuple(name for name in said.byline if is_author(name)))
        return made

    def _taken_from(self) -> str | None:
        marked = self._marked(_words().sources, but=_words().not_the_article)
        for element in self._nearest_first(marked):
            text = text_of(element)
            if len(text) <= LONGEST_LINE and (source := read_source(text)):
                return source
        return None

    # --- section and tags --------------------------------------------------------------------

    def trail(self) -> Iterator[str]:
        """The names of the breadcrumbs; else of links that say they name a category."""
        found = False
        for element in self._marked(_words().trails):
            links = list(element.iter("a"))
            for link in links:
                found = True
                yield text_of(link)
            if links:
                return
        if found:
            return
        for link in self.document.with_attribute("rel"):
            if "category" in (link.get("rel") or "").split():
                yield text_of(link)
        near = self._nearest_first(self._marked(_words().sections, but=_words().not_the_article))
        for element in near[:1]:
            if self._distance(element) <= NEAR:
                yield text_of(next(element.iter("a"), element))
        yield from self._links_over_headline()

    def _links_over_headline(self) -> Iterator[str]:
        """A lone link right above the headline, where nothing says what it is."""
        for element in reversed(self.document.elements[max(0, self._place - OVER) : self._place]):
            leads_home = (element.get("href") or "").strip() in {"", "/", "./"}
            if element.tag == "a" and not leads_home and not _is_in_menu(element):
                yield text_of(element)
                return

    def tags(self) -> Iterator[str]:
        """The tags that the page shows as links."""
        relating = [
            one
            for one in self.document.with_attribute("rel")
            if {"tag"} == set((one.get("rel") or "").split()) - {"nofollow"}
        ]
        if relating:
            yield from map(text_of, relating)
            return
        for element in self._nearest_first(self._marked(_words().tags))[:1]:
            yield from map(text_of, element.iter("a"))

    # --- what is marked ----------------------------------------------------------------------

    def _marked(
        self, words: Collection[str], but: Collection[str] = frozenset()
    ) -> list[HtmlElement]:
        """Elements whose class or id has one of ``words``, and that are in nothing of ``but``."""
        found = self.marks.having(words)
        return [one for one in found if not (but and is_in(one, but))]

    def _stating(self, names: frozenset[str]) -> list[HtmlElement]:
        """Elements with an ``itemprop`` or ``property`` of one of ``names``, outside the head."""
        return [
            element
            for attribute in ("itemprop", "property")
            for element in self.document.with_attribute(attribute)
            if not names.isdisjoint((element.get(attribute) or "").lower().split())
            and not is_in(element, _words().not_the_article)
        ]


def is_author(name: str) -> bool:
    """Whether a name near a headline can be an author's: no account, address or site."""
    if not looks_like_name(name) or canon(name) in the_words().roles | the_words().titles:
        return False
    return bare(name) not in _words().accounts


def _words() -> EvidenceWords:
    return the_evidence_words()


def _is_in_menu(link: HtmlElement) -> bool:
    box = link.getparent()
    return box is None or sum(1 for _ in box.iter("a")) > 1 or box.tag in {"li", "nav"}


def _is_line(element: HtmlElement) -> bool:
    """Whether an element is one short line, not a box of several."""
    if any(child.tag in {"p", "div", "td", "li", "ul", "table"} for child in element):
        return False
    return 0 < len("".join(element.itertext()).strip()) <= LONGEST_LINE


def _tells_of_change(element: HtmlElement) -> bool:
    stated = (element.get("itemprop") or element.get("property") or "").lower()
    tokens = class_tokens(element)
    changed = "modified" in stated or not tokens.isdisjoint(_words().other_times)
    return (changed and "published" not in tokens) or is_in(element, _words().not_the_article)


def _moments_of(element: HtmlElement) -> Iterator[Moment]:
    """What a marked element shows, to the second where it also states it."""
    text = text_of(element)
    stated = read_machine(element.get("datetime") or element.get("content") or "")
    if stated and stated.has_time:
        yield stated
    if len(text) <= LONGEST_LINE and (shown := read_visible(text)):
        yield shown if shown.has_time else _with_neighbour(element, shown)
    elif moment := read_machine(title := element.get("title") or "") or read_visible(title):
        yield moment


def _with_neighbour(element: HtmlElement, day: Moment) -> Moment:
    """The day with the time of day that stands beside it, in an element of its own."""
    around = element.getparent()
    if around is None or len("".join(around.itertext())) > LONGEST_LINE * 2:
        return day
    both = read_visible(text_of(around))
    same_day = both is not None and both.wall.date() == day.wall.date()
    return both if both is not None and both.has_time and same_day else day


def _is_time_line(text: str, moment: Moment) -> bool:
    """Whether a line is there for its date: little else in it, and a time of day or a label."""
    rest = " ".join(_NOT_IN_A_TIME_LINE.sub(" ", text).split())
    if len(rest) > LONGEST_REST:
        return False
    return moment.has_time or fold(text).strip("( ").startswith(_words().time_labels)


def _is_name_and_time(text: str) -> bool:
    """``"Hoàng Ngân • 25/10/2026 05:40"``: a person, no place, before a date with a time."""
    name = _without_time(text).strip(" •|,-–—()")
    if name == text or not (moment := read_visible(text)) or not moment.has_time:
        return False
    is_full_name = looks_like_name(name) and 1 < len(name.split()) <= MOST_NAME_PARTS
    return is_full_name and bare(name) not in _words().places


def _without_title(text: str) -> str:
    """``"PV. Tạ Đình Huy"`` is Tạ Đình Huy."""
    head, dot, name = text.partition(".")
    return name.strip() if dot and name and canon(head).strip() in the_words().titles else text


_DATE_AND_AFTER = re.compile(
    r"[\s|,•·\-–—(]*(?:thứ\s+\w+|chủ nhật|ngày|lúc|đăng|\d{1,2}[:h]\d{2}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}).*$"
)


def _without_time(text: str) -> str:
    """``"Hà Vũ | 12/10/2026 16:05"`` is a byline with the time behind it."""
    found = _DATE_AND_AFTER.search(canon(text))
    if found and re.search(r"\d", found[0]):
        return text[: found.start()]
    return text
