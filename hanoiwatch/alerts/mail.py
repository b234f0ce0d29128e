"""Email by SMTP: stable Message-ID, text and HTML, TLS where there is a password.

Addresses are those of Apprise's email, which many have in their settings already:
``mailto://user:password@example.org:587?to=desk@example.org&from=…&smtp=…&mode=starttls``.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from hanoiwatch.alerts.rendering import Rendered
from hanoiwatch.alerts.sending import ANSWER_SECONDS
from hanoiwatch.errors import ConfigError, DeliveryError
from hanoiwatch.sources.schema import LOOPBACK_HOSTS

LONGEST_WORD = 75
"""Characters of an encoded word (RFC 2047, 2)."""
Mode = Literal["ssl", "starttls", "offered", "insecure"]
"""``offered``: STARTTLS where the server offers it."""

_PORTS: dict[Mode, int] = {"ssl": 465, "starttls": 587, "offered": 587, "insecure": 25}
_PERMANENT = range(500, 600)
_ABOUT_THE_CHANNEL = frozenset({421, 530, 534, 535, 538, 454})
"""No login, no encryption, closing: the operator can mend these, the message is not to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where mail goes in, and from whom to whom."""

    host: str
    port: int
    mode: Mode
    user: str
    password: str
    sender: Address
    recipients: tuple[str, ...]
    copies: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    reply_to: str = ""


def mailbox(name: str, address: str, fill: Callable[[str], str]) -> Mailbox:
    """Reads an address; ``fill`` puts in secrets, part by part. Raises ConfigError."""
    parts = urlsplit(address)
    query = {key: fill(values[-1]) for key, values in parse_qs(parts.query).items()}
    host = fill(unquote(parts.hostname or ""))
    user = fill(unquote(query.get("user") or parts.username or ""))
    password = fill(unquote(query.get("pass") or parts.password or ""))
    mode = _mode(name, parts, query.get("mode", ""), host if not password else "")
    own = user if "@" in user else f"{user}@{host}" if user else ""
    sender = query.get("from") or own or f"hanoiwatch@{host}"
    recipients = _addresses(query.get("to", "")) + tuple(
        fill(unquote(part)) for part in parts.path.split("/") if part
    )
    recipients = recipients or ((own,) if own else ())
    if not host or not recipients:
        raise ConfigError(
            f"channel `{name}`: an email address needs a server and a recipient: "
            "mailto://user:password@server?to=desk@example.org&from=alerts@example.org."
        )
    return Mailbox(
        host=query.get("smtp") or host,
        port=_port(name, parts) or _PORTS[mode],
        mode=mode,
        user=user,
        password=password,
        sender=_sender(name, sender, query.get("name", "")),
        recipients=recipients,
        copies=_addresses(query.get("cc", "")),
        hidden=_addresses(query.get("bcc", "")),
        reply_to=query.get("reply", ""),
    )


def _mode(name: str, parts: SplitResult, asked: str, open_host: str) -> Mode:
    if asked in ("ssl", "starttls", "insecure"):
        return asked  # type: ignore[return-value]  # mypy does not narrow a text by `in`
    if asked:
        raise ConfigError(f"channel `{name}`: mode is ssl, starttls or insecure, not {asked}.")
    if parts.scheme == "smtps" or _port(name, parts) == _PORTS["ssl"]:
        return "ssl"
    if parts.scheme == "mailtos":
        return "starttls"
    # without a password there is no secret to keep from who listens
    return "offered" if open_host or parts.hostname in LOOPBACK_HOSTS else "starttls"


def _port(name: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise ConfigError(f"channel `{name}`: its port is no number from 1 to 65535.") from error


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _sender(name: str, text: str, shown: str) -> Address:
    said, address = parseaddr(text)
    try:
        return Address(display_name=shown or said or "hanoiwatch", addr_spec=address)
    except (ValueError, IndexError) as error:
        raise ConfigError(f"channel `{name}`: `from` is no email address.") from error


class MailSender:
    """One connection for all messages of a pass."""

    keyed = True

    def __init__(self, box: Mailbox) -> None:
        self._box = box
        self._server: smtplib.SMTP | None = None

    def send(self, message: Rendered, now: datetime) -> str:
        try:
            server = self._connected()
            mail = mail_of(message, self._box, now)
            to = [*self._box.recipients, *self._box.copies, *self._box.hidden]
            refused = server.send_message(mail, to_addrs=to)
        except smtplib.SMTPResponseException as error:
            self.close()
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            code, said = next(iter(error.recipients.values()))
            raise _refused(code, said) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise DeliveryError(_words(error), down=True) from error
        if refused:
            some = ", ".join(f"{who}: {code}" for who, (code, _) in refused.items())
            return f"accepted, but not for {some}"
        return "accepted by the mail server"

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = _connect(self._box)
        return self._server

    def close(self) -> None:
        if self._server is None:
            return
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()
        self._server = None


def _connect(box: Mailbox) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if box.mode == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            box.host, box.port, timeout=ANSWER_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(box.host, box.port, timeout=ANSWER_SECONDS)
    try:
        server.ehlo()
        offered = server.has_extn("starttls")
        if box.mode == "starttls" or (box.mode == "offered" and offered):
            server.starttls(context=context)
        if box.password:
            server.login(box.user, box.password)
    except BaseException:
        server.close()
        raise
    return server


class _MailPolicy(EmailPolicy):
    """Long subjects as RFC 2047 wants them: Python's own folding loses a space between two encoded
    words, or, since 3.12.5, glues them together (cpython issues 92081 and 144156)."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "subject" or str(value).isascii() or self.utf8:
            folded: str = super().fold(name, value)
            return folded
        words = Header(str(value), "utf-8", header_name=name, maxlinelen=LONGEST_WORD)
        said = words.encode(linesep=self.linesep)
        return f"{name}: {said}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() != "subject":
            folded: bytes = super().fold_binary(name, value)
            return folded
        return self.fold(name, value).encode("utf-8")


def mail_of(message: Rendered, box: Mailbox, now: datetime) -> EmailMessage:
    """The Message-ID is the message's own: whoever got it already can tell."""
    mail = EmailMessage(_MailPolicy())
    mail["Subject"] = message.subject
    mail["From"] = box.sender
    mail["To"] = ", ".join(box.recipients)
    if box.copies:
        mail["Cc"] = ", ".join(box.copies)
    if box.reply_to:
        mail["Reply-To"] = box.reply_to
    mail["Date"] = format_datetime(message.made_at)
    mail["Message-ID"] = f"<{message.key}@{box.sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Hanoiwatch-Rule"] = message.rule
    if (now - message.made_at).total_seconds() > 0:
        mail["X-Hanoiwatch-Sent"] = format_datetime(now)
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _refused(code: int, said: bytes | str) -> DeliveryError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    about_channel = code in _ABOUT_THE_CHANNEL
    return DeliveryError(
        f"the mail server answered {code} {' '.join(words.split())[:200]}",
        down=about_channel,
        permanent=code in _PERMANENT and not about_channel,
    )


def _words(error: BaseException) -> str:
    """What happened, without the address, which may hold a password."""
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"the mail server cannot be used: {said or type(error).__name__}"
