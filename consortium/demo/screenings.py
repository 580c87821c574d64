"""Screenings of the demo: all clear, hits that were cleared and refused, one open."""

from datetime import date, timedelta

from inm_portal.accounts.models import User

from .. import services
from ..models import Organization
from ..states import ScreeningResult

#: Whose name was found, and what came of it.
FOUND = "Flex"


def load(*, today: date) -> None:
    """Screen each company some weeks ago."""
    for organization in Organization.objects.order_by("pk"):
        is_found = organization.name == FOUND
        result = ScreeningResult.HIT if is_found else ScreeningResult.CLEAR
        _record(organization, result, "", today - timedelta(days=40), today)
    found = Organization.objects.get(name=FOUND)
    note = "Another company of a similar name."
    _record(found, ScreeningResult.CLEARED, note, today - timedelta(days=38), today)


def hold(organization: Organization, *, today: date) -> None:
    """Find the name of a company that nobody looked at yet."""
    _record(organization, ScreeningResult.HIT, "", today - timedelta(days=3), today)


def refuse(organization: Organization, *, today: date) -> None:
    """Find the name of a company, and it is that company."""
    found_on, refused_on = [today - timedelta(days=days) for days in (30, 24)]
    _record(organization, ScreeningResult.HIT, "", found_on, today)
    note = "The company itself is on the list."
    _record(organization, ScreeningResult.REFUSED, note, refused_on, today)


def _record(
    organization: Organization,
    result: ScreeningResult,
    note: str,
    on: date,
    today: date,
) -> None:
    services.record_screening(
        organization,
        result=result,
        screened_name=organization.legal_name,
        screened_on=on,
        note=note,
        today=today,
        by=User.objects.get(email="director@inm.example"),
    )
