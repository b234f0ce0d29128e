"""What a mail program reads of our mails: by the bytes that are sent."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.generator import BytesGenerator
from functools import partial
from io import BytesIO

import pytest

from hanoiwatch.alerts.channels import fill
from hanoiwatch.alerts.mail import mail_of, mailbox
from hanoiwatch.alerts.rendering import Rendered
from hanoiwatch.sample.articles import load_articles

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
ADDRESS = "mailto://h?to=a@example.org&from=b@example.org"
BOX = mailbox("thu", ADDRESS, partial(fill, "thu", environment={}))
SUBJECTS = [
    f"[Sắp xếp bộ máy] Bài đã sửa: {one.title} – {one.slug}"[:160] for one in load_articles()
]


def sent(subject: str) -> bytes:
    message = Rendered(
        key="k", rule="bo-may", subject=subject, text="Xin chào.\n", html="<p>Xin chào.</p>",
        json={}, made_at=NOW,
    )  # fmt: skip
    out = BytesIO()
    BytesGenerator(out).flatten(mail_of(message, BOX, NOW), linesep="\r\n")  # as smtplib does
    return out.getvalue()


@pytest.mark.parametrize("subject", [*SUBJECTS, "[x] plain", "[x] Ơ" + "ờ" * 150])
def test_a_subject_arrives_letter_for_letter(subject: str) -> None:
    assert (
        email.message_from_bytes(sent(subject), policy=email.policy.default)["Subject"] == subject
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_encoded_words_are_as_the_standard_wants_them(subject: str) -> None:
    head = sent(subject).partition(b"\r\n\r\n")[0].decode("ascii")
    words = re.findall(r"=\?utf-8\?[bq]\?[^?\s]*\?=", head)
    assert words
    assert all(len(word) <= 75 for word in words)
    assert "?==?" not in head
    assert all(len(line) <= 78 for line in head.split("\r\n"))
