"""Whether a page as served lacks the article that it promises, and only scripts could bring it.

What is asked here is not whether a page *is* an article, but whether a browser would show more of
it than we were sent: an app's shell, a skeleton that a script fills, a page that sets a cookie
and loads itself again.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import classes_of, lines_of, text_of
from hanoiwatch.text import canon, words

HARDLY_ANY = 400
"""Characters of prose. The shortest notices of the press have as many; a shell has a slogan."""
LITTLE = 2000
"""Characters of prose that the frame of a page may hold (a box about the paper, teasers), where
the headline that the page declares is not in it."""
SENTENCE = 60
"""Characters from which a line is prose; menus, buttons, names and dates are shorter."""
PICTURES_OF_A_STORY = 3
"""Captions from which a page with little prose is a story in pictures, and there."""
SHORTEST_HEADLINE = 4
"""Words of a declared headline that can be told from the name of a section."""
SAME_HEADLINE = 0.6
"""Share of its words that the visible one has."""
COOKIE_PAGE_BYTES = 3000
"""A page that only sets a cookie and loads itself again has a fifth of that."""
COOKIE_PAGE_TEXT = 120
"""Characters that such a page may show ("please wait")."""

_ARTICLE_TYPES = re.compile(
    r'"@type"\s*:\s*\[?\s*"(?:News|Reportage|Analysis|Opinion|Background|Report)?'
    r'(?:NewsArticle|Article|BlogPosting)"'
)
_ARTICLE_METAS = (
    "article:published_time", "article:section", "article:modified_time", "pubdate",
    "datepublished", "date.created",
)  # fmt: skip
_FRAME = re.compile(
    r"(?:^|\s)(?:[\w-]*[-_])?(?:footer|copyright|breadcrumbs?|related|tin-lien-quan)\b"
    r"|(?:^|\s)(?:menu|nav|sidebar|cookie)"
)
"""Classes and ids of a page's frame; what "has-sidebar" is the page itself."""
_FRAME_TAGS = ("footer", "nav", "header", "aside", "form")
_DATA_TYPES = ("json", "template", "html")

_SETS_COOKIE = re.compile(r"document\s*\.\s*cookie\s*=\s*[\"'`]")
_LOADS_AGAIN = re.compile(
    r"location\s*\.\s*(?:reload|replace|assign)\s*\(|location(?:\s*\.\s*href)?\s*=[^=]"
)
_COMPUTES = re.compile(
    r"toNumbers|slowAES|\beval\s*\(|atob\s*\(|WebAssembly|crypto|captcha|turnstile|challenge|"
    r"navigator\s*\.|Function\s*\(",
    re.IGNORECASE,
)
"""A script that works something out, or looks at who runs it, is a gate against robots. We do
not pass it; a cookie that is given to everybody is none."""


def promised_by(document: Document) -> str:
    """What says that there is an article here, in words; empty where nothing does."""
    if document.meta("og:type").lower() in ("article", "news", "news.article"):
        return "og:type"
    found = next((name for name in _ARTICLE_METAS if name in document.metas), None)
    if found:
        return found
    scripts = document.root.iter("script")
    if any(_is_data(one) and _ARTICLE_TYPES.search(one.text or "") for one in scripts):
        return "JSON-LD"
    return ""


def lacks_article(document: Document) -> bool:
    """Whether there is hardly an article to read in the page as it was served."""
    if _captions(document) >= PICTURES_OF_A_STORY:
        return False
    prose = _prose(document)
    if prose < HARDLY_ANY:
        return True
    return prose < LITTLE and not _shows_headline(document)


def has_scripts(document: Document) -> bool:
    """Whether the page runs anything that could bring more."""
    return any(
        not _is_data(one) and (one.get("src") or (one.text or "").strip())
        for one in document.root.iter("script")
    )


def only_sets_cookie(document: Document) -> bool:
    """Whether the page does nothing but set a cookie, written out in it, and load itself again."""
    if len(document.page.body) > COOKIE_PAGE_BYTES:
        return False
    if sum(map(len, document.visible_lines)) > COOKIE_PAGE_TEXT:
        return False
    scripts = list(document.root.iter("script"))
    code = "\n".join(one.text or "" for one in scripts)
    if any(one.get("src") for one in scripts) or _COMPUTES.search(code):
        return False
    return bool(_SETS_COOKIE.search(code) and _LOADS_AGAIN.search(code))


def _is_data(script: HtmlElement) -> bool:
    kind = (script.get("type") or "").lower()
    return any(name in kind for name in _DATA_TYPES)


def _prose(document: Document) -> int:
    """Characters of lines that read like sentences, outside the page's frame and its links."""
    body = document.root.find("body")
    root = document.root if body is None else body
    linked = {text_of(one) for one in root.iter("a")}
    lines = lines_of(root, skip=_frame(document))
    return sum(len(line) for line in lines if len(line) >= SENTENCE and line not in linked)


def _frame(document: Document) -> set[HtmlElement]:
    tags = set(document.root.iter(*_FRAME_TAGS))
    named = (*document.with_attribute("class"), *document.with_attribute("id"))
    tags |= {one for one in named if _FRAME.search(classes_of(one)) and one.tag != "body"}
    # what holds the headline or the article is no frame of it
    return {one for one in tags if one.tag != "html" and _first(one, "h1", "article") is None}


def _first(element: HtmlElement, *tags: str) -> HtmlElement | None:
    return next(element.iter(*tags), None)


def _captions(document: Document) -> int:
    return sum(1 for one in document.root.iter("figcaption") if text_of(one))


def _shows_headline(document: Document) -> bool:
    declared = set(words(canon(document.meta("og:title", "twitter:title"))))
    if len(declared) < SHORTEST_HEADLINE:
        return any(text_of(one) for one in document.root.iter("h1"))
    # the declared one may be cut, or have the paper's name behind it
    enough = SAME_HEADLINE * len(declared)
    lines = (set(words(canon(line))) for line in document.visible_lines)
    return any(len(line & declared) >= enough for line in lines)
