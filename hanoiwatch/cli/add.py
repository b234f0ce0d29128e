"""`hanoiwatch add`: an article that was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from scheduler.adding import Added


@click.command()
@click.argument("url")
@click.option("--source", default="", help="Whose article it is, where the address does not say.")
@click.option("--refetch", is_flag=True, help="Fetch it again although it is there.")
@format_option()
@click.pass_context
def add(ctx: click.Context, /, url: str, form: str, **options: Any) -> None:
    """Fetch and record the article at URL, of a known source: "you missed this one".

    Exit code 1, with the reason, where it is none, may not be fetched or is out of scope.
    """
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=ctx.meta.get("verbose", False))
    added = add_now(ctx.obj, url, **options)
    if form == "json":
        print_json({"outcome": added.outcome, "article": article_json(added.article)})
        return
    click.echo(line_of(added))


def add_now(config: Config, url: str, *, source: str = "", refetch: bool = False) -> Added:
    """Raises NotAddedError, UnknownSourceError, ConfigError."""
    from hanoiwatch.app import open_app
    from hanoiwatch.cli.crawl import require_contact
    from scheduler.adding import add_article, source_of

    with open_app(config) as app:
        if source:
            app.chosen_sources((source,))
        chosen = source_of(url, app.sources, source)
        require_contact(config, (chosen,))
        return add_article(app, url, chosen, refetch=refetch)


OUTCOMES = {
    "added": "added", "known": "already there (--refetch fetches it again)",
    "fetched-again": "fetched again",
}  # fmt: skip


def line_of(added: Added) -> str:
    """One line: what happened, the article's id, source, time and title."""
    from hanoiwatch.cli.output import one_line
    from hanoiwatch.clock import to_shown

    article = added.article
    moment = article.content.published_at
    parts = (
        OUTCOMES[added.outcome] + ":", article.id, article.source,
        to_shown(moment)[:16] if moment else "without a time", one_line(article.content.title),
        f"(withdrawn {to_shown(article.withdrawn_at)[:16]})" if article.withdrawn_at else "",
    )  # fmt: skip
    return "  ".join(filter(None, parts))
