"""What a person is here, in words and companies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from consortium.models import (
    SEES_COMMITMENT,
    SEES_INVOICES,
    Contact,
    ContactRole,
    Organization,
)
from consortium.ties import contacts_of


@dataclass(frozen=True)
class Place:
    """A person's title, and the companies they belong to now."""

    title: str
    companies: Sequence[Organization]
    #: Those of them whose commitment is for this person to see.
    telling: Sequence[Organization] = ()
    #: Those of them whose invoices are.
    paying: Sequence[Organization] = ()


def place_of(user: Any) -> Place:
    """Return what ``user`` is here: a role at INM, or one at a company."""
    if not user.is_authenticated:
        return Place("", [])
    if roles := user.rights_by_role:
        return Place(", ".join(roles).capitalize(), [])
    contacts = contacts_of(user)
    return Place(
        "; ".join(_title(contact) for contact in contacts),
        [contact.organization for contact in contacts],
        [c.organization for c in contacts if _holds(c, SEES_COMMITMENT, user)],
        [c.organization for c in contacts if _holds(c, SEES_INVOICES, user)],
    )


def _holds(contact: Contact, roles: Collection[ContactRole], user: Any) -> bool:
    """Say whether a contact holds one of the roles, for the person and nobody else."""
    is_told = any(held.role in roles for held in contact.current_roles)
    return is_told and user.really == user


def _title(contact: Contact) -> str:
    roles = [str(role) for role in contact.current_roles]
    return ", ".join([*roles, contact.organization.name])
