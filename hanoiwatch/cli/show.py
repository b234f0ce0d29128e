"""`hanoiwatch show`: one article, what it used to say, its copies, or the archived response."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import NotFoundError, UnknownRevisionError
from hanoiwatch.model import Article

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from hanoiwatch.cli.marked import Paper
    from hanoiwatch.store.history import ArticleHistory, Revision

CURRENT = 0
"""`--diff A` alone: up to the revision that is shown."""


class _Show(click.Command):
    """``--diff A`` alone compares with the current revision."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        args = list(args)
        if "--diff" in args:
            end = args.index("--diff") + 2
            if args[end - 1 : end] and not (args[end:] and _is_number(args[end])):
                args.insert(end, str(CURRENT))
        return super().parse_args(ctx, args)


def _is_number(word: str) -> bool:
    return word.isdecimal() and len(word) < len("0123456789abcdef")  # that long is an id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What of the article is asked for."""

    raw: bool
    rendered: bool
    revisions: bool
    revision: int | None
    diff: tuple[int, int] | None
    copies: bool
    links: bool


@click.command(cls=_Show)
@click.argument("article")
@click.option("--revisions", is_flag=True, help="All that befell it, a line each.")
@click.option("--revision", type=click.IntRange(1), metavar="N", help="As it was in revision N.")
@click.option(
    "--diff", type=int, nargs=2, metavar="A [B]",
    help="What changed from revision A to B (without B: to the current one).",
)  # fmt: skip
@click.option("--copies", is_flag=True, help="Its copies, and how their words differ.")
@click.option("--links", is_flag=True, help="The words that link it, a line each: who, which body, "
              "what about, and how sure.")  # fmt: skip
@click.option("--raw", is_flag=True, help="The archived response: status, headers, body.")
@click.option("--rendered", is_flag=True, help="The archived page as a browser showed it.")
@format_option(lists=True)
@click.pass_context
def show(ctx: click.Context, /, article: str, form: str, **options: Any) -> None:
    """Show ARTICLE, named by its id or by its URL.

    With --revisions, --diff and --copies: what it used to say, and what others made of it. A
    difference is for the eye on a terminal, and JSON elsewhere unless --format says otherwise.
    """
    config: Config = ctx.obj
    asked = _Asked(**options)
    if asked.diff and ctx.get_parameter_source("form") is ParameterSource.DEFAULT:
        form = "table" if sys.stdout.isatty() else "json"
    _check(asked, form)
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        found = find_article(app.record.articles, article)
        history = app.record.history.of(found.rowid)
        if asked.raw or asked.rendered:
            _print_archived(app, _record_id(found, history, asked.revision), asked)
        elif asked.revisions:
            _print_events(found, history, form)
        elif asked.links:
            _print_links(app, found, form)
        elif asked.diff:
            _print_diff(found, history, asked.diff, form)
        else:
            _print_whole(app, found, history, asked, form)


def _check(asked: _Asked, form: str) -> None:
    """Refuses what cannot be had together."""
    modes = {"--revisions": asked.revisions, "--diff": asked.diff, "--copies": asked.copies,
             "--links": asked.links, "--revision": asked.revision, "--raw": asked.raw,
             "--rendered": asked.rendered}  # fmt: skip
    given = [name for name, value in modes.items() if value]
    archived = set(given) in ({"--revision", "--raw"}, {"--revision", "--rendered"})
    if len(given) > 1 and not archived:
        raise click.UsageError(f"{given[0]} and {given[1]} cannot be given together.")
    if form == "csv" and not (asked.revisions or asked.links):
        raise click.UsageError("--format csv is for --revisions and --links only.")


def is_taken_down(article: Article) -> bool:
    from hanoiwatch.store.takedowns import TAKEN_DOWN

    return article.out_of_scope == TAKEN_DOWN


def find_article(articles: Any, key: str) -> Article:
    """The article named by id or URL. Raises NotFoundError."""
    from hanoiwatch.urls import canonical_url

    found = articles.find(key) or articles.find(canonical_url(key) or key)
    if found is None:
        raise NotFoundError(
            f"no article {key} is in this archive: look for it with `hanoiwatch search`, "
            "or for what became of it with `hanoiwatch coverage --losses`."
        )
    if is_taken_down(found):
        raise NotFoundError(
            f"article {found.id} was taken down: `hanoiwatch takedown --list` says when and why."
        )
    return found  # type: ignore[no-any-return]  # `articles` is the store's, imported lazily


def _revision(history: ArticleHistory, article: Article, number: int) -> Revision:
    """The revision with this number. Raises UnknownRevisionError, which names those there are."""
    found = history.revision(number or article.revision)
    if found is None:
        last = history.revisions[-1].number
        there = "only revision 1" if last == 1 else f"revisions 1 to {last}"
        raise UnknownRevisionError(f"article {article.id} has {there}, and no {number}.")
    return found


# --- the response ----------------------------------------------------------------------------


