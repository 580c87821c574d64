"""
What is in force of an agreement after its amendments, as expressions of its rows.

The one definition of it, which pages, lists, exports and the API read.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ..states import AmendmentState


@lru_cache(maxsize=4)
def amounts_in_force(as_known_on: date | None = None) -> dict[str, Any]:
    """
    Return ``required_now`` and ``fee_now`` of a commitment year.

    They are those of the latest amendment that was recorded by the day, else
    what was signed first.
    """
    # Amendments stand on agreements, so their module is not imported here.
    amounts = apps.get_model("consortium", "YearAmount").objects
    told = amounts.filter(commitment_year=OuterRef("pk")).order_by("-pk")
    if as_known_on is not None:
        told = told.filter(recorded_on__lte=as_known_on)
    return {
        "required_now": Coalesce(Subquery(told.values("required")[:1]), F("required")),
        "fee_now": Coalesce(Subquery(told.values("fee_part")[:1]), F("fee_part")),
    }


#: Terms that an amendment can put in the place of the agreement's own.
AMENDABLE = [
    "contracting_entity",
    "entity_country",
    "entity_tax_number",
    "billing_frequency",
    "payment_terms_days",
    "renewal_notice_days",
]


def terms_in_force(on: date) -> dict[str, Any]:
    """
    Return each amendable term of an agreement, as ``<name>_now``.

    It is what was in force on a day, as was recorded by its end.
    """
    return {f"{name}_now": _in_force(name, on) for name in AMENDABLE}


def _in_force(name: str, on: date) -> Any:
    amendments = apps.get_model("consortium", "Amendment").objects
    told = amendments.filter(
        *[Q(agreement=OuterRef("pk"), state=AmendmentState.SIGNED)],
        effective_on__lte=on,
        recorded_on__lte=on,
    )
    novates = name.startswith("entity_")
    says = ~Q(contracting_entity="") if novates else _says(name)
    latest = told.filter(says).order_by("-effective_on", "-pk")
    return Coalesce(Subquery(latest.values(name)[:1]), F(name))


def _says(name: str) -> Q:
    is_number = name.endswith("_days")
    return Q(**{f"{name}__isnull": False}) if is_number else ~Q(**{name: ""})
