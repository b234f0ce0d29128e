"""`hanoiwatch search`: one question to the index, answered from the record."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, get_args

import click

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.linked import LINKED
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.output import one_line, write_rows
from hanoiwatch.cli.question import Question, QuestionCommand, asked, question_options
from hanoiwatch.config import Config
from hanoiwatch.model import FacetCount, Filters, SortOrder

if TYPE_CHECKING:
    from hanoiwatch.app import App

DEFAULT_LIMIT = 10
KEYS = ("total", "took_ms", "hits", "facets", "hint")
CSV_COLUMNS = (
    "id", "published_at", "source", "section", "title", "url", "withdrawn_at", "copies", "score",
)  # fmt: skip
FACETS_SHOWN = 6
"""Values of each facet that the table shows; JSON has them all."""


@click.command(cls=QuestionCommand)
@question_options
@click.option("--limit", type=click.IntRange(0, 10_000), default=DEFAULT_LIMIT, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out the first hits.")
@click.option("--sort", type=click.Choice(get_args(SortOrder)), default="newest", show_default=True)
@format_option(lists=True)
@click.pass_obj
def search(config: Config, /, question: Question, form: str, **page: Any) -> None:
    """Search titles, leads, texts, captions, bylines and tags.

    Without any Vietnamese mark in QUERY, marks do not matter; with one, every word is exact.
    "a phrase", "a b"~6, OR, -word, title:word, ( ).  docs/reference/query.md tells all.
    Without a QUERY, everything is found, newest first.

    \b
    hanoiwatch search 'sap xep bo may'
    hanoiwatch search '"tinh gọn bộ máy"~4' --source hanoimoi --since 90d
    hanoiwatch search 'caption:cầu -mưa' --sort relevance --format json
    """
    started = time.perf_counter()
    answer = search_articles(config, question.query, question.filters, **page)
    answer["took_ms"] = round((time.perf_counter() - started) * 1000)
    if form == "json":
        print_json({key: answer[key] for key in KEYS})
    elif form == "csv":
        _print_csv(answer)
    else:
        _print_table(answer, page["offset"])


def search_articles(
    config: Config,
    query: str,
    filters: Filters,
    limit: int = DEFAULT_LIMIT,
    offset: int = 0,
    sort: SortOrder = "newest",
) -> dict[str, Any]:
    """The answer of the contract's `search`, but for ``took_ms``.

    Raises QueryError, UnknownSourceError, UnknownLinkError, NotFoundError (nothing was ever
    crawled).
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.query import highlights

    with open_existing(config) as app:
        ask = asked(app, query, filters)
        found = app.search_index.search(
            ask.tree, ask.filters, sort=sort, limit=limit, offset=offset
        )
        articles = app.record.articles.by_rowids([match.article_rowid for match in found.matches])
        names = facet_names(app)
    hits = [
        {
            "score": match.score,
            "highlights": highlights(ask.tree, article.content) if ask.tree else {},
            "article": article_json(article),
        }
        for match in found.matches
        if (article := articles.get(match.article_rowid))
    ]
    facets = {name: [_facet(count, names.get(name, {})) for count in counts]
              for name, counts in found.facets.items()}  # fmt: skip
    hint = " ".join(filter(None, (found.hint, ask.note))) or None
    return {"total": found.total, "hits": hits, "facets": facets, "hint": hint}


def facet_names(app: App) -> dict[str, dict[str, str]]:
    """How the values of facets are called that are counted by id."""
    linked = app.record.linkings.names()
    named = {facet: linked[kind] for facet, kind in LINKED.items()}
    return named | {"sources": app.record.sources.titles()}


def _facet(facet: FacetCount, names: dict[str, str]) -> dict[str, Any]:
    return {"id": facet.id, "name": names.get(facet.id, facet.name), "count": facet.count}


# --- as a table ------------------------------------------------------------------------------


def _print_table(answer: dict[str, Any], offset: int) -> None:
    for number, hit in enumerate(answer["hits"], start=offset + 1):
        click.echo(f"{number:3}. {_headline(hit)}")
        click.echo(f"     {'  '.join(about(hit['article']))}")
        for field, snippets in hit["highlights"].items():
            for snippet in snippets:
                if field != "title":
                    click.echo(f"     {field}: {_styled(snippet)}")
    click.echo(f"{answer['total']} found, {_shown(answer, offset)}, {answer['took_ms']} ms")
    if answer["hint"]:
        click.echo(answer["hint"])
    for name, counts in answer["facets"].items():
        top = ", ".join(
            f"{one_line(facet['name'])} ({facet['count']})" for facet in counts[:FACETS_SHOWN]
        )
        more = len(counts) - FACETS_SHOWN
        if top:
            click.echo(f"{name}: {top}{f', and {more} more' if more > 0 else ''}")


def _shown(answer: dict[str, Any], offset: int) -> str:
    shown = len(answer["hits"])
    if answer["total"] and offset >= answer["total"]:
        return f"none behind the first {offset}"
    return f"{shown} shown"


def about(article: dict[str, Any]) -> list[str]:
    """The line under a headline: when, where, which, and what befell it since."""
    parts = [
        (article["published_at"] or "no date")[:16].replace("T", " "),
        article["source"],
        one_line(article["section"] or ""),
        article["id"],
    ]
    if article["withdrawn_at"]:
        parts.append(click.style(f"withdrawn {article['withdrawn_at'][:10]}", fg="red"))
    if copies := _copies(article):
        parts.append(f"+{copies} {'copy' if copies == 1 else 'copies'}")
    return [part for part in parts if part]


def _copies(article: dict[str, Any]) -> int:
    return article["story"]["copies"] if article["story"] else 0


def _headline(hit: dict[str, Any]) -> str:
    """The title, with what matched coloured where one snippet holds all of it."""
    import html

    title: str = hit["article"]["title"]
    snippets = hit["highlights"].get("title", ())
    if len(snippets) == 1 and html.unescape(_unmarked(snippets[0])) == title:
        return _styled(snippets[0], bold=True)
    return click.style(one_line(title), bold=True)


def _unmarked(snippet: str) -> str:
    return snippet.replace("<em>", "").replace("</em>", "")


def _styled(snippet: str, *, bold: bool = False) -> str:
    """``snippet`` with its matches coloured. ``<em>`` of the page itself came escaped."""
    import html
    import re

    parts = re.split(r"<em>(.*?)</em>", one_line(snippet))
    return "".join(
        click.style(html.unescape(part), fg="yellow", bold=True)
        if at % 2
        else click.style(html.unescape(part), bold=True)
        if bold
        else html.unescape(part)
        for at, part in enumerate(parts)
        if part
    )


def _print_csv(answer: dict[str, Any]) -> None:
    rows = [
        {**hit["article"], "copies": _copies(hit["article"]), "score": hit["score"]}
        for hit in answer["hits"]
    ]
    write_rows(rows, CSV_COLUMNS, "csv", sys.stdout)
    if answer["hint"]:
        click.echo(answer["hint"], err=True)
