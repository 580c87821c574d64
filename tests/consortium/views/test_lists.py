"""The lists: the same number of statements at any volume, filters, sorting, export."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import ContactRole, Sector
from consortium.services import YearTerms
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)

pytestmark = pytest.mark.django_db

LISTS = ["members", "contacts", "agreements", "exceptions"]
EXPORTS = [
    *["export_members", "export_contacts", "export_agreements"],
    "export_exceptions",
]


def member(name: str, *, thousands: int = 500, **fields):
    organization = OrganizationFactory(name=name, owner=UserFactory(), **fields)
    years = [YearTerms(Decimal(thousands * 1000), Decimal(0))] * 3
    sign(draft(organization, years=years))
    RoleFactory(contact=ContactFactory(organization=organization))
    return organization


@pytest.fixture
def client(sign_in, db):
    return sign_in(staff("program staff"))


def statements(client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


def names(response) -> list[str]:
    return [str(row) for row in response.context["page"]]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_one_row_and_with_many(client, name):
    url = reverse(f"consortium:{name}")
    member("One")
    with_one = statements(client, url)
    for number in range(4):
        member(f"More {number}")

    with_five = statements(client, url)

    assert len(with_one) == len(with_five) <= 8
    assert len(set(with_five)) == len(with_five)


def test_the_page_of_an_agreement_costs_the_same_for_many_amendments(client):
    [agreement] = member("One").agreements.all()
    sign_amendment(amend(agreement, years={3: YearTerms(Decimal(600_000), Decimal(0))}))
    url = agreement.get_absolute_url()
    with_one = statements(client, url)
    for thousands in (700, 800, 900):
        years = {3: YearTerms(Decimal(thousands * 1000), Decimal(0))}
        sign_amendment(amend(agreement, years=years))

    with_many = statements(client, url)

    assert len(with_one) == len(with_many) <= 8
    assert len(set(with_many)) == len(with_many)


def test_the_page_of_an_amendment_costs_the_same_for_few_years_and_for_many(client):
    [agreement] = member("One").agreements.all()
    terms = YearTerms(Decimal(600_000), Decimal(0))
    few = amend(agreement, years={3: terms})
    many = amend(agreement, years={2: terms, 3: terms})

    costs = [len(statements(client, one.get_absolute_url())) for one in (few, many)]

    assert costs[0] == costs[1] <= 12


@pytest.mark.parametrize("name", ["member", "home"])
def test_a_members_page_costs_the_same_for_one_contact_and_for_many(client, name):
    organization = member("One")
    url = organization.get_absolute_url() if name == "member" else reverse("home")
    with_one = statements(client, url)
    for _ in range(4):
        contact = ContactFactory(organization=organization)
        RoleFactory(contact=contact, role=ContactRole.MENTOR)
    member("Two")

    with_many = statements(client, url)

    assert len(with_one) == len(with_many) <= 16
    assert len(set(with_many)) == len(with_many)


def test_members_are_found_by_former_name_status_sector_and_owner(client):
    amgen = member("Amgen", sector=Sector.BIOMANUFACTURING)
    OrganizationFactory(name="Prospect", sector=Sector.ENERGY)
    url = reverse("consortium:members")

    found = {
        query: names(client.get(f"{url}?{query}"))
        for query in [
            "search=mge",
            "status=active",
            "status=prospect",
            "sector=energy",
            f"owner={amgen.owner_id}",
            "search=nobody",
        ]
    }

    assert list(found.values()) == [
        *[["Amgen"], ["Amgen"], ["Prospect"], ["Prospect"], ["Amgen"]],
        [],
    ]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("required", ["B", "C", "A"]),
        ("-required", ["A", "C", "B"]),
        ("password", ["A", "B", "C"]),
        ("name; DROP TABLE", ["A", "B", "C"]),
    ],
)
def test_members_are_sorted_by_the_columns_that_say_so(client, sort, order):
    for name, thousands in [("A", 900), ("B", 500), ("C", 700)]:
        member(name, thousands=thousands)

    response = client.get(reverse("consortium:members"), {"sort": sort})

    assert names(response) == order


def test_contacts_are_found_by_the_role_they_hold_today(client):
    organization = OrganizationFactory()
    now, past = (ContactFactory(organization=organization) for _ in range(2))
    RoleFactory(contact=now, role=ContactRole.SPONSOR, from_on=date(2026, 1, 1))
    RoleFactory(
        contact=past,
        role=ContactRole.SPONSOR,
        from_on=date(2025, 1, 1),
        until_on=date(2026, 1, 1),
    )

    response = client.get(reverse("consortium:contacts"), {"role": "sponsor"})

    assert names(response) == [now.name]


def test_agreements_are_found_by_number_member_and_state(client):
    siemens = member("Siemens")
    agreement = siemens.agreements.get()
    member("Amgen")
    url = reverse("consortium:agreements")

    by_number = client.get(url, {"search": agreement.number})
    by_name = client.get(url, {"search": "sieme"})
    by_state = client.get(url, {"state": "draft"})

    assert names(by_number) == names(by_name) == [agreement.number]
    assert names(by_state) == []


def test_a_page_beyond_the_end_is_the_last(client):
    for number in range(51):
        OrganizationFactory(name=f"Company {number:02}")

    response = client.get(reverse("consortium:members"), {"page": "99"})

    assert names(response) == ["Company 50"]
    assert "51 organizations" in response.content.decode()


def lines(response) -> list[str]:
    return b"".join(response.streaming_content).decode().splitlines()


def test_the_export_has_the_rows_of_the_list_and_inert_cells(client):
    member("Amgen", sector=Sector.BIOMANUFACTURING)
    OrganizationFactory(name='=cmd|" /C calc"!A0', legal_name="@x")

    response = client.get(
        reverse("consortium:export_members"), {"status": "prospect", "sort": "-name"}
    )

    header, *rows = lines(response)
    assert header.split(",")[:4] == ["id", "name", "legal_name", "status"]
    assert len(rows) == 1
    assert '"\'=cmd|"" /C calc""!A0",\'@x,prospect' in rows[0]


def test_amounts_and_dates_are_exported_as_machines_read_them(client):
    member("Amgen", thousands=750)

    _header, row = lines(client.get(reverse("consortium:export_members")))

    assert ",2,750000.00,USD,2028-05-26," in row


def test_an_export_is_journaled_without_what_was_searched_for(client):
    lines(client.get(reverse("consortium:export_contacts"), {"search": "Ada"}))

    entry = JournalEntry.objects.get()
    assert entry.facts == {"list": "contacts", "filter": {"search": True}}


@pytest.mark.parametrize("name", EXPORTS)
def test_each_export_answers(client, name):
    [agreement] = member("Amgen").agreements.all()
    cut = amend(agreement, years={3: YearTerms(Decimal(1), Decimal(0))})
    by = staff("director")
    services.waive_amendment(cut, reason="Asked for", at=timezone.now(), by=by)

    header, *rows = lines(client.get(reverse(f"consortium:{name}")))

    assert header.startswith("id,")
    assert len(rows) == 1


def test_people_of_a_company_export_their_own_rows_alone(sign_in, cast):
    response = sign_in(cast["sponsor"]).get(reverse("consortium:export_contacts"))

    rows = lines(response)[1:]
    assert rows
    assert all(row.split(",")[1] == "Siemens" for row in rows)
