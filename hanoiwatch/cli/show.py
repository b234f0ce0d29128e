"""`hanoiwatch show`: one article, whole, or the response it was read from."""

from __future__ import annotations

import sys
from typing import Any

import click

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import NotFoundError
from hanoiwatch.model import Article


@click.command()
@click.argument("article")
@click.option("--raw", is_flag=True, help="The archived response: status, headers, body.")
@format_option()
@click.pass_obj
def show(config: Config, article: str, form: str, raw: bool) -> None:  # noqa: FBT001 - click's flag
    """Show ARTICLE, named by its id or by its URL."""
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        found = find_article(app.record.articles, article)
        if raw:
            _print_raw(app, found)
            return
    if form == "json":
        print_json(article_json(found))
    else:
        _print_article(found)


def find_article(articles: Any, key: str) -> Article:
    """The article named by id or URL. Raises NotFoundError."""
    from hanoiwatch.urls import canonical_url

    found = articles.find(key) or articles.find(canonical_url(key) or key)
    if found is None:
        raise NotFoundError(
            f"no article {key} is in this archive: look for it with `hanoiwatch search`, "
            "or for what became of it with `hanoiwatch coverage --losses`."
        )
    return found  # type: ignore[no-any-return]  # `articles` is the store's, imported lazily


def _print_raw(app: Any, article: Article) -> None:
    from hanoiwatch.archive import read_exchange

    place = app.record.captures.body_place(article.capture_record_id)
    response = read_exchange(app.archive_folder, place)
    out = sys.stdout.buffer
    out.write(f"HTTP {response.status}\r\n".encode())
    for name, value in response.headers:
        out.write(f"{name}: {value}\r\n".encode())
    out.write(b"\r\n" + response.body)
    out.flush()


def _print_article(article: Article) -> None:
    content = article.content
    shown = article_json(article)
    click.echo(click.style(content.title, bold=True))
    for name in ("published_at", "modified_at", "source", "section", "url", "id", "revision"):
        if shown[name]:
            click.echo(f"{name}: {shown[name]}")
    for name in ("byline", "photographers", "tags"):
        if shown[name]:
            click.echo(f"{name}: {', '.join(shown[name])}")
    if content.original_source:
        click.echo(f"original_source: {content.original_source}")
    if content.lead:
        click.echo(f"\n{click.style(content.lead, bold=True)}")
    for block in content.blocks:
        click.echo(f"\n{_block(article, block.kind, block.text, block.image)}")


def _block(article: Article, kind: str, text: str, image: int | None) -> str:
    if kind == "image" and image is not None:
        picture = article.content.images[image]
        credit = f" [{picture.credit}]" if picture.credit else ""
        return click.style(f"[image] {picture.caption}{credit}", dim=True)
    if kind == "heading":
        return click.style(f"## {text}", bold=True)
    if kind == "list":
        return "\n".join(f"- {line}" for line in text.split("\n"))
    marks = {"quote": "> ", "table": "| ", "inset": "│ "}
    return "\n".join(marks.get(kind, "") + line for line in text.split("\n"))
