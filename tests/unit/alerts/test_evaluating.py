"""What is found when a revision is recorded."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from hanoiwatch.alerts.sweep import sweep
from hanoiwatch.model import Links, Mention, OfficialLink
from hanoiwatch.store.engine import write
from tests.alert_desk import NOON, RuleDesk, article

SAID = "Hội nghị bàn việc sắp xếp bộ máy của các phường, xã ven sông Đuống."
OTHER = "Nước sông xuống thấp, bãi giữa phơi ra những luống ngô vừa lên."


@pytest.mark.parametrize(
    "query",
    [
        '"sắp xếp bộ máy"',
        '"sap xep bo may"',
        "sap xep bo may",
        unicodedata.normalize("NFD", '"sắp xếp bộ máy"'),
        '"tinh gọn bộ máy" OR "sắp xếp bộ máy"',
        '"sap máy"~6 OR "sắp máy"~2',
        'text:"sắp xếp" -"giải thể"',
    ],
)
def test_a_rule_finds_an_article_however_its_words_are_typed(rules: RuleDesk, query: str) -> None:
    rules.rule("bo-may", query)
    rules.publish(article(1, OTHER), article(2, SAID), article(3, "sắp", "xếp bộ máy"))
    found = rules.found()
    assert ("bo-may", "new", "2") in found
    assert ("bo-may", "new", "1") not in found


def test_an_article_published_days_ago_is_found_when_it_is_recorded(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, SAID, published_at=NOON - timedelta(days=3)))
    assert rules.found() == [("bo-may", "new", "1")]
    assert rules.rows("SELECT old FROM alert")[0].old == 0


def test_a_rule_begins_when_it_is_made(rules: RuleDesk) -> None:
    rules.publish(article(1, SAID))
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(2, SAID))
    assert rules.found() == [("bo-may", "new", "2")]


def test_a_rule_that_means_something_else_begins_anew(rules: RuleDesk) -> None:
    rules.rule("nuoc", "lũ")
    rules.publish(article(1, OTHER))
    rules.rule("nuoc", "ngô")
    sweep(rules.alerts, whole=True)
    assert rules.found() == []
    rules.publish(article(2, OTHER))
    assert rules.found() == [("nuoc", "new", "2")]


def test_a_paused_rule_finds_nothing_and_begins_again_when_resumed(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.rule("bo-may", '"sắp xếp bộ máy"', paused=True)
    rules.publish(article(1, SAID))
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    sweep(rules.alerts, whole=True)
    rules.publish(article(2, SAID))
    assert rules.found() == [("bo-may", "new", "2")]


def test_a_rule_made_while_a_crawl_goes_on_is_in_force_at_once(rules: RuleDesk) -> None:
    rules.rule("khac", "không bao giờ")
    rules.publish(article(1, SAID))
    running = rules.alerts
    rules.restart()
    rules.rule("bo-may", '"sắp xếp bộ máy"')  # by another process
    rules.alerts = running
    rules.publish(article(2, SAID))
    assert rules.found() == [("bo-may", "new", "2")]


# --- edits and withdrawals -------------------------------------------------------------------


def test_an_edit_that_adds_the_phrase_is_told(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, OTHER))
    rules.publish(article(1, OTHER, SAID))
    assert rules.found() == [("bo-may", "edited", "1")]


def test_an_edit_elsewhere_is_not_told_and_one_of_the_matching_sentence_is(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"', on=["edited"])
    rules.publish(article(1, SAID, OTHER))
    rules.publish(article(1, SAID, OTHER.replace("ngô", "lạc")))
    assert rules.found() == []
    rules.publish(article(1, SAID.replace("bàn", "chốt"), OTHER.replace("ngô", "lạc")))
    assert rules.found() == [("bo-may", "edited", "1")]


def test_an_edit_that_takes_out_one_of_two_matching_sentences_is_told(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"', on=["edited"])
    rules.publish(article(1, SAID, "Việc sắp xếp bộ máy kéo dài sang năm sau.", OTHER))
    rules.publish(article(1, SAID, OTHER))
    assert rules.found() == [("bo-may", "edited", "1")]


def test_a_withdrawal_is_told_by_the_last_good_copy(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"', on=["withdrawn"])
    rules.publish(article(1, SAID), article(2, OTHER))
    rules.withdraw(article(1))
    rules.withdraw(article(2))
    assert rules.found() == [("bo-may", "withdrawn", "1")]


def test_rereadings_and_restorations_are_no_news(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, SAID))
    with write(rules.record.engine) as connection:
        for kind in ("reread", "restored", "removed"):
            connection.execute(
                text("INSERT INTO change (article, kind, revision, at) VALUES (1, :kind, 1, '2')"),
                {"kind": kind},
            )
    rules.evaluate()
    assert rules.found() == [("bo-may", "new", "1")]


# --- facets ----------------------------------------------------------------------------------


def _chairman(_connection, change) -> Links:
    at = change.content.text.find("Nguyễn Văn Bãi")
    if at < 0:
        return Links()
    mention = Mention(
        field="text", start=at, end=at + 14, text="Nguyễn Văn Bãi", rule="name", confidence=1.0
    )
    return Links(
        officials=(OfficialLink(id="nguyen-van-bai", name="Nguyễn Văn Bãi", mentions=(mention,)),)
    )


@pytest.mark.parametrize("name", ["nguyen-van-bai", "Nguyễn Văn Bãi"])
def test_an_official_is_asked_for_by_id_or_name(tmp_path: Path, name: str) -> None:
    rules = RuleDesk(tmp_path / "desk", _chairman)
    rules.rule("ong-bai", officials=[name])
    rules.publish(article(1, "Ông Nguyễn Văn Bãi đi thăm bãi giữa."), article(2, OTHER))
    rules.publish(article(2, OTHER, "Ông Nguyễn Văn Bãi nói: ngô tốt."))
    rules.publish(article(2, OTHER.replace("thấp", "cạn"), "Ông Nguyễn Văn Bãi nói: ngô tốt."))
    assert rules.found() == [("ong-bai", "new", "1"), ("ong-bai", "edited", "2")]
    rules.close()


def test_facets_narrow_a_query_and_each_takes_any_of_its_names(rules: RuleDesk) -> None:
    rules.rule("muc", "ngô", sections=["Đời sống", "Chính trị"], sources=["bao-moi"])
    rules.publish(article(1, OTHER), article(2, OTHER, section="Thể thao"))
    rules.publish(article(3, OTHER), source="bao-cu")
    assert rules.found() == [("muc", "new", "1")]


def test_a_review_without_a_query_takes_everything(rules: RuleDesk) -> None:
    rules.rule("diem-tin", digest="0 7 * * *")
    rules.publish(article(1, OTHER), article(2, SAID))
    assert len(rules.found()) == 2


# --- the sweep -------------------------------------------------------------------------------


def test_a_sweep_finds_nothing_where_nothing_was_missed(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, SAID))
    rules.publish(article(1, SAID.replace("bàn", "chốt")))
    swept = sweep(rules.alerts)
    assert (swept.rules, swept.changes, swept.missed) == (1, 2, 0)
    assert sweep(rules.alerts).changes == 0


def test_a_sweep_sends_what_was_missed(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, SAID))
    with write(rules.record.engine) as connection:
        connection.execute(text("DELETE FROM alert"))
    assert sweep(rules.alerts).missed == 1
    assert rules.found() == [("bo-may", "new", "1")]
    assert rules.rows("SELECT reason FROM alert")[0].reason == "found by the sweep"


def test_a_sweep_makes_up_for_the_time_in_which_a_rules_file_was_wrong(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    file = rules.rules / "bo-may.toml"
    good = file.read_text("utf-8")
    file.write_text("query = (", "utf-8")
    rules.restart()
    rules.alerts.sync()
    rules.publish(article(1, SAID))
    sweep(rules.alerts)
    file.write_text(good, "utf-8")
    rules.restart()
    assert sweep(rules.alerts).missed == 1


def test_what_we_read_better_later_is_no_news_to_a_sweep(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, OTHER))
    with write(rules.record.engine) as connection:  # the same capture, read by a newer extractor
        connection.execute(text(
            "INSERT INTO reading (capture_id, extractor, at, layout, content, digest) "
            "SELECT capture_id, 'newer', at, layout, replace(content, 'luống ngô', "
            "'sắp xếp bộ máy'), 'x' FROM reading"
        ))  # fmt: skip
        connection.execute(text("UPDATE revision SET reading_id = 2"))
        connection.execute(text("UPDATE article SET reading_id = 2"))
    assert sweep(rules.alerts, whole=True).missed == 0


def test_an_article_that_breaks_evaluation_is_quarantined_and_the_others_are_found(
    tmp_path: Path,
) -> None:
    def breaking(_connection, change) -> Links:
        if change.content.title == "hỏng":
            raise ValueError("no such luck")
        return Links()

    rules = RuleDesk(tmp_path / "desk", breaking)
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, SAID, title="hỏng"), article(2, SAID))
    assert rules.found() == [("bo-may", "new", "2")]
    (row,) = rules.rows("SELECT stage, reason, detail FROM quarantine")
    assert (row.stage, row.reason) == ("alerts", "evaluation broke: ValueError")
    rules.close()


def test_an_article_that_left_its_scope_is_not_told(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"', on=["edited"])
    rules.publish(article(1, OTHER))
    with write(rules.record.engine) as connection:
        connection.execute(text("UPDATE article SET out_of_scope = 'không thuộc mục'"))
    rules.publish(article(1, OTHER, SAID))
    assert rules.found() == []
