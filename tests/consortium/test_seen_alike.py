"""V20: what a company sees of its agreements and money is what staff see of it."""

from typing import Any

import pytest
from django.core.management import call_command

from inm_portal.accounts.models import User
from inm_portal.api import router

pytestmark = pytest.mark.django_db

#: What those who sit on a body read in closed session, and INM does not.
CLOSED = {"agenda-items", "meeting-papers"}
#: Resources of the consortium whose rows a company reads.
RESOURCES = [
    prefix
    for prefix, viewset, _name in router.registry
    if viewset.__module__.startswith("consortium.") and prefix not in CLOSED
]

#: What the company is not told of a row that it sees: who at INM or at another member
#: did something, and credit notes that are drafts, beside what is for INM alone.
KEPT = {"booked_value", "opinions", "elsewhere", "by", "credit_notes"}
KEPT |= {"said_by", "said_for"}
COMPANIES, ROLES = ["flex", "siemens"], ["sponsor", "billing"]
#: Of how many rows of each the whole is read, beside what their list shows.
SAMPLE = 3
MONEY = {"invoices", "instalments", "allocations", "credit-entries"}


def rows_of(program: Any, prefix: str) -> dict[int, Any]:
    """Return what somebody reads of each row of a resource, page by page."""
    found, url = {}, f"/api/v1/{prefix}/"
    while url:
        answer = program.get(url)
        if answer.status_code == 403:
            return {}
        found |= {row["id"]: row for row in answer.data["results"]}
        url = answer.data["next"]
    return found


def told(row: Any) -> Any:
    """Return a row without what is kept from companies, wherever it stands."""
    if isinstance(row, dict):
        return {name: told(one) for name, one in row.items() if name not in KEPT}
    return [told(one) for one in row] if isinstance(row, list) else row


def differing(own: Any, of_staff: Any) -> set[str]:
    """Return the names of what two people read otherwise of one row."""
    return {name for name, value in told(own).items() if told(of_staff)[name] != value}


def test_v20_a_company_and_staff_read_the_same_of_each_row(program):
    call_command("seed_demo")
    director = program(User.objects.get(email="director@inm.example"))
    people = [f"{role}@{name}.example" for name in COMPANIES for role in ROLES]
    members = [program(User.objects.get(email=email)) for email in people]
    found, seen = set(), set()

    for prefix in RESOURCES:
        everything = rows_of(director, prefix)
        for member in members:
            own = rows_of(member, prefix)
            for key, row in own.items():
                found |= {(prefix, one) for one in differing(row, everything[key])}
            for key in list(own)[:SAMPLE]:
                seen.add(prefix)
                url = f"/api/v1/{prefix}/{key}/"
                pages = [who.get(url).data for who in (member, director)]
                found |= {(url, one) for one in differing(*pages)}

    assert found == set()
    assert seen >= MONEY
