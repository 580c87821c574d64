"""Where a person belongs, what their roles tell them there, and what bars them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    Expression,
    Func,
    OuterRef,
    Value,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.merging import objects_to_merge
from inm_portal.accounts.models import User
from inm_portal.accounts.questions import asked_with_person
from inm_portal.kernel.context import once_a_request
from inm_portal.kernel.prepared import prepared

from .models import (
    SEES_COMMITMENT,
    SEES_INVOICES,
    Contact,
    ContactRole,
    OrganizationLink,
    Sitting,
)


@once_a_request
def contacts_of(user: Any) -> Sequence[Contact]:
    """
    Return the contacts that ``user`` is now, with companies and roles of today.

    Each has ``histories``: the keys of those that merged into its company and
    were opened to it. Of who acts for ``user``, those of companies where both are.
    """
    found = tuple(_contacts_of(user.pk, on=timezone.localdate()))
    if user.delegate is None:
        return found
    shared = companies_of(user.delegate)
    return tuple(one for one in found if one.organization_id in shared)


@prepared
def _contacts_of(user: Any, *, on: date) -> Any:
    merged = OrganizationLink.objects.mergers().filter(history_open_on__isnull=False)
    of_company = merged.filter(other=OuterRef("organization")).values("organization")
    rows: Any = Contact.objects.current().filter(user_id=user)
    rows = rows.annotate(histories=ArraySubquery(of_company))
    rows = rows.select_related("organization").with_roles(on=on)
    return rows.order_by("organization__name", "pk")


def companies_of(user: Any) -> Collection[int]:
    """Return the keys of the organizations where ``user`` is a contact now."""
    return [contact.organization_id for contact in contacts_of(user)]


def contacts_in(user: Any, roles: Collection[ContactRole]) -> Iterator[Contact]:
    """Yield the contacts of ``user`` that hold one of ``roles`` today."""
    for contact in contacts_of(user):
        if any(held.role in roles for held in contact.current_roles):
            yield contact


def sponsored_by(user: Any) -> Collection[int]:
    """Return the keys of those whose executive sponsor ``user`` is today."""
    return [c.organization_id for c in contacts_in(user, [ContactRole.SPONSOR])]


def companies_that_commit(user: Any) -> Collection[int]:
    """Return the keys of those for whose commitment ``user`` speaks."""
    return [c.organization_id for c in contacts_in(user, SEES_COMMITMENT)]


def companies_that_tell(user: Any) -> Collection[int]:
    """
    Return the keys of those that let ``user`` see what they committed.

    So do those that merged into one of them, once that was opened (case 2): to
    read, and not to claim.
    """
    speaking = list(contacts_in(user, SEES_COMMITMENT))
    opened = [key for contact in speaking for key in contact.histories]
    return [*(contact.organization_id for contact in speaking), *opened]


def companies_that_pay(user: Any) -> Collection[int]:
    """Return the keys of those whose invoices ``user`` sees, and answers for."""
    return [c.organization_id for c in contacts_in(user, SEES_INVOICES)]


@once_a_request
def seats_of(user: Any) -> Collection[int]:
    """
    Return the keys of the seats that ``user`` holds today, or stands in for.

    A seat is of one person: who acts for somebody has none of theirs.
    """
    if user.delegate is not None:
        return ()
    sat = Sitting.objects.sitting(on=timezone.localdate()).of_person(user)
    return tuple(sat.values_list("seat", flat=True))


@objects_to_merge
def sit_together(survivor: User, merged: User) -> str:
    """Say on which body both of two accounts sit, today or later, if they do."""
    lasting: Any = Sitting.objects.lasting(after=timezone.localdate())
    both = lasting.of_person(survivor).beside(lasting.of_person(merged))
    return words_of_both(both) if both else ""


def words_of_both(sitting: Sitting) -> str:
    """Say that two who are to become one sit on the body of a sitting."""
    words = _("Both sit on %(body)s; let one of them leave the seat first.")
    return words % {"body": sitting.body}


class OfMailbox(Func):
    """Whether the account with a key is a shared mailbox of a company now (case 44)."""

    arity = 1
    output_field = BooleanField()
    template = """EXISTS(
        SELECT FROM consortium_contact c WHERE c.user_id = %(expressions)s
            AND c.is_shared_mailbox AND c.departed_on IS NULL
    )"""


class Merged(Func):
    """The keys of the accounts that were merged into one."""

    arity = 1
    output_field = ArrayField(BigIntegerField())
    template = """ARRAY(
        SELECT u.id FROM accounts_user u WHERE u.merged_into_id = %(expressions)s
    )"""


class Barred(Func):
    """The keys of the members in which a person's interest stands on a day."""

    arity = 2
    output_field = ArrayField(BigIntegerField())
    template = """ARRAY(
        SELECT i.organization_id FROM (VALUES (%(expressions)s)) asked (person, day)
        JOIN consortium_interest i ON i.person_id = asked.person
            AND i.from_on <= asked.day AND coalesce(i.until_on > asked.day, true)
    )"""


class Sits(Func):
    """Whether the account with a key sits on some body on a day."""

    arity = 2
    output_field = BooleanField()
    template = """(
        SELECT EXISTS (
            SELECT FROM (VALUES (%(expressions)s)) asked (person, day)
            JOIN consortium_sitting s ON s.from_on <= asked.day
                AND coalesce(s.until_on > asked.day, true)
            LEFT JOIN consortium_contact c
                ON c.id = s.contact_id AND c.departed_on IS NULL
            WHERE asked.person IN (s.person_id, c.user_id)
        )
    )"""


@asked_with_person
def sits_somewhere(key: str) -> Expression:
    """Ask whether somebody sits on a body today; their own seats, nobody else's."""
    return Sits(key, Value(timezone.localdate(), output_field=DateField()))


@asked_with_person
def merged_into(key: str) -> Expression:
    """Ask for the keys of the accounts that were merged into somebody's."""
    return Merged(key)


@asked_with_person
def barring(key: str) -> Expression:
    """Ask for the keys of the members in which somebody disclosed an interest."""
    return Barred(key, Value(timezone.localdate(), output_field=DateField()))


@once_a_request
def accounts_of(user: Any) -> Collection[int]:
    """Return the keys of somebody's account and of all that lead to it."""
    led = User.objects.leading_to(user) if merged_into(user) else ()
    return (user.pk, *(account.pk for account in led))
