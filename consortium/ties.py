"""Where a person belongs, what their roles tell them there, and what bars them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, OuterRef
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel.context import once_a_request

from .models import (
    SEES_COMMITMENT,
    Contact,
    ContactRole,
    Interest,
    OrganizationLink,
)


@once_a_request
def contacts_of(user: Any) -> Sequence[Contact]:
    """
    Return the contacts that ``user`` is now, with companies and roles of today.

    Each has ``histories``: the keys of those that merged into its company and
    were opened to it. Of who acts for ``user``, those of companies where both are.
    """
    rows: Any = Contact.objects.current().filter(user=user)
    if user.delegate is not None:
        rows = rows.filter(organization__in=companies_of(user.delegate))
    merged = OrganizationLink.objects.mergers().filter(history_open_on__isnull=False)
    of_company = merged.filter(other=OuterRef("organization")).values("organization")
    rows = rows.annotate(histories=ArraySubquery(of_company))
    rows = rows.select_related("organization").with_roles(on=timezone.localdate())
    return tuple(rows.order_by("organization__name", "pk"))


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


class OfMailbox(Func):
    """Whether the account with a key is a shared mailbox of a company now (case 44)."""

    arity = 1
    output_field = BooleanField()
    template = """EXISTS(
        SELECT FROM consortium_contact c WHERE c.user_id = %(expressions)s
            AND c.is_shared_mailbox AND c.departed_on IS NULL
    )"""


@once_a_request
def accounts_of(user: Any) -> Collection[int]:
    """Return the keys of somebody's account and of all that lead to it after merges."""
    merged = User.objects.leading_to(user)
    return (user.pk, *(account.pk for account in merged))


@once_a_request
def barring(user: Any) -> Collection[int]:
    """Return the keys of the members in which ``user`` disclosed an interest."""
    standing = Interest.objects.standing(on=timezone.localdate())
    return tuple(standing.filter(person=user).values_list("organization", flat=True))
