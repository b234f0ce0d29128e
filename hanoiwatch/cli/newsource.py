"""`hanoiwatch sources add`: a source file for an outlet, from its address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import ConfigError, NotAddedError

if TYPE_CHECKING:
    from scheduler.probing import Probe


@click.command("add")
@click.argument("url")
@click.option("--name", default="", help="The source's name (default: made of its host).")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file (default: in your sources folder)."
)
@click.option("--print", "printed", is_flag=True, help="Print the file instead of writing it.")
@format_option()
@click.pass_context
def add_command(ctx: click.Context, /, url: str, form: str, **options: Any) -> None:
    """Find out how the outlet at URL can be read, and write a source file to edit.

    Looks at its front page, robots.txt, feeds, sitemaps and sections, and reads five articles, at
    the pace of a crawl. Never overwrites a file.
    """
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=ctx.meta.get("verbose", False))
    name = options["name"] or name_of(url)
    path = None if options["printed"] else _free_path(ctx.obj, name, options["output"])
    found = probe_now(ctx.obj, url, name, named=bool(options["name"]))
    if path is not None:
        _write(path, found.toml)
    if form == "json":
        print_json(as_json(found, path))
    elif path is None:
        click.echo(found.toml, nl=False)
    else:
        click.echo("\n".join(summary(found, path)))


def probe_now(config: Config, url: str, name: str, *, named: bool = True) -> Probe:
    """What the outlet shows. Raises NotAddedError, ConfigError.

    ``named``: a person chose the name, so a source of the same site is no reason to refuse.
    """
    from hanoiwatch.app import open_app
    from hanoiwatch.cli.crawl import require_contact
    from hanoiwatch.sources.checks import NAME, NAME_RULE, url_fault
    from hanoiwatch.sources.schema import Discover, Source
    from hanoiwatch.urls import same_site
    from scheduler.probing import probe

    if not NAME.fullmatch(name):
        raise NotAddedError(f"`{name}` is no name of a source: {NAME_RULE}.")
    if fault := url_fault(url):
        raise NotAddedError(f"{url}: {fault}.")
    with open_app(config) as app:
        known = app.sources
    same = next((one for one in known.values() if same_site(one.home, url)), None)
    if name in known or (same is not None and not named):
        mine = same.name if same else name
        raise NotAddedError(
            f"{mine} is a source already (`hanoiwatch sources show {mine}`): give another name "
            "with --name, or copy its file into your sources folder and edit it."
        )
    require_contact(config, (Source(name=name, title=name, home=url, discover=Discover()),))
    return probe(config, url, name, lambda step: click.echo(f"{step} …", err=True))


def name_of(url: str) -> str:
    """A name from the host: ``https://www.baosongnhue.vn/`` gives ``baosongnhue``."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = re.sub(r"^(?:www|m)\.", "", (parts.hostname or "").lower())
    host = re.sub(r"(?:\.(?:com|net|org|gov|edu|info))?\.[a-z]{2,6}$", "", host)
    return re.sub(r"[^a-z0-9]+", "-", host).strip("-") or "source"


def _free_path(config: Config, name: str, output: Path | None) -> Path:
    path = output or config.sources_path / f"{name}.toml"
    if path.exists():
        raise NotAddedError(f"{path} is there already: name another with --name or --output.")
    return path


def _write(path: Path, toml: str) -> None:
    """Written whole, and read back. Raises ConfigError where it cannot be."""
    from hanoiwatch.cli.newfile import new_file

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path.parent} cannot be made: {error.strerror}.") from error
    with new_file(path, replace=False) as stream:
        stream.write(toml.encode())


def as_json(found: Probe, path: Path | None) -> dict[str, Any]:
    draft = found.draft
    return {
        "name": draft.name,
        "file": str(path) if path else None,
        "home": draft.home,
        "family": draft.family or None,
        "feeds": [one.url for one in draft.feeds],
        "sitemaps": [one.url for one in draft.sitemaps],
        "sections": [one.url for one in draft.sections],
        "article_url": list(draft.article_url),
        "articles": [
            {"url": page.url, "layout": page.layout or None, "reason": page.reason or None}
            for page in found.pages
        ],
        "toml": found.toml,
    }


def summary(found: Probe, path: Path) -> list[str]:
    """What was found, and what to do next."""
    draft = found.draft
    read = sum(bool(page.layout) for page in found.pages)
    return [
        f"{path}: {draft.title}",
        f"  feeds: {len(draft.feeds)}; sitemaps: {len(draft.sitemaps)}",
        f"  sections: {len(draft.sections)}",
        f"  article_url: {', '.join(draft.article_url) or 'none'}",
        f"  family: {draft.family or 'none that is known; the general extraction serves'}",
        f"  {read} of {len(found.pages)} articles could be read",
        "Read the file, then:",
        f"  hanoiwatch sources check {draft.name}",
        f"  hanoiwatch crawl {draft.name} --limit 5",
        f"  hanoiwatch search --source {draft.name}",
    ]
