"""Mail servers as they are on bad days, as backends of Django."""

import smtplib
from typing import Any

from django.core.mail.backends.locmem import EmailBackend


class Refusing(EmailBackend):
    """A server that says no to everything, for good or for now."""

    code = 550

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused(
            {mail.to[0]: (self.code, b"no") for mail in messages}
        )


class Busy(Refusing):
    code = 451


class Silent(EmailBackend):
    """A server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise TimeoutError("timed out")
