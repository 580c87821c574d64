"""What a person lets a colleague do in their place."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.delegation import Scope, companions, register

from ..ties import companies_of


@companions
def colleagues(user: Any) -> Q:
    """Whoever is at a company where ``user`` is now may stand in for them."""
    return Q(contacts__organization__in=companies_of(user), contacts__departed_on=None)


SEEING = frozenset(
    f"consortium.view_{model}"
    for model in ("organization", "contact", "roleassignment")
)

#: The same with every part of an agreement.
SEEING_AGREEMENTS = frozenset(
    f"consortium.view_{model}"
    for model in ("agreement", "deviation", "amendment", "commitmentyear")
)

register(
    Scope("consortium.company", _("See the company and its people"), SEEING),
    Scope(
        "consortium.contacts",
        _("Keep contacts up to date"),
        SEEING | {"consortium.change_contact", "consortium.confirm_contact"},
    ),
    Scope(
        "consortium.commitment",
        _("See agreements and what is committed"),
        SEEING
        | SEEING_AGREEMENTS
        | {"consortium.view_contributioncredit", "consortium.view_evidence"}
        | {"consortium.see_commitment_organization"},
    ),
)