def _record_id(article: Article, history: ArticleHistory, number: int | None) -> str:
    if number is None:
        return article.capture_record_id
    return _revision(history, article, number).capture.record_id


READ_AS_RENDERED = (
    "this is the response as it came; the article was read from what a browser made of it: "
    "--rendered shows that."
)


def _print_archived(app: App, record_id: str, asked: _Asked) -> None:
    """The response, or what a browser made of it. Raises NotFoundError where there is no such."""
    from hanoiwatch.archive import read_exchange

    rendering = app.record.captures.rendering_place(record_id)
    if asked.rendered and rendering is None:
        raise NotFoundError(
            "no browser was needed for this copy: it was read as it was served, see --raw."
        )
    if asked.raw and rendering is not None:
        click.echo(READ_AS_RENDERED, err=True)
    place = rendering if asked.rendered else None
    response = read_exchange(app.archive_folder, place or app.record.captures.body_place(record_id))
    out = sys.stdout.buffer
    out.write(f"HTTP {response.status}\r\n".encode())
    for name, value in response.headers:
        out.write(f"{name}: {value}\r\n".encode())
    out.write(b"\r\n" + response.body)
    out.flush()


# --- revisions -------------------------------------------------------------------------------


def _print_events(article: Article, history: ArticleHistory, form: str) -> None:
    from hanoiwatch.cli.events import COLUMNS, TABLE_COLUMNS, events
    from hanoiwatch.cli.output import write_rows

    columns = TABLE_COLUMNS if form == "table" else COLUMNS
    write_rows(events(article, history), columns, form, sys.stdout)


def _print_diff(
    article: Article, history: ArticleHistory, numbers: tuple[int, int], form: str
) -> None:
    from hanoiwatch.cli.revisions import diff_json, diff_lines

    old, new = (_revision(history, article, number) for number in numbers)
    if form == "json":
        print_json(diff_json(article, old, new))
    else:
        _say(diff_lines(old, new, _paper()))


def diff_of(app: App, key: str, old: int, new: int) -> tuple[Article, list[str]]:
    """The article named by id or URL, and what changed between two of its revisions, in lines
    for stdout. Raises NotFoundError, UnknownRevisionError."""
    from hanoiwatch.cli.revisions import diff_lines

    article = find_article(app.record.articles, key)
    history = app.record.history.of(article.rowid)
    before, after = (_revision(history, article, number) for number in (old, new))
    return article, list(diff_lines(before, after, _paper()))


# --- links -----------------------------------------------------------------------------------


def _print_links(app: App, article: Article, form: str) -> None:
    from hanoiwatch.cli.linklines import COLUMNS, correction_line, link_rows
    from hanoiwatch.cli.output import write_rows

    rows = link_rows(article)
    corrections = app.record.corrections.listed(article=article.rowid)
    if form == "table" and not rows:
        click.echo("It links to nobody and nothing of the registry.")
    else:
        write_rows(rows, COLUMNS, form, sys.stdout)
    for correction in corrections if form == "table" else ():
        click.echo(correction_line(correction))


def _as_of(app: App, article: Article, revision: Revision) -> Article:
    """The article as that revision has it, linked by the registry as it is now."""
    if revision.number == article.revision:
        return article
    return replace(
        article,
        content=revision.content,
        revision=revision.number,
        fetched_at=revision.capture.fetched_at,
        indexed_at=None,  # only the current one is
        layout=revision.layout,
        extractor=revision.extractor,
        capture_record_id=revision.capture.record_id,
        capture_sha256=revision.capture.sha256,
        rendered_record_id=revision.capture.rendered_record_id,
        links=app.links_of(article, revision.content),
    )


# --- the article -----------------------------------------------------------------------------


def _print_whole(
    app: App, article: Article, history: ArticleHistory, asked: _Asked, form: str
) -> None:
    if asked.revision:
        shown = _as_of(app, article, _revision(history, article, asked.revision))
    else:
        shown = article
    if form == "json" and not asked.copies:
        print_json(article_json(shown))
        return
    from hanoiwatch.cli.articletext import article_lines
    from hanoiwatch.cli.copies import compared, copies_json, copies_lines

    copies = compared(shown, app.record.history.copies_of(article))
    if form == "json":
        print_json(article_json(shown) | {"copies": copies_json(copies)})
        return
    paper = _paper()
    if not asked.copies:
        _say(article_lines(shown, history, paper))
    elif not copies:
        click.echo("No other article of this archive tells the same story.")
    if copies:
        _say(["", *copies_lines(shown, copies, paper, whole=asked.copies)][asked.copies :])


def _paper() -> Paper:
    import os

    from hanoiwatch.cli.marked import Paper

    return Paper.of(sys.stdout, no_color=bool(os.environ.get("NO_COLOR")))


def _say(lines: Any) -> None:
    """Lines to stdout; `Paper` has decided about colours already."""
    for line in lines:
        click.echo(line, color=True)
