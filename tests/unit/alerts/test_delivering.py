"""From messages to channels: a real mail server, a real HTTP sink, a real clock that is moved."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from xml.etree import ElementTree as ET

import pytest

from hanoiwatch.alerts.delivering import deliver
from tests.alert_desk import RuleDesk, article, http_sink, mail_server
from tests.ports import free_port

MATCH = "Hội nghị bàn việc sắp xếp bộ máy của các phường, xã ven sông Đuống."


def states(rules: RuleDesk) -> dict[str, int]:
    rows = rules.rows("SELECT state, count(*) AS n FROM alert_delivery GROUP BY state")
    return {row.state: row.n for row in rows}


def publish(rules: RuleDesk, count: int = 1, **more) -> None:
    rules.publish(*(article(number, f"{MATCH} Kỳ {number}.", **more) for number in range(count)))
    rules.wait(minutes=16)  # so that nothing waits for its story
    from hanoiwatch.alerts.settling import settle

    settle(rules.record, rules.alerts.book().rules, rules.now)


def test_an_email_says_what_matched_where_and_when(rules: RuleDesk) -> None:
    with mail_server() as mails:
        rules.channels["thu"] = mails.address
        rules.rule("bo-may", '"sap xep bo may"', title="Bộ máy", channels=["thu"])
        publish(rules, title="Chuyện <b>lạ</b> ở bãi giữa", lead="Mở đầu.", captions=("Bãi giữa",))
        assert rules.deliver().sent == 1
    (mail,) = mails.taken
    assert mail["Subject"] == "[Bộ máy] Bài mới: Chuyện <b>lạ</b> ở bãi giữa – bao-moi"
    assert mail["To"] == "ban@example.org"
    (key,) = [row.key for row in rules.rows("SELECT key FROM alert_message")]
    assert mail["Message-ID"] == f"<{key}@example.org>"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Từ khớp: sắp xếp bộ máy (ở nội dung)" in plain
    assert "Đăng lúc: 12:00 20/11/2026" in plain
    assert "việc *sắp xếp bộ máy* của các phường" in plain
    assert "https://bao.example/0.html" in plain
    assert "<mark>sắp xếp bộ máy</mark>" in html
    assert "&lt;b&gt;lạ&lt;/b&gt;" in html
    assert "<b>lạ</b>" not in html


@pytest.mark.slow
def test_a_thousand_matches_of_one_run_all_arrive_once(rules: RuleDesk) -> None:
    with mail_server() as mails, http_sink() as posts:
        rules.channels |= {"thu": mails.address, "moc": posts.address}
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu", "moc", "desk"])
        publish(rules, 1_000)
        assert sum(rules.deliver(seconds=150).sent for _ in range(3)) == 3_000
        assert rules.deliver().sent == 0
    assert len({mail["Message-ID"] for mail in mails.taken}) == len(mails.taken) == 1_000
    assert len(set(posts.keys)) == len(posts.keys) == 1_000
    urls = {json.loads(body)["alerts"][0]["article"]["url"] for _, body in posts.got}
    assert len(urls) == 1_000
    feed = ET.parse(rules.folder / "feeds" / "bo-may.xml").getroot()
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1_000


def test_a_webhook_is_signed_and_carries_its_key(rules: RuleDesk) -> None:
    with http_sink() as posts:
        rules.channels["moc"] = posts.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc"])
        publish(rules)
        rules.deliver()
    ((headers, body),) = posts.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(b"bi-mat", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    assert headers["Idempotency-Key"] == headers["webhook-id"]
    assert "Authorization" not in headers
    (alert,) = json.loads(body)["alerts"]
    assert alert["words"] == ["sắp xếp bộ máy"]
    assert alert["article"]["published_at"] == "2026-11-20T12:00:00+07:00"


def test_a_sink_that_fails_and_comes_back_gets_everything_in_the_end(rules: RuleDesk) -> None:
    with http_sink() as posts:
        posts.answers = [503, 500]
        rules.channels["moc"] = posts.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc"])
        publish(rules, 3)
        first = rules.deliver()
        assert (first.sent, first.failed, first.waiting) == (0, 3, 3)
        assert first.problems == {"moc": "status 503"}
        assert rules.deliver().sent == 0, "it is left alone until its time"
        for _ in range(4):
            rules.wait(minutes=10)
            rules.deliver()
    assert states(rules) == {"sent": 3}
    assert len(posts.got) == 5
    assert len(set(posts.keys)) == 3, "the same key at every attempt"


def test_a_webhook_that_is_not_there_is_said(rules: RuleDesk) -> None:
    rules.channels["moc"] = f"webhook+http://127.0.0.1:{free_port()}/"
    rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc"])
    publish(rules)
    assert rules.deliver().problems == {"moc": "the webhook cannot be reached"}


def test_retry_after_is_obeyed(rules: RuleDesk) -> None:
    with http_sink() as posts:
        posts.answers, posts.headers = [429], {"Retry-After": "7200"}
        rules.channels["moc"] = posts.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc"])
        publish(rules)
        rules.deliver()
        rules.wait(minutes=119)
        assert rules.deliver().sent == 0
        rules.wait(minutes=1)
        assert rules.deliver().sent == 1


def test_a_channel_that_hangs_delays_no_other(
    rules: RuleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanoiwatch.alerts.webhook.ANSWER_SECONDS", 1.5)
    with mail_server() as mails, http_sink() as posts:
        posts.stall_seconds = 600
        rules.channels |= {"thu": mails.address, "moc": posts.address}
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc", "thu"])
        publish(rules, 20)
        done = rules.deliver()
        assert (done.sent, done.failed) == (20, 20)
        assert done.problems == {"moc": "the webhook did not answer in time"}
        assert posts.asked == 1, "one was waited for, and then it was left alone"
    assert len(mails.taken) == 20


def test_a_pass_begins_nothing_new_when_its_time_is_over(rules: RuleDesk) -> None:
    with mail_server() as mails:
        rules.channels["thu"] = mails.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu"])
        publish(rules, 5)
        done = rules.deliver(seconds=-1)
        assert (done.sent, done.waiting) == (0, 5)
        assert rules.deliver().sent == 5


def test_a_mail_server_that_is_away_for_a_day_loses_nothing(rules: RuleDesk) -> None:
    port = free_port()
    rules.channels["thu"] = f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org"
    rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu"])
    publish(rules, 4)
    for _ in range(24):
        assert rules.deliver().sent == 0
        rules.wait(hours=1)
    with mail_server(port) as mails:
        rules.wait(hours=12)
        rules.deliver()
    assert states(rules) == {"sent": 4}
    assert len(mails.taken) == 4


def test_what_nobody_takes_for_days_is_a_dead_letter_that_can_be_sent_again(
    rules: RuleDesk,
) -> None:
    port = free_port()
    rules.channels["thu"] = f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org"
    rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu"])
    publish(rules, 2)
    for _ in range(20):
        rules.deliver()
        rules.wait(hours=12)
    assert states(rules) == {"dead": 2}
    dead = rules.record.messages.log(dead=True)
    assert len(dead) == 2
    assert dead[0]["reason"].startswith("the mail server cannot be used: ")
    with mail_server(port) as mails:
        assert rules.record.messages.revive(rules.now) == 2
        assert rules.deliver().sent == 2
    assert len(mails.taken) == 2


def test_a_message_that_is_refused_for_good_is_a_dead_letter_at_once(rules: RuleDesk) -> None:
    with mail_server() as mails:
        mails.answer = "554 too much of this"
        rules.channels["thu"] = mails.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu"])
        publish(rules)
        assert rules.deliver().dead == 1
    (row,) = rules.record.messages.log(dead=True)
    assert row["reason"] == "the mail server answered 554 too much of this"


def test_a_secret_that_is_missing_is_named_and_never_its_value(rules: RuleDesk) -> None:
    with mail_server() as mails:
        rules.channels["thu"] = mails.address.replace("mailto://", "mailto://ban:${MAT_KHAU}@")
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu"])
        publish(rules)
        assert "MAT_KHAU" in rules.deliver().problems["thu"]
        rules.environment["MAT_KHAU"] = "rat-bi-mat"
        rules.wait(hours=1)
        problem = rules.deliver().problems["thu"]  # the server knows no login
        assert "rat-bi-mat" not in problem + str(rules.record.messages.log())
        assert mails.taken == []


def test_a_channel_that_the_settings_lost_is_said(rules: RuleDesk) -> None:
    rules.rule("bo-may", '"sắp xếp bộ máy"')
    publish(rules)
    del rules.channels["desk"]
    done = deliver(rules.courier, seconds=5)
    assert done.problems == {"desk": "the settings have no channel `desk` in [channels]."}


# --- rights ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "lead", "excerpts"), [("full", True, 1), ("excerpt", False, 1), ("link", False, 0)]
)
def test_rights_say_what_leaves_the_desk(
    rules: RuleDesk, rights: str, lead: bool, excerpts: int
) -> None:
    from sqlalchemy import text

    from hanoiwatch.store.engine import write

    with http_sink() as posts:
        rules.channels["moc"] = posts.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc"])
        with write(rules.record.engine) as connection:
            connection.execute(
                text("INSERT INTO source (name, title, home, rights) VALUES "
                     "('bao-moi', 'Báo Mới Tinh', 'https://bao.example', :rights)"),
                {"rights": rights},
            )  # fmt: skip
        long = "Trước đó, " + "người dân bàn mãi chuyện đò giang, " * 20
        rules.publish(article(1, MATCH.replace("Hội nghị", long), lead="Đoạn mở đầu."))
        rules.publish(article(1, MATCH.replace("Hội nghị", long + "rồi"), lead="Đoạn mở đầu."))
        rules.tell()
    new, edited = (json.loads(body)["alerts"][0] for _, body in posts.got)
    assert (new["article"]["lead"] == "Đoạn mở đầu.") is lead
    assert len(new["excerpts"]) == excerpts
    assert edited["changed"] == 1
    assert len(edited["changes"]) == excerpts
    whole = json.dumps([new, edited], ensure_ascii=False)
    assert (whole.count("người dân bàn mãi") > 20) is lead
    assert new["words"] == ["sắp xếp bộ máy"]


def test_an_edit_shows_the_sentences_that_changed(rules: RuleDesk) -> None:
    with mail_server() as mails:
        rules.channels["thu"] = mails.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["thu"], on=["edited"])
        rules.publish(article(1, "Nước sông xuống thấp."))
        rules.publish(article(1, "Nước sông xuống thấp.", MATCH))
        rules.tell()
    (mail,) = mails.taken
    plain = mail.get_body(("plain",)).get_content()
    assert "Bài đã sửa, bản thứ 2" in plain
    assert f"[thêm: {MATCH}]" in " ".join(plain.split())
    assert "<ins>Hội nghị" in mail.get_body(("html",)).get_content()


# --- crashes ---------------------------------------------------------------------------------


class Killed(BaseException):
    """Ends a pass at once, as SIGKILL does: nothing of ours runs after it."""


def test_a_pass_that_is_cut_off_after_sending_sends_again_under_the_same_key(
    rules: RuleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_sink() as posts:
        rules.channels["moc"] = posts.address
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["moc"])
        publish(rules, 3)
        with monkeypatch.context() as patch:
            patch.setattr(type(rules.record.messages), "end", _killed)
            with pytest.raises(Killed):
                rules.deliver()
        assert states(rules) == {"sending": 3}
        assert rules.deliver().sent == 3
    assert len(posts.got) == 4
    assert len(set(posts.keys)) == 3


def _killed(*_args, **_more) -> None:
    raise Killed


def test_a_channel_without_a_key_is_sent_what_may_have_arrived_once_more_and_no_oftener(
    rules: RuleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hanoiwatch.alerts import relay

    sent: list[str] = []

    class Told:
        """Telegram and its like, as far as a pass can see."""

        keyed = False

        def __init__(self, *_: str) -> None: ...

        def send(self, message, now) -> str:
            sent.append(message.key)
            return "accepted"

        def close(self) -> None: ...

    monkeypatch.setattr(relay, "RelaySender", Told)
    rules.channels["tin"] = "tgram://token/chat"
    rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["tin"])
    publish(rules, 2)
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(type(rules.record.messages), "end", _killed)
            with pytest.raises(Killed):
                rules.deliver()
    assert rules.deliver().sent == 1
    assert states(rules) == {"dead": 1, "sent": 1}
    assert len(sent) == 3, "one of them twice, the other once"
    (row,) = rules.record.messages.log(dead=True)
    assert "it may have arrived" in row["reason"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_serves_the_other_addresses(rules: RuleDesk) -> None:
    with http_sink() as posts:
        posts.answers = [500, 200]
        rules.channels["tin"] = f"ntfy://127.0.0.1:{posts.port}/ban-tin"
        rules.channels["sai"] = "tgram://"
        rules.rule("bo-may", '"sắp xếp bộ máy"', channels=["tin", "sai"])
        publish(rules)
        first = rules.deliver()
        assert "Apprise cannot use this tgram: address" in first.problems["sai"]
        assert "500" in first.problems["tin"]
        rules.wait(minutes=5)
        assert rules.deliver().sent == 1
    assert "Bài mới" in json.loads(posts.got[1][1])["title"]
