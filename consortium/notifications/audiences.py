"""Whom reminders of the consortium ask, and how far around a day they look."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ..models import ContactRole, RoleAssignment

CONTACT, SPONSOR, BILLING = "contact", "sponsor", "billing"
OWNER, FINANCE = "owner", "finance"

#: The rung of the task for staff.
STAFF = "staff"

#: How far around the day dates matter: those too late to tell of, those planned ahead.
BEHIND, AHEAD = timedelta(days=14), timedelta(days=100)


def the_owner(path: str) -> dict[str, Any]:
    """Return the owner at INM of the organization that a path leads to."""
    owner = f"{path}__owner"
    is_there = When(**{f"{owner}__is_active": True}, then=owner)
    return {
        "person_key": Case(is_there),
        "address": Coalesce(f"{owner}__email", Value("")),
    }


def the_sponsor(path: str = "organization", *, on: date) -> dict[str, Any]:
    """Return the executive sponsor of the organization that a path leads to."""
    sponsor = RoleAssignment.objects.held(on=on).filter(
        organization=OuterRef(path),
        role=ContactRole.SPONSOR,
        contact__departed_on=None,
    )
    signs_in = sponsor.filter(contact__user__is_active=True)
    return {
        "person_key": Subquery(signs_in.values("contact__user")[:1]),
        "address": Coalesce(Subquery(sponsor.values("contact__email")[:1]), Value("")),
    }


def whoever_takes_it() -> dict[str, Any]:
    """Return nobody in particular, for tasks."""
    return {
        "person_key": Value(None, output_field=BigIntegerField()),
        "address": Value(""),
    }
