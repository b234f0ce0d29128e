"""The indices themselves: made by a versioned template, in pairs, behind two aliases."""

from __future__ import annotations

from functools import partial
from typing import Any

from indexer.search.elastic.connection import Connection
from indexer.search.elastic.documents import STATE
from indexer.search.elastic.mapping import (
    VERSION,
    article_template,
    everybodys_filter,
    revision_template,
)

State = dict[str, int]
"""`position`, `filled` and `version` of an index; empty where it does not say."""
Versions = dict[str, int]
"""Of each index there is, by which mapping it was made; 0 where it does not say."""


class Indices:
    """One generation answers: the pair of indices that the aliases point to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names = connection.names

    def current(self) -> int:
        """The generation that answers; 0 where there is none."""
        found = self._connection.ask(
            lambda client: client.indices.get_alias(name=self._names.articles)
        )
        return max(map(self._names.number, found or ()), default=0)

    def answering(self) -> State:
        """How far the generation that answers has come; empty where there is none."""
        return self.state(self._names.articles)

    def is_outdated(self, answering: State) -> bool:
        """Whether there is a generation, and another version of this program made it."""
        if answering:
            return not is_current(answering["version"])
        return self.current() > 0

    def all(self) -> Versions:
        """Every index of articles that carries a name of ours."""
        pattern = self._names.pattern(self._names.articles)
        found = self._connection.ask(lambda client: client.indices.get_mapping(index=pattern))
        return {name: of for name, of in _versions(found or {}).items() if self._names.number(name)}

    def create(self, number: int) -> None:
        """An empty pair, by the templates of this version. What is there already stays."""
        articles, revisions = self._names.aliases
        self._put_template(articles, article_template(self._names.pattern(articles)))
        self._put_template(revisions, revision_template(self._names.pattern(revisions)))
        for index in self._names.pair(number):
            if not self._exists(index):
                self._connection.ask(partial(_create, index=index))

    def remove(self, number: int) -> None:
        self._connection.ask(partial(_remove, indices=list(self._names.pair(number))))

    def switch_to(self, number: int) -> None:
        """Both aliases in one step; searches see the one generation or the other."""
        actions = [
            *({"remove": {"index": self._names.pattern(alias), "alias": alias, "must_exist": False}}
              for alias in self._names.aliases),
            *({"add": {
                "index": index, "alias": alias, "is_write_index": True,
                "filter": everybodys_filter(),
            }} for alias, index in zip(
                self._names.aliases, self._names.pair(number), strict=True
            )),
        ]  # fmt: skip
        self._connection.ask(lambda client: client.indices.update_aliases(actions=actions))

    def refresh(self, *indices: str) -> None:
        """What was written is found from here on."""
        self._connection.ask(lambda client: client.indices.refresh(index=list(indices)))

    def state(self, index: str) -> State:
        """How far an index has come; empty where it does not say."""
        found = self._connection.ask(lambda client: client.get(index=index, id=STATE))
        return dict(found["_source"]["state"]) if found else {}

    def _put_template(self, name: str, template: dict[str, Any]) -> None:
        self._connection.ask(
            lambda client: client.indices.put_index_template(name=name, **template)
        )

    def _exists(self, index: str) -> bool:
        return (
            self._connection.ask(lambda client: client.indices.get_mapping(index=index)) is not None
        )


def _create(client: Any, index: str) -> Any:
    return client.indices.create(index=index)


def _remove(client: Any, indices: list[str]) -> Any:
    return client.indices.delete(index=indices, ignore_unavailable=True)


def is_current(version: int) -> bool:
    return version == VERSION


def _versions(found: Any) -> Versions:
    return {
        name: int(said["mappings"].get("_meta", {}).get("version", 0))
        for name, said in found.items()
    }
