"""Settings of Elasticsearch, and what goes on while nothing answers there. No node is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from hanoiwatch.app import App, open_existing
from hanoiwatch.cli.catchingup import catch_up
from hanoiwatch.config import Config, ElasticsearchConfig, StoreConfig
from hanoiwatch.doctor import Patient
from hanoiwatch.doctor.elasticsearch import check_elasticsearch
from hanoiwatch.errors import ConfigError, IndexUnavailableError
from hanoiwatch.model import Filters
from indexer.check import REACH, Fault, check
from indexer.search.elastic.settings import ElasticSettings
from scheduler import service as service_module
from scheduler.overview import overview
from scheduler.service import Service
from tests.outlet import running, small_outlet

NOBODY = "http://127.0.0.1:9"
SECRET = "m4t-khau"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        base=str(tmp_path),
        store=StoreConfig(search="elasticsearch"),
        elasticsearch=ElasticsearchConfig(hosts=(NOBODY,), timeout_seconds=2.0),
    )


def test_recording_goes_on_and_the_index_waits(config: Config) -> None:
    with App(config) as app, app.pipeline() as pipeline:
        pipeline.drain()
        assert NOBODY in pipeline.index_waits
        pipeline.settle()
        pipeline.follow_log()
        assert pipeline.index_waits


def test_the_service_tries_again_until_the_index_is_back(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "INDEX_AGAIN_SECONDS", 0.0)
    with App(config) as app:
        service = Service(app, [])
        assert service.turn()
        assert service.turn(), "it looks again, though nothing is due"
        app.__dict__["search_index"] = _There()
        assert service.turn()
        assert not service.turn(), "nothing waits any more"
        service.close()


class _There:
    """An index that is at the end of an empty log."""

    def outdated(self) -> bool:
        return False

    def position(self) -> int:
        return 0

    def close(self) -> None:
        pass


def test_status_and_check_say_so_and_go_on(config: Config) -> None:
    with App(config) as app:
        app.record  # noqa: B018 - made by its first use
        assert overview(app, [], service_module.now()).unindexed is None
        faults = [
            said
            for said in check(app.record, app.search_index, app.archive_folder)
            if isinstance(said, Fault)
        ]
    assert [(fault.part, fault.do) for fault in faults] == [("index", REACH)]


def test_who_takes_an_article_down_is_told_that_elasticsearch_has_it_still(config: Config) -> None:
    with App(config) as app:
        app.record  # noqa: B018 - made by its first use
        assert "answers as before" in catch_up(app)


def test_a_search_ends_with_one_sentence(config: Config) -> None:
    with App(config) as app:
        app.record  # noqa: B018 - made by its first use
    with (
        open_existing(config) as app,
        pytest.raises(IndexUnavailableError, match=rf"Elasticsearch at {NOBODY} cannot be reached"),
    ):
        app.search_index.search(None, Filters())


def test_doctor_says_what_is_missing(config: Config) -> None:
    (finding,) = check_elasticsearch(Patient(config=config))
    assert (finding.state, NOBODY in finding.said) == ("missing", True)
    (finding,) = check_elasticsearch(Patient(config=Config()))
    assert (finding.state, finding.said) == ("ok", "not used: the search index is a file")


def test_another_program_at_the_address_is_told_from_elasticsearch(config: Config) -> None:
    """Its 404 is not taken for an index that is not there, nor its page for an answer."""
    with running(small_outlet(1)) as server:
        elastic = ElasticsearchConfig(hosts=(server.url,))
        other = structs.replace(config, elasticsearch=elastic)
        with App(other) as app:
            app.record  # noqa: B018 - made by its first use
            for ask in (
                app.search_index.position,
                lambda: app.search_index.search(None, Filters()),
            ):
                with pytest.raises(IndexUnavailableError, match="not as Elasticsearch does"):
                    ask()
        (finding,) = check_elasticsearch(Patient(config=other))
    assert finding.state == "missing"
    assert "\n" not in finding.said


@pytest.mark.parametrize(
    ("text", "said"), [(None, "cannot be read: No such file"), ("key = 1", "no certificate of an")]
)
def test_a_file_of_certificates_that_cannot_be_used_is_named(
    config: Config, tmp_path: Path, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "ca.pem").write_text(text)
    elastic = ElasticsearchConfig(hosts=("https://127.0.0.1:9",), ca_certs="ca.pem")
    (finding,) = check_elasticsearch(Patient(config=structs.replace(config, elasticsearch=elastic)))
    assert finding.state == "missing"
    assert str(tmp_path / "ca.pem") in finding.said
    assert said in finding.said


# --- settings --------------------------------------------------------------------------------


def test_secrets_come_from_the_environment_and_are_in_no_text() -> None:
    config = ElasticsearchConfig(user="desk", password="${ES_PASSWORD}")
    settings = ElasticSettings.of(config, {"ES_PASSWORD": SECRET})
    assert settings.for_client()["basic_auth"] == ("desk", SECRET)
    assert SECRET not in f"{settings!r} {settings}"
    with pytest.raises(ConfigError, match="no variable ES_PASSWORD"):
        ElasticSettings.of(config, {})


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (ElasticsearchConfig(hosts=("elastic:9200",)), "write each as"),
        (ElasticsearchConfig(hosts=("http://desk:secret@host:9200",)), "without user"),
        (ElasticsearchConfig(hosts=()), "no host"),
        (ElasticsearchConfig(fingerprint="ab"), "https:// hosts"),
        (
            ElasticsearchConfig(hosts=("https://a:9200",), fingerprint="secret"),
            "64 hexadecimal digits",
        ),
        (ElasticsearchConfig(index_prefix="Báo"), "small letters"),
        (ElasticsearchConfig(user="desk"), "belong together"),
        (ElasticsearchConfig(user="a", password="b", api_key="c"), "not both"),
    ],
)
def test_a_setting_that_cannot_be_is_named_without_its_value(
    config: ElasticsearchConfig, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        ElasticSettings.of(config, {})
    assert "secret" not in str(refused.value)
