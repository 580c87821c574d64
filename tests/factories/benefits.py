"""Benefits of members, and what they use of them."""

from datetime import date
from decimal import Decimal

from consortium import services
from consortium.models import Benefit, BenefitUse, Entitlement

from .credits import at

TODAY = date(2026, 11, 22)


def benefit(name: str = "Symposium seats", **told) -> Benefit:
    """Two seats a year, four where a year asks for $700,000 or more."""
    given = {"unit": "seats", "quantity": 2, "from_on": date(2025, 1, 1), "by": None}
    given |= {"larger_from": Decimal(700_000), "larger_quantity": 4}
    return services.define_benefit(name=name, at=at(TODAY), **given | told)


def entitlement(agreement, number: int = 2, *, on: date = TODAY) -> Entitlement:
    """Return what a year has of the only benefit, as it stands on a day."""
    rows = Entitlement.objects.select_related(
        "organization", "benefit", "commitment_year__agreement"
    )
    year = {"agreement": agreement, "number": number}
    years = {f"commitment_year__{name}": value for name, value in year.items()}
    return rows.standing(on=on).get(**years)


def use(one: Entitlement, quantity: int = 1, **told) -> BenefitUse:
    given = {"used_on": TODAY, "what": "The fall symposium", "today": TODAY}
    given |= {"at": at(TODAY), "by": None}
    return services.use_benefit(one, quantity=quantity, **given | told)


def grant(one: Entitlement, quantity: int = 1, **told):
    given = {"reason": "For the panel", "today": TODAY, "at": at(TODAY), "by": None}
    return services.grant_benefit(one, quantity=quantity, **given | told)
