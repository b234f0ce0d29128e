"""The snapshot policy that we ship, as far as a node without lifecycle policies can run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.model import Filters
from tests.deploy.programs import DEPLOY
from tests.elastic_newsroom import elastic_newsroom
from tests.elasticnode import Node
from tests.outlet import small_outlet

FILES = DEPLOY / "elasticsearch"


def read(name: str) -> dict[str, Any]:
    return json.loads((FILES / name).read_text("utf-8"))


@pytest.mark.elastic
def test_what_the_policy_takes_brings_every_article_back(
    elastic_node: Node, tmp_path: Path
) -> None:
    """Taken as the policy says, deleted, restored as the how-to says: the same documents behind
    the same names, and a search goes on where it was."""
    repository, policy = read("snapshot-repository.json"), read("snapshot-policy.json")
    repository["settings"]["location"] = str(elastic_node.snapshots)
    # of Kibana, which the node does not have
    config = {key: value for key, value in policy["config"].items() if key != "feature_states"}
    with elastic_newsroom(tmp_path / "desk", elastic_node, "hanoiwatch", small_outlet()) as room:
        room.crawl(0)
        before = everything(elastic_node)
        assert before["hanoiwatch-articles"]
        assert before["hanoiwatch-revisions"]
        elastic_node.ask("/_snapshot/hanoiwatch", "PUT", repository)
        taken = elastic_node.ask(
            "/_snapshot/hanoiwatch/one?wait_for_completion=true", "PUT", config
        )  # fmt: skip
        assert taken["snapshot"]["state"] == "SUCCESS"
        for index in indices(elastic_node):
            elastic_node.ask(f"/{index}", "DELETE")
        assert indices(elastic_node) == []
        restore = {"indices": "hanoiwatch*", "include_global_state": False}
        done = elastic_node.ask(
            "/_snapshot/hanoiwatch/one/_restore?wait_for_completion=true", "POST", restore
        )  # fmt: skip
        assert done["snapshot"]["shards"]["failed"] == 0
        assert everything(elastic_node) == before
        with room.app() as app:
            assert app.search_index.position() > 0
            assert app.search_index.search(None, Filters()).total == len(
                before["hanoiwatch-articles"]
            )
    elastic_node.ask("/_snapshot/hanoiwatch/one", "DELETE")
    elastic_node.ask("/_snapshot/hanoiwatch", "DELETE")


def indices(node: Node) -> list[str]:
    return sorted(node.ask("/hanoiwatch-*?expand_wildcards=open&allow_no_indices=true"))


def everything(node: Node) -> dict[str, list[Any]]:
    """Id, version and content of every document, by the name that everybody reads."""
    found = {}
    for alias in ("hanoiwatch-articles", "hanoiwatch-revisions"):
        node.ask(f"/{alias}/_refresh", "POST")
        body = {"size": 1000, "version": True, "sort": ["rowid", "_doc"]}
        hits = node.ask(f"/{alias}/_search", "POST", body)["hits"]["hits"]
        found[alias] = sorted((hit["_id"], hit["_version"], str(hit["_source"])) for hit in hits)
    return found


def test_the_policy_keeps_a_month_and_never_too_few() -> None:
    policy = read("snapshot-policy.json")
    assert policy["repository"] == "hanoiwatch"
    assert policy["config"]["partial"] is False
    kept = policy["retention"]
    assert kept == {"expire_after": "30d", "min_count": 7, "max_count": 60}
