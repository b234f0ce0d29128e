"""Rule files: what is refused, where; what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanoiwatch.alerts.files import (
    Known,
    RuleTable,
    load_rules,
    read_rule,
    rule_toml,
    with_pause,
)
from hanoiwatch.alerts.rule import QuietHours
from hanoiwatch.errors import SourceFileError

KNOWN = Known(channels=["desk", "tin"], sources=["hanoimoi"])
GOOD = 'query = "sông"\nchannels = ["desk"]\n'


def refused(folder: Path, text: str, name: str = "song") -> str:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceFileError) as caught:
        read_rule(path, KNOWN)
    return str(caught.value).removeprefix(f"{path}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "Sông"\nquery = "a (b"\nchannels = ["desk"]',
         (":2: `query`: cannot read the query at character 3: this bracket is never closed, "
         "here: a ⟶(b.")),
        ('query = "a"\nchanels = ["desk"]', ":2: unknown key `chanels`. Did you mean `channels`?"),
        ('query = "a"\nchannels = ["dask"]',
         ":2: `channels`: the settings have no channel `dask` in [channels]. Did you mean `desk`?"),
        ('query = "a"\nchannels = []',
         ":2: `channels`: name at least one channel of [channels] in the settings."),
        (GOOD + 'on = ["new", "gone"]',
         ":3: `on` cannot be `gone`: write one of new, edited, withdrawn."),
        (GOOD + "on = []", ":3: `on`: name at least one of new, edited and withdrawn."),
        (GOOD + 'digest = "0 25 * * *"',
         (":3: `digest`: write immediately, or a cron expression: `25` cannot be the hour: "
         "it runs from 0 to 23.")),
        (GOOD + 'quiet_hours = "22-6"',
         ":3: `quiet_hours`: write hours of the day in Hanoi such as 22:00-06:00."),
        (GOOD + 'quiet_hours = "06:00-06:00"', ":3: `quiet_hours`: it begins when it ends."),
        (GOOD + 'sources = ["hanoimo"]',
         ":3: `sources`: there is no source `hanoimo`. Did you mean `hanoimoi`?"),
        (GOOD + 'bodies = [" "]', ":3: `bodies`: an empty name stands for nothing."),
        (GOOD + "query = 3", ":3: not valid TOML: Cannot overwrite a value."),
        ('channels = ["desk"]',
         (": `query`: a rule without a query needs a facet (officials, bodies, topics, sources, "
         "sections), or a digest for a review of everything.")),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_and_reason(tmp_path: Path, text: str, said: str) -> None:
    assert refused(tmp_path, text) == said


def test_the_place_in_a_long_query_is_shown_with_what_is_around_it(tmp_path: Path) -> None:
    query = " OR ".join(f"phường{number}" for number in range(40)) + " OR (chợ"
    said = refused(tmp_path, f"query = '{query}'\nchannels = ['desk']")
    assert "here: …" in said
    assert said.endswith("OR ⟶(chợ.")


def test_a_rules_name_is_kept_to_plain_letters(tmp_path: Path) -> None:
    assert "only the letters a-z, 0-9 and - are allowed" in refused(tmp_path, GOOD, "Sông")


def test_a_wrong_file_costs_its_own_rule_only(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, "utf-8")
    (tmp_path / "b.toml").write_text("query = (", "utf-8")
    book = load_rules(tmp_path, KNOWN)
    assert [rule.id for rule in book.rules] == ["a"]
    assert list(book.faults) == ["b"]


def test_a_folder_that_is_not_there_has_no_rules(tmp_path: Path) -> None:
    assert load_rules(tmp_path / "alerts", KNOWN).rules == ()


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    table = RuleTable(
        title='Nước "lớn"\\', query='"sắp xếp"~6 OR (a -b)', officials=("ông A",),
        on=("new", "edited"), channels=("desk", "tin"), digest="30 6 * * 1-6",
        quiet_hours="22:00-06:30",
    )  # fmt: skip
    path = tmp_path / "nuoc.toml"
    path.write_text(rule_toml(table), "utf-8")
    rule = read_rule(path, KNOWN)
    assert (rule.id, rule.title, rule.query) == ("nuoc", table.title, table.query)
    assert (rule.officials, rule.on, rule.channels) == (table.officials, table.on, table.channels)
    assert rule.quiet_hours == QuietHours(start=22 * 60, end=6 * 60 + 30)
    assert not rule.paused


@pytest.mark.parametrize("text", [GOOD, GOOD.rstrip(), f"# ghi chú\npaused = false\n{GOOD}"])
def test_a_pause_changes_its_own_line_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "song.toml"
    path.write_text(with_pause(text, paused=True), "utf-8")
    assert read_rule(path, KNOWN).paused
    path.write_text(with_pause(path.read_text("utf-8"), paused=False), "utf-8")
    assert not read_rule(path, KNOWN).paused
    assert ("# ghi chú" in path.read_text("utf-8")) is ("# ghi chú" in text)


def test_a_rule_means_the_same_whoever_is_told_of_it(tmp_path: Path) -> None:
    path = tmp_path / "song.toml"
    meanings = []
    for more in (
        'title = "A"',
        'digest = "0 7 * * *"',
        'quiet_hours = "22:00-06:00"',
        'on=["new"]',
    ):
        path.write_text(f"{GOOD}{more}", "utf-8")
        meanings.append(read_rule(path, KNOWN).meaning)
    assert len(set(meanings[:3])) == 1
    assert meanings[3] != meanings[0]
