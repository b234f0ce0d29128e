"""What is put into Kibana: as its schemas have it, and about fields that the index has."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from hanoiwatch.cli.kibana import BODY, OFFICIAL, TOPIC, followed_of
from hanoiwatch.config import Config
from indexer.kibana.content import Content, Followed, Named, content
from indexer.kibana.files import files_of, write_files
from indexer.search.elastic.mapping import article_mapping, revision_mapping
from tests.kibana_export import Request, panels_of, read_export, request_of_rule, requests_of

DEPLOYED = Path(__file__).parents[3] / "deploy" / "kibana"


def made(prefix: str = "hanoiwatch") -> Content:
    followed = Followed(
        official=Named(id="an-official", name='Nguyễn "Văn" Ví Dụ'),
        body=Named(id="a-body", name="Sở Ví dụ"),
        topic=Named(id="a-topic", name="Chủ đề ví dụ"),
    )
    return content(prefix, followed)


def requests(prefix: str = "hanoiwatch") -> list[Request]:
    files = files_of(made(prefix))
    rules = [request_of_rule(text) for name, text in files.items() if name.endswith(".json")]
    return [*requests_of(read_export(files["objects.ndjson"])), *rules]


def test_the_files_in_deploy_are_what_the_code_makes() -> None:
    """Made anew by `hanoiwatch kibana export deploy/kibana`."""
    followed = followed_of(Config(), official=OFFICIAL, body=BODY, topic=TOPIC)
    files = files_of(content("hanoiwatch", followed))
    there = {
        str(path.relative_to(DEPLOYED)): path.read_text("utf-8")
        for path in DEPLOYED.rglob("*.*json")
    }
    assert there == dict(files)


def test_every_object_is_as_the_documented_schemas_have_it() -> None:
    objects = read_export(files_of(made())["objects.ndjson"])
    counts = {kind: [one.type for one in objects].count(kind) for kind in
              ("index-pattern", "search", "lens", "dashboard")}  # fmt: skip
    assert counts == {"index-pattern": 2, "search": 6, "lens": 11, "dashboard": 1}


def test_every_object_comes_after_those_that_it_refers_to() -> None:
    known: set[tuple[str, str]] = set()
    for found in read_export(files_of(made())["objects.ndjson"]):
        assert {(one.type, one.id) for one in found.references} <= known
        assert (found.type, found.id) not in known
        known.add((found.type, found.id))


def test_the_dashboard_shows_every_chart() -> None:
    objects = read_export(files_of(made())["objects.ndjson"])
    board = objects[-1]
    shown = {board.named(f"{one.panelIndex}:{one.panelRefName}") for one in panels_of(board)}
    assert {one.id for one in objects if one.type == "lens"} <= shown


def properties(mapping: dict, before: str = "") -> set[str]:
    """Every field that can be searched or counted, with those beneath it."""
    found: set[str] = set()
    for name, how in mapping.items():
        path = before + name
        if "properties" in how:
            found |= properties(how["properties"], f"{path}.")
        elif how.get("enabled", True) and how.get("index", True):
            found |= {path, *(f"{path}.{inner}" for inner in how.get("fields", ()))}
    return found


FIELDS = {
    "hanoiwatch-articles": properties(article_mapping()["properties"]),
    "hanoiwatch-revisions": properties(revision_mapping()["properties"]),
}


@pytest.mark.parametrize("asked", requests(), ids=lambda asked: asked.what)
def test_every_field_is_in_the_mapping(asked: Request) -> None:
    assert asked.fields
    assert asked.fields - FIELDS[asked.index] == set()


def test_another_prefix_has_objects_and_rules_of_its_own() -> None:
    ours, theirs = made("hanoiwatch"), made("other")
    assert {one.id for one in ours.objects} & {one.id for one in theirs.objects} == set()
    assert {one.id for one in ours.rules} & {one.id for one in theirs.rules} == set()
    assert {one.index for one in requests("other")} == {"other-articles", "other-revisions"}


def test_rules_look_at_when_an_article_came_in() -> None:
    """So that one which was published long ago is seen; and by ids that Kibana takes."""
    rules = made().rules
    assert len({rule.id for rule in rules}) == 3
    for rule in rules:
        assert rule.body()["params"]["timeField"] == "indexed_at"
        assert rule.body()["params"]["excludeHitsFromPreviousRun"] is True
        assert (uuid.UUID(rule.id).version, uuid.UUID(rule.id).variant) == (4, uuid.RFC_4122)


def test_names_with_quotes_stay_json() -> None:
    text = files_of(made())["objects.ndjson"]
    titles = [json.loads(line)["attributes"]["title"] for line in text.splitlines()]
    assert 'Lãnh đạo: Nguyễn "Văn" Ví Dụ' in titles


def test_files_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    written = write_files(made(), tmp_path / "new")
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "new/objects.ndjson", "new/rules/phrases.json", "new/rules/official.json",
        "new/rules/topic.json",
    ]  # fmt: skip
    assert len(read_export(written[0].read_text("utf-8"))) == 20
