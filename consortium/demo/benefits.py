"""Benefits of the demo: used, used up, over-used, taken back, granted, carried over."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Benefit, BenefitUse, Deviation, Entitlement

FROM_ON = date(2025, 5, 27)

#: Name, unit, quantity, that of years from $700,000, whether it carries over.
BENEFITS = [
    ("Symposium seats", "seats", 2, 4, False),
    ("Visiting researcher", "months", 3, None, True),
    ("One-to-one meetings with faculty", "meetings", 4, 6, False),
]


def load(*, today: date, by: User) -> None:
    """Define what members get, and let some use it."""
    for name, unit, quantity, larger, carries_over in BENEFITS:
        services.define_benefit(
            name=name,
            unit=unit,
            quantity=quantity,
            larger_from=Decimal(700_000) if larger else None,
            larger_quantity=larger,
            carries_over=carries_over,
            from_on=FROM_ON,
            at=timezone.now(),
            by=by,
        )
    _change(today=today, by=by)
    seats, months, meetings = (name for name, *_rest in BENEFITS)
    _use("Siemens", seats, 1, "Symposium of fall", 30, today=today, by=by)
    _use("Siemens", months, 2, "A researcher of Munich", 60, today=today, by=by)
    mistaken = _use("Siemens", meetings, 1, "On robotics", 20, today=today, by=by)
    services.reverse_use(mistaken, reason="Put off", at=timezone.now(), by=by)
    _use("Autodesk", seats, 4, "Symposium of fall", 30, today=today, by=by)
    why = "A speaker of theirs needed a seat."
    _use("PTC", seats, 3, "Symposium of fall", 30, why=why, today=today, by=by)
    _grant("Flex", meetings, 2, "For the delay in spring", today=today, by=by)
    differs = Deviation.objects.filter(clause__icontains="seat").first()
    if differs is not None:
        company = differs.agreement.organization.name
        _grant(company, seats, 1, "As agreed", differs, today=today, by=by)


def _change(*, today: date, by: User) -> None:
    """Let one be raised for years to come, and another one end."""
    ahead: dict[str, Any] = {"today": today, "at": timezone.now(), "by": by}
    months = Benefit.objects.get(name="Visiting researcher")
    why = "Members asked for half a year."
    coming = today + timedelta(days=60)
    services.change_benefit(months, from_on=coming, quantity=6, reason=why, **ahead)
    report = services.define_benefit(
        name="Printed yearbook",
        unit="copies",
        quantity=5,
        from_on=FROM_ON,
        at=timezone.now(),
        by=by,
    )
    why = "It is read on screens now."
    services.end_benefit(report, from_on=coming, reason=why, **ahead)


def _open(company: str, benefit: str, *, today: date) -> Entitlement:
    rows = Entitlement.objects.current(on=today).select_related(
        "organization", "benefit", "commitment_year"
    )
    told = {"organization__name": company, "benefit__name": benefit}
    return rows.get(**told)


def _use(
    company: str,
    benefit: str,
    quantity: int,
    what: str,
    days: int,
    *,
    today: date,
    by: User,
    why: str = "",
) -> BenefitUse:
    one = _open(company, benefit, today=today)
    return services.use_benefit(
        one,
        quantity=quantity,
        used_on=max(one.commitment_year.starts_on, today - timedelta(days=days)),
        what=what,
        over_use_reason=why,
        at=timezone.now(),
        today=today,
        by=by,
    )


def _grant(
    company: str,
    benefit: str,
    quantity: int,
    reason: str,
    deviation: Deviation | None = None,
    *,
    today: date,
    by: User,
) -> None:
    one = _open(company, benefit, today=today)
    services.grant_benefit(
        one,
        quantity=quantity,
        reason=reason,
        deviation=deviation,
        at=timezone.now(),
        today=today,
        by=by,
    )
