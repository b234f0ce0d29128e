"""`hanoiwatch add`: one article that was missed, through the stages of every other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crawler.discover.article_urls import article_urls
from hanoiwatch.app import App
from hanoiwatch.errors import NotAddedError
from hanoiwatch.model import Article, ArticleId
from hanoiwatch.sources.checks import url_fault
from hanoiwatch.sources.schema import Source
from hanoiwatch.store.ledger import PageEnd
from hanoiwatch.store.takedowns import TAKEN_DOWN
from hanoiwatch.urls import canonical_url, host_of, same_site
from scheduler.crawls import CrawlOptions, CrawlReport, crawl_sources

AddOutcome = Literal["added", "known", "fetched-again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """``known``: it was there, and nothing was fetched."""

    outcome: AddOutcome
    article: Article


def source_of(url: str, sources: Mapping[str, Source], name: str = "") -> Source:
    """The source whose article ``url`` is; ``name``: the one to take.

    Raises NotAddedError where there is none, or more than one.
    """
    if fault := url_fault(url):
        raise NotAddedError(f"{url}: {fault}.")
    ours = [one for one in sources.values() if same_site(one.home, url)]
    if name:
        ours = [one for one in ours if one.name == name]
        if not ours:
            raise NotAddedError(f"{url} is on another site than {name} ({sources[name].home}).")
        return ours[0]
    if not ours:
        raise NotAddedError(
            f"{host_of(url)} is the site of no source: `hanoiwatch sources add {url}` makes one."
        )
    fitting = [one for one in ours if article_urls(one).is_article(url)]
    nearest = [one for one in fitting if host_of(one.home) == host_of(url)] or fitting
    if not nearest:
        raise NotAddedError(
            f"{url} is no article's address by the rules of {ours[0].name}: if it is one, say "
            f"`--source {ours[0].name}`."
        )
    if len(nearest) > 1:
        names = ", ".join(one.name for one in nearest)
        raise NotAddedError(f"{url} may be of several sources: name one with --source ({names}).")
    return nearest[0]


def add_article(app: App, url: str, source: Source, *, refetch: bool = False) -> Added:
    """Fetches, archives, records and indexes one article. Raises NotAddedError, with the reason."""
    key = canonical_url(url) or url
    before = app.record.articles.find(key)
    if before is not None and before.out_of_scope == TAKEN_DOWN:
        raise NotAddedError(f"{url} was taken down: it is not fetched again.")
    if before is not None and not refetch:
        return Added(outcome="known", article=before)
    (report,), _ = crawl_sources(app, [source.name], CrawlOptions(pages=(url,)))
    _refuse(url, report, app.record.ledger.page_ends(source.name, key))
    article = app.record.articles.find(key)
    if article is None:
        raise NotAddedError(f"{url} was fetched, and no article is recorded of it.")
    if before is not None:
        _refuse_again(app, source, key, article.id)
    return Added(outcome="fetched-again" if before else "added", article=article)


def _refuse(url: str, report: CrawlReport, ends: Mapping[str, PageEnd]) -> None:
    """Raises NotAddedError where the page ended a stage before it was an article."""
    if report.outcome == "failed":
        raise NotAddedError(f"{url} could not be fetched: {'; '.join(report.problems)}")
    for stage, end in ends.items():
        if end.outcome not in ("fetched", "extracted", "recorded", "duplicate", "indexed"):
            why = f": {end.reason}" if end.reason else ""
            raise NotAddedError(f"{url}: {_WORDS.get(end.outcome, end.outcome)}{why} ({stage}).")


def _refuse_again(app: App, source: Source, url: str, article: ArticleId) -> None:
    """Raises NotAddedError where a known article's page could not be had, or is none any more: its
    ledger tells of the good fetch that it had before."""
    pages = app.record.verdicts.pages_of(app.record.runs.last(source.name))
    page = next((one for one in pages if one.url == url), None)
    kept = f"the copy of it stays as it was ({article})"
    if page is None or page.outcome != "fetched":
        raise NotAddedError(f"{url} could not be fetched again: {kept}.")
    if page.reason and not page.layout:
        raise NotAddedError(f"{url} is no article now ({page.reason}): {kept}.")


_WORDS = {
    "refused": "it may not be fetched",
    "failed": "it could not be fetched",
    "not-due": "it was not fetched now",
    "not-article": "the page is no article",
    "quarantined": "the page broke its reader",
    "out-of-scope": "it is out of the source's scope",
}
