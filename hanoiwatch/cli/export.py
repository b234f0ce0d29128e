"""`hanoiwatch export`: every article that a question finds, streamed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from hanoiwatch.cli.articlelines import ArticleLines, CsvLines, JsonLines
from hanoiwatch.cli.newfile import new_file
from hanoiwatch.cli.question import Question, QuestionCommand, asked, question_options
from hanoiwatch.config import Config
from hanoiwatch.model import SortOrder

if TYPE_CHECKING:
    from hanoiwatch.app import App

CHUNK = 100
"""Articles that are in memory at once: a megabyte or two."""

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    articles: int
    gone: int
    """Found, but no longer in the record when their turn came."""


@click.command(cls=QuestionCommand)
@question_options
@click.option("--sort", type=click.Choice(["newest", "oldest"]), default="newest",
              show_default=True)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl",
              show_default=True, help="JSON Lines, or a table for spreadsheets.")  # fmt: skip
@click.option("--output", "file", type=click.Path(path_type=Path, allow_dash=True),
              help="Write to this file, there whole or not at all.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option("--bom", is_flag=True, help="Begin the CSV with a byte order mark, for Excel.")
@click.option("--exact", is_flag=True,
              help="No apostrophe before texts that a spreadsheet takes for formulas.")  # fmt: skip
@click.pass_obj
def export(
    config: Config, /, question: Question, sort: SortOrder, form: str, **options: Any
) -> None:
    """Export articles as JSON Lines or CSV, in the order of search.

    Takes the query and the filters of `search`, and writes all that they find, however much.
    docs/howto/export-and-count.md tells the columns of CSV.

    \b
    hanoiwatch export > everything.jsonl
    hanoiwatch export '"sắp xếp bộ máy"' --since 90d --output reform.jsonl
    hanoiwatch export --official 'Trần Sỹ Thanh' --body 'UBND thành phố' --output both.jsonl
    hanoiwatch export --source hanoimoi --format csv --bom --output hanoimoi.csv
    """
    lines = _lines(form, bom=options["bom"], exact=options["exact"])
    file = None if str(options["file"] or "-") == "-" else options["file"]
    with _opened(file, force=options["force"]) as stream:
        done = export_articles(config, question, lines, stream, sort=sort,
                               progress=_is_progress_shown(file))  # fmt: skip
    _report(done, lines, file)


def _lines(form: str, *, bom: bool, exact: bool) -> ArticleLines:
    if form == "csv":
        return CsvLines(bom=bom, exact=exact)
    if bom or exact:
        raise click.UsageError("--bom and --exact are for --format csv: JSON is always exact.")
    return JsonLines()


def export_articles(
    config: Config,
    question: Question,
    lines: ArticleLines,
    stream: BinaryIO,
    *,
    sort: SortOrder = "newest",
    progress: bool = False,
) -> Exported:
    """Writes every article that answers ``question`` to ``stream``, in the order of search.

    What is found is fixed at the beginning; each article is as the record has it when its turn
    comes. Memory does not grow with the result but by eight bytes an article.
    Raises QueryError, UnknownSourceError, UnknownLinkError, NotFoundError (nothing
    was ever crawled).
    """
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        ask = asked(app, question.query, question.filters)
        if ask.note:
            click.echo(ask.note, err=True)
        rowids = app.search_index.rowids(ask.tree, ask.filters, sort=sort)
        app.record.keep_little()
        stream.write(lines.head())
        with _progress(len(rowids), shown=progress) as advance:
            written = sum(_written(app, rowids, lines, stream, advance))
        stream.flush()
    return Exported(articles=written, gone=len(rowids) - written)


def _written(
    app: App, rowids: Any, lines: ArticleLines, stream: BinaryIO, advance: Advance
) -> Iterator[int]:
    """How many articles of each chunk were written."""
    for start in range(0, len(rowids), CHUNK):
        chunk = rowids[start : start + CHUNK]
        found = app.record.articles.by_rowids(chunk)
        stream.write(lines.lines(found[rowid] for rowid in chunk if rowid in found))
        advance(len(chunk))
        yield len(found)


@contextmanager
def _opened(file: Path | None, *, force: bool) -> Iterator[BinaryIO]:
    if file is None:
        yield sys.stdout.buffer
        return
    with new_file(file, replace=force) as stream:
        yield stream


def _is_progress_shown(file: Path | None) -> bool:
    """Not where it would stand among the articles."""
    return sys.stderr.isatty() and (file is not None or not sys.stdout.isatty())


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Advance]:
    if not shown:
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("articles", total=total)
        yield lambda done: bars.advance(task, done)


def _report(done: Exported, lines: ArticleLines, file: Path | None) -> None:
    """On stderr: what was written where, and what whoever uses it should know."""
    if file is not None:
        click.echo(f"{_count(done.articles, 'article')} written to {file}", err=True)
    if done.gone:
        click.echo(
            f"hanoiwatch: {_count(done.gone, 'article')} left out: gone from the record since the "
            "index last saw it.", err=True,
        )  # fmt: skip
    if isinstance(lines, CsvLines) and lines.guarded:
        click.echo(
            f"hanoiwatch: {_count(lines.guarded, 'text')} that a spreadsheet would take for a "
            "formula got an apostrophe before it (--exact writes none).", err=True,
        )  # fmt: skip


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
