"""Who wrote an article, on a page that nobody has described: what stands near the headline.

What the head of the page declares is in `fields.py`. Decision 0016 has the order of trust.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lxml.html import HtmlElement

from hanoiwatch.page.tree import text_of
from hanoiwatch.text import canon
from indexer.extract.dates import read_visible
from indexer.extract.evidence_words import the_evidence_words
from indexer.extract.fields import Facts
from indexer.extract.people import Credits, is_collective, looks_like_name, read_byline, read_source
from indexer.extract.surroundings import LONGEST_LINE, Surroundings
from indexer.extract.timing import is_time_line
from indexer.extract.words import bare, the_words

SIDE_BY_SIDE = 12
"""Elements between two names of one byline, at most."""
MOST_NAME_PARTS = 5

_STATED_AUTHOR = frozenset({"author", "creator", "dc:creator", "schema:author"})


@dataclass(frozen=True, kw_only=True)
class Making:
    """What a page tells of the making of its article."""

    facts: Facts
    around: Surroundings

    def is_told_by(self, text: str) -> bool:
        """Whether a short line says only when or by whom it was written."""
        if len(text) > LONGEST_LINE:
            return False
        if is_time_line(text):
            return True
        said = read_byline(text, self.facts.site_names)
        names = (*said.byline, *said.photographers)
        return (
            bool(names) and all(map(is_author, names)) and bare(text) == "".join(map(bare, names))
        )

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
        marked = self.around.marked(the_words().authors)
        marked += self.around.stating(_STATED_AUTHOR)
        marked += [
            one
            for one in self.around.document.with_attribute("rel")
            if "author" in (one.get("rel") or "").split() and one.tag == "a"
        ]
        made, last = Credits(), None
        several = _holding_several(marked)
        for element in self.around.nearest_first(marked):
            if element in several:
                continue  # each of those in it names one
            if next(element.iterancestors("figure", "figcaption"), None) is not None:
                continue  # who took a picture
            if last is not None and abs(self.around.order[element] - last) > SIDE_BY_SIDE:
                continue
            text = text_of(element) or (element.get("content") or "")
            said = self._named(text) if len(text) <= LONGEST_LINE else Credits()
            if said.byline or said.photographers:
                made, last = made | said, self.around.order[element]
        return made if made.byline else made | self._unmarked_authors()

    def _unmarked_authors(self) -> Credits:
        """Lines under the headline that say themselves what they are: "Tác giả: …"."""
        words = the_words()
        labels = words.roles | words.both_roles | words.photo_roles
        made = Credits()
        for element in self.around.under_headline:
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
        document = self.around.document
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
        marked = self.around.marked(the_evidence_words().sources)
        for element in self.around.nearest_first(marked):
            text = text_of(element)
            if len(text) <= LONGEST_LINE and (source := read_source(text)):
                return source
        return None


def _holding_several(marked: list[HtmlElement]) -> set[HtmlElement]:
    """Those around two and more others that say something and hold none themselves."""
    all_of_them = set(marked)
    around = [{*one.iterancestors()} & all_of_them for one in all_of_them]
    outer = set().union(*around)
    inner = [one for one in all_of_them if one not in outer and text_of(one)]
    held = Counter(above for one in inner for above in {*one.iterancestors()} & outer)
    return {one for one, count in held.items() if count > 1}


def is_author(name: str) -> bool:
    """Whether a name near a headline can be an author's: no account, address or site."""
    if is_collective(name):
        return True
    if not looks_like_name(name) or canon(name) in the_words().roles | the_words().titles:
        return False
    return bare(name) not in the_evidence_words().accounts


def _is_name_and_time(text: str) -> bool:
    """``"Hoàng Ngân • 25/10/2026 05:40"``: a person, no place, before a date with a time."""
    name = _without_time(text).strip(" •|,-–—()")
    if name == text or not (moment := read_visible(text)) or not moment.has_time:
        return False
    is_full_name = looks_like_name(name) and 1 < len(name.split()) <= MOST_NAME_PARTS
    return is_full_name and bare(name) not in the_evidence_words().places


def _without_title(text: str) -> str:
    """``"PV. Tạ Đình Huy"`` is Tạ Đình Huy."""
    head, dot, name = text.partition(".")
    return name.strip() if dot and name and canon(head).strip() in the_words().titles else text


_DATE_AND_AFTER = re.compile(
    r"[\s|,•·\-–—(]*(?:thứ\s+\w+|chủ nhật|ngày|lúc|đăng|cập nhật|\d{1,2}[:h]\d{2}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}).*$"
)


def _without_time(text: str) -> str:
    """``"Hà Vũ | 12/10/2026 16:05"`` is a byline with the time behind it."""
    found = _DATE_AND_AFTER.search(canon(text))
    if found and re.search(r"\d", found[0]):
        return text[: found.start()]
    return text
