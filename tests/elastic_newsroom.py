"""The sample outlet watched by a desk that keeps its index in Elasticsearch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import structs

from hanoiwatch import clock
from hanoiwatch.config import ElasticsearchConfig, RegistryConfig, StoreConfig
from hanoiwatch.sample.outlet import Outlet
from tests.elasticnode import Node
from tests.index_engines import drop, elastic_index
from tests.newsroom import Newsroom
from tests.outlet import running

OFFICIAL = "ngac-dinh-thuan"
REGISTRY = f"""\
sources:
  own: Ghi chép của tòa soạn
officials:
  - id: {OFFICIAL}
    name: Ngạc Đình Thuần
    confidence: high
    sources: [own]
    tenures:
      - {{post: uv-btv-thanh-uy, from: 2026-01-01, confidence: high, sources: [own]}}
"""
"""An official of ours, whom an article of the sample names: it names nobody of the real ones."""


@contextmanager
def elastic_newsroom(
    folder: Path, node: Node, prefix: str, outlet: Outlet | None = None
) -> Iterator[Newsroom]:
    """``outlet``: the bundled newspaper where none is given. Leaves nothing in the cluster."""
    (folder / "registry").mkdir(parents=True)
    (folder / "registry" / "own.yaml").write_text(REGISTRY, "utf-8")
    try:
        with running(outlet) as server:
            room = Newsroom(folder, server.outlet, server)
            room.config = structs.replace(
                room.config,
                store=StoreConfig(search="elasticsearch"),
                elasticsearch=ElasticsearchConfig(hosts=(node.url,), index_prefix=prefix),
                registry=RegistryConfig(directory=str(folder / "registry")),
            )
            yield room
    finally:
        clock.run_ahead(timedelta())
        drop(elastic_index(node, prefix))
