"""`hanoiwatch kibana`: as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.cli import main
from hanoiwatch.cli.kibana import place_of
from hanoiwatch.config import Config, KibanaConfig
from hanoiwatch.errors import ConfigError
from tests.kibana_stand_in import kibana


@pytest.fixture(autouse=True)
def _nobody_s_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main.run(["kibana", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_export_writes_the_files_and_names_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "export", "made", "--body", "Sở Nội vụ", "--format", "json")
    assert code == 0
    files = [tmp_path / name for name in json.loads(out)["files"]]
    assert [path.name for path in files] == [
        "objects.ndjson", "phrases.json", "official.json", "topic.json",
    ]  # fmt: skip
    assert "Cơ quan: Sở Nội vụ thành phố Hà Nội" in files[0].read_text("utf-8")


def test_a_name_that_the_registry_lacks_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = run(capsys, "export", "made", "--official", "Nguyễn Duy Ngọcc")
    assert code == 2
    assert "Nguyễn Duy Ngọc (nguyen-duy-ngoc)" in err
    assert not Path("made").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("made").mkdir()
    Path("made/objects.ndjson").mkdir()
    code, _, err = run(capsys, "export", "made")
    assert (code, err) == (
        1,
        "hanoiwatch: made/objects.ndjson cannot be written: Is a directory.\n",
    )


def test_import_lists_what_became_of_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with kibana() as there:
        monkeypatch.setenv("HANOIWATCH_KIBANA__URL", there.url)
        code, out, _ = run(capsys, "import", "--format", "json")
    assert code == 0
    rows = json.loads(out)
    assert {row["fate"] for row in rows} == {"made"}
    assert len(rows) == 23
    assert rows[-1]["type"] == "rule"


def test_a_kibana_that_knows_us_not_is_one_sentence_without_the_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with kibana(authorization="Basic other") as there:
        monkeypatch.setenv("HANOIWATCH_KIBANA__URL", there.url)
        monkeypatch.setenv("HANOIWATCH_KIBANA__USER", "desk")
        monkeypatch.setenv("HANOIWATCH_KIBANA__PASSWORD", "${DESK_SECRET}")
        monkeypatch.setenv("DESK_SECRET", "very-secret")
        code, _, err = run(capsys, "import")
    assert code == 1
    assert "Kibana does not know this user or key" in err
    assert "very-secret" not in err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"user": "desk", "password": "${NOT_THERE}"}, "no variable NOT_THERE"),
        ({"user": "desk", "api_key": "abc"}, "not both"),
    ],
)
def test_settings_that_cannot_be_used_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        place_of(Config(kibana=KibanaConfig(**given)), {})


def test_a_file_of_certificates_is_looked_for_beside_the_settings(tmp_path: Path) -> None:
    config = Config(base=str(tmp_path), kibana=KibanaConfig(ca_certs="ca.pem"))
    with pytest.raises(ConfigError, match=rf"{tmp_path}/ca\.pem cannot be read: No such file"):
        place_of(config, {})
    (tmp_path / "ca.pem").write_text("key = 1")
    with pytest.raises(ConfigError, match=rf"no certificate of an authority is in {tmp_path}"):
        place_of(config, {})
