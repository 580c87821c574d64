"""
Mails as rows: queued with the change that causes them, sent by the worker.

A message is claimed and committed as being on the wire before its data goes
out, so that a crash can be told from a mail that was never tried. One whose
claim lapsed is sent once more, under the same Message-ID; after that a person
decides.
"""

import smtplib
from datetime import datetime, timedelta

from celery import current_app
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from kombu.exceptions import OperationalError

from .models import Message, MessageState

#: A server that took so long to answer will not answer any more.
LAPSED = timedelta(minutes=10)

#: The first wait after a failure; each further one is twice as long.
FIRST_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 8


def queue(
    mail: EmailMultiAlternatives,
    *,
    kind: str,
    slot: str,
    at: datetime,
    opens_something: bool = False,
) -> Message:
    """
    Write a mail to its one recipient, in the caller's transaction.

    The same kind, recipient and slot is the same message: it is written once.
    """
    html = next((content for content, _kind in mail.alternatives), "")
    message, _created = Message.objects.get_or_create(
        kind=kind,
        recipient=mail.to[0],
        slot=slot,
        defaults={
            "subject": str(mail.subject),
            "text": str(mail.body),
            "html": str(html),
            "opens_something": opens_something,
            "not_before": at,
        },
    )
    transaction.on_commit(wake_worker)
    return message


def wake_worker() -> None:
    """Tell the worker that something waits; without a broker the sweep finds it."""
    try:
        current_app.send_task("inm_portal.kernel.tasks.send_outbox", retry=False)
    except (OperationalError, OSError):
        return


def send_due(*, at: datetime) -> int:
    """Send what is due over one connection; return how many were sent."""
    recover(at=at)
    sent = 0
    connection = get_connection()
    try:
        while message := claim(at=at):
            sent += send(message, connection, at=at)
    finally:
        connection.close()
    return sent


@transaction.atomic
def claim(*, at: datetime) -> Message | None:
    """Take the next due message for this worker alone, and put it on the wire."""
    due = Message.objects.filter(state=MessageState.QUEUED, not_before__lte=at)
    first = due.order_by("not_before", "pk")
    message = first.select_for_update(skip_locked=True).first()
    if message is not None:
        message.move_to(MessageState.ON_WIRE)
        message.attempts += 1
        message.on_wire_at = at
        message.save()
    return message


def send(message: Message, connection: BaseEmailBackend, *, at: datetime) -> bool:
    """Hand one claimed message to the server; note what it said."""
    try:
        mail_of(message, connection).send()
    except (smtplib.SMTPException, OSError) as error:
        set_back(message, error, at=at)
        return False
    note_sent(message, at=at)
    return True


def mail_of(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Return the mail that a message is, under its own Message-ID."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        headers={"Message-ID": message.message_id},
        connection=connection,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def note_sent(message: Message, *, at: datetime) -> None:
    """Note that the server took a message; forget what it said if that opens doors."""
    message.move_to(MessageState.SENT)
    message.sent_at = at
    message.error = ""
    if message.opens_something:
        message.text = message.html = ""
    message.save()


def set_back(message: Message, error: Exception, *, at: datetime) -> None:
    """Try again later, each time after twice as long, until it is no use."""
    is_over = is_final(error) or message.attempts >= MOST_ATTEMPTS
    message.move_to(MessageState.FAILED if is_over else MessageState.QUEUED)
    message.not_before = at + FIRST_WAIT * 2 ** (message.attempts - 1)
    # The class and the codes: what a server says may quote the mail.
    codes = " ".join(map(str, codes_of(error)))
    message.error = f"{type(error).__name__} {codes}".strip()
    message.save()


def is_final(error: Exception) -> bool:
    """Say whether the server refused for good: every code it gave is a 5xx."""
    codes = codes_of(error)
    return bool(codes) and all(500 <= code < 600 for code in codes)


def codes_of(error: Exception) -> list[int]:
    """Return the codes by which a mail server said no."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    if isinstance(error, smtplib.SMTPResponseException):
        return [error.smtp_code]
    return []


@transaction.atomic
def recover(*, at: datetime) -> None:
    """Find what a killed worker left on the wire: once more, then it is unclear."""
    left = Message.objects.filter(
        state=MessageState.ON_WIRE, on_wire_at__lt=at - LAPSED
    )
    for message in left.select_for_update(skip_locked=True):
        is_second = message.error == "lapsed"
        message.move_to(MessageState.UNCLEAR if is_second else MessageState.QUEUED)
        message.error = "lapsed"
        message.save()
