"""Whether a browser should show a page before it is read. Pure.

A browser costs the host many more requests, and us a second or more. With ``auto`` it is asked
only where the plain response has no article and promises one. A gate against robots (a challenge,
a captcha) is never shown to a browser, whatever the source's file says: we do not pass gates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from crawler.discover.article_urls import article_urls
from crawler.discover.sections import read_section
from crawler.plan import Ended, failed
from hanoiwatch.model import DuePage, OriginKind
from hanoiwatch.page.document import Document, PageInput, open_document
from hanoiwatch.page.kind import refused_by_answer, refused_by_words
from hanoiwatch.page.promise import has_scripts, lacks_article, only_sets_cookie, promised_by
from hanoiwatch.sources.schema import Source
from hanoiwatch.text import fold

_NO_USE = frozenset({"not-found", "maintenance", "login", "consent"})
"""What a page says that a browser would only say again."""

_ALSO_IN_SHELLS = frozenset(
    {
        "location.reload", "location.replace(", "g-recaptcha", "h-captcha",
        fold("Vui lòng bật JavaScript"), fold("Vui lòng chờ trong giây lát"),
    }
)  # fmt: skip
"""Signs of a gate that an app's shell carries as well. Gates do not declare an article."""

_OF_COOKIE_PAGES = frozenset(
    {"", "location.reload", "location.replace(", 'document.cookie="D1N', "D1N="}
)
"""Signs of a gate that a page has which only sets a cookie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderChoice:
    """Whether to render, and why (not), in a few words."""

    render: bool
    why: str
    has_article: bool = False
    """The plain response seems to have an article of its own."""


def choose_for_page(page: PageInput, source: Source) -> RenderChoice:
    """For a plain response to the address of an article."""
    opened = _open(page, source)
    if isinstance(opened, RenderChoice):
        return opened
    if _is_cookie_page(opened):
        return _yes("it sets a cookie and loads itself again")
    if refused := _refused(opened):
        return refused
    if source.fetch.render == "always":
        return RenderChoice(render=True, why="always", has_article=not lacks_article(opened))
    if not has_scripts(opened):
        return _no("no script could bring more")
    if not lacks_article(opened):
        return RenderChoice(render=False, why="the article is there", has_article=True)
    promise = promised_by(opened) or _promised_by_address(page.url, source)
    return _yes(f"no article, though {promise} promises one") if promise else _no("no promise")


def choose_for_list(page: PageInput, kind: OriginKind, source: Source) -> RenderChoice:
    """For a plain response to what lists articles. Only section pages are for readers' eyes; of a
    feed or a sitemap only the page that stands before it is shown."""
    opened = _open(page, source)
    if isinstance(opened, RenderChoice):
        return opened
    if _is_cookie_page(opened):
        return _yes("it sets a cookie and loads itself again")
    if kind != "section":
        return _no("no page for readers")
    if refused := _refused(opened):
        return refused
    if source.fetch.render == "always":
        return _yes("always")
    if not has_scripts(opened):
        return _no("no script could bring more")
    if read_section(page.body, page.content_type, page.url, source).items:
        return _no("the list is there")
    return _yes("it lists nothing")


def _open(page: PageInput, source: Source) -> Document | RenderChoice:
    if source.fetch.render == "never":
        return _no("never")
    if refused := refused_by_answer(page):
        return _no(refused.detail)
    return open_document(page) or _no("no HTML")


def _refused(document: Document) -> RenderChoice | None:
    refused = refused_by_words(document)
    if refused is None:
        return None
    if refused.reason == "challenge":
        if refused.detail in _ALSO_IN_SHELLS and promised_by(document):
            return None
        return _no(f"challenge: {refused.detail}")
    return _no(refused.detail) if refused.reason in _NO_USE else None


def _is_cookie_page(document: Document) -> bool:
    """It gives everybody the same cookie, and shows no other sign of a gate."""
    refused = refused_by_words(document)
    sign = refused.detail if refused and refused.reason == "challenge" else ""
    return sign in _OF_COOKIE_PAGES and only_sets_cookie(document)


def _promised_by_address(url: str, source: Source) -> str:
    return "its address" if article_urls(source).is_linked_article(url) else ""


def _yes(why: str) -> RenderChoice:
    return RenderChoice(render=True, why=why)


def _no(why: str) -> RenderChoice:
    return RenderChoice(render=False, why=why)


# --- what came of it -------------------------------------------------------------------------


def shown(verdict: Ended, page: DuePage, sha256: str) -> Ended:
    """For a page that was shown, as ``sha256``. The response alone does not say whether it is
    new: a shell stays the same whatever its scripts bring."""
    if verdict.revisit is None:
        return verdict
    if sha256 == page.rendered_sha256:
        return verdict
    return replace(verdict, revisit=None, reason="", unread=True)


def not_shown(verdict: Ended, page: DuePage, reason: str, at: datetime, *, has_it: bool) -> Ended:
    """For a page that could not be shown; ``has_it``: the plain response has an article.

    A page that was read as rendered is not compared with a plain response: its good copy stays.
    Else the plain response is read, where it has something, and asked for anew next time.
    """
    if page.rendered_sha256 or not has_it:
        return failed(page, f"browser: {reason}", at)
    return as_served(verdict, reason)


def without_browser(verdict: Ended, page: DuePage, at: datetime) -> Ended:
    """For a page that should be shown where no browser is to be had."""
    if page.rendered_sha256:
        return failed(page, NO_BROWSER, at)
    return as_served(verdict, NO_BROWSER)


def as_served(verdict: Ended, reason: str) -> Ended:
    """The plain response is read. Without validators, so that the next answer is a whole one."""
    return replace(
        verdict, reason=f"as served: {reason}", etag=None, last_modified=None, sha256=None
    )


NO_BROWSER = "no browser"
