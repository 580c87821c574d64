"""The worker's pass over what is due: one message at a time, over one connection."""

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Self
from uuid import uuid4

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from . import context, outcomes, wire
from .claims import claim, recover
from .models import Message, MessageState

log = structlog.get_logger(__name__)


def send_due(*, at: datetime) -> int:
    """Send what is due over one connection; return how many were sent."""
    recover(at=at)
    with Run(at) as run:
        while not run.is_over and (messages := claim(by=run.name, at=run.now)):
            for message in messages:
                run.send(message)
    return run.sent


class Run:
    """
    One pass of one worker; over when the server takes nothing more just now.

    What was claimed and not tried goes back to the queue as it was: a server
    that is away costs no message an attempt.
    """

    def __init__(self, at: datetime) -> None:
        self.name = uuid4().hex
        self.at, self.began = at, time.monotonic()
        self.connection: BaseEmailBackend | None = None
        self.is_over = False
        self.sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def now(self) -> datetime:
        """Return the time, as it goes on from the beginning of the run."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def send(self, message: Message) -> None:
        """Hand one claimed message to the server; note what it said."""
        with bound_to(message):
            connection = None if self.is_over else self.open()
            if connection is None:
                outcomes.give_back(message)
                return
            announce = partial(self.put_on_wire, message)
            try:
                wire.hand_over(mail_of(message, connection), connection, announce)
            except outcomes.ClaimLost:
                self.close()
                outcomes.give_back(message)
            except DatabaseError:
                raise
            except Exception as error:
                self.note_fault(message, error)
            else:
                outcomes.note_sent(message, at=self.now)
                self.sent += 1
                log.info("message_sent", kind=message.kind)

    def put_on_wire(self, message: Message) -> None:
        outcomes.put_on_wire(message, at=self.now)

    def open(self) -> BaseEmailBackend | None:
        """Return the connection, open; None when the server is away."""
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                log.warning("mail_server_away", answer=str(wire.answer_of(error)))
                self.is_over = True
                return None
            self.connection = connection
        return self.connection

    def close(self) -> None:
        if self.connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.connection.close()
            self.connection = None

    def note_fault(self, message: Message, error: Exception) -> None:
        """Note that a message was refused, or that nobody knows."""
        answer = wire.answer_of(error)
        log.warning("message_not_sent", answer=str(answer), kind=message.kind)
        self.is_over = answer.ends_the_run
        self.close()
        if wire.is_about_the_portal(error):
            self.is_over = True
            outcomes.give_back(message)
        elif answer.is_silence and message.state == MessageState.ON_WIRE:
            again_at = self.now + wire.FIRST_WAIT
            outcomes.lapse(message, again_at=again_at, error=str(answer))
        else:
            outcomes.set_back(message, answer, at=self.now)


@contextmanager
def bound_to(message: Message) -> Iterator[None]:
    """Let log and journal name the message, and the request that wrote it."""
    token = context.request_id.set(message.request_id)
    try:
        with structlog.contextvars.bound_contextvars(message=message.pk):
            yield
    finally:
        context.request_id.reset(token)


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
