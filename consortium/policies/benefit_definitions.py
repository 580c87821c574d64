"""Who may see what every member gets, and define, change and end it."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from inm_portal.kernel.permissions import permission, staff

from ..models import BenefitRate

for model in ["benefit", "benefitrate"]:
    permission(f"consortium.view_{model}")(staff("consortium.view_entitlement"))

permission("consortium.change_benefit")(staff("consortium.add_benefit"))


@permission("consortium.end_benefit")
def end_benefit(user: Any) -> Q:
    """Whoever defines benefits, of one that nobody ended."""
    last = BenefitRate.objects.standing(on=date.max).filter(benefit=OuterRef("pk"))
    is_ended = Exists(last.filter(quantity=0, larger_quantity=None))
    return ~Q(is_ended) & staff("consortium.add_benefit")(user)
