"""What is told of contributions: to staff what waits, to the company the rest."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Model, Q
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import mails
from inm_portal.kernel.money import written

from ..models import (
    SEES_COMMITMENT,
    CommitmentYear,
    Contact,
    ContributionCredit,
    EntryKind,
    Organization,
    held,
)
from ..states import Outcome

#: How long a company may ask for another look at a reversal (case 33).
APPEAL_WITHIN = timedelta(days=20)

#: Who looks at a new claim: those at INM who can review, and mind this member.
REVIEWS = "review_contributioncredit"


def tell_of_claims(
    credits: Sequence[ContributionCredit], *, at: datetime, by: User | None
) -> None:
    """Tell staff of what was claimed on one document, in one mail."""
    first = credits[0]
    total = sum((credit.amount for credit in credits), Decimal())
    tell_staff(
        *(first, "credit_claimed"),
        at=at,
        by=by,
        parts=[_words(credit) for credit in credits],
        total=written(total, first.currency),
    )


def tell_staff(
    credit: ContributionCredit, kind: str, *, at: datetime, by: User | None, **more: Any
) -> None:
    """Tell the owner of the member; without one, all who review, but not ``by``."""
    people = [person for person in _reviewers(credit.organization) if person != by]
    context = {**_words(credit), "name": by.name if by else "INM", **more}
    _write(kind, people, about=credit, at=at, context=context)


def _write(
    kind: str, people: Iterable[User], *, about: Model, at: datetime, context: Any
) -> None:
    for person in people:
        mails.write(
            f"consortium/mail/{kind}",
            to=person,
            about=about,
            slot=f"{kind} {at.isoformat()}",
            at=at,
            context=context,
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
    """Tell whoever claimed, or the company where they are gone, what is missing."""
    people = _claimant(credit) or _of_company(credit.organization, at)
    _write(kind, people, about=credit, at=at, context={**_words(credit), **more})


def tell_company(
    credit: ContributionCredit, kind: str, *, at: datetime, **more: Any
) -> None:
    """Tell whoever claimed and those of the company who see its commitment."""
    people = _of_company(credit.organization, at) | _claimant(credit)
    _write(kind, people, about=credit, at=at, context={**_words(credit), **more})


def tell_of_waiver(year: CommitmentYear, amount: Decimal, *, at: datetime) -> None:
    """Tell those of the company who see its commitment that a shortfall is waived."""
    organization = year.agreement.organization
    context = {
        "year": year,
        "company": organization.name,
        "amount": written(amount, year.currency),
    }
    people = _of_company(organization, at)
    _write("shortfall_waived", people, about=year, at=at, context=context)


def appeal_until(on: date) -> date:
    """Return the last day of an appeal against what was told on a day."""
    return on + APPEAL_WITHIN


def appeal_until_of(credit: ContributionCredit) -> date | None:
    """Return the last day of an appeal against a reversal; None where there is none."""
    if credit.outcome != Outcome.REVERSED:
        return None
    entries = credit.entries.filter(kind=EntryKind.REVERSED)
    last = entries.aggregate(last=Max("value_on"))["last"]
    return last and appeal_until(last)


def _claimant(credit: ContributionCredit) -> set[User]:
    """Return whoever claimed, as long as they may see the credit."""
    if credit.claimed_by is None:
        return set()
    person = credit.claimed_by.survivor
    may_see = person.has_perm("consortium.view_contributioncredit", credit)
    return {person} if may_see else set()


def _of_company(organization: Organization, at: datetime) -> set[User]:
    role = held(on=timezone.localdate(at), prefix="roles__")
    contacts = Contact.objects.current().filter(organization=organization)
    holders = contacts.filter(role, roles__role__in=SEES_COMMITMENT)
    return set(User.objects.filter(is_active=True, contacts__in=holders))


def _words(credit: ContributionCredit) -> dict[str, Any]:
    return {
        "credit": credit,
        "company": credit.organization.name,
        "amount": written(credit.amount, credit.currency),
        "category": credit.get_category_display(),
        "year": credit.commitment_year.number,
    }
