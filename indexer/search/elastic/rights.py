"""What a process must be allowed in the cluster, and what of it the cluster does not allow us.

The same as the role files in `deploy/elasticsearch`, which a test holds against all that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hanoiwatch.errors import IndexUnavailableError, StoreError
from indexer.search.elastic.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    cluster: tuple[str, ...]
    index: tuple[str, ...]
    """On each index of ours."""


READER = Rights(cluster=("monitor",), index=("read", "view_index_metadata"))
WRITER = Rights(cluster=("monitor", "manage_index_templates"), index=("read", "write", "manage"))


def lacking(connection: Connection, rights: Rights) -> list[str]:
    """Which of them we do not have; none where the cluster has no security to ask.

    Raises IndexUnavailableError.
    """
    if not (connection.settings.api_key or connection.settings.user):
        return []
    names = [f"{alias}*" for alias in connection.names.aliases]
    asked = [{"names": names, "privileges": list(rights.index)}]
    try:
        answer: Any = connection.ask(
            lambda client: client.security.has_privileges(cluster=list(rights.cluster), index=asked)
        )
    except IndexUnavailableError:
        raise
    except StoreError:
        return []
    return _not_granted(answer) if answer else []


def _not_granted(answer: Any) -> list[str]:
    cluster = [f"`{name}` of the cluster" for name, has in answer["cluster"].items() if not has]
    index = [
        f"`{name}` on {names}"
        for names, granted in answer["index"].items()
        for name, has in granted.items()
        if not has
    ]
    return cluster + index
