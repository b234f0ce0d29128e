"""Who keeps the service running is told of trouble: by real crawls, to a real mail server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hanoiwatch.clock import HANOI, now
from hanoiwatch.sample import misbehaviours
from hanoiwatch.sample.render.articles import article_page
from hanoiwatch.sample.synthetic import synthetic_outlet
from hanoiwatch.sources.loader import load_families
from scheduler.telling import Telling, tell
from tests.alert_desk import Mails, mail_server
from tests.crawling import Reply, site
from tests.mutations import field_renamed
from tests.serving import SECONDS, Care, care, clock_set_back, overdue, set_clock, turn_until

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Watched:
    """Two outlets under care, and the mailbox of whoever keeps the service running."""

    def __init__(self, care: Care, mails: Mails) -> None:
        self.care, self.mails = care, mails
        self._read = 0
        self.write_settings()

    def write_settings(self, more: str = "", channels: str = "", told: str = "truc") -> None:
        self.care.write_settings(
            more=f'[channels]\ntruc = "{self.mails.address}"\n{channels}\n'
            f'[operator]\nchannels = ["{told}"]\n{more}'
        )

    def night(self, hangs: str = "") -> None:
        """The service does what is due, then tells as it does beside the crawls. The crawl of the
        source that ``hangs`` takes longer than any limit."""
        with self.care.service() as service:
            if hangs:
                asked = self.care.servers[hangs].requests
                turn_until(service, lambda: bool(asked("-[0-9]+.html$")))
                overdue(service, hangs)
            self.care.live(service)
            Telling(self.care.config).tell()

    def new_mail(self) -> list[str]:
        """Subject and text of each message since the last look."""
        fresh = self.mails.taken[self._read :]
        self._read = len(self.mails.taken)
        return [f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in fresh]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with care(tmp_path, ben=4, cau=3) as both, mail_server() as mails:
        yield Watched(both, mails)


TODAY = datetime.now(UTC).astimezone(HANOI)
"""Once for all: a test may go on over a midnight."""


def tonight(days: int = 1) -> datetime:
    day = TODAY + days * DAY
    return day.replace(hour=1, minute=5, second=0, microsecond=0).astimezone(UTC)


@pytest.mark.slow
def test_the_first_look_at_each_source_is_told_in_one_message_and_once(watched: Watched) -> None:
    watched.care.servers["cau"].answer("robots.txt", misbehaviours.status(403))
    watched.night()
    (mail,) = watched.new_mail()
    assert "Nguồn ben: đã thử lần đầu, đọc được.\n" in mail
    assert "Nguồn cau: đã thử lần đầu, đọc được, 1 chỗ cần xem.\n" in mail
    assert "robots.txt: status 403, likely a firewall" in mail
    assert "Máy chủ 127.0.0.1:" in mail
    assert "robots.txt trả lời 403, nhiều khả năng tường lửa đang chặn máy." in mail
    for hours in (0, 2, 26):
        set_clock(tonight() + hours * HOUR)
        watched.night()
    assert watched.new_mail() == []


@pytest.mark.slow
def test_a_source_that_gives_nothing_is_told_once_and_again_when_it_gives_nothing_anew(
    watched: Watched,
) -> None:
    watched.care.seem_tried()
    set_clock(tonight())
    watched.night()
    assert watched.new_mail() == []
    watched.care.servers["ben"].answer("", misbehaviours.status(503))
    for night in (2, 3):
        set_clock(tonight(night))
        watched.night()
    (mail,) = watched.new_mail()
    assert mail.startswith("[hanoiwatch] Nguồn ben: không đọc được danh sách bài nào của báo, từ ")
    assert "hanoiwatch sources check ben" in mail
    watched.care.servers["ben"].behave()
    set_clock(tonight(4))
    watched.night()
    watched.care.servers["ben"].answer("", misbehaviours.status(503))
    set_clock(tonight(5))
    watched.night()
    (again,) = watched.new_mail()
    assert "Nguồn ben: không đọc được danh sách bài nào" in again


@pytest.mark.slow
def test_a_crawl_that_is_ended_at_its_limit_is_told(watched: Watched) -> None:
    watched.care.seem_tried()
    watched.write_settings("[crawl]\ntimeout_seconds = 1000.0")
    watched.care.servers["ben"].answer("-[0-9]+.html$", misbehaviours.stall())
    watched.night(hangs="ben")
    (mail,) = watched.new_mail()
    assert mail.startswith("[hanoiwatch] Nguồn ben: không thu thập được từ ")
    assert "ended after its limit of 180 minutes" in mail


@pytest.mark.slow
def test_a_crawl_by_hand_ends_with_telling_the_operator(watched: Watched) -> None:
    watched.care.servers["ben"].answer("", misbehaviours.status(503))
    for _ in range(2):
        process = watched.care.run("crawl")
        said, errors = process.communicate(timeout=SECONDS)
        assert process.returncode == 3, said + errors
    (mail,) = watched.new_mail()
    assert "Nguồn ben: không đọc được danh sách bài nào" in mail
    log, _ = watched.care.run("alerts", "log", "--format", "csv").communicate(timeout=SECONDS)
    assert "@operator,unreadable,ben," in log
    assert ",truc,sent," in log
    (concern,) = glance(watched)
    assert (concern["kind"], concern["subject"]) == ("unreadable", "ben")
    assert concern["said"].startswith("Source ben: none of its lists can be read, since ")
    assert concern["do"].endswith("then hanoiwatch sources check ben")


def glance(watched: Watched) -> list[dict[str, str]]:
    """What needs a person, as `hanoiwatch status` tells it, in words and as JSON."""
    said, _ = watched.care.run("status", "--format", "json").communicate(timeout=60)
    concerns: list[dict[str, str]] = json.loads(said)["concerns"]
    _, errors = watched.care.run("status").communicate(timeout=60)
    assert [one["said"] in errors for one in concerns] == [True] * len(concerns)
    return concerns


def test_before_anything_was_crawled_there_is_nothing_to_tell(watched: Watched) -> None:
    process = watched.care.run("alerts", "deliver")
    said, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    assert said.startswith("0 sent")
    assert watched.new_mail() == []


@pytest.mark.slow
def test_what_a_channel_never_took_is_told_on_another(watched: Watched) -> None:
    watched.care.seem_tried()
    watched.write_settings(channels='cam = "webhook+http://127.0.0.1:9/"', told='truc", "cam')
    watched.care.servers["ben"].answer("", misbehaviours.status(503))
    set_clock(tonight())
    watched.night()
    assert len(watched.new_mail()) == 1
    watched.care.servers["ben"].behave()
    with watched.care.app() as app:
        for hours in (2, 8, 20, 32, 44, 60, 80, 100, 130, 150):
            set_clock(tonight() + hours * HOUR)
            tell(app, now())
    first, *others = watched.new_mail()
    assert "Kênh cam không nhận tin: 1 tin nhắn đang chờ" in first
    assert re.search(r"Kênh cam: \d tin nhắn không gửi được và đã thôi gửi lại\.", "".join(others))


@pytest.mark.slow
def test_fields_that_a_site_no_longer_has_are_told(tmp_path: Path) -> None:
    outlet = synthetic_outlet(50)
    pages = [(each.path, article_page(each, outlet.edition)) for each in outlet.edition.entries]
    layout = next(one for one in load_families()["onecms"].layouts if one.name == "onecms/new")
    with site() as paper, mail_server() as mails, clock_set_back():
        one = Watched(Care(tmp_path, {"bao": paper}), mails)
        one.care.seem_tried()
        for night, some in ((1, dict(pages[25:])), (2, dict(pages[:25]))):
            for path, html in some.items():
                changed = html if night == 1 else field_renamed(html, layout, "lead")
                assert changed is not None
                paper.pages[path] = Reply(body=changed)
            paper.feed(*some, at="/rss/home")
            paper.feed(*some, at="/sitemap-news.xml")
            set_clock(tonight(night))
            one.night()
        (mail,) = one.new_mail()
    assert "Nguồn bao: trang báo đã đổi, các trường hay có nay thiếu: lead." in mail
    assert "hanoiwatch sources check bao" in mail


def test_a_channel_that_the_settings_do_not_have_is_refused_in_one_sentence(
    watched: Watched,
) -> None:
    watched.write_settings(told="trucc")
    process = watched.care.run("status")
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert errors.strip().endswith(
        "`operator.channels`: there is no channel `trucc` in [channels]. Did you mean `truc`?"
    )
