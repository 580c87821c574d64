"""Companies of the demo that may join: what they asked, and how far talks are."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Offer, Organization, Sector
from ..states import Stage

#: Who asked on the page for it, how many days ago, about what, and in which words.
ASKED = [
    ("Northfield Instruments", "Ada Field", 2, Offer.MEMBERSHIP),
    ("Brightwater Castings", "Tomas Reyes", 9, Offer.FACTORY),
    ("Win Big Seminars", "Sales Team", 5, Offer.MEMBERSHIP),
]
WORDS = {
    "Northfield Instruments": (
        "We make flow meters in Lowell, and would like to see what your members do "
        "with machine vision on assembly lines. Could somebody call us?"
    ),
    "Brightwater Castings": (
        "We could lend a five-axis cell to a research factory. What would that take?"
    ),
    "Win Big Seminars": "Your staff can win at our seminars. Book today.",
}

#: A company, what it may do, and its steps: how many days ago, and where it stood.
TALKS = [
    (
        *("Verran Aerospace", Sector.AEROSPACE, Offer.MEMBERSHIP),
        [
            (120, Stage.TALKS, 500, 20, "Met at the symposium."),
            (60, Stage.OFFERED, 500, 40, "Sent the template and the benefits."),
            (12, Stage.NEGOTIATING, 550, 65, "Counsel asks about publication review."),
        ],
    ),
    (
        *("Kestrel Motors", Sector.AUTOMOTIVE, Offer.PARTNERSHIP),
        [(45, Stage.TALKS, 2500, 15, "A joint program on battery lines.")],
    ),
    (
        *("Ostrow Medical", Sector.MEDICAL, Offer.MEMBERSHIP),
        [
            (200, Stage.TALKS, 500, 30, "Visited two labs."),
            (90, Stage.LOST, 500, 0, "Their research budget moved abroad."),
        ],
    ),
]


def load(*, today: date, by: User) -> None:
    """Let companies ask, and write down talks; one inquiry leads nowhere."""
    asked = {}
    for company, name, days, offer in ASKED:
        asked[company] = services.send_inquiry(
            company=company,
            name=name,
            email=f"{name.split()[0].lower()}@{company.split()[0].lower()}.example",
            offer=offer,
            message=WORDS[company],
            page=company,
            at=timezone.now() - timedelta(days=days),
        )
    services.set_aside_inquiry(
        asked["Win Big Seminars"], reason="Advertising", at=timezone.now(), by=by
    )
    for company, sector, offer, steps in TALKS:
        _talk(_company(company, sector, today, by), offer, steps, today=today, by=by)


def _company(name: str, sector: Sector, today: date, by: User) -> Organization:
    return services.add_organization(
        name=name,
        legal_name=f"{name}, Inc.",
        named_since_on=date(2012, 1, 9),
        sector=sector,
        owner=by,
        today=today,
        by=by,
    )


def _talk(
    company: Organization, offer: Offer, steps: list, *, today: date, by: User
) -> None:
    first, *others = [
        {
            **{"stage": stage, "amount": Decimal(amount * 1000)},
            **{"probability": probability, "note": note, "by": by},
            "expected_on": today + timedelta(days=120 - days // 2),
            "at": timezone.now() - timedelta(days=days),
        }
        for days, stage, amount, probability, note in steps
    ]
    opened = today - timedelta(days=steps[0][0])
    prospect = services.open_prospect(
        company, offer=offer, owner=by, today=opened, **first
    )
    for step in others:
        services.move_prospect(prospect, **step)
