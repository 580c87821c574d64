"""What a person is here, in words and companies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consortium.models import SEES_COMMITMENT, Contact, Organization
from consortium.ties import contacts_of


@dataclass(frozen=True)
class Place:
    """A person's title, and the companies they belong to now."""

    title: str
    companies: Sequence[Organization]
    #: Those of them whose commitment is for this person to see.
    telling: Sequence[Organization] = ()


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
        [c.organization for c in contacts if _sees_commitment(c, user)],
    )


def _sees_commitment(contact: Contact, user: Any) -> bool:
    """Say whether the roles of a contact let the person, and nobody else, see it."""
    is_told = any(r.role in SEES_COMMITMENT for r in contact.current_roles)
    return is_told and user.really == user


def _title(contact: Contact) -> str:
    roles = [str(role) for role in contact.current_roles]
    return ", ".join([*roles, contact.organization.name])
