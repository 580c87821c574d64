"""All that was said of what a thing in kind is worth, in one list."""

from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from inm_portal.kernel.money import MoneyField, PercentField

from .in_kind import DisputeOutcome, InKindItem


class Said(models.TextChoices):
    APPRAISED = "appraised", _("Appraised")
    DISPUTED = "disputed", _("Disputed")
    SETTLED = "settled", _("Settled")
    VALUED = "valued", _("Valued")


#: What is told of each, as far as it applies; nothing else has these names.
TOLD: dict[str, Any] = {
    "worth": MoneyField(),
    "teller": models.TextField(),
    "told_at": models.DateTimeField(),
    "told_on": models.DateField(),
    "by_method": models.TextField(),
    "from_basis": MoneyField(),
    "less_percent": PercentField(),
    "for_months": models.IntegerField(),
    "words": models.TextField(),
    "at_cost": MoneyField(),
    "paper": models.BigIntegerField(),
    "paper_name": models.TextField(),
}


def said_of(item: InKindItem) -> QuerySet:
    """Return what was said of a thing's worth, the newest first, in one statement."""
    appraised = _told(
        *(item.appraisals, Said.APPRAISED, "value", "appraiser", "recorded_at"),
        told_on="appraised_on",
        at_cost="cost",
        paper="document",
        paper_name="document__name",
    )
    valued = _told(
        *(item.valuations, Said.VALUED, "value", "valued_by__name", "valued_at"),
        by_method="method",
        from_basis="basis",
        less_percent="discount_percent",
        for_months="months",
        words="note",
    )
    disputed = _told(
        *(item.disputes, Said.DISPUTED, "figure", "raised_by__name", "raised_at"),
        by_method="method",
        words="reason",
    )
    outcomes = DisputeOutcome.objects.filter(dispute__item=item)
    settled = _told(
        *(outcomes, Said.SETTLED, "value", "settled_by__name", "settled_at"),
        words="reason",
        at_cost="appraisal_cost",
    )
    said = appraised.union(valued, disputed, settled, all=True)
    return said.order_by("-told_at", "-kind", "-key")


def _told(
    rows: Any, kind: Said, worth: str, teller: str, told_at: str, **more: str
) -> QuerySet:
    told = {"worth": worth, "teller": teller, "told_at": told_at, **more}
    columns = {
        name: Cast(F(told[name]) if name in told else Value(None), field)
        for name, field in TOLD.items()
    }
    return rows.order_by().values(
        key=F("pk"), kind=Value(kind, models.TextField()), **columns
    )
