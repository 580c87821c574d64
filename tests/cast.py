"""Everybody who may try a door: two members with their people, and all of INM."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser

from consortium.models import Agreement, Contact, ContactRole, Organization
from inm_portal.accounts import roles

from .factories.accounts import UserFactory, staff
from .factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)


@dataclass
class Cast:
    """People by the name that tests call them, and what belongs to each member."""

    siemens: Organization
    amgen: Organization
    signed: Agreement
    drafted: Agreement
    amgens: Agreement
    contact: Contact
    people: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.people[name]


def make_cast(*, on: date) -> Cast:
    siemens = OrganizationFactory(name="Siemens", legal_name="Siemens AG")
    amgen = OrganizationFactory(name="Amgen", legal_name="Amgen Inc.")
    cast = Cast(
        siemens=siemens,
        amgen=amgen,
        signed=sign(draft(siemens)),
        drafted=draft(siemens, effective_on=date(2028, 5, 27)),
        amgens=sign(draft(amgen)),
        contact=ContactFactory(organization=siemens, name="Without account"),
    )
    cast.people = {
        "visitor": AnonymousUser(),
        "stranger": UserFactory(email="stranger@inm.example"),
        **{name: staff(role) for name, role in INM.items()},
        **{name: person_at(siemens, role).user for name, role in AT_SIEMENS.items()},
        "amgen sponsor": person_at(amgen, ContactRole.SPONSOR).user,
        "leaver": leaver(siemens, on=on),
    }
    return cast


INM = {
    "director": roles.DIRECTOR,
    "staff": roles.PROGRAM_STAFF,
    "finance": roles.FINANCE,
    "admin": roles.ADMIN,
    "auditor": roles.AUDITOR,
}
AT_SIEMENS = {
    "sponsor": ContactRole.SPONSOR,
    "technical": ContactRole.TECHNICAL,
    "billing": ContactRole.BILLING,
    "legal": ContactRole.LEGAL,
    "council": ContactRole.COUNCIL,
    "coordinator": ContactRole.EVENTS,
    "colleague": None,
}


def leaver(organization: Organization, *, on: date) -> Any:
    """Return somebody who was a second technical lead and left."""
    user = UserFactory(email="leaver@siemens.example")
    contact = ContactFactory(organization=organization, user=user, email=user.email)
    contact.departed_on = on
    contact.save()
    return user
