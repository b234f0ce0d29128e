"""Importing: everything is there when it says so, and where it is not, it says why."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from hanoiwatch.errors import KibanaError
from indexer.kibana.api import Kibana, Place
from indexer.kibana.content import Content
from indexer.kibana.importing import Imported, import_content
from indexer.kibana.objects import Reference
from tests.kibana_stand_in import StandIn, kibana
from tests.unit.kibana.test_content import made

IMPORT = "/api/saved_objects/_import"


def run(there: StandIn, content: Content | None = None, **place: str) -> list[Imported]:
    client = Kibana(Place(url=there.url, **place))
    try:
        client.version()
        return import_content(client, content or made())
    finally:
        client.close()


def test_everything_is_put_there_once_and_replaced_the_next_time() -> None:
    with kibana() as there:
        first, second = run(there), run(there)
    assert {one.fate for one in first} == {"made"}
    assert {one.fate for one in second} == {"replaced"}
    assert {(one.type, one.id) for one in first if one.type != "rule"} == there.objects.keys()
    assert {one.id for one in first if one.type == "rule"} == there.rules.keys()
    assert len(there.rules) == 3


def test_a_space_and_a_user_are_used() -> None:
    credentials = "Basic " + base64.b64encode(b"desk:secret-word").decode()
    with kibana(space="h%C3%A0%20n%E1%BB%99i", authorization=credentials) as there:
        run(there, space="hà nội", user="desk", password="secret-word")
    assert len(there.objects) == 20


def test_an_api_key_is_used() -> None:
    with kibana(authorization="ApiKey abc=") as there:
        run(there, api_key="abc=")
    assert len(there.rules) == 3


def test_the_desk_s_actions_and_its_pause_of_a_rule_outlive_an_import() -> None:
    action = {"id": "log", "group": "query matched", "uuid": "u-1", "params": {"message": "mới"},
              "frequency": {"notify_when": "onActiveAlert", "throttle": None, "summary": True},
              "connector_type_id": ".server-log"}  # fmt: skip
    with kibana() as there:
        run(there)
        key = made().rules[0].id
        there.rules[key] |= {"actions": [action], "enabled": False, "name": "mine"}
        run(there)
    rule = there.rules[key]
    assert rule["actions"] == [{k: v for k, v in action.items() if k != "connector_type_id"}]
    assert rule["enabled"] is False
    assert rule["name"] == made().rules[0].name


def test_ids_that_another_space_has_make_copies_and_that_is_said() -> None:
    with kibana(copies=True) as there:
        made_there = run(there)
    assert {one.fate for one in made_there if one.type != "rule"} == {"made as a copy"}


def test_a_reference_that_leads_nowhere_is_told_and_nothing_is_made() -> None:
    content = made()
    lost = Reference(name="lost", type="search", id="nowhere")
    broken = replace(content.objects[3], references=(lost,))
    whole = replace(content, objects=(*content.objects[:3], broken, *content.objects[4:]))
    with kibana() as there, pytest.raises(KibanaError) as told:
        run(there, whole)
    assert str(told.value) == (
        f"Kibana refused 1 of the objects: search {broken.id}: missing_references (search nowhere)."
    )
    assert there.rules == {}


SUCCESS = {"success": True, "successCount": 20, "warnings": []}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (SUCCESS, "it says nothing of hanoiwatch-articles"),
        (SUCCESS | {"success": False}, "does not say that all of it is there"),
        (SUCCESS | {"errors": [{"id": "x", "type": "lens", "error": {"type": "conflict"}}] * 5},
         "refused 5 of the objects: lens x: conflict; lens x: conflict; lens x: conflict; and 2"),
        ([], "not as Kibana does"),
        (b"<html>Welcome</html>", "not as Kibana does"),
    ],
)  # fmt: skip
def test_an_answer_that_leaves_anything_open_is_no_success(answer: Any, said: str) -> None:
    with kibana(answers={IMPORT: (200, answer)}) as there, pytest.raises(KibanaError) as told:
        run(there)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (401, {"message": "no such user"}, "does not know this user or key (no such user)"),
        (403, {"message": "unauthorized"}, "may not do that in Kibana (unauthorized)"),
        (302, b"", "Kibana sends elsewhere"),
        (503, b"not now", "Kibana answers with status 503."),
        (413, {"message": "too  large\n"}, "Kibana answers with status 413 (too large)."),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence(status: int, answer: Any, said: str) -> None:
    with kibana(answers={IMPORT: (status, answer)}) as there, pytest.raises(KibanaError) as told:
        run(there, user="desk", password="secret-word")
    assert said in str(told.value)
    assert "secret-word" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_kibana_that_is_not_ready_is_sent_nothing() -> None:
    with kibana(level="degraded") as there, pytest.raises(KibanaError, match="is degraded"):
        run(there)
    assert there.asked == [("GET", "/api/status")]


def test_nobody_at_home_is_one_sentence() -> None:
    with kibana() as there:
        pass
    with pytest.raises(KibanaError, match="Kibana cannot be reached"):
        run(there)


def test_a_rule_that_kibana_keeps_otherwise_is_no_success() -> None:
    rule = made().rules[0]
    other = rule.body() | {"id": rule.id, "params": rule.body()["params"] | {"size": 1}}
    with kibana() as there:
        run(there)
        there.answers[f"/api/alerting/rule/{rule.id}"] = (200, other)
        with pytest.raises(KibanaError, match=r"keeps the rule `Tin mới: .*` otherwise: size"):
            run(there)
