"""Mail servers as they are on bad days, as backends of Django."""

import smtplib
from typing import Any

from django.core.mail.backends.locmem import EmailBackend


class Refusing(EmailBackend):
    """A server that says no to every recipient, for good or for now."""

    code, words = 550, b"5.1.1 no such person: a@x.example"

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused(
            {mail.to[0]: (self.code, self.words) for mail in messages}
        )


class Busy(Refusing):
    code, words = 451, b"4.7.1 come back later"


class Full(Refusing):
    code, words = 452, b"4.2.2 mailbox full"


class Strict(Refusing):
    """A server whose policy a mail offends, whoever gets it."""

    words = b"5.7.1 not from you"


class Silent(EmailBackend):
    """A server that takes a mail and does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("timed out")


class Away(EmailBackend):
    """No server at all."""

    def open(self) -> None:
        raise ConnectionRefusedError


class Unfriendly(EmailBackend):
    """A server that does not take the portal for what it says it is."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPSenderRefused(550, b"5.7.1 who are you", "portal@x.example")
