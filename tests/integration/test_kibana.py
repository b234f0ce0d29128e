"""What Kibana would ask, asked of a real node that holds the sample archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import structs

from hanoiwatch.cli.kibana import content_of, import_into
from hanoiwatch.cli.main import hanoiwatch
from hanoiwatch.config import KibanaConfig
from hanoiwatch.text import fold
from indexer.kibana.content import STREAMLINING, Content
from indexer.kibana.files import files_of
from tests.elastic_newsroom import OFFICIAL, elastic_newsroom
from tests.elasticnode import Node
from tests.kibana_export import Request, read_export, request_of_rule, requests_of
from tests.kibana_stand_in import kibana
from tests.newsroom import Newsroom

pytestmark = pytest.mark.elastic

PREFIX = "kibana-test"
SPEAKS_OF_IT = "nhap-trung-tam-su-nghiep-xa-van-hoa-khuyen-nong"
VANISHED = "ho-so-benh-an-cay-co-thu"


@pytest.fixture(scope="module")
def room(elastic_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """The sample newspaper as it was, with one article edited and one taken away."""
    folder = tmp_path_factory.mktemp("kibana")
    with elastic_newsroom(folder, elastic_node, PREFIX) as room:
        room.crawl(0, since=datetime(2026, 9, 1, tzinfo=UTC))
        room.outlet.edit(SPEAKS_OF_IT, title="Nhập trung tâm: Thành phố tính lại con số")
        room.outlet.delete(VANISHED)
        room.crawl(2, refetch=True)
        room.crawl(28, refetch=True)
        yield room


@pytest.fixture(scope="module")
def content(room: Newsroom) -> Content:
    return content_of(room.config, official=OFFICIAL, body="ubnd", topic="sap-xep-bo-may")


@pytest.fixture(scope="module")
def requests(content: Content) -> list[Request]:
    files = files_of(content)
    rules = [request_of_rule(text) for name, text in files.items() if name.endswith(".json")]
    return [*requests_of(read_export(files["objects.ndjson"])), *rules]


def asked(node: Node, request: Request) -> dict[str, Any]:
    return node.ask(f"/{request.index}/_search", "POST", request.body)


def test_every_search_chart_and_rule_finds_something(
    elastic_node: Node, requests: list[Request]
) -> None:
    assert len(requests) == 6 + 11 + 3
    found = {one.what: asked(elastic_node, one)["hits"]["total"]["value"] for one in requests}
    assert {what for what, total in found.items() if not total} == set()


def test_every_aggregation_has_values_in_its_innermost_buckets(
    elastic_node: Node, requests: list[Request]
) -> None:
    with_buckets = [one for one in requests if "aggs" in one.body]
    assert len(with_buckets) == 8
    for one in with_buckets:
        answer, wanted = asked(elastic_node, one), one.body
        while "aggs" in wanted:
            ((name, wanted),) = wanted["aggs"].items()
            buckets = answer["aggregations"][name]["buckets"] if "aggregations" in answer else (
                answer[name]["buckets"])  # fmt: skip
            assert buckets, one.what
            assert all(bucket["doc_count"] > 0 for bucket in buckets), one.what
            answer = buckets[0]


def test_no_column_of_a_search_is_always_empty(elastic_node: Node, requests: list[Request]) -> None:
    searches = [one for one in requests if "_source" in one.body]
    assert len(searches) == 6
    for one in searches:
        hits = asked(elastic_node, _all(one))["hits"]["hits"]
        empty = [
            column for column in one.body["_source"]
            if not any(hit["_source"].get(column) for hit in hits)
        ]  # fmt: skip
        # an official is named by one article of the sample alone
        assert set(empty) <= {"official_names"}, one.what


def _all(one: Request) -> Request:
    return Request(what=one.what, index=one.index, body=one.body | {"size": 200}, fields=one.fields)


def test_they_count_what_our_own_search_counts(
    elastic_node: Node, room: Newsroom, requests: list[Request]
) -> None:
    """The phrases, an official, a body and a topic: the same totals as `hanoiwatch search`."""
    totals = {one.what: asked(elastic_node, one)["hits"]["total"]["value"] for one in requests}
    ours = {
        "Lãnh đạo: Ngạc Đình Thuần": ["--official", OFFICIAL],
        "Cơ quan: Ủy ban nhân dân thành phố Hà Nội": ["--body", "ubnd"],
        "Chủ đề: Sắp xếp tổ chức bộ máy": ["--topic", "sap-xep-bo-may"],
        "Cụm từ: sắp xếp bộ máy": [
            " OR ".join(fold(phrase) for phrase in STREAMLINING),
        ],
        "Số tin bài": [],
    }  # fmt: skip
    for what, words in ours.items():
        assert totals[what] == found_by_us(room, *words), what


def found_by_us(room: Newsroom, *words: str) -> int:
    said = CliRunner().invoke(
        hanoiwatch, ["search", *words, "--format", "json"], obj=room.config,
        env=settings_in_environment(room),
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    return int(json.loads(said.stdout)["total"])


def settings_in_environment(room: Newsroom) -> dict[str, str]:
    config = room.config
    return {
        "HANOIWATCH_DATA_DIR": config.data_dir,
        "HANOIWATCH_SOURCES__DIRECTORY": config.sources.directory,
        "HANOIWATCH_REGISTRY__DIRECTORY": config.registry.directory,
        "HANOIWATCH_STORE__SEARCH": "elasticsearch",
        "HANOIWATCH_ELASTICSEARCH__HOSTS": json.dumps(list(config.elasticsearch.hosts)),
        "HANOIWATCH_ELASTICSEARCH__INDEX_PREFIX": config.elasticsearch.index_prefix,
    }


def test_words_typed_without_marks_find_the_same_phrase(room: Newsroom, elastic_node: Node) -> None:
    """As somebody types into Kibana's search bar, with no field: the default ones are asked."""
    path = f"/{PREFIX}-articles/_search"
    totals = []
    for typed in ('"sắp xếp bộ máy"', '"sap xep bo may"', '"Sap Xep BO may"'):
        query = {"query_string": {"query": typed, "analyze_wildcard": True}}
        answer = elastic_node.ask(path, "POST", {"query": query, "size": 0})
        totals.append(answer["hits"]["total"]["value"])
    assert totals[0] > 0
    assert len(set(totals)) == 1


def test_import_puts_all_of_it_into_kibana(room: Newsroom, content: Content) -> None:
    with kibana() as there:
        config = structs.replace(room.config, kibana=KibanaConfig(url=there.url))
        made = import_into(config, content)
    assert len(made) == len(there.objects) + len(there.rules) == 23
