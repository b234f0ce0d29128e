"""`hanoiwatch takedown`: an article is removed for good, and a tombstone says so."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.catchingup import catch_up, say_late
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.output import write_rows
from hanoiwatch.config import Config
from hanoiwatch.errors import HanoiwatchError, NotFoundError

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from hanoiwatch.model import Article
    from hanoiwatch.store.takedowns import Takedown

COLUMNS = ("at", "article", "source", "by", "because", "records", "is_done", "url")
LEFT = (
    "Not in reach: messages that were sent, backups, exports, and lists (feeds, sitemaps, section "
    "pages) in the archive that name its headline."
)


@click.command()
@click.argument("article", required=False)
@click.option("--because", default="", metavar="TEXT", help="Why: who asked for it, and when.")
@click.option("--by", default=None, metavar="NAME", help="Who does it; default: this user.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--list", "listed", is_flag=True, help="Every takedown so far.")
@format_option(lists=True)
@click.pass_obj
def takedown(config: Config, /, article: str | None, form: str, **options: Any) -> None:
    """Remove ARTICLE (id or URL) everywhere, for good: it cannot be undone.

    Its text, captions, former revisions and links leave the record, the index, the feeds of alert
    rules and the archive, where its records are overwritten. What stays is a tombstone: its id
    and addresses, so that it is never fetched again, with who removed it, when and why.
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=click.get_current_context().meta.get("verbose", False))
    if options["listed"] == bool(article):
        raise click.UsageError("name the article to remove, or give --list.")
    with open_existing(config) as app:
        if options["listed"]:
            _list(app, form)
            return
        if not options["because"].strip():
            raise click.UsageError("say why with --because: it is kept beside the tombstone.")
        found = _find(app, str(article))
        _ask(found, yes=options["yes"])
        done, late = take_down(app, found, because=options["because"], by=options["by"])
    if form == "table":
        click.echo(_sentence(done))
        click.echo(LEFT)
    else:
        print_json(asdict(done))
    say_late(late)


def _find(app: App, key: str) -> Article:
    """Also one that was taken down before: what was cut off is done again."""
    from hanoiwatch.urls import canonical_url

    articles = app.record.articles
    found = articles.find(key) or articles.find(canonical_url(key) or key)
    if found is None:
        raise NotFoundError(f"no article {key} is in this archive: nothing was removed.")
    return found


def _ask(article: Article, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("this cannot be undone: say --yes.")
    title = article.content.title or article.content.url
    click.confirm(f"Remove “{title}” ({article.source}) for good?", abort=True, err=True)


def take_down(
    app: App, article: Article, *, because: str, by: str | None = None
) -> tuple[Takedown, str]:
    """Removes it; a second time does what was cut off the first. Returns the tombstone, and what
    has to wait, in words; mostly nothing.

    Raises ArchiveError where a record of the archive cannot be overwritten: say it again then.
    """
    from hanoiwatch.alerts.delivering import refresh_feeds
    from hanoiwatch.cli.registry_correct import user_name
    from hanoiwatch.clock import now
    from indexer.takedown import finish_takedowns

    takedowns = app.record.takedowns
    takedowns.add(article.rowid, by=by or user_name(), because=because.strip(), at=now())
    finish_takedowns(app.record, app.archive_folder, now)
    late = catch_up(app)
    try:
        refresh_feeds(app.courier)
    except OSError as error:
        raise HanoiwatchError(
            f"{error.filename} cannot be written: {error.strerror}; all else is removed. Mend that,"
            " then run the same command again."
        ) from error
    done = takedowns.of(article.rowid)
    assert done is not None
    return done, late


def _sentence(done: Takedown) -> str:
    return (
        f"article {done.article} of {done.source} is taken down; {done.records} records of the "
        f"archive are overwritten. Its tombstone: by {done.by}, because: {done.because}"
    )


def _list(app: App, form: str) -> None:
    rows = [asdict(one) for one in app.record.takedowns.listed()]
    if not rows and form == "table":
        click.echo("nothing was taken down")
        return
    write_rows(rows, COLUMNS, form, sys.stdout)
