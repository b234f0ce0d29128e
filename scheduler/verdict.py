"""What a check of a source found, as a verdict that a person can act on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.robots import understand
from hanoiwatch.store.drift import Collapse, Suspect
from hanoiwatch.store.hosts import RobotsFile
from hanoiwatch.store.verdicts import (
    Finding,
    FindingState,
    TriedList,
    TriedPage,
    Verdict,
    VerdictOutcome,
)
from indexer.drift.suspects import WAS_ONE

NEEDED = ("title", "published")
"""Without them an article cannot be found again by its headline and its day."""
SUSPECTS = 5
"""Of the last days, as examples; each crawl's report has its own."""
WANTED = ("lead", "byline", "section")

_ADVICE_LIST = {
    "feed": "open it in a browser: a feed that moved or is empty is replaced or taken out of "
    "`discover.feeds`.",
    "sitemap": "look at the lines `Sitemap:` of robots.txt, and correct `discover.sitemaps`.",
    "section": "open it in a browser, and correct `discover.sections` or `article_url`.",
}
_REFUSED = "robots.txt refuses it, and no setting changes that: take it out of the source file."
_CHANGED = (
    "open it in a browser: if it shows the article, the site's pages have changed, and the layout "
    "of the source is to be corrected (docs/howto/add-a-source.md)."
)
_GATE = "the site shows programs another page: write to its people, or take the source out."
_LAYOUT = (
    "save the page and look at `hanoiwatch extract FILE URL`; correct the layout of the source or "
    "write one (docs/howto/add-a-source.md)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """All that a check learned of one source."""

    source: str
    host: str
    problem: str
    """Why the crawl failed as a whole; empty: it did not."""
    robots: RobotsFile | None
    named: frozenset[str]
    """The lists that the source's file names; those that they lead to speak for them."""
    lists: tuple[TriedList, ...]
    pages: tuple[TriedPage, ...]
    collapses: tuple[Collapse, ...]
    suspects: tuple[Suspect, ...]
    known: int
    """Earlier pages that these were compared with; too few say nothing."""


def judge(tried: Tried, at: datetime, *, enough: int) -> Verdict:
    """The verdict. ``enough``: how many earlier pages drift can be told from."""
    found = tuple(_findings(tried, enough))
    return Verdict(source=tried.source, at=at, outcome=_outcome(tried, found), findings=found)


def _outcome(tried: Tried, findings: Iterable[Finding]) -> VerdictOutcome:
    answered = any(one.outcome in ("ok", "unchanged", "empty") for one in tried.lists)
    if not answered and not any(page.layout for page in tried.pages):
        return "failed"
    return "problems" if any(one.state == "problem" for one in findings) else "ok"


def _findings(tried: Tried, enough: int) -> Iterator[Finding]:
    if tried.problem:
        yield _found("crawl", tried.source, "problem", tried.problem)
    yield _robots(tried)
    for one in tried.lists:
        if one.url in tried.named:
            yield _list(one)
    if not any(page.outcome == "fetched" for page in tried.pages):
        advice = "see what the lists above say, and whether `article_url` fits their addresses."
        yield _found("article", tried.host, "problem", "no article could be tried", advice)
    for page in tried.pages:
        yield _page(page)
    yield from _drift(tried, enough)


def _robots(tried: Tried) -> Finding:
    what = f"{tried.host}/robots.txt"
    if tried.robots is None:
        return _found("robots", what, "note", "not asked for")
    policy = understand(tried.robots)
    if policy.unavailable:
        said = f"could not be fetched ({policy.unavailable}), so nothing may be"
        return _found("robots", what, "problem", said, "try again later.")
    if policy.warning:
        advice = "the site may block programs: write to its people, and name your contact."
        return _found("robots", what, "problem", policy.warning, advice)
    delay = f", a request each {policy.delay_seconds:g} s" if policy.delay_seconds else ""
    rules = "read" if policy.rules else f"status {tried.robots.status}: no rules"
    return _found("robots", what, "ok", f"{rules}{delay}")


def _list(one: TriedList) -> Finding:
    if one.outcome in ("ok", "unchanged"):
        same = ", as at the last poll" if one.outcome == "unchanged" else ""
        return _found(one.kind, one.url, "ok", f"{one.items} articles{same}")
    said = one.reason or one.outcome
    if one.kind == "sitemap" and said == "it lists nothing":
        return _found(one.kind, one.url, "note", "it lists nothing of the last days")
    if one.outcome == "refused":
        return _found(one.kind, one.url, "problem", f"refused: {said}", _REFUSED)
    advice = _ADVICE_LIST.get(one.kind, "")
    if "status 403" in said or "status 401" in said:
        advice = "the site turns programs away here: try again later, then write to its people."
    return _found(one.kind, one.url, "problem", said, advice)


def _page(page: TriedPage) -> Finding:
    if page.outcome == "refused":
        return _found("article", page.url, "note", f"listed, and refused: {page.reason}")
    if page.outcome != "fetched":
        return _found("article", page.url, "problem", f"{page.outcome}: {page.reason}",
                      "open it in a browser; if it is there, try again later.")  # fmt: skip
    if not page.layout:
        return _no_article(page)
    fields = page.traits.fields
    missing = [name for name in NEEDED if name not in fields]
    if missing or page.suspicion:
        lost = f"without {' and '.join(missing)}" if missing else ""
        by = f"read by {page.layout}"
        read = "" if page.suspicion.startswith(by) else by  # it says so itself
        said = "; ".join(filter(None, (read, lost, page.suspicion)))
        return _found("article", page.url, "problem", said, _LAYOUT)
    return _found("article", page.url, "ok", _fields(page))


def _no_article(page: TriedPage) -> Finding:
    if not page.reason:
        return _found("article", page.url, "note", "not modified since it was last read")
    said = f"no article ({page.reason})"
    if page.reason.startswith(("challenge", "login", "consent")):
        advice = _GATE
    elif page.suspicion.endswith(WAS_ONE):
        said, advice = page.suspicion, _CHANGED
    else:
        advice = "if its address is no article's, narrow `article_url` or add to `exclude_url`."
    return _found("article", page.url, "problem", said, advice)


def _fields(page: TriedPage) -> str:
    traits = page.traits
    there = [name for name in (*NEEDED, *WANTED) if name in traits.fields]
    lacking = [name for name in WANTED if name not in traits.fields]
    parts = [f"read by {page.layout}", ", ".join(there), f"{traits.chars} characters of text"]
    if traits.images:
        parts.append(f"{traits.captions} captions of {traits.images} pictures")
    if lacking:
        parts.append(f"no {', no '.join(lacking)}")
    return "; ".join(parts)


def _drift(tried: Tried, enough: int) -> Iterator[Finding]:
    for one in tried.collapses:
        yield _found("drift", one.field, "problem", one.sentence, _LAYOUT)
    latest = {one.url: one for one in reversed(tried.suspects)}  # the newest of each page
    told = {page.url for page in tried.pages if page.suspicion}  # by its own finding
    further = [one for one in tried.suspects if one is latest[one.url] and one.url not in told]
    for suspect in further[:SUSPECTS]:
        yield _found("drift", suspect.url, "note", f"suspect: {suspect.reason}")
    if tried.collapses or tried.suspects:
        return
    if tried.known < enough:
        said = f"{tried.known} pages are known, {enough} are needed to tell whether they change"
        yield _found("drift", tried.source, "note", said)
    else:
        yield _found("drift", tried.source, "ok", f"as {tried.known} pages before")


def _found(part: str, what: str, state: FindingState, said: str, advice: str = "") -> Finding:
    return Finding(part=part, what=what, state=state, said=said, advice=advice)
