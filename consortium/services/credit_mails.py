"""What people are told of claims: staff of a new one, the company of its outcome."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import mails
from inm_portal.kernel.money import written

from ..models import SEES_COMMITMENT, Contact, ContributionCredit, Organization, held

#: How long a company may ask for another look at a reversal (case 33).
APPEAL_WITHIN = timedelta(days=20)

#: Who looks at a new claim: those at INM who can review, and mind this member.
REVIEWS = "review_contributioncredit"


def tell_staff(
    credits: Sequence[ContributionCredit], *, at: datetime, by: User | None
) -> None:
    """Tell the owner of the member of new claims; without one, all who review."""
    organization = credits[0].organization
    for person in _reviewers(organization):
        if person == by:
            continue
        for credit in credits:
            mails.write(
                "consortium/mail/credit_claimed",
                to=person,
                about=credit,
                slot="claimed",
                at=at,
                context={**_words(credit), "name": by.name if by else "INM"},
            )


def _reviewers(organization: Organization) -> list[User]:
    owner = organization.owner
    if owner is not None and owner.is_active:
        return [owner]
    able = Q(groups__permissions__codename=REVIEWS)
    return list(User.objects.filter(able, is_active=True).distinct().order_by("pk"))


def tell_claimant(
    credit: ContributionCredit, kind: str, *, at: datetime, **more: Any
) -> None:
    """Tell whoever claimed, or the company if staff did, that something is missing."""
    if credit.claimed_by is None:
        return
    mails.write(
        f"consortium/mail/{kind}",
        to=credit.claimed_by,
        about=credit,
        slot=f"{kind} {at.isoformat()}",
        at=at,
        context={**_words(credit), **more},
    )


def tell_company(
    credit: ContributionCredit, kind: str, *, at: datetime, **more: Any
) -> None:
    """Tell whoever claimed and those of the company who see its commitment."""
    people = {person.pk: person for person in _of_company(credit.organization, at)}
    if credit.claimed_by is not None:
        people[credit.claimed_by.pk] = credit.claimed_by
    for person in people.values():
        mails.write(
            f"consortium/mail/{kind}",
            to=person,
            about=credit,
            slot=f"{kind} {at.isoformat()}",
            at=at,
            context={**_words(credit), **more},
        )


def appeal_until(on: date) -> date:
    """Return the last day of an appeal against what was told on a day."""
    return on + APPEAL_WITHIN


def _of_company(organization: Organization, at: datetime) -> QuerySet[User]:
    role = held(on=timezone.localdate(at), prefix="roles__")
    contacts = Contact.objects.current().filter(organization=organization)
    holders = contacts.filter(role, roles__role__in=SEES_COMMITMENT)
    return User.objects.filter(is_active=True, contacts__in=holders).distinct()


def _words(credit: ContributionCredit) -> dict[str, Any]:
    return {
        "credit": credit,
        "company": credit.organization.name,
        "amount": written(credit.amount, credit.currency),
        "category": credit.get_category_display(),
        "year": credit.commitment_year.number,
    }
