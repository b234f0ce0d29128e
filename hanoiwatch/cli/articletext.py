"""An article as text on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.marked import Paper, printable, wrapped
from hanoiwatch.cli.standing import standing_lines
from hanoiwatch.model import Article, Block
from hanoiwatch.store.history import ArticleHistory

_LINE_MARKS = {"quote": "> ", "table": "| ", "inset": "│ ", "list": "- ", "heading": "## "}


def article_lines(article: Article, history: ArticleHistory, paper: Paper) -> Iterator[str]:
    """Title, where it stands, its fields, lead and blocks."""
    content = article.content
    yield from wrapped(content.title, paper, bold=True)
    yield from standing_lines(article, history, paper)
    yield from map(printable, _fields(article, history))
    if content.lead:
        yield ""
        yield from wrapped(content.lead, paper, bold=True)
    for block in content.blocks:
        yield ""
        yield from _block(article, block, paper)


def _fields(article: Article, history: ArticleHistory) -> Iterator[str]:
    shown = article_json(article)
    for name in ("published_at", "modified_at", "source", "section", "url", "id"):
        if shown[name]:
            yield f"{name}: {shown[name]}"
    yield f"revision: {_revision(article, history)}"
    for name in ("byline", "photographers", "tags"):
        if shown[name]:
            yield f"{name}: {', '.join(shown[name])}"
    if article.content.original_source:
        yield f"original_source: {article.content.original_source}"


def _revision(article: Article, history: ArticleHistory) -> str:
    last = history.revisions[-1].number
    if article.revision < last:
        return f"{article.revision} of {last}; what changed since: --diff {article.revision}"
    return f"{last}; what changed: --diff {last - 1}" if last > 1 else f"{last}"


def _block(article: Article, block: Block, paper: Paper) -> Iterator[str]:
    if block.kind == "image" and block.image is not None:
        picture = article.content.images[block.image]
        credit = f" [{picture.credit}]" if picture.credit else ""
        yield from map(paper.dim, wrapped(f"[image] {picture.caption}{credit}", paper))
        return
    mark = _LINE_MARKS.get(block.kind, "")
    for line in block.text.split("\n"):
        yield from wrapped(mark + line, paper, " " * len(mark), bold=block.kind == "heading")
