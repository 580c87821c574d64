"""
What is in force of an agreement after its amendments, as expressions of its rows.

The one definition of it, which pages, lists, exports and the API read.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.aggregates.mixins import OrderableAggMixin
from django.db.models import Aggregate, Case, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from inm_portal.kernel.computed import add_up, look_up, work_out
from inm_portal.kernel.money import MoneyField

from ..states import AmendmentState

#: With its cents, so that it is written like any other amount.
NOTHING = Value(Decimal("0.00"), output_field=MoneyField())


def with_amounts_in_force(
    years: Any, as_known_on: date | None = None, *, restated: bool = False
) -> Any:
    """
    Annotate ``required_now`` and ``fee_now`` of commitment years.

    They are those of the latest amendment that was recorded by the day, else
    what was signed first; nothing, once its agreement was terminated before it.
    ``restated`` asks what was signed by the day, whenever that was recorded.
    """
    # Amendments stand on agreements, so their module is not imported here.
    rows = apps.get_model("consortium", "YearAmount").objects
    told = rows.filter(commitment_year=OuterRef("pk")).order_by("-pk")
    if as_known_on is not None:
        told_on = "amendment__signed_on" if restated else "recorded_on"
        told = told.filter(**{f"{told_on}__lte": as_known_on})
    years = look_up(years, "told", told, required_told="required", fee_told="fee_part")
    is_released = When(released(as_known_on, restated=restated), then=NOTHING)
    return work_out(
        *(years, "amounts"),
        required_now=Case(is_released, default=Coalesce("required_told", "required")),
        fee_now=Case(is_released, default=Coalesce("fee_told", "fee_part")),
    )


def released(as_known_on: date | None = None, *, restated: bool = False) -> Q:
    """
    Return whether a commitment year asks for nothing, since it never begins.

    So it is with those that start after the last day of an agreement. The year in
    which that day falls asks for all that it did.
    """
    is_after = Q(agreement__last_on__lt=F("starts_on"))
    if as_known_on is None:
        return is_after
    told_on = "notice_received_on" if restated else "termination_recorded_on"
    return is_after & Q(**{f"agreement__{told_on}__lte": as_known_on})


#: Terms that an amendment can put in the place of the agreement's own.
AMENDABLE = [
    "contracting_entity",
    "entity_country",
    "entity_tax_number",
    "billing_frequency",
    "payment_terms_days",
    "renewal_notice_days",
]


class Latest(OrderableAggMixin, Aggregate):
    """What the last of some rows says, of those that say something."""

    template = "%(function)s(%(expressions)s %(order_by)s)"
    filter_template = "(%s FILTER (WHERE %%(filter)s))[1]"
    function = "ARRAY_AGG"


def with_terms_in_force(agreements: Any, on: date) -> Any:
    """
    Annotate each amendable term of agreements, as ``<name>_now``.

    It is what was in force on a day, as was recorded by its end.
    """
    amendments = apps.get_model("consortium", "Amendment").objects
    told = amendments.filter(
        *[Q(agreement=OuterRef("pk"), state=AmendmentState.SIGNED)],
        effective_on__lte=on,
        recorded_on__lte=on,
    )
    order = ["-effective_on", "-pk"]
    latest = {
        f"{name}_told": Latest(name, filter=_says(name), order_by=order)
        for name in AMENDABLE
    }
    now = {f"{name}_now": Coalesce(f"{name}_told", name) for name in AMENDABLE}
    return add_up(agreements, "amended", told, **latest).annotate(**now)


def _says(name: str) -> Q:
    """Return whether an amendment says a term; who is obliged it says as a whole."""
    if name.startswith("entity_"):
        return ~Q(contracting_entity="")
    is_number = name.endswith("_days")
    return Q(**{f"{name}__isnull": False}) if is_number else ~Q(**{name: ""})
