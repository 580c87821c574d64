"""The one way to say that something happened."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model

from . import context

#: By hand, since it is part of every change.
ENTRY = """
INSERT INTO kernel_journalentry
    (actor_id, acting_as_id, verb, subject_type, subject_id, facts, request_id)
VALUES
    (%(actor)s, %(acting_as)s, %(verb)s, %(type)s, %(id)s, %(facts)s, %(request)s)
"""

#: The same, with the name that whoever acts by a shared account gave.
NAMED_ENTRY = f"""
WITH entry AS ({ENTRY} RETURNING id)
INSERT INTO kernel_givenname (entry_id, name) SELECT id, %(name)s FROM entry
"""  # noqa: S608 - the text above


class NameWanted(Exception):
    """A shared account does something, and nobody said who does it."""


def record(verb: str, subject: Model, *, by: Any, **facts: Any) -> None:
    """
    Write what happened, in the transaction in which it happens.

    ``by`` is None when no person acted, as in a nightly job. Who acts for
    ``by``, or views the portal as they do, is the actor. The name that somebody
    gave who acts by a shared account is kept beside the entries of that account.

    :raises NameWanted: if who acts by a shared account gave none.
    :raises RuntimeError: outside a transaction.
    :raises TypeError: if ``by`` is no person of the portal.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A journal entry belongs to the transaction of its change.")
    actor = getattr(by, "really", by)
    if actor is not None and not isinstance(actor, get_user_model()):
        raise TypeError(f"{actor!r} is no person of the portal.")
    plain = {name: _plain(value) for name, value in facts.items()}
    values = {
        "actor": actor and actor.pk,
        "acting_as": context.acting_as.get(),
        "verb": verb,
        "type": subject._meta.label_lower,
        "id": subject.pk,
        "facts": json.dumps(plain),
        "request": context.request_id.get(),
    }
    given = context.given_name.get()
    name = given.name if given and given.account == values["actor"] else None
    if name == "":
        raise NameWanted
    with connection.cursor() as cursor:
        if name:
            cursor.execute(NAMED_ENTRY, values | {"name": name})
        else:
            cursor.execute(ENTRY, values)
    context.forget()


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON holds it: money as text, dates as ISO, rows as keys."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
