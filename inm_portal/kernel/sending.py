"""The worker's pass over what is due: one message at a time, over one connection."""

import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self
from uuid import uuid4

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection

from . import context, outcomes, wire
from .aside import Aside
from .claims import claim, recover
from .models import Message, MessageState
from .outcomes import Taken

log = structlog.get_logger(__name__)


def send_due(*, at: datetime) -> int:
    """Send what is due over one connection; return how many were sent."""
    recover(at=at)
    with Run(at) as run:
        while not run.is_over and (messages := claim(by=run.name, at=run.now)):
            for message in messages:
                run.send(message)
            run.book.close_page()
    return run.sent


class Book:
    """
    What a worker commits of each message, while it talks to the mail server.

    That one message was taken and that the next one goes out is one commit,
    made beside the greeting of the next, whose data waits for it.
    """

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.taken: Taken | None = None
        self.going: Callable[[], bool] = bool
        self.aside: Aside | None = None
        self.is_first = True

    def begin(self, message: Message, *, at: datetime) -> None:
        """Start to commit that the data of a message goes out."""
        values = outcomes.next_of(self.taken, message, by=self.worker, at=at)
        if self.is_first or connection.in_atomic_block:
            self.is_first = False
            may_go = outcomes.go_on(values)
            self.going = lambda: may_go
            return
        self.aside = self.aside or Aside(outcomes.NEXT, tuple(values))
        self.aside.run(values)
        self.going = self.aside.found_a_row

    def has_it_out(self) -> bool:
        """Wait for what was begun; say whether the message may go out."""
        may_go = self.going()
        self.taken = None
        return may_go

    def close_page(self) -> None:
        """Commit that the last message was taken."""
        if taken := self.taken:
            self.taken = None
            outcomes.note_sent(taken.message, at=taken.at)

    def close(self) -> None:
        if self.aside:
            self.aside.close()


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
        self.book = Book(self.name)
        self.is_over = False
        self.sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        with suppress(DatabaseError):
            self.book.close_page()
        self.book.close()

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
            self.book.begin(message, at=self.now)
            announce = partial(self.let_out, message)
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
                self.book.taken = Taken(message, self.now)
                self.sent += 1
                log.info("message_sent", kind=message.kind)

    def let_out(self, message: Message) -> None:
        """
        Let the data of a message go out once that is committed.

        :raises ClaimLost: if it may not go out any more.
        """
        if not self.book.has_it_out():
            raise outcomes.ClaimLost
        outcomes.is_out(message)

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
        had_data_out = message.state == MessageState.ON_WIRE
        if not had_data_out and self.book.has_it_out():
            outcomes.is_out(message)
        self.is_over = answer.ends_the_run
        self.close()
        if wire.is_about_the_portal(error):
            self.is_over = True
            outcomes.give_back(message)
        elif answer.is_silence and had_data_out:
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


class Mail(EmailMultiAlternatives):
    """A mail whose parts are set apart by a line that no text holds by chance."""

    def message(self, **kwargs: Any) -> Any:
        message = super().message(**kwargs)
        if message.is_multipart():
            message.set_boundary(f"={uuid4().hex}=")
        return message


def mail_of(message: Message, connection: BaseEmailBackend) -> Mail:
    """Return the mail that a message is, under its own Message-ID."""
    mail = Mail(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        headers={"Message-ID": message.message_id},
        connection=connection,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail
