"""`hanoiwatch search`: one question to the index, answered from the record."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, get_args

import click

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.options import DateType, format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.model import FacetCount, Filters, SortOrder

if TYPE_CHECKING:
    from hanoiwatch.app import App

DEFAULT_LIMIT = 10


class _Search(click.Command):
    """A query may begin with a minus (``-mưa``): it is not taken for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" not in args:
            known = {name for option in self.params for name in option.opts}
            minus = [arg for arg in args if _is_minus_word(arg) and arg not in known | {"-h"}]
            args = [arg for arg in args if arg not in minus]
            args += ["--", *minus] if minus else []
        return super().parse_args(ctx, args)


def _is_minus_word(arg: str) -> bool:
    return len(arg) > 1 and arg[0] == "-" and not (arg[1] == "-" or arg[1].isdigit())


@click.command(cls=_Search)
@click.argument("query", required=False, default="")
@click.option("--source", "sources", multiple=True, help="Only this source (repeatable).")
@click.option("--section", "sections", multiple=True, help="Only this section (repeatable).")
@click.option("--since", type=DateType(), help="Published at or after: 2026-09-30, or 90d.")
@click.option("--until", type=DateType(end=True), help="Published up to and including this day.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=DEFAULT_LIMIT, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out the first hits.")
@click.option("--sort", type=click.Choice(get_args(SortOrder)), default="newest", show_default=True)
@format_option(lists=True)
@click.pass_obj
def search(config: Config, /, query: str, form: str, **options: Any) -> None:
    """Search titles, leads, texts, captions, bylines and tags.

    Without any Vietnamese mark in QUERY, marks do not matter; with one, every word is exact.
    "a phrase", "a b"~6, OR, -word, title:word, ( ).  docs/reference/query.md tells all.
    Without a QUERY, everything is found, newest first.
    """
    started = time.perf_counter()
    limit, offset, sort = options.pop("limit"), options.pop("offset"), options.pop("sort")
    answer = search_articles(config, query, Filters(**options), limit, offset, sort)
    answer["took_ms"] = round((time.perf_counter() - started) * 1000)
    if form == "json":
        print_json({key: answer[key] for key in ("total", "took_ms", "hits", "facets", "hint")})
    elif form == "csv":
        _print_csv(answer)
    else:
        _print_table(answer, offset)


def search_articles(
    config: Config,
    query: str,
    filters: Filters,
    limit: int = DEFAULT_LIMIT,
    offset: int = 0,
    sort: SortOrder = "newest",
) -> dict[str, Any]:
    """The answer of the contract's `search`, but for ``took_ms``.

    Raises QueryError, NotFoundError (nothing was ever crawled).
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.query import highlights, parse

    tree = parse(query) if query.strip() else None
    with open_existing(config) as app:
        _warn_when_behind(app)
        found = app.search_index.search(tree, filters, sort=sort, limit=limit, offset=offset)
        articles = app.record.articles.by_rowids([match.article_rowid for match in found.matches])
        titles = app.record.sources.titles()
    hits = [
        {
            "score": match.score,
            "highlights": highlights(tree, article.content) if tree else {},
            "article": article_json(article),
        }
        for match in found.matches
        if (article := articles.get(match.article_rowid))
    ]
    facets = {name: [_facet(name, count, titles) for count in counts]
              for name, counts in found.facets.items()}  # fmt: skip
    return {"total": found.total, "hits": hits, "facets": facets, "hint": found.hint}


def _warn_when_behind(app: App) -> None:
    """A crash, or a newer version of this program, can leave the index behind the record."""
    behind = app.record.articles.changes_after(app.search_index.position())
    if behind:
        click.echo(
            f"hanoiwatch: the index is {behind} changes behind the record: the next crawl brings "
            "it up to date, and so does `hanoiwatch index rebuild`.",
            err=True,
        )


def _facet(kind: str, facet: FacetCount, titles: dict[str, str]) -> dict[str, Any]:
    name = titles.get(facet.id, facet.name) if kind == "sources" else facet.name
    return {"id": facet.id, "name": name, "count": facet.count}


def _print_table(answer: dict[str, Any], offset: int) -> None:
    for number, hit in enumerate(answer["hits"], start=offset + 1):
        article = hit["article"]
        when = (article["published_at"] or "")[:16].replace("T", " ")
        click.echo(f"{number:3}. {click.style(article['title'], bold=True)}")
        click.echo(f"     {when}  {article['source']}  {article['section'] or ''}  {article['id']}")
        for field, snippets in hit["highlights"].items():
            for snippet in snippets:
                if field != "title":
                    click.echo(f"     {field}: {_styled(snippet)}")
    shown = len(answer["hits"])
    click.echo(f"{answer['total']} found, {shown} shown, {answer['took_ms']} ms")
    if answer["hint"]:
        click.echo(answer["hint"])
    for name, counts in answer["facets"].items():
        top = ", ".join(f"{facet['name']} ({facet['count']})" for facet in counts[:6])
        if top:
            click.echo(f"{name}: {top}")


def _styled(snippet: str) -> str:
    import html
    import re

    def mark(found: re.Match[str]) -> str:
        return click.style(html.unescape(found[1]), fg="yellow", bold=True)

    parts = re.split(r"(<em>.*?</em>)", snippet)
    return "".join(
        re.sub(r"<em>(.*?)</em>", mark, part) if part.startswith("<em>") else html.unescape(part)
        for part in parts
    )


def _print_csv(answer: dict[str, Any]) -> None:
    import csv
    import sys

    columns = ("id", "published_at", "source", "section", "title", "url")
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    for hit in answer["hits"]:
        writer.writerow([hit["article"][column] for column in columns])
