from __future__ import annotations

from datetime import UTC, datetime

from crawler.health import DOWN_AFTER, LEFT_ALONE, HostHealth

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOST = "bao.example"


def fail(health: HostHealth, count: int, host: str = HOST) -> None:
    for number in range(count):
        health.failed(host, f"https://{host}/{number}", "connection reset", AT)


def test_a_host_is_down_when_many_of_its_addresses_in_a_row_failed() -> None:
    health = HostHealth()
    fail(health, DOWN_AFTER - 1)
    assert health.is_down(HOST, AT) is None
    down = health.failed(HOST, "https://bao.example/x", "dns", AT)
    assert down is not None
    assert down.reason == "bao.example: 6 addresses in a row failed, the last with dns"
    assert health.is_down(HOST, AT) == down
    assert health.is_down("khac.example", AT) is None


def test_a_page_that_never_answers_says_nothing_of_its_host() -> None:
    health = HostHealth()
    for _ in range(50):
        health.failed(HOST, "https://bao.example/hong", "timeout after 60 s", AT)
    assert health.is_down(HOST, AT) is None
    assert health.why_failed(HOST, "https://bao.example/hong") == "timeout after 60 s"


def test_an_answer_shows_that_the_host_is_up() -> None:
    health = HostHealth()
    fail(health, DOWN_AFTER)
    health.answered(HOST)
    assert health.is_down(HOST, AT) is None
    fail(health, DOWN_AFTER - 1)
    assert health.is_down(HOST, AT) is None


def test_after_a_while_the_host_is_tried_again_and_one_more_failure_is_enough() -> None:
    health = HostHealth()
    fail(health, DOWN_AFTER)
    later = AT + LEFT_ALONE
    assert health.is_down(HOST, later) is None
    assert health.failed(HOST, "https://bao.example/0", "connection reset", later) is not None
