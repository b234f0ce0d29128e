"""TLS, credentials and roles, through a proxy that asks for them as the product does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanoiwatch.config import Config, ElasticsearchConfig, StoreConfig
from hanoiwatch.doctor import Patient
from hanoiwatch.doctor.elasticsearch import check_elasticsearch
from hanoiwatch.errors import IndexUnavailableError
from hanoiwatch.model import Content, Filters
from hanoiwatch.query import parse
from indexer.search.elastic.index import ElasticIndex
from indexer.search.elastic.rights import READER, WRITER, Rights
from indexer.search.elastic.settings import ElasticSettings
from tests.elastic.privileges import has_privileges, is_granted, need_of, role
from tests.elasticnode import Node
from tests.elasticnode.proxy import Asked, Proxy, Refusal, api_key, basic, proxied
from tests.index_engines import drop, prefix_of
from tests.search_feed import Feed, make_article

pytestmark = pytest.mark.elastic

KEY = api_key("desk", "s3cret-key")
SECRET = "m4t-khau"


def article(rowid: int, title: str = "Chợ đêm"):
    return make_article(rowid, Content(url=f"https://bao.example/{rowid}", title=title))


def opened(proxy: Proxy, tmp_path: Path, **how: str) -> ElasticIndex:
    return ElasticIndex(
        ElasticSettings(hosts=(proxy.url,), prefix=prefix_of(tmp_path), busy_seconds=2.0, **how)
    )


@pytest.fixture
def secured(elastic_node: Node, tmp_path: Path) -> Iterator[Proxy]:
    with proxied(elastic_node.url, accepted=f"ApiKey {KEY}", tls_in=tmp_path) as proxy:
        yield proxy


def test_an_authority_or_a_fingerprint_and_a_key_open_the_cluster(
    secured: Proxy, tmp_path: Path
) -> None:
    for trust in (
        {"ca_certs": str(secured.certificate)},
        {"fingerprint": secured.fingerprint},
        {
            "fingerprint": ":".join(
                secured.fingerprint.upper()[at : at + 2] for at in range(0, 64, 2)
            )
        },
    ):
        index = opened(secured, tmp_path, api_key=KEY, **trust)
        Feed(index).put(article(1))
        assert index.search(parse("chợ"), Filters()).total == 1
        drop(index)
        index.close()


def test_a_user_with_a_password_opens_it_too(elastic_node: Node, tmp_path: Path) -> None:
    with proxied(elastic_node.url, accepted=basic("desk", SECRET)) as proxy:
        index = opened(proxy, tmp_path, user="desk", password=SECRET)
        assert index.position() == 0
        stranger = opened(proxy, tmp_path, user="desk", password="another")
        with pytest.raises(IndexUnavailableError, match="does not know who we are") as refused:
            stranger.position()
        assert "another" not in str(refused.value)


@pytest.mark.parametrize("trust", [{}, {"fingerprint": "0" * 64}])
def test_a_certificate_that_is_not_trusted_is_refused(
    secured: Proxy, tmp_path: Path, trust: dict[str, str]
) -> None:
    with pytest.raises(IndexUnavailableError, match="cannot be reached"):
        opened(secured, tmp_path, api_key=KEY, **trust).position()
    assert secured.asked == []


# --- roles -----------------------------------------------------------------------------------


def live_a_whole_life(index: ElasticIndex) -> None:
    """Everything that a writing process ever asks of a cluster."""
    feed = Feed(index)
    feed.put(article(1), article(2))
    feed.remove(2)
    successor = index.successor(position=3)
    successor.fill([article(1)], upto=1)
    successor.apply([feed.note(3, article(3))])
    successor.take_over()
    index.successor(position=4).close()
    index.successor(position=4).take_over()
    read_everything(index)


def read_everything(index: ElasticIndex) -> None:
    tree = parse('"chợ đêm"~2 OR không')
    for sort in ("newest", "oldest", "relevance"):
        index.search(tree, Filters(), sort=sort)
    index.search(parse("chõ"), Filters(sources=("bao-pho",)), limit=20_000)
    assert (index.outdated(), index.caveat()) == (False, "")
    list(index.rowids(tree, Filters()))
    index.days(None, Filters())
    list(index.versions())
    list(index.differences(lambda rowids: {}))
    assert index.storage_faults() == []


def test_the_role_of_a_writer_covers_everything_that_is_asked(
    elastic_node: Node, tmp_path: Path
) -> None:
    with proxied(elastic_node.url) as proxy:
        index = opened(proxy, tmp_path)
        live_a_whole_life(index)
        asked = {(one.method, one.path) for one in proxy.asked}
        needs = {need_of(one) for one in proxy.asked}
        missing = [one for one in proxy.asked if not is_granted(one, role("writer"))]
    drop(ElasticIndex(ElasticSettings(hosts=(elastic_node.url,), prefix=prefix_of(tmp_path))))
    assert missing == []
    assert len(needs) >= 7, asked


def test_a_reader_reads_everything_with_its_role_and_writes_nothing(
    elastic_node: Node, tmp_path: Path
) -> None:
    writer = ElasticIndex(ElasticSettings(hosts=(elastic_node.url,), prefix=prefix_of(tmp_path)))
    Feed(writer).put(article(1))

    def as_reader(asked: Asked) -> Refusal | None:
        if is_granted(asked, role("reader")):
            return None
        said = {"type": "security_exception", "reason": "action is unauthorized"}
        return 403, {"error": said, "status": 403}

    with proxied(elastic_node.url, refuse=as_reader) as proxy:
        reader = opened(proxy, tmp_path)
        read_everything(reader)
        with pytest.raises(IndexUnavailableError, match="does not allow"):
            Feed(reader).put(article(2), article(3))
        reader.close()
    assert writer.search(None, Filters()).total == 1
    drop(writer)
    writer.close()


# --- what `doctor` says of rights ------------------------------------------------------------


@pytest.mark.parametrize(("name", "rights"), [("reader", READER), ("writer", WRITER)])
def test_doctor_asks_for_what_the_role_files_grant(name: str, rights: Rights) -> None:
    granted = role(name)
    assert set(rights.cluster) == set(granted["cluster"])
    (grant,) = granted["indices"]
    assert set(rights.index) == set(grant["privileges"])
    assert grant["names"] == ["hanoiwatch-articles*", "hanoiwatch-revisions*"]


NOTHING = {"cluster": [], "indices": []}


@pytest.mark.parametrize(
    ("granted", "state", "said", "do"),
    [
        (role("writer"), "ok", "version 9", ""),
        (
            role("reader"),
            "missing",
            "not write: it lacks `manage_index_templates`",
            "role-writer.json",
        ),
        (
            NOTHING,
            "missing",
            "not read: it lacks `monitor` of the cluster; `read` on",
            "role-reader.json",
        ),
    ],
    ids=["a writer", "a reader", "nobody"],
)
def test_doctor_says_which_rights_are_lacking(
    elastic_node: Node, tmp_path: Path, granted: dict, state: str, said: str, do: str
) -> None:
    def as_granted(asked: Asked) -> Refusal | None:
        if answer := has_privileges(asked, granted):
            return 200, answer
        if granted["indices"] and is_granted(asked, granted):
            return None
        return 403, {"error": {"type": "security_exception", "reason": "unauthorized"}}

    with proxied(elastic_node.url, accepted=basic("desk", SECRET), refuse=as_granted) as proxy:
        elastic = ElasticsearchConfig(
            hosts=(proxy.url,), user="desk", password=SECRET, index_prefix=prefix_of(tmp_path)
        )
        config = Config(store=StoreConfig(search="elasticsearch"), elasticsearch=elastic)
        (finding,) = check_elasticsearch(Patient(config=config))
    assert finding.state == state
    assert said in finding.said
    assert do in finding.do
    assert SECRET not in f"{finding}"


def test_doctor_asks_no_rights_of_a_cluster_without_security(
    elastic_node: Node, tmp_path: Path
) -> None:
    """It knows no such address, and answers 400."""
    elastic = ElasticsearchConfig(
        hosts=(elastic_node.url,), api_key=KEY, index_prefix=prefix_of(tmp_path)
    )
    config = Config(store=StoreConfig(search="elasticsearch"), elasticsearch=elastic)
    (finding,) = check_elasticsearch(Patient(config=config))
    assert (finding.state, "no index yet" in finding.said) == ("ok", True)
