"""Changes into one generation of the index; each document with the change that it stands for.

A batch is not one transaction there: documents go first, then the state says how far the index
has come. Killed between, the same batch comes again and changes nothing, because every document
carries its change's sequence as its version. What a batch brings is found once the state is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.model import Article
from indexer.search.elastic.bulk import Action, action, send, send_batch
from indexer.search.elastic.connection import Connection
from indexer.search.elastic.documents import (
    STATE,
    FormerRevision,
    article_document,
    removed_revisions,
    revision_documents,
    state_document,
    tombstone,
)
from indexer.search.protocol import IndexChange

Formers = Callable[[Article], Sequence[FormerRevision]]
"""The revisions that an article has besides the present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Makes the documents of a generation. ``targets``: where articles and revisions go."""

    connection: Connection
    targets: tuple[str, str]
    formers: Formers
    clock: Callable[[], datetime]

    def apply(self, changes: Iterable[IndexChange]) -> None:
        """Raises RefusedError where a document cannot be taken: then nothing says that it was."""
        newest = {one.change.article_id: one for one in changes}
        send(self.connection, self._actions(newest.values()))

    def keep_state(self, position: int, filled: int = 0, *, refresh: bool = False) -> None:
        """Never back: a late writer's is older than what is there. ``refresh``: the articles
        that were sent so far are found from here on."""
        document = state_document(position, filled)
        state = action(self.targets[0], STATE, position + 1, document, "external_gte")
        send_batch(self.connection, [state], refresh=refresh)

    def filling(self, articles: Iterable[Article]) -> Iterator[Action]:
        for article in articles:
            yield from self._article(article, article.sequence)

    def _actions(self, changes: Iterable[IndexChange]) -> Iterator[Action]:
        for one in changes:
            if one.article is not None:
                yield from self._article(one.article, one.change.sequence)
            else:
                yield from self._removed(one)

    def _article(self, article: Article, version: int) -> Iterator[Action]:
        articles, revisions = self.targets
        now = self.clock()
        yield action(articles, article.id, version, article_document(article, now))
        former = self.formers(article) if article.revision > 1 else ()
        for revision_id, document in revision_documents(article, former, now):
            yield action(revisions, revision_id, version, document)

    def _removed(self, one: IndexChange) -> Iterator[Action]:
        """Tombstones, so that no late writer brings it back; also of each of its revisions."""
        articles, revisions = self.targets
        change = one.change
        document = tombstone(change.article_rowid, change.sequence)
        yield action(articles, change.article_id, change.sequence, document)
        numbers = self._revisions_there(change.article_id)
        for revision_id, grave in removed_revisions(change.article_id, numbers):
            yield action(revisions, revision_id, change.sequence, grave)

    def _revisions_there(self, article_id: str) -> list[int]:
        body = {
            "query": {"bool": {
                "filter": [{"term": {"article_id": article_id}}, {"exists": {"field": "revision"}}]
            }},
            "size": 10_000, "_source": False, "docvalue_fields": ["revision"],
        }  # fmt: skip
        target = self.targets[1]
        self.connection.ask(lambda client: client.indices.refresh(index=target))
        found = self.connection.ask(
            lambda client: client.search(
                index=target, body=body, ignore_unavailable=True,
                allow_partial_search_results=False,
            )
        )  # fmt: skip
        hits = found["hits"]["hits"] if found else ()
        return [int(hit["fields"]["revision"][0]) for hit in hits]
