"""Claims as tests need them: fixed days, one document each unless they say."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from consortium import services
from consortium.models import (
    Agreement,
    Appraisal,
    Category,
    CommitmentYear,
    ContributionCredit,
    Method,
    Organization,
    ValuationDispute,
)
from consortium.services import Paper, Part
from consortium.states import ClaimState
from inm_portal.accounts.models import User

from ..kernel.files import sent

_numbers = count(1)

#: A day in year 1 of an agreement that started on 2025-05-27.
IN_YEAR_1 = date(2026, 2, 2)


def at(day: date) -> datetime:
    """Return a moment of a day, in the middle of it in Boston."""
    return datetime.combine(day, time(17), UTC)


def organization_of(year: CommitmentYear) -> Organization:
    return year.agreement.organization


def year_of(agreement: Agreement, number: int = 1) -> CommitmentYear:
    return agreement.commitment_years.get(number=number)


def paper(amount: Any, *, payer: str = "Payer", number: str = "") -> Paper:
    number = number or f"DOC-{next(_numbers)}"
    return Paper(payer, number, Decimal(amount), IN_YEAR_1)


def claim(
    year: CommitmentYear,
    amount: Any,
    *,
    category: str = Category.FELLOWSHIP,
    document: Paper | None = None,
    on: date = IN_YEAR_1,
    contributed_on: date | None = None,
    by: User | None = None,
    **more: Any,
) -> ContributionCredit:
    """Return a claim in cash of one part."""
    (credit,) = services.claim_credits(
        organization_of(year),
        paper=document or paper(amount),
        parts=[Part(year, category, Decimal(amount))],
        contributed_on=contributed_on or on,
        what_for="A fellow",
        at=at(on),
        today=on,
        by=by,
        **more,
    )
    return credit


def decide(
    credit: ContributionCredit,
    accepted: Any = None,
    *,
    by: User,
    on: date = IN_YEAR_1,
    reason: str = "It is about manufacturing.",
) -> ContributionCredit:
    """Take a claim under review and decide on it."""
    amount = credit.amount if accepted is None else Decimal(accepted)
    credit.refresh_from_db()
    if credit.state != ClaimState.UNDER_REVIEW:
        services.review_claim(credit, by=by)
    return services.decide_credit(
        credit, accepted=amount, reason=reason, at=at(on), today=on, by=by
    )


def offer(
    year: CommitmentYear,
    amount: Any,
    *,
    list_price: Any = None,
    category: str = Category.SOFTWARE,
    on: date = IN_YEAR_1,
    by: User | None = None,
    **item: Any,
) -> ContributionCredit:
    """Return a thing offered in kind, by a price list of at least its amount."""
    return services.offer_in_kind(
        organization_of(year),
        part=Part(year, category, Decimal(amount)),
        paper=paper(list_price or amount),
        contributed_on=on,
        at=at(on),
        today=on,
        by=by,
        **{"name": "Licenses"} | item,
    )


def agreed(
    credit: ContributionCredit, *, by: User | None, on: date = IN_YEAR_1
) -> ContributionCredit:
    """Assess a thing in kind that needs nobody's approval, and agree to it."""
    services.assess_item(credit, today=on, by=by)
    return services.agree_to_item(credit, at=at(on), today=on, by=by)


def delivered(
    credit: ContributionCredit,
    *,
    basis: Any,
    discount: Any = 0,
    valued_by: User,
    by: User,
    on: date = IN_YEAR_1,
) -> ContributionCredit:
    """Bring a thing in kind so far that it can be accepted."""
    agreed(credit, by=by, on=on)
    services.deliver_item(credit, on=on, today=on, by=by)
    services.value_item(
        credit,
        method=Method.LIST,
        basis=Decimal(basis),
        discount_percent=Decimal(discount),
        at=at(on),
        today=on,
        by=valued_by,
    )
    return credit


def appraise(
    credit: ContributionCredit, *, by: User, on: date = IN_YEAR_1
) -> Appraisal:
    """Keep what an appraiser found of a thing in kind."""
    found = {"appraiser": "Fair Values Inc.", "appraised_on": on, "value": Decimal(900)}
    told = {"at": at(on), "today": on, "by": by}
    return services.add_appraisal(credit, **found, file=sent(), **told)


def dispute(
    credit: ContributionCredit, *, by: User, on: date = IN_YEAR_1
) -> ValuationDispute:
    """Hold a figure against what is credited of a thing in kind."""
    held = {"figure": Decimal(1_800), "method": Method.APPRAISAL}
    return services.dispute_value(
        credit, **held, reason="The appraisal says more", at=at(on), by=by
    )


def position(year: CommitmentYear, on: date) -> CommitmentYear:
    """Return a year with what counted toward it, as known on a day."""
    return CommitmentYear.objects.with_position(on=on).get(pk=year.pk)
