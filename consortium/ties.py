"""Where a person belongs, what their roles tell them there, and what bars them."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone

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

    Of who acts for ``user`` those of companies where both are.
    """
    rows = Contact.objects.current().filter(user=user)
    if user.delegate is not None:
        rows = rows.filter(organization__in=companies_of(user.delegate))
    rows = rows.select_related("organization").with_roles(on=timezone.localdate())
    return list(rows.order_by("organization__name", "pk"))


def companies_of(user: Any) -> Collection[int]:
    """Return the keys of the organizations where ``user`` is a contact now."""
    return [contact.organization_id for contact in contacts_of(user)]


def companies_with_role(user: Any, roles: Collection[ContactRole]) -> Collection[int]:
    """Return the keys of those where ``user`` holds one of ``roles`` today."""
    return [
        contact.organization_id
        for contact in contacts_of(user)
        if any(held.role in roles for held in contact.current_roles)
    ]


def sponsored_by(user: Any) -> Collection[int]:
    """Return the keys of those whose executive sponsor ``user`` is today."""
    return companies_with_role(user, [ContactRole.SPONSOR])


def companies_that_commit(user: Any) -> Collection[int]:
    """Return the keys of those for whose commitment ``user`` speaks."""
    return companies_with_role(user, SEES_COMMITMENT)


@once_a_request
def companies_that_tell(user: Any) -> Collection[int]:
    """
    Return the keys of those that let ``user`` see what they committed.

    So do those that merged into one of them, once that was opened (case 2): to
    read, and not to claim.
    """
    own = companies_that_commit(user)
    merged = OrganizationLink.objects.mergers().filter(
        history_open_on__isnull=False, other__in=own
    )
    return [*own, *(merged.values_list("organization", flat=True) if own else [])]


@once_a_request
def barring(user: Any) -> Collection[int]:
    """Return the keys of the members in which ``user`` disclosed an interest."""
    standing = Interest.objects.standing(on=timezone.localdate())
    return list(standing.filter(person=user).values_list("organization", flat=True))
