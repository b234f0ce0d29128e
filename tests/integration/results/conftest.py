"""The demo's articles laid out among three outlets, so that every facet has something to count."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, update

from hanoiwatch.cli.main import run
from hanoiwatch.config import load_config
from hanoiwatch.store import Record, schema
from hanoiwatch.store.engine import write
from tests.demo_copy import demo_copied
from tests.integration.results.asking import OUTLETS, Desk, Give
from tests.large_archive import data_folder


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = demo_copied(tmp_path_factory, "results").folder
    settings = folder / "hanoiwatch.toml"
    config = load_config(settings, environment={})
    record = Record.open(config.record_path)
    lay_out(record)
    assert run(["--config", str(settings), "index", "rebuild"]) == 0
    articles = record.articles.by_rowids(range(1, 200)).values()
    record.close()
    return Desk(settings, tuple(articles))


def lay_out(record: Record) -> None:
    """Every article to one of three outlets; one has no date."""
    with write(record.engine) as connection:
        connection.execute(
            insert(schema.source).prefix_with("OR REPLACE"),
            [
                {"name": name, "title": title, "home": "https://bao.example/", "rights": "full"}
                for name, title in OUTLETS.items()
            ],
        )
        for number, name in enumerate(OUTLETS):
            connection.execute(
                update(schema.article)
                .where(schema.article.c.rowid_ % 4 == number + 1)
                .values(source=name)
            )


@pytest.fixture
def give(desk: Desk, capfd: pytest.CaptureFixture[str]) -> Give:
    """Gives a command; what it wrote to stderr is then ``give.err``."""

    def command(*words: str, code: int = 0) -> str:
        capfd.readouterr()
        assert run(["--config", str(desk.settings), *words]) == code
        said = capfd.readouterr()
        command.err = said.err  # type: ignore[attr-defined]  # a function that remembers
        return said.out

    return command


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of 3,000 articles: more than any buffer between programs takes."""
    return data_folder(tmp_path_factory.mktemp("large"), 3000)
