"""Amendments of the demo world: in force, waived and waiting, and given up."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Agreement, Amendment, Counting
from . import papers

#: When the first was signed, and the others written down, whatever day it is now.
RAISED_ON, WRITTEN_ON = date(2026, 6, 18), date(2026, 11, 2)


def load(*, by: User) -> None:
    """Amend agreements that were signed."""
    raised = draft(
        "Autodesk",
        {2: (700, 300), 3: (700, 300)},
        effective_on=date(2026, 5, 30),
        reason="A second division takes part.",
        other_terms=SEATS,
        payment_terms_days=45,
        today=RAISED_ON,
        by=by,
    )
    sign(raised, on=RAISED_ON, by=by)
    longer = draft(
        "Sanofi",
        {4: (500, 275), 5: (550, 300)},
        effective_on=RAISED_ON,
        reason="Two years more, so that fellows can finish.",
        today=RAISED_ON,
        by=by,
    )
    sign(longer, on=RAISED_ON, by=by)
    cut = draft(
        "PTC",
        {3: (300, 200)},
        effective_on=date(2027, 5, 27),
        reason="Asked for by the member.",
        by=by,
    )
    services.waive_amendment(
        cut,
        reason="The member gives equipment beside it.",
        at=timezone.now(),
        by=User.objects.get(email="director@inm.example"),
    )
    draft(
        "Flex",
        {2: (800, 275)},
        effective_on=date(2027, 1, 1),
        reason="Takes part in a further theme.",
        counting=Counting.PRO_RATA,
        by=by,
    )
    given_up = draft(
        "Amgen",
        {3: (650, 275)},
        effective_on=date(2027, 5, 27),
        reason="Offered in the spring.",
        by=by,
    )
    services.abandon_amendment(
        given_up, reason="The member stays with its present amounts.", by=by
    )


SEATS = "The member has four seats at each symposium instead of two."


def draft(
    company: str,
    thousands: dict[int, tuple[int, int]],
    *,
    today: date = WRITTEN_ON,
    **told: Any,
) -> Amendment:
    agreement = Agreement.objects.signed().get(organization__name=company)
    years = {
        number: services.YearTerms(Decimal(required * 1000), Decimal(fee * 1000))
        for number, (required, fee) in thousands.items()
    }
    return services.draft_amendment(agreement, years=years, today=today, **told)


def sign(amendment: Amendment, *, on: date, by: User) -> None:
    services.sign_amendment(
        amendment,
        signed_on=on,
        signed_for_member_by=amendment.agreement.signed_for_member_by,
        signed_for_mit_by="Eleanor Whitcombe",
        file=papers.signed(amendment.name, "Amendment, signed"),
        today=on,
        at=timezone.now(),
        by=by,
    )
