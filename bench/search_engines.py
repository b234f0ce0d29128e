"""The two engines of the search benchmark, each giving the whole answer that `search` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import tantivy
from sqlalchemy import insert

from bench.rows import make_room, record_rows
from hanoiwatch.articlejson import article_json
from hanoiwatch.model import Article, Change, Filters
from hanoiwatch.query import highlights, parse
from hanoiwatch.store import Record
from hanoiwatch.store.engine import write
from hanoiwatch.text import has_marks
from indexer.search.embedded import EmbeddedIndex
from indexer.search.protocol import IndexChange

HITS = 10
BATCH = 128
"""What the indexer applies at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    total: int
    hits: list[Any]
    facets: dict[str, Any]


class Engine(Protocol):
    name: str

    def keep(self, articles: Sequence[Article]) -> None:
        """What is not the index: the articles themselves. Not timed."""

    def add(self, articles: Sequence[Article]) -> None: ...

    def ready(self) -> None:
        """Everything added can be found, and background work is done."""

    def ask(self, query: str) -> Answer: ...

    def size(self) -> int:
        """Bytes on disk, of the index."""

    def close(self) -> None: ...


class Ours:
    """The embedded index, and the hits from the record, as `hanoiwatch search` does it."""

    name = "hanoiwatch"

    def __init__(self, folder: Path) -> None:
        self._index = EmbeddedIndex(folder / "index.sqlite3")
        self._record = Record.open(folder / "record.sqlite3")
        self._folder = folder
        make_room(self._record)

    def keep(self, articles: Sequence[Article]) -> None:
        with write(self._record.engine) as connection:
            for table, rows in record_rows(articles).items():
                connection.execute(insert(table), rows)

    def add(self, articles: Sequence[Article]) -> None:
        self._index.apply([_change(article) for article in articles])

    def ready(self) -> None:
        pass

    def ask(self, query: str) -> Answer:
        tree = parse(query)
        found = self._index.search(tree, Filters(), limit=HITS)
        articles = self._record.articles.by_rowids([hit.article_rowid for hit in found.matches])
        hits = [
            (highlights(tree, article.content), article_json(article))
            for match in found.matches
            if (article := articles[match.article_rowid])
        ]
        return Answer(total=found.total, hits=hits, facets=found.facets)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.glob("index.sqlite3*"))

    def close(self) -> None:
        self._index.close()
        self._record.close()


def _change(article: Article) -> IndexChange:
    change = Change(
        sequence=article.sequence, article_rowid=article.rowid, article_id=article.id, kind="new"
    )
    return IndexChange(change=change, article=article)


class Tantivy:
    """tantivy-py as its documentation shows it, with every field once exact and once folded."""

    name = "tantivy"
    _TEXTS = ("title", "lead", "text", "caption")
    _FACETS = ("source", "section", "month")
    _WRITER_BYTES, _THREADS = 256_000_000, 2

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tantivy"
        self._folder.mkdir()
        self._schema = self._make_schema()
        self._index = tantivy.Index(self._schema, str(self._folder))
        exact = _lower_case()
        self._index.register_tokenizer("exact", exact.build())
        folded = _lower_case().filter(tantivy.Filter.ascii_fold())
        self._index.register_tokenizer("folded", folded.build())
        self._writer = self._new_writer()

    def _make_schema(self) -> Any:
        builder = tantivy.SchemaBuilder()
        for field in self._TEXTS:
            builder.add_text_field(field, stored=True, tokenizer_name="exact")
            builder.add_text_field(f"{field}_folded", stored=True, tokenizer_name="folded")
        for field in self._FACETS:
            builder.add_text_field(
                field, stored=True, fast=True, tokenizer_name="raw", index_option="basic"
            )
        builder.add_date_field("published", stored=True, fast=True)
        return builder.build()

    def _new_writer(self) -> Any:
        return self._index.writer(self._WRITER_BYTES, self._THREADS)

    def keep(self, articles: Sequence[Article]) -> None:
        """It keeps the articles in its index."""

    def add(self, articles: Sequence[Article]) -> None:
        for article in articles:
            self._writer.add_document(self._document(article))

    def _document(self, article: Article) -> Any:
        content, document = article.content, tantivy.Document()
        texts = [("title", content.title), ("lead", content.lead)]
        texts += [("text", block.text) for block in content.blocks]
        texts += [("caption", image.caption) for image in content.images]
        for field, text in texts:
            document.add_text(field, text)
            document.add_text(f"{field}_folded", text)
        assert content.published_at
        document.add_date("published", content.published_at)
        for field, value in zip(
            self._FACETS,
            (article.source, content.section, f"{content.published_at:%Y-%m}"),
            strict=True,
        ):
            document.add_text(field, value)
        return document

    def ready(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._writer = self._new_writer()
        self._index.reload()

    def ask(self, query: str) -> Answer:
        suffix = "" if has_marks(query) else "_folded"
        fields = [f"{field}{suffix}" for field in self._TEXTS]
        for field in self._TEXTS:
            query = query.replace(f"{field}:", f"{field}{suffix}:")
        searcher = self._index.searcher()
        parsed = self._index.parse_query(query, fields, conjunction_by_default=True)
        found = searcher.search(parsed, HITS, order_by_field="published", order=tantivy.Order.Desc)
        facets = searcher.aggregate(
            parsed, {facet: {"terms": {"field": facet, "size": 100}} for facet in self._FACETS}
        )
        snippets = [
            tantivy.SnippetGenerator.create(searcher, parsed, self._schema, field)
            for field in fields
        ]
        documents = [searcher.doc(address) for _, address in found.hits]
        hits = [
            ([snippet.snippet_from_doc(document).to_html() for snippet in snippets],
             document.to_dict())
            for document in documents
        ]  # fmt: skip
        return Answer(total=found.count, hits=hits, facets=facets)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def close(self) -> None:
        del self._writer


def _lower_case() -> Any:
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return words.filter(tantivy.Filter.lowercase())
