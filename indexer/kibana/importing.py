"""Puts the content into a running Kibana, and believes its answer only as far as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hanoiwatch.errors import KibanaError
from indexer.kibana.api import Kibana
from indexer.kibana.content import Content
from indexer.kibana.objects import to_ndjson
from indexer.kibana.rules import Rule

Fate = Literal["made", "replaced", "made as a copy"]

_OF_A_CHANGE = ("name", "tags", "schedule", "params")
"""What a change of a rule may say of it; whether it is enabled is the desk's."""
_OF_AN_ACTION = ("id", "group", "params", "frequency", "uuid", "alerts_filter")
"""What a change may repeat of an action that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One object or rule, and what Kibana says became of it."""

    type: str
    id: str
    title: str
    fate: Fate


def import_content(kibana: Kibana, content: Content) -> list[Imported]:
    """Everything, objects first. Raises KibanaError where the answer leaves anything open.

    What is there under the same id is replaced; the actions that a desk gave to a rule stay.
    """
    answer = kibana.import_objects(to_ndjson(content.objects))
    return [*_imported(content, answer), *(_put(kibana, rule) for rule in content.rules)]


def _imported(content: Content, answer: Mapping[str, Any]) -> list[Imported]:
    """Raises KibanaError unless every object is named among what succeeded."""
    if answer.get("errors"):
        raise KibanaError(_failures(answer["errors"]))
    results = {(one["type"], one["id"]): one for one in answer.get("successResults", ())}
    lacking = [one.id for one in content.objects if (one.type, one.id) not in results]
    whole = answer.get("success") is True and answer.get("successCount") == len(content.objects)
    if lacking or not whole:
        said = f"it says nothing of {', '.join(lacking)}" if lacking else "it counts others"
        raise KibanaError(
            f"Kibana took the import and does not say that all of it is there: {said}."
        )
    return [
        Imported(type=one.type, id=one.id, title=one.title, fate=_fate(results[one.type, one.id]))
        for one in content.objects
    ]


def _fate(result: Mapping[str, Any]) -> Fate:
    if result.get("destinationId", result["id"]) != result["id"]:
        return "made as a copy"
    return "replaced" if result.get("overwrite") else "made"


def _failures(errors: list[Mapping[str, Any]]) -> str:
    told = "; ".join(_failure(one) for one in errors[:3])
    more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    return f"Kibana refused {len(errors)} of the objects: {told}{more}."


def _failure(one: Mapping[str, Any]) -> str:
    fault = one.get("error", {})
    reason = fault.get("message") or fault.get("type", "no reason given")
    lacking = ", ".join(f"{ref['type']} {ref['id']}" for ref in fault.get("references", ()))
    return f"{one.get('type')} {one.get('id')}: {reason}" + (f" ({lacking})" if lacking else "")


def _put(kibana: Kibana, rule: Rule) -> Imported:
    there, body = kibana.rule(rule.id), rule.body()
    if there is None:
        answer = kibana.make_rule(rule.id, body)
    else:
        change = {name: body[name] for name in _OF_A_CHANGE} | {"actions": _kept(there)}
        answer = kibana.change_rule(rule.id, change)
    _assert_there(rule, body, answer)
    fate: Fate = "made" if there is None else "replaced"
    return Imported(type="rule", id=rule.id, title=rule.name, fate=fate)


def _kept(there: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {name: action[name] for name in _OF_AN_ACTION if action.get(name) is not None}
        for action in there.get("actions", ())
    ]


def _assert_there(rule: Rule, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Kibana may add parameters of its own, and change none of ours."""
    params = answer.get("params", {})
    other = [name for name, value in body["params"].items() if params.get(name) != value]
    if answer.get("id") != rule.id or answer.get("rule_type_id") != body["rule_type_id"]:
        raise KibanaError(f"Kibana answers with another rule than `{rule.name}`.")
    if other:
        raise KibanaError(f"Kibana keeps the rule `{rule.name}` otherwise: {', '.join(other)}.")
