"""`hanoiwatch sources`: what is crawled, and what is in force for one source."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hanoiwatch.cli.sources import list_sources, show_source, sources
from hanoiwatch.config import Config, SourcesConfig
from hanoiwatch.errors import SourceFileError, UnknownSourceError

OWN = """\
name = "demo"
title = "Báo Thử"
home = "https://bao.example/"
family = "fam"
discover.feeds = ["https://bao.example/1", "https://bao.example/2"]
schedule.crawl = "*/30 * * * *"
[[layout]]
when = "h1.own"
valid_until = 2024-12-31
"""
FAMILY = 'name = "fam"\ntitle = "Fam"\n[[layout]]\nname = "new"\nwhen = "h1.fam"\n'


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "sources" / "families").mkdir(parents=True)
    (tmp_path / "sources" / "demo.toml").write_text(OWN)
    (tmp_path / "sources" / "families" / "fam.toml").write_text(FAMILY)
    return Config(base=str(tmp_path))


def run(config: Config, *words: str) -> Result:
    return CliRunner().invoke(sources, words, obj=config)


def test_the_list_holds_what_a_crawl_takes(config: Config) -> None:
    names = [row["name"] for row in list_sources(config)]
    assert {"demo", "hanoimoi"} <= set(names)
    assert "vov" not in names
    assert names == sorted(names)


def test_all_adds_what_a_crawl_leaves_out(config: Config) -> None:
    rows = {row["name"]: row for row in list_sources(config, every=True)}
    assert (rows["demo"]["enabled"], rows["vov"]["enabled"]) == (True, False)
    assert rows["vov"]["verified"].startswith("unverified")


def test_the_settings_decide_what_a_crawl_takes(config: Config) -> None:
    chosen = Config(base=config.base, sources=SourcesConfig(enabled=("vov", "demo")))
    assert [row["name"] for row in list_sources(chosen)] == ["demo", "vov"]
    rows = {row["name"]: row["enabled"] for row in list_sources(chosen, every=True)}
    assert (rows["vov"], rows["hanoimoi"]) == (True, False)


def test_a_name_in_the_settings_that_no_file_defines_is_an_error(config: Config) -> None:
    wrong = Config(base=config.base, sources=SourcesConfig(enabled=("demoo",)))
    with pytest.raises(UnknownSourceError, match="Did you mean `demo`"):
        list_sources(wrong)


def test_the_list_as_json_stands_alone_on_stdout(config: Config) -> None:
    result = run(config, "list", "--format", "json")
    row = next(row for row in json.loads(result.stdout) if row["name"] == "demo")
    assert row == {
        "name": "demo", "title": "Báo Thử", "enabled": True, "family": "fam", "feeds": 2,
        "sitemaps": 0, "sections": 0, "rights": "excerpt", "crawl": "*/30 * * * *",
        "verified": None, "checked": None,
    }  # fmt: skip


def test_the_list_as_csv_and_as_table(config: Config) -> None:
    rows = list(csv.DictReader(io.StringIO(run(config, "list", "--format", "csv").stdout)))
    table = run(config, "list").stdout.splitlines()
    assert [row["name"] for row in rows] == [line.split()[0] for line in table[1:]]
    assert table[0].split()[:3] == ["name", "title", "enabled"]


def test_show_tells_what_is_in_force(config: Config) -> None:
    shown = json.loads(run(config, "show", "demo", "--format", "json").stdout)
    assert shown["fetch"] == {"delay_seconds": 2.0, "render": "never"}
    assert [layout["name"] for layout in shown["layouts"]] == ["demo/1", "fam/new"]
    assert shown["layouts"][0]["valid_until"] == "2024-12-31"
    assert shown["file"] == str(config.sources_path / "demo.toml")
    assert shown["enabled"] is True


def test_show_as_lines_repeats_the_key_for_each_item(config: Config) -> None:
    lines = run(config, "show", "demo").stdout.splitlines()
    assert "discover.feeds: https://bao.example/1" in lines
    assert "discover.feeds: https://bao.example/2" in lines
    assert "layouts: demo/1, fam/new" in lines
    assert "enabled: yes" in lines
    assert not [line for line in lines if line.endswith(": ")]


def test_a_source_without_layout_says_that_the_general_extraction_serves(config: Config) -> None:
    (config.sources_path / "demo.toml").write_text(
        OWN.replace('family = "fam"\n', "").split("[[")[0]
    )
    assert "layouts: none; the general extraction serves" in run(config, "show", "demo").stdout


def test_the_settings_show_in_one_source_too(config: Config) -> None:
    chosen = Config(base=config.base, sources=SourcesConfig(enabled=("vov",)))
    assert show_source(chosen, "vov")["enabled"] is True
    assert show_source(chosen, "demo")["enabled"] is False


def test_an_unknown_name_is_an_error(config: Config) -> None:
    assert isinstance(run(config, "show", "hanoimo").exception, UnknownSourceError)


def test_a_wrong_file_is_an_error_of_both_commands(config: Config) -> None:
    (config.sources_path / "demo.toml").write_text("name = 1")
    for words in (("list",), ("show", "hanoimoi")):
        assert isinstance(run(config, *words).exception, SourceFileError)


@pytest.mark.parametrize("words", [("--help",), ("list", "--help"), ("show", "--help")])
def test_each_command_has_help(config: Config, words: tuple[str, ...]) -> None:
    result = run(config, *words)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4


def test_the_commands_import_nothing_heavy() -> None:
    heavy = ("scrapy", "sqlalchemy", "trafilatura", "lxml", "rich", "cssselect")
    code = (
        "import sys, hanoiwatch.cli.sources, hanoiwatch.cli.output\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
