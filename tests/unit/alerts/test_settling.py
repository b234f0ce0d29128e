"""Which message an alert gets: copies, floods, digests, quiet hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from hanoiwatch.store.engine import write
from hanoiwatch.store.launches import LaunchEnd
from tests.alert_desk import NOON, RuleDesk, article

MATCH = "Hội nghị bàn việc sắp xếp bộ máy của các phường, xã ven sông Đuống."
STORY = (
    "Sáng nay, người dân hai bờ sông kéo ra bãi giữa xem thả cá giống đầu mùa nước nổi.",
    "Theo ban tổ chức, hơn bốn vạn con cá đã được thả xuống khúc sông từ cầu cũ tới bến đò.",
    MATCH,
    "Chiều cùng ngày, đoàn thuyền rồng của ba làng chài diễu quanh bãi trước khi tắt nắng.",
    "Ngày hội sẽ còn kéo dài tới hết tuần với các phiên chợ quê và đêm hát đối trên thuyền.",
)


@pytest.mark.slow
def test_old_articles_of_a_first_run_go_into_one_message_for_each_rule(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.rule("song", "sông")
    long_ago = NOON - timedelta(days=400)
    rules.publish(*(
        article(number, f"{MATCH} Kỳ {number}.", published_at=long_ago + timedelta(hours=number))
        for number in range(5_000)
    ))  # fmt: skip
    rules.publish(article(9_999, MATCH))
    rules.wait(minutes=20)  # longer than a message waits for stories: they are none of this test
    from hanoiwatch.alerts.settling import settle

    settle(rules.record, rules.alerts.book().rules, rules.now)
    assert sorted(rules.messages()) == [
        ("bo-may", "single", 1), ("bo-may", "summary", 5_000),
        ("song", "single", 1), ("song", "summary", 5_000),
    ]  # fmt: skip


def test_old_articles_wait_for_the_end_of_their_run(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    old = {"published_at": NOON - timedelta(days=8)}
    rules.publish(article(1, MATCH, **old), article(2, "Sắp xếp bộ máy là việc khó.", **old))
    with write(rules.record.engine) as connection:
        connection.execute(text("UPDATE run SET ended_at = NULL"))
    rules.settle()
    assert rules.messages() == []
    rules.wait(hours=7)  # a run that never ends keeps nothing back for ever
    rules.settle()
    assert rules.messages() == [("bo-may", "summary", 2)]


def test_old_articles_of_several_sources_go_into_one_message_when_all_are_crawled(
    rules: RuleDesk,
) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    old = {"published_at": NOON - timedelta(days=8)}
    launches = rules.record.launches
    going = launches.begin("bao-khac", "crawl", "first", due_at=NOON, at=NOON)
    rules.publish(article(1, MATCH, **old), article(2, "Sắp xếp bộ máy là việc khó.", **old))
    rules.settle()
    assert rules.messages() == []
    rules.publish(article(3, "Bàn việc sắp xếp bộ máy.", **old), source="bao-khac")
    launches.end(going, NOON, LaunchEnd(outcome="done", seconds=1.0))
    rules.settle()
    assert rules.messages() == [("bo-may", "summary", 3)]


def test_a_copy_in_a_second_source_is_suppressed_and_logged(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, *STORY))
    rules.settle()
    rules.publish(article(2, *STORY, title="Chép lại từ bãi giữa"), source="bao-khac")
    rules.settle()
    assert rules.messages() == [("bo-may", "single", 1)]
    copy, _first = rules.record.messages.log()
    assert copy["state"] == "copy"
    assert copy["reason"].startswith("copy of ")


def test_copies_that_are_settled_together_are_told_once(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, *STORY), article(2, *STORY, title="Chép lại từ bãi giữa"))
    settled = rules.settle()
    assert (settled.messages, settled.copies) == (1, 1)


def test_a_copy_with_another_matching_sentence_is_told(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    own = "Việc sắp xếp bộ máy, theo báo này, sẽ xong trước mùa lũ."
    rules.publish(article(1, *STORY))
    rules.publish(article(2, *STORY, own, title="Chép và viết thêm"), source="bao-khac")
    rules.settle()
    stories = {row.story_id for row in rules.rows("SELECT story_id FROM article")}
    assert len(stories) == 1, "the test needs them to be one story"
    assert rules.messages() == [("bo-may", "single", 1)] * 2


def test_the_edit_of_a_copy_is_told(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, *STORY), article(2, *STORY[:2], *STORY[3:], title="Chép chưa hết"))
    rules.settle()
    rules.publish(article(2, *STORY, title="Chép chưa hết"))
    rules.settle()
    assert rules.found() == [("bo-may", "new", "1"), ("bo-may", "edited", "2")]
    assert len(rules.messages()) == 2


def test_a_digest_gathers_until_its_moment(rules: RuleDesk) -> None:
    rules.rule("diem-tin", digest="0 7 * * *")
    rules.publish(article(1, MATCH), article(2, "Chợ phiên họp sớm."))
    rules.settle()
    assert rules.messages() == []
    rules.now = NOON + timedelta(hours=19)  # seven in the morning
    rules.settle()
    assert rules.messages() == [("diem-tin", "digest", 2)]
    rules.publish(article(3, "Chợ phiên tan muộn."))
    rules.settle()
    rules.wait(hours=23)
    rules.settle()
    assert rules.messages() == [("diem-tin", "digest", 2)]
    rules.wait(hours=1)
    rules.settle()
    assert rules.messages() == [("diem-tin", "digest", 2), ("diem-tin", "digest", 1)]


def test_a_digest_that_was_slept_through_comes_once(rules: RuleDesk) -> None:
    rules.rule("diem-tin", digest="0 7 * * *")
    rules.publish(article(1, MATCH))
    rules.wait(days=3)
    rules.settle()
    rules.settle()
    assert rules.messages() == [("diem-tin", "digest", 1)]


def test_a_message_waits_for_the_end_of_the_quiet_hours(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"', quiet_hours="22:00-06:00")
    rules.now = NOON + timedelta(hours=11)  # 23:00 in Hanoi
    rules.publish(article(1, MATCH))
    assert rules.tell().sent == 0
    rules.wait(hours=6, minutes=59)
    assert rules.deliver().sent == 0
    rules.wait(minutes=1)
    assert rules.deliver().sent == 1


def test_what_a_removed_rule_found_is_dropped_and_logged(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"', digest="0 7 * * *")
    rules.publish(article(1, MATCH))
    (rules.rules / "bo-may.toml").unlink()
    rules.alerts.sync()
    (row,) = rules.record.messages.log()
    assert (row["state"], row["reason"]) == ("dropped", "its rule was removed before it was told")


def test_what_a_paused_rule_had_found_is_still_told(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    rules.publish(article(1, MATCH))
    rules.rule("bo-may", '"sắp xếp bộ máy"', paused=True)
    rules.settle()
    assert rules.messages() == [("bo-may", "single", 1)]
