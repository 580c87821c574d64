"""
What is derived of an organization from its agreements, as expressions of its row.

They are kept for the day: each list needs them, and to build them takes longer
than the database needs to compute them.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from ..states import MembershipStatus


@lru_cache(maxsize=1)
def signed_agreements() -> Any:
    # Agreements stand on organizations, so their module is not imported here.
    agreements = apps.get_model("consortium", "Agreement").objects
    return agreements.signed().filter(organization=OuterRef("pk"))


@lru_cache(maxsize=2)
def open_years(on: date) -> Any:
    """Return the year that covers a day, of an agreement that does so, too."""
    years = apps.get_model("consortium", "CommitmentYear").objects
    return years.open(on=on).filter(
        agreement__organization=OuterRef("pk"), agreement__ends_on__gte=on
    )


def _has_goodwill(on: date) -> Q:
    """Return the condition of a term that is over, and that goodwill prolongs."""
    given = apps.get_model("consortium", "GoodwillAccess").objects
    last = given.filter(agreement=OuterRef("pk")).order_by("-pk")
    until = Subquery(last.values("until_on")[:1])
    return Q(ends_on__lt=on) & Q(GreaterThanOrEqual(until, on))


@lru_cache(maxsize=2)
def membership(on: date) -> dict[str, Any]:
    """Return ``status`` and ``member_since`` of an organization."""
    by_start = signed_agreements().order_by("effective_on")
    # Terms do not overlap: the first that is not over says what the member is.
    telling = by_start.order_by(LessThan(F("ends_on"), on), "effective_on")
    standing = Case(
        When(_has_goodwill(on), then=Value(MembershipStatus.GOODWILL)),
        When(ends_on__lt=on, then=Value(MembershipStatus.ENDED)),
        When(effective_on__gt=on, then=Value(MembershipStatus.UPCOMING)),
        default=Value(MembershipStatus.ACTIVE),
    )
    return {
        "member_since": Subquery(by_start.values("effective_on")[:1]),
        "status": Coalesce(
            Subquery(telling.values(standing=standing)[:1]),
            Value(MembershipStatus.PROSPECT),
        ),
    }
