"""Who may see and estimate how likely a term is renewed; never its member."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff

from ..states import AgreementState
from .separation import unbarred

permission("consortium.view_renewalestimate")(staff("consortium.view_renewalestimate"))


@permission("consortium.view_renewal_agreement")
def view_renewal_agreement(user: Any) -> Q:
    is_signed = ~Q(state=AgreementState.DRAFT)
    return is_signed & staff("consortium.view_renewalestimate")(user)


@permission("consortium.estimate_renewal_agreement")
def estimate_renewal_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & unbarred(user, "consortium.add_renewalestimate")
