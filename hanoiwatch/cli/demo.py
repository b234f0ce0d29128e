"""`hanoiwatch demo`: the main job on the sample outlet, offline, in under a minute."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hanoiwatch.cli.search import search_articles
from hanoiwatch.config import Config, load_config
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Filters

if TYPE_CHECKING:
    from hanoiwatch.sample.outlet import Outlet

MARKER = ".made-by-hanoiwatch-demo"
DEFAULT_FOLDER = "hanoiwatch-demo"
QUERY = "sap xep bo may"
EDITED = "nhap-trung-tam-su-nghiep-xa-van-hoa-khuyen-nong"
"""The article that the newspaper changes after the first crawl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo brought: for its last words, and for tests."""

    folder: Path
    edited: str
    """Address of the article that the newspaper changed; empty where it changed none."""
    published: int
    recorded: int
    discrepancies: int
    records: int
    problems: int
    seconds: float


@click.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="The folder to make; an earlier demo's is made anew.",
)
def demo(into: Path) -> int:
    """Serve the bundled sample newspaper on loopback, crawl it, and search what came in.

    Then the newspaper edits an article, and a second crawl shows what changed. Needs no network.
    The folder stays, to be searched further.
    """
    folder = scratch_folder(into)
    result = run_demo(folder, edit=True)
    print_edit(result)
    print_found(folder)
    print_next(result)
    return 0 if result.recorded == result.published and not result.problems else 1


def scratch_folder(folder: Path) -> Path:
    """An empty folder for the demo. Raises HanoiwatchError rather than empty anything else."""
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            raise HanoiwatchError(
                f"{folder} is not empty and no demo made it: name another folder with --into."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    return folder


def run_demo(folder: Path, *, edit: bool = False) -> DemoResult:
    """Serves the sample outlet, crawls it into ``folder`` and proves that nothing is missing.

    With ``edit`` an article is changed then, and everything is looked at once more.
    """
    from hanoiwatch.app import open_app
    from hanoiwatch.cli.archive import verify_archive
    from hanoiwatch.cli.crawl import crawl_now, print_reports
    from hanoiwatch.log import configure_logging
    from hanoiwatch.sample.outlet import Outlet
    from hanoiwatch.sample.server import SampleServer
    from hanoiwatch.sample.source import SOURCE_NAME
    from scheduler.crawls import CrawlOptions

    configure_logging()
    started = time.monotonic()
    outlet = Outlet()
    with SampleServer(outlet) as server:
        config = write_settings(folder, server.url)
        published = len(outlet.all_expected())
        click.echo(f"The sample newspaper, {published} articles of our own writing: {server.url}/")
        options = CrawlOptions(since=datetime(2026, 9, 1, tzinfo=UTC))
        print_reports(*crawl_now(config, (SOURCE_NAME,), options))
        if edit:
            edit_article(outlet)
            click.echo("\nThe newspaper edits an article; the next crawl looks at them all again:")
            print_reports(*crawl_now(config, (SOURCE_NAME,), replace(options, refetch=True)))
    with open_app(config) as app:
        records, problems = verify_archive(app)
        result = DemoResult(
            folder=folder,
            edited=outlet.url(EDITED) if edit else "",
            published=published,
            recorded=app.record.articles.count(),
            discrepancies=len(app.record.ledger.discrepancies()),
            records=records,
            problems=len(problems),
            seconds=time.monotonic() - started,
        )
    click.echo(
        f"{result.recorded} of {result.published} articles found and recorded; "
        f"{result.records} records in the archive, {result.problems} damaged; "
        f"ledger: {result.discrepancies} discrepancies; {result.seconds:.1f} s"
    )
    return result


def edit_article(outlet: Outlet) -> None:
    """Another figure in the headline and the text, and a quotation taken out without a word."""
    pieces = outlet.entry(EDITED).article.pieces
    figure = next(place for place, piece in enumerate(pieces) if "380" in piece.text)
    quote = next(place for place, piece in enumerate(pieces) if piece.kind == "quote")
    outlet.edit(
        EDITED,
        title=outlet.entry(EDITED).article.title.replace("380", "392"),
        pieces={figure: pieces[figure].text.replace("380", "392")},
        dropped=[quote],
    )


def write_settings(folder: Path, base_url: str) -> Config:
    """The demo's settings and source file, as a user would write them."""
    from hanoiwatch.sample.source import SOURCE_NAME, source_toml

    (folder / "sources").mkdir()
    (folder / "sources" / f"{SOURCE_NAME}.toml").write_text(source_toml(base_url), "utf-8")
    settings = folder / "hanoiwatch.toml"
    settings.write_text(
        f'data_dir = "data"\n\n[sources]\ndirectory = "sources"\nenabled = ["{SOURCE_NAME}"]\n',
        "utf-8",
    )
    return load_config(settings, environment={})


def print_edit(result: DemoResult) -> None:
    """What changed, as `show --diff` tells it."""
    from hanoiwatch.app import open_existing
    from hanoiwatch.cli.show import diff_of

    with open_existing(load_config(result.folder / "hanoiwatch.toml", environment={})) as app:
        article, lines = diff_of(app, result.edited, 1, 2)
    click.echo(f"\n$ hanoiwatch show {article.id} --diff 1 2")
    for line in lines:
        click.echo(line, color=True)


def print_found(folder: Path) -> None:
    """One search as a user would do it, typed without marks."""
    config = load_config(folder / "hanoiwatch.toml", environment={})
    answer = search_articles(config, QUERY, Filters(), limit=3)
    click.echo(f'\n$ hanoiwatch search "{QUERY}"\n{answer["total"]} found, the newest:')
    for hit in answer["hits"]:
        article = hit["article"]
        click.echo(f"  {article['published_at'][:16]}  {article['section']}  {article['title']}")


def print_next(result: DemoResult) -> None:
    """What to try on what is there now."""
    command = f".venv/bin/hanoiwatch --config {_shown(result.folder)}/hanoiwatch.toml"
    tries = (
        """search '"sắp xếp bộ máy" OR "tinh gọn bộ máy"'""",
        """search 'caption:cầu -mưa' --format json""",
        """timeline cầu --by month""",
        "coverage",
        "archive verify",
        "sources list",
    )
    click.echo("\nTry next (the folder stays; the newspaper has closed):")
    for words in tries:
        click.echo(f"  {command} {words}")


def _shown(folder: Path) -> Path:
    """Relative to the working folder where it lies in it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
