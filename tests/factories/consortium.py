from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from consortium import services
from consortium.models import (
    Agreement,
    Amendment,
    Contact,
    ContactRole,
    Organization,
    RoleAssignment,
    Sector,
)

from ..kernel.files import sent
from .accounts import UserFactory
from .credits import at

FLOOR = [services.YearTerms(Decimal(500_000), Decimal(275_000))] * 3
STARTED_ON = date(2025, 5, 27)
TODAY = date(2026, 11, 22)


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Company {n}")
    legal_name = factory.LazyAttribute(lambda o: f"{o.name} Inc.")
    named_since_on = date(2000, 1, 1)
    sector = Sector.OTHER


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    email = factory.Sequence(lambda n: f"contact{n}@company.example")


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    contact = factory.SubFactory(ContactFactory)
    organization = factory.SelfAttribute("contact.organization")
    role = ContactRole.TECHNICAL
    from_on = STARTED_ON


def person_at(organization: Organization, role: ContactRole | None) -> Contact:
    """Return a contact who can sign in, in one role."""
    local = role or "contact"
    user = UserFactory(email=f"{local}@{organization.name.lower()}.example")
    contact = ContactFactory(organization=organization, user=user, email=user.email)
    if role is not None:
        RoleFactory(contact=contact, role=role)
    return contact


def draft(
    organization: Organization,
    *,
    years=FLOOR,
    effective_on=STARTED_ON,
    by=None,
    **terms: Any,
) -> Agreement:
    return services.draft_agreement(
        organization,
        **({"contracting_entity": organization.legal_name} | terms),
        effective_on=effective_on,
        years=years,
        by=by,
    )


def sign(agreement: Agreement, *, by=None) -> Agreement:
    """Record the signing of a past day on that day; else today."""
    on = min(agreement.effective_on, TODAY)
    return services.sign_agreement(
        agreement,
        signed_on=on,
        signed_for_member_by="A Sponsor",
        signed_for_mit_by="A Director",
        file=sent(),
        today=on,
        at=timezone.now(),
        by=by,
    )


def elsewhere(amendment, *, today: date = TODAY) -> list:
    """Return what the preview of an amendment tells of other parts of the portal."""
    return services.elsewhere(services.preview_of(amendment, today=today))


def amend(agreement: Agreement, *, years=None, **changes) -> Amendment:
    """Draft an amendment that takes effect on May 27, 2026, or on another day."""
    given = {
        "effective_on": date(2026, 5, 27),
        "reason": "Asked for by the member",
        "today": TODAY,
        "by": None,
    }
    return services.draft_amendment(agreement, years=years or {}, **(given | changes))


def sign_amendment(amendment: Amendment, **changes) -> Amendment:
    today = changes.get("today", TODAY)
    given = {
        "signed_on": today,
        "signed_for_member_by": "A Sponsor",
        "signed_for_mit_by": "A Director",
        "file": sent(),
        "today": today,
        "at": at(today),
        "by": None,
    }
    return services.sign_amendment(amendment, **(given | changes))
