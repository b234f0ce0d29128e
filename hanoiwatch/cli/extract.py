"""`hanoiwatch extract`: what would be extracted from a saved page; writes nothing."""

from __future__ import annotations

from pathlib import Path

import click

from hanoiwatch.articlejson import reading_json
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Reading, ReadNothing


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("url")
@click.option("--source", "name", help="Read it with this source's layouts first.")
@format_option()
@click.pass_obj
def extract(config: Config, file: Path, url: str, form: str, name: str | None) -> None:
    """Show what would be extracted from the page saved in FILE, fetched from URL."""
    reading = extract_file(config, file, url, name)
    if form == "json":
        print_json(reading_json(reading))
        return
    if isinstance(reading, ReadNothing):
        click.echo(f"no article: {reading.reason} {reading.detail}".rstrip())
        return
    shown = reading_json(reading)
    for field in ("title", "lead_prefix", "lead", "section", "byline", "photographers",
                  "original_source", "published_at", "modified_at", "url", "tags"):  # fmt: skip
        value = shown[field]
        click.echo(f"{field}: {', '.join(value) if isinstance(value, list) else value or ''}")
    click.echo(f"layout: {reading.layout}\n\n{shown['text']}")
    for image in shown["images"]:
        click.echo(f"\n[image] {image['caption']} [{image['credit']}] {image['url']}")


def extract_file(config: Config, file: Path, url: str, name: str | None = None) -> Reading:
    """The reading of a page saved in ``file``. Raises HanoiwatchError."""
    from hanoiwatch.app import open_app
    from hanoiwatch.clock import now
    from hanoiwatch.urls import canonical_url
    from indexer.extract import LayoutBook, PageInput, read_page

    if canonical_url(url) is None:
        raise click.BadParameter(f"{url!r} is no http(s) address.", param_hint="URL")
    try:
        body = file.read_bytes()
    except OSError as error:
        raise HanoiwatchError(f"{file} cannot be read: {error.strerror}.") from error
    app = open_app(config)
    source = app.chosen_sources((name,))[0] if name else None
    page = PageInput(url=url, body=body, content_type="text/html", status=200, captured_at=now(),
                     source=source.name if source else None)  # fmt: skip
    return read_page(page, LayoutBook(families=app.families, sources=app.sources))
