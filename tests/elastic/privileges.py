"""Which privilege of Elasticsearch each request needs, and whether a role file grants it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

from tests.elasticnode.proxy import Asked

ROLES = Path(__file__).parents[2] / "deploy/elasticsearch"

Need = tuple[Literal["cluster", "index"], frozenset[str]]
"""Where, and which privileges would do; see "security privileges" in Elasticsearch's manual."""

_METADATA: Need = ("index", frozenset({"view_index_metadata", "manage"}))
_NEEDS: list[tuple[str, str, Need]] = [
    ("GET", r"/", ("cluster", frozenset({"monitor"}))),
    ("GET", r"/_cluster/health(/[^/]+)?", ("cluster", frozenset({"monitor"}))),
    ("PUT", r"/_index_template/[^/]+", ("cluster", frozenset({"manage_index_templates"}))),
    ("PUT", r"/[^_][^/]*", ("index", frozenset({"create_index", "manage"}))),
    ("DELETE", r"/[^_][^/]*", ("index", frozenset({"delete_index", "manage"}))),
    ("POST", r"/_aliases", ("index", frozenset({"manage"}))),
    ("GET", r"(/[^_][^/]*)?/_alias(/[^/]+)?", _METADATA),
    ("GET", r"/[^_][^/]*/_mapping", _METADATA),
    ("POST", r"/[^_][^/]*/_refresh", ("index", frozenset({"maintenance", "manage"}))),
    ("(PUT|POST)", r"/_bulk", ("index", frozenset({"write"}))),
    ("GET", r"/[^_][^/]*/_doc/[^/]+", ("index", frozenset({"read"}))),
    ("POST", r"(/[^_][^/]*)?/_search", ("index", frozenset({"read"}))),
    ("POST", r"/[^_][^/]*/_pit", ("index", frozenset({"read"}))),
    ("DELETE", r"/_pit", ("index", frozenset({"read"}))),
]  # fmt: skip


def need_of(asked: Asked) -> Need:
    for method, path, need in _NEEDS:
        if re.fullmatch(method, asked.method) and re.fullmatch(path, asked.path):
            return need
    raise AssertionError(f"{asked.method} {asked.path} is in no role: add it to the table")


def has_privileges(asked: Asked, granted: dict[str, Any]) -> dict[str, Any] | None:
    """The product's answer to whoever asks what it may do; None where something else is asked.

    Whoever is known may ask that. Of the role the cluster's part and its one grant are looked at.
    """
    if asked.path != "/_security/user/_has_privileges":
        return None
    wanted = json.loads(asked.body)
    (grant,) = granted["indices"] or [{"privileges": []}]
    implied = {"view_index_metadata"} if "manage" in grant["privileges"] else set()
    may = {*grant["privileges"], *implied}
    cluster = {name: name in granted["cluster"] for name in wanted["cluster"]}
    index = {
        names: {name: name in may for name in one["privileges"]}
        for one in wanted["index"]
        for names in one["names"]
    }
    return {
        "username": "desk", "has_all_requested": False, "cluster": cluster, "index": index,
        "application": {},
    }  # fmt: skip


def role(name: str) -> dict[str, Any]:
    return json.loads((ROLES / f"role-{name}.json").read_text("utf-8"))


def is_granted(asked: Asked, granted: dict[str, Any]) -> bool:
    where, any_of = need_of(asked)
    if where == "cluster":
        return bool(any_of & set(granted["cluster"]))
    return all(bool(any_of & set(grant["privileges"])) for grant in granted["indices"])
