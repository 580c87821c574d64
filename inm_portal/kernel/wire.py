"""
The way out to a mail server, and what its answers mean.

Whether a mail that got no answer may have arrived depends on one thing: had
its data gone out? The backend here says so just before it does.
"""

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

#: The first wait after a refusal for now; each further one is twice as long.
FIRST_WAIT = timedelta(minutes=1)
#: A full mailbox needs longer.
FIRST_WAITS = {452: timedelta(hours=1)}
LONGEST_WAIT = timedelta(hours=6)

CLOSING = 421
TOO_LARGE = 552
#: An address with nothing to be taken apart or quoted.
PLAIN = re.compile(r'[^\s"<>(),;:@]+@[^\s"<>(),;:@]+')
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
#: Refusals of a recipient that say nothing of the address: full, policy.
NOT_THE_ADDRESS = re.compile(r"\b(?:552|554|5\.[27]\.\d+)\b")


class Announcing:
    """A connection that calls ``announce`` just before the data of a mail goes out."""

    announce: Callable[[], None] | None = None

    def data(self, msg: Any) -> Any:
        if self.announce:
            self.announce()
        return super().data(msg)  # type: ignore[misc]


class AnnouncingSMTP(Announcing, smtplib.SMTP):
    """In the clear, or after STARTTLS."""


class AnnouncingSMTPS(Announcing, smtplib.SMTP_SSL):
    """In TLS from the start."""


class EmailBackend(smtp.EmailBackend):
    """Django's way to a mail server, over connections that announce."""

    @property
    def connection_class(self) -> type:
        return AnnouncingSMTPS if self.use_ssl else AnnouncingSMTP


def hand_over(
    mail: EmailMessage, connection: BaseEmailBackend, announce: Callable[[], None]
) -> None:
    """
    Send a mail over an open connection; ``announce`` comes just before its data.

    Other backends do not tell, so that all of a sending counts as its data.
    """
    server: Any = getattr(connection, "connection", None)
    if not isinstance(server, AnnouncingSMTP | AnnouncingSMTPS):
        announce()
        connection.send_messages([mail])
        return
    server.announce = announce
    written: Any = mail.message()
    sender, recipients = bare(mail.from_email), [bare(address) for address in mail.to]
    server.sendmail(sender, recipients, written.as_bytes(linesep="\r\n"))


@lru_cache(maxsize=1_000)
def bare(address: str) -> str:
    """
    Return an address as a server is told it: no name, the domain in ASCII.

    :raises ValueError: for what is not one address.
    """
    if PLAIN.fullmatch(address):
        return sanitize_address(("", address), "utf-8")
    _name, plain = parseaddr(sanitize_address(address, "utf-8"))
    return plain


@dataclass(frozen=True)
class Answer:
    """What a server said to a mail, in codes: its words may quote the mail."""

    name: str
    codes: tuple[int, ...] = ()
    enhanced: tuple[str, ...] = ()
    #: Said of the recipient, not of the mail.
    is_of_recipient: bool = False
    #: No server was asked: what was written is no mail.
    is_no_mail: bool = False

    def __str__(self) -> str:
        return " ".join([self.name, self.said]).strip()

    @property
    def said(self) -> str:
        return " ".join([*map(str, self.codes), *self.enhanced])

    @property
    def is_final(self) -> bool:
        """Say whether it is refused for good: every code is a 5xx."""
        refused = bool(self.codes) and all(500 <= code < 600 for code in self.codes)
        return self.is_no_mail or refused

    @property
    def is_silence(self) -> bool:
        """Say whether a server was asked and did not answer."""
        return not self.codes and not self.is_no_mail

    @property
    def ends_the_run(self) -> bool:
        """Say whether the next mail would fare no better just now."""
        return self.is_silence or CLOSING in self.codes

    @property
    def marks_the_address(self) -> bool:
        """Say whether the server knows no such address."""
        is_refused = self.is_of_recipient and self.is_final
        return is_refused and not NOT_THE_ADDRESS.search(self.said)

    def wait(self, attempts: int) -> timedelta:
        """Return how long to wait after so many attempts."""
        waits = [FIRST_WAITS.get(code, FIRST_WAIT) for code in self.codes]
        return min(max([FIRST_WAIT, *waits]) * 2 ** (attempts - 1), LONGEST_WAIT)


def answer_of(error: Exception) -> Answer:
    """Return what an error tells of a server's answer."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said: list[Any] = list(error.recipients.values())
        codes = tuple(code for code, _words in said)
        return Answer(name, codes, _enhanced(said), is_of_recipient=True)
    if isinstance(error, smtplib.SMTPResponseException):
        said = [(error.smtp_code, error.smtp_error)]
        return Answer(name, (error.smtp_code,), _enhanced(said))
    is_asked = isinstance(error, smtplib.SMTPException | OSError)
    is_unfit = isinstance(error, smtplib.SMTPNotSupportedError)
    return Answer(name, is_no_mail=is_unfit or not is_asked)


def _enhanced(said: Any) -> tuple[str, ...]:
    """Return the codes that stand in the words of answers, as in 5.1.1."""
    texts = [w.decode(errors="replace") if isinstance(w, bytes) else w for _, w in said]
    return tuple(code for text in texts for code in ENHANCED.findall(text)[:1])


def is_about_the_portal(error: Exception) -> bool:
    """Say whether the server refused the portal itself, whatever the mail."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code != TOO_LARGE
    return isinstance(error, smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError)
