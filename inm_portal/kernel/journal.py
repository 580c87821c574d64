"""The one way to say that something happened."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model

from . import context
from .models import JournalEntry


def record(verb: str, subject: Model, *, by: Any, **facts: Any) -> JournalEntry:
    """
    Write what happened, in the transaction in which it happens.

    ``by`` is None when no person acted, as in a nightly job. Who acts for
    ``by``, or views the portal as they do, is the actor.

    :raises RuntimeError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A journal entry belongs to the transaction of its change.")
    return JournalEntry.objects.create(
        verb=verb,
        actor=getattr(by, "really", by),
        acting_as_id=context.acting_as.get(),
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        facts={name: _plain(value) for name, value in facts.items()},
        request_id=context.request_id.get(),
    )


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON holds it: money as text, dates as ISO, rows as keys."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
