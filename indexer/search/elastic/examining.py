"""What `hanoiwatch doctor` wants to know of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hanoiwatch.config import Config
from indexer.search.elastic.connection import Connection
from indexer.search.elastic.indices import Indices
from indexer.search.elastic.opening import settings_of
from indexer.search.elastic.rights import READER, WRITER, lacking

OLDEST = (8, 19)
"""The oldest server that the clients we take talk to."""
REBUILD = "run `hanoiwatch index rebuild`"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFault:
    said: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    said: str
    faults: tuple[ClusterFault, ...] = ()


def examine(config: Config) -> Examined:
    """Asks what an indexing and a searching process ask, and changes nothing.

    Raises ConfigError, IndexUnavailableError, StoreError.
    """
    connection = Connection(settings_of(config))
    try:
        return _examined(connection)
    finally:
        connection.close()


def _examined(connection: Connection) -> Examined:
    if faults := _rights_faults(connection):
        return Examined(said="", faults=tuple(faults))
    about: Any = connection.ask(lambda client: client.info())
    version = str(about["version"]["number"])
    indices = Indices(connection)
    generation = indices.current()
    state = indices.answering()
    health = connection.ask(lambda client: client.cluster.health())["status"]
    faults = [*_version_faults(version), *_health_faults(health)]
    if indices.is_outdated(state):
        said = "its index was made by another version of this program"
        faults.append(ClusterFault(said=said, do=REBUILD))
    alias = connection.names.articles
    there = f"index {alias} at change {state.get('position', 0)}" if generation else "no index yet"
    return Examined(said=f"version {version}, {health}; {there}", faults=tuple(faults))


def _rights_faults(connection: Connection) -> list[ClusterFault]:
    """Not to read is worse than not to write: nothing more is asked then."""
    if unread := lacking(connection, READER):
        said = f"our user or key may not read: it lacks {'; '.join(unread)}"
        return [
            ClusterFault(said=said, do="give it the role of deploy/elasticsearch/role-reader.json")
        ]
    if unwritten := lacking(connection, WRITER):
        said = f"our user or key may read, and not write: it lacks {'; '.join(unwritten)}"
        do = "for crawls and `index rebuild` give it that of deploy/elasticsearch/role-writer.json"
        return [ClusterFault(said=said, do=do)]
    return []


def _version_faults(version: str) -> list[ClusterFault]:
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) >= OLDEST:
        return []
    said = f"version {version} is older than {'.'.join(map(str, OLDEST))}"
    return [ClusterFault(said=said, do="upgrade Elasticsearch")]


def _health_faults(health: str) -> list[ClusterFault]:
    if health != "red":
        return []
    do = "look at its log: data of an index is not available"
    return [ClusterFault(said="the cluster says red", do=do)]
