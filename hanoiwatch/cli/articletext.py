"""An article as text on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.linklines import LinkedWords, Spans, link_fields, parts, within
from hanoiwatch.cli.marked import Paper, printable, underlined_lines
from hanoiwatch.cli.standing import standing_lines
from hanoiwatch.model import Article, Block
from hanoiwatch.store.history import ArticleHistory

_LINE_MARKS = {"quote": "> ", "table": "| ", "inset": "│ ", "list": "- ", "heading": "## "}


def article_lines(article: Article, history: ArticleHistory, paper: Paper) -> Iterator[str]:
    """Title, where it stands, its fields, lead and blocks; what names somebody or something of
    the registry is underlined on a terminal."""
    content = article.content
    words = LinkedWords(article.links, content)
    yield from underlined_lines(parts(content.title, words.of("title")), paper, bold=True)
    yield from standing_lines(article, history, paper)
    yield from map(printable, _fields(article, history))
    if content.lead:
        yield ""
        yield from underlined_lines(parts(content.lead, words.of("lead")), paper, bold=True)
    for block, spans in zip(content.blocks, words.of_blocks(), strict=True):
        yield ""
        if block.kind == "image" and block.image is not None:
            yield from _picture(article, block.image, words.of("caption", block.image), paper)
        else:
            yield from _block(block, spans, paper)


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
    yield from link_fields(article.links)


def _revision(article: Article, history: ArticleHistory) -> str:
    last = history.revisions[-1].number
    if article.revision < last:
        return f"{article.revision} of {last}; what changed since: --diff {article.revision}"
    return f"{last}; what changed: --diff {last - 1}" if last > 1 else f"{last}"


def _picture(article: Article, number: int, spans: Spans, paper: Paper) -> Iterator[str]:
    picture = article.content.images[number]
    credit = f" [{picture.credit}]" if picture.credit else ""
    said = [("[image] ", False), *parts(picture.caption, spans), (credit, False)]
    yield from underlined_lines(said, paper, dim=True)


def _block(block: Block, spans: Spans, paper: Paper) -> Iterator[str]:
    mark, start = _LINE_MARKS.get(block.kind, ""), 0
    for line in block.text.split("\n"):
        said = [(mark, False), *parts(line, within(spans, start, start + len(line)))]
        yield from underlined_lines(said, paper, " " * len(mark), bold=block.kind == "heading")
        start += len(line) + 1
