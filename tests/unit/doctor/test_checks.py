"""What doctor finds, and what it says to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanoiwatch.config import BrowserConfig, Config, OperatorConfig, SourcesConfig
from hanoiwatch.doctor import CHECKS, Finding, Patient, machine
from hanoiwatch.doctor.browser import check_browser
from hanoiwatch.doctor.channels import check_channels, check_operator
from hanoiwatch.doctor.machine import check_data_folder, check_disk, check_python, check_sqlite
from hanoiwatch.doctor.settings import check_contact, check_settings, check_sources

SOURCE = """name = "bao-thu"
title = "Báo Thử"
home = "{home}"
[discover]
feeds = ["{home}feed"]
[fetch]
render = "{render}"
"""


def patient(
    folder: Path, home: str = "https://bao-thu.example/", render: str = "never", **more: object
) -> Patient:
    (folder / "sources").mkdir()
    source = SOURCE.format(home=home, render=render)
    (folder / "sources" / "bao-thu.toml").write_text(source, "utf-8")
    sources = SourcesConfig(enabled=("bao-thu",))
    return Patient(config=Config(base=str(folder), sources=sources, **more))


def only(findings: object) -> Finding:
    (finding,) = list(findings)
    return finding


def test_this_machine_can_run_it(tmp_path: Path) -> None:
    asked = patient(tmp_path)
    for check in (check_python, check_sqlite, check_data_folder):
        assert only(check(asked)).state == "ok"
    assert not (tmp_path / "hanoiwatch-data").exists()  # looking at it makes nothing


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    asked = patient(tmp_path, data_dir="/proc/hanoiwatch")
    finding = only(check_data_folder(asked))
    assert finding.state == "missing"
    assert "/proc/hanoiwatch cannot be written" in finding.said
    assert "data_dir" in finding.do


@pytest.mark.parametrize(("needed", "comfort", "state"), [
    (0, 0, "ok"), (0, 1 << 60, "note"), (1 << 60, 1 << 60, "missing"),
])  # fmt: skip
def test_a_disk_is_judged_by_the_room_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needed: int, comfort: int, state: str
) -> None:
    monkeypatch.setattr(machine, "ROOM_NEEDED", needed)
    monkeypatch.setattr(machine, "ROOM_FOR_COMFORT", comfort)
    finding = only(check_disk(patient(tmp_path)))
    assert finding.state == state
    assert finding.said.endswith(" GB free")
    assert bool(finding.do) == (state != "ok")


def test_live_sources_need_a_contact_and_local_ones_do_not(tmp_path: Path) -> None:
    asked = patient(tmp_path)
    assert only(check_contact(asked)).state == "missing"
    (tmp_path / "b").mkdir()
    assert only(check_contact(patient(tmp_path / "b", home="http://127.0.0.1:1/"))).state == "ok"
    (tmp_path / "c").mkdir()
    known = patient(tmp_path / "c", user_agent_contact="desk@example.org")
    assert only(check_contact(known)).said == "desk@example.org"


def test_a_wrong_source_file_is_told_with_its_line_and_stops_no_other_check(
    tmp_path: Path,
) -> None:
    asked = patient(tmp_path)
    (tmp_path / "sources" / "hong.toml").write_text("name = 1\n", "utf-8")
    finding = only(check_sources(asked))
    assert finding.state == "missing"
    assert "hong.toml:1" in finding.said
    assert only(check_contact(asked)).state == "ok"
    assert only(check_settings(asked)).state == "ok"


@pytest.mark.parametrize(
    ("render", "state"), [("never", "note"), ("auto", "missing"), ("always", "missing")]
)
def test_a_browser_is_missed_only_where_a_source_asks_for_one(
    tmp_path: Path, render: str, state: str
) -> None:
    nowhere = BrowserConfig(executable=str(tmp_path / "khong-co"))
    finding = only(check_browser(patient(tmp_path, render=render, browser=nowhere)))
    assert finding.state == state
    assert ("bao-thu" in finding.said) == (render != "never")
    assert "apt-get install chromium" in finding.do


def test_a_program_that_is_no_browser_does_not_start(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho 'Chromium 1.0'\nexit 1\n")
    fake.chmod(0o755)
    config = BrowserConfig(executable=str(fake))
    there, start = check_browser(patient(tmp_path, render="auto", browser=config))
    assert there.state == "ok"
    assert there.said.startswith(f"{fake}, [browser] executable: Chromium 1.0")
    assert start.state == "missing"
    assert start.said.startswith("it does not start: ")
    assert start.do


def test_every_check_is_in_the_list_once() -> None:
    assert len(CHECKS) == len(set(CHECKS))
    assert {check_python, check_browser, check_contact} <= set(CHECKS)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mailto://example.org", "an email address needs a server and a recipient"),
        ("webhook+https://${KHOA_MOC}@h/", "its secret begins with whsec_"),
        ("tgram://", "Apprise cannot use this tgram: address"),
        ("feed:${KHONG_CO}", "the environment has no variable KHONG_CO"),
        ("ban@example.org", "this is no address of a channel"),
    ],
)
def test_a_channel_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("KHOA_MOC", "whsec_không")
    finding = only(check_channels(patient(tmp_path, channels={"moc": address})))
    assert finding.state == "missing"
    assert finding.said.startswith("channel `moc`: ")
    assert said in finding.said


def test_channels_that_can_be_used_and_who_is_told_are_said(tmp_path: Path) -> None:
    channels = {"thu": "mailto://h?to=a@example.org&from=b@example.org", "nguon": "feed:feeds"}
    told = OperatorConfig(channels=("thu",))
    asked = patient(tmp_path, channels=channels, operator=told)
    assert only(check_channels(asked)).said == "2 addresses can be used: thu, nguon"
    assert only(check_operator(asked)).said == "is told on thu"


def test_without_channels_nobody_is_told_and_that_is_said(tmp_path: Path) -> None:
    asked = patient(tmp_path)
    assert list(check_channels(asked)) == []
    assert only(check_operator(asked)).state == "note"
