"""Each operation: what it answers, what it refuses, and how."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortium import services
from consortium.models import Agreement, ContactRole, Organization, RoleAssignment
from inm_portal.accounts.models import ApiToken, TokenScope
from inm_portal.accounts.tokens import issue_token
from inm_portal.api import router
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(program, db):
    return program(staff("program staff"))


def body(response, status: int = 200):
    assert response.status_code == status, response.json()
    return response.json()


def test_amounts_are_text_and_dates_are_iso(client):
    agreement = sign(draft(OrganizationFactory()))

    found = body(client.get(f"/api/v1/agreements/{agreement.pk}/"))

    assert found["total"] == "1500000.00"
    assert found["years"][0] == {
        "number": 1,
        "required": "500000.00",
        "fee_part": "275000.00",
    }
    assert found["ends_on"] == "2028-05-26"
    assert found["renewal_notice_on"] == "2028-02-26"


def test_a_member_reads_its_commitment_years_and_no_others(api, cast):
    found = body(api(cast["sponsor"]).get("/api/v1/commitment-years/"))

    assert {year["organization"] for year in found["results"]} == {cast.siemens.pk}
    assert [year["required"] for year in found["results"]] == ["500000.00"] * 3


@pytest.mark.parametrize(
    "resource",
    [
        *["organizations", "contacts", "role-assignments"],
        *["agreements", "commitment-years", "commitment-positions", "journal"],
    ],
)
def test_a_list_says_of_each_row_what_the_row_says_of_itself(client, cast, resource):
    rows = body(client.get(f"/api/v1/{resource}/"))["results"]

    assert rows
    for row in rows:
        alone = body(client.get(f"/api/v1/{resource}/{row['id']}/"))
        assert {name: alone[name] for name in row} == row


def test_a_list_tells_the_roles_of_today(client):
    contact = ContactFactory()
    mentor = RoleFactory(contact=contact, role=ContactRole.MENTOR)
    RoleFactory(contact=contact, role=ContactRole.EVENTS, until_on=TODAY)

    (row,) = body(client.get("/api/v1/contacts/"))["results"]

    assert row["roles"] == [
        {
            "id": mentor.pk,
            "contact": contact.pk,
            "organization": contact.organization_id,
            "role": "mentor",
            "from_on": "2025-05-27",
            "until_on": None,
        }
    ]


@pytest.mark.parametrize("page", ["", "page_size=1&"])
def test_a_filter_that_is_not_right_is_refused_on_every_page(client, page):
    answer = client.get(f"/api/v1/organizations/?{page}status=splendid")

    assert body(answer, 400)["code"] == "invalid"


def test_the_years_open_on_a_day(client):
    sign(draft(OrganizationFactory()))

    found = body(client.get("/api/v1/commitment-years/?on=2026-11-22"))

    assert [year["number"] for year in found["results"]] == [2]


@pytest.mark.parametrize(
    "resource",
    [
        *["organizations", "contacts", "role-assignments"],
        *["agreements", "commitment-years", "commitment-positions"],
    ],
)
def test_a_list_costs_the_same_with_one_row_and_with_many(client, resource):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(client.get(f"/api/v1/{resource}/"))
        return len(captured)

    def grow():
        organization = OrganizationFactory()
        sign(draft(organization))
        RoleFactory(contact=ContactFactory(organization=organization))

    grow()
    statements()  # the groups of a person are asked once
    with_one = statements()
    grow()
    grow()

    assert statements() == with_one <= 8


def test_lists_page_by_cursor(client):
    for _ in range(3):
        OrganizationFactory()

    first = body(client.get("/api/v1/organizations/?page_size=2"))
    second = body(client.get(first["next"]))

    assert [len(page["results"]) for page in (first, second)] == [2, 1]
    assert second["next"] is None


def test_a_whole_membership_through_the_api(client):
    organization = body(
        client.post(
            "/api/v1/organizations/",
            {
                "name": "Flex",
                "legal_name": "Flex Ltd.",
                "named_since_on": "2016-09-28",
                "sector": "electronics",
            },
            format="json",
        ),
        201,
    )
    root = f"/api/v1/organizations/{organization['id']}"
    contact = body(
        client.post(
            f"{root}/contacts/", {"name": "Ada", "email": "a@x.example"}, format="json"
        ),
        201,
    )
    role = body(
        client.post(
            f"/api/v1/contacts/{contact['id']}/roles/",
            {"role": "sponsor", "from_on": "2026-01-01"},
            format="json",
        ),
        201,
    )
    agreement = body(
        client.post(
            f"{root}/agreements/",
            {
                "contracting_entity": "Flex Ltd.",
                "effective_on": "2026-01-01",
                "years": [{"required": "500000.00", "fee_part": "275000.00"}] * 3,
            },
            format="json",
        ),
        201,
    )
    signed = body(
        client.post(
            f"/api/v1/agreements/{agreement['id']}/sign/",
            {
                "signed_on": "2026-01-02",
                "signed_for_member_by": "A",
                "signed_for_mit_by": "B",
                "file": sent(),
            },
            headers={"if-match": '"1"'},
        )
    )

    assert (role["role"], signed["state"]) == ("sponsor", "signed")
    found = body(client.get(f"{root}/"))
    assert (found["status"], found["member_since"]) == ("active", "2026-01-01")


def test_a_site_is_added_and_a_company_renamed(client):
    organization = OrganizationFactory(name="Flextronics")
    root = f"/api/v1/organizations/{organization.pk}"
    site = {"name": "Seat", "kind": "plant", "city": "Austin", "country": "US"}

    body(client.post(f"{root}/sites/", site, format="json"), 201)
    renamed = body(
        client.post(
            f"{root}/rename/",
            {"name": "Flex", "legal_name": "Flex Ltd.", "from_on": "2016-09-28"},
            format="json",
        )
    )

    assert (renamed["name"], renamed["sites"][0]["name"]) == ("Flex", "Seat")
    assert renamed["former_names"][0]["name"] == "Flextronics"


def test_a_contact_is_changed_confirmed_and_leaves(client):
    role = RoleFactory(role=ContactRole.SPONSOR)
    url = f"/api/v1/contacts/{role.contact_id}/"

    changed = body(
        client.patch(url, {"name": "Ada"}, format="json", headers={"if-match": '"1"'})
    )
    confirmed = body(client.post(f"{url}confirm/"))
    left = body(client.post(f"{url}depart/", {"on": "2026-07-01"}, format="json"))

    assert (changed["name"], changed["version"]) == ("Ada", 2)
    assert confirmed["confirmed_on"]
    assert (left["departed_on"], left["roles"]) == ("2026-07-01", [])


def test_a_role_is_ended(client):
    role = RoleFactory()

    ended = body(
        client.post(
            f"/api/v1/role-assignments/{role.pk}/end/",
            {"until_on": "2026-07-01"},
            format="json",
        )
    )

    assert ended["until_on"] == "2026-07-01"


def test_an_edit_needs_the_version_it_started_from(client):
    organization = OrganizationFactory()
    url = f"/api/v1/organizations/{organization.pk}/"
    tag = client.get(url)["ETag"]

    without = client.patch(url, {"sector": "energy"}, format="json")
    first = client.patch(
        url, {"sector": "energy"}, format="json", headers={"if-match": tag}
    )
    late = client.patch(
        url, {"sector": "other"}, format="json", headers={"if-match": tag}
    )

    assert [r.status_code for r in (without, first, late)] == [428, 200, 412]
    assert late.json()["code"] == "edit_conflict"
    assert Organization.objects.get().sector == "energy"


def test_a_refusal_of_the_rules_is_409_with_its_code(client):
    agreement = draft(OrganizationFactory(), years=draft_years(300_000))

    response = client.post(
        f"/api/v1/agreements/{agreement.pk}/sign/",
        {
            "signed_on": TODAY.isoformat(),
            "signed_for_member_by": "A",
            "signed_for_mit_by": "B",
            "file": sent(),
        },
        headers={"if-match": '"1"'},
    )

    assert body(response, 409)["code"] == "below_floor"
    assert Agreement.objects.get().state == "draft"


def draft_years(amount: int):
    from consortium.services import YearTerms

    return [YearTerms(amount, 0)] * 3


def test_a_draft_is_replaced_and_waived(program):
    client = program(staff("director"))
    agreement = draft(OrganizationFactory())
    url = f"/api/v1/agreements/{agreement.pk}/"

    changed = body(
        client.put(
            url,
            {
                "contracting_entity": "X",
                "effective_on": "2026-01-01",
                "years": [{"required": "300000.00", "fee_part": "0.00"}],
            },
            format="json",
            headers={"if-match": '"1"'},
        )
    )
    waived = body(waive(client, url, changed["version"]))

    assert (changed["term_years"], waived["waiver"]["reason"]) == (1, "Pilot")


def waive(client, url: str, version: int):
    return client.post(
        f"{url}waive/",
        {"reason": "Pilot"},
        format="json",
        headers={"if-match": f'"{version}"'},
    )


@pytest.mark.parametrize(
    ("years", "where"),
    [
        ([], "years"),
        ([{"required": "500000.005", "fee_part": "0"}], "years"),
        ([{"required": "-1", "fee_part": "0"}], "years"),
        ([{"required": "500000"}], "years"),
    ],
)
def test_bad_terms_are_told_field_by_field(client, years, where):
    organization = OrganizationFactory()

    response = client.post(
        f"/api/v1/organizations/{organization.pk}/agreements/",
        {"contracting_entity": "X", "effective_on": "2026-01-01", "years": years},
        format="json",
    )

    answer = body(response, 400)
    assert answer["code"] == "invalid"
    assert list(answer["errors"]) == [where]


def test_a_write_changes_only_what_its_operation_lists(client):
    """API-01."""
    organization = OrganizationFactory(name="Flex")

    client.patch(
        f"/api/v1/organizations/{organization.pk}/",
        {"name": "Stolen", "version": 99, "id": 5, "sector": "energy"},
        format="json",
        headers={"if-match": '"1"'},
    )

    organization.refresh_from_db()
    assert (organization.name, organization.version) == ("Flex", 2)


def test_a_token_acts_for_its_person_and_a_reading_one_changes_nothing(api, cast):
    reading = issue_token(
        cast["staff"], scope=TokenScope.READ, lifetime=ApiToken.LIFETIME
    )
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {reading}")

    seen = client.get("/api/v1/organizations/")
    refused = client.post("/api/v1/organizations/", {}, format="json")

    assert len(body(seen)["results"]) == 2
    assert body(refused, 403)["code"] == "permission_denied"


def test_former_contacts_of_the_own_company_are_not_shown(api, cast):
    found = body(api(cast["sponsor"]).get("/api/v1/contacts/?page_size=100"))

    assert "leaver@siemens.example" not in {c["email"] for c in found["results"]}


def test_the_document_describes_every_operation(client):
    """API-02: each answers as the schema says is checked by the browser of it too."""
    schema = body(client.get("/api/schema/?format=json"))

    described = {path.split("/")[3] for path in schema["paths"]}
    assert described == {
        "account",
        *(prefix for prefix, _view, _name in router.registry),
    }
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_roles_of_a_coming_day_give_nothing_yet(api):
    role = RoleFactory(role=ContactRole.SPONSOR, from_on=date(2999, 1, 1))

    assert not RoleAssignment.objects.held(on=TODAY).exists()
    assert role.contact.user is None


def test_an_amendment_through_the_api_from_draft_to_force(program):
    client = program(staff("director"))
    agreement = sign(draft(OrganizationFactory()))
    asked = {
        "effective_on": TODAY.isoformat(),
        "reason": "Asked for",
        "years": [
            {"number": 3, "required": "400000.00", "fee_part": "200000.00"},
            {"number": 4, "required": "550000.00", "fee_part": "275000.00"},
        ],
    }
    drafted = body(
        client.post(
            f"/api/v1/agreements/{agreement.pk}/amendments/",
            asked,
            format="json",
        ),
        201,
    )
    url = f"/api/v1/amendments/{drafted['id']}/"

    preview = body(client.get(f"{url}preview/"))
    waiver = {"reason": "A pilot"}
    tag = {"if-match": '"1"'}
    body(client.post(f"{url}waive/", waiver, format="json", headers=tag))
    signature = {
        "signed_on": TODAY.isoformat(),
        "signed_for_member_by": "A",
        "signed_for_mit_by": "B",
        "file": sent(),
    }
    signed = body(client.post(f"{url}sign/", signature, headers={"if-match": '"2"'}))

    assert preview["needs_waiver"]
    assert [(y["before"], y["after"]) for y in preview["years"]][2] == (
        *("500000.00", "400000.00"),
    )
    assert [y["is_added"] for y in preview["years"]] == [False, False, False, True]
    assert preview["terms"][0]["after"] == "May 26, 2029"
    fell = {"after": "200000.00", "difference": "-75000.00"}
    came = {"after": "275000.00", "difference": "275000.00"}
    assert preview["forecast"]["years"][2:] == [
        *[{"number": 3, "before": "275000.00"} | fell],
        *[{"number": 4, "before": "0.00"} | came],
    ]
    assert preview["forecast"]["difference"] == "200000.00"
    instalments = preview["elsewhere"][1]
    assert instalments["part"] == "Instalments to come"
    assert instalments["changes"] == [
        {"what": "Year 3, May 27, 2027", "before": "$275,000", "after": "$200,000"},
        {"what": "Year 4, May 27, 2028", "before": "", "after": "$275,000"},
    ]
    assert (signed["state"], signed["number"]) == ("signed", 1)
    years = f"/api/v1/commitment-years/?agreement={agreement.pk}"
    third = body(client.get(years))["results"][2]
    assert (third["required"], third["required_at_signing"]) == (
        *("400000.00", "500000.00"),
    )
    extended = body(client.get(f"/api/v1/agreements/{agreement.pk}/"))
    assert (extended["term_years"], extended["ends_on"]) == (4, "2029-05-26")
    before = body(client.get(f"{years}&as_known_on=2026-01-01"))["results"][2]
    assert before["required"] == "500000.00"


def test_who_read_a_preview_before_another_was_signed_reads_it_again(client):
    agreement = sign(draft(OrganizationFactory()))
    first, other = [amend(agreement, payment_terms_days=days) for days in (45, 60)]
    url = f"/api/v1/amendments/{other.pk}/"
    read = client.get(url).headers["ETag"]
    sign_amendment(first)
    signature = {"signed_on": TODAY.isoformat(), "signed_for_member_by": "A"}
    signature |= {"signed_for_mit_by": "B", "file": sent()}

    answer = client.post(f"{url}sign/", signature, headers={"if-match": read})

    assert body(answer, 412)["code"] == "edit_conflict"


def test_years_that_were_added_later_are_not_known_before(client):
    agreement = sign(draft(OrganizationFactory()))
    longer = {4: services.YearTerms(Decimal(600_000), Decimal(0))}
    sign_amendment(amend(agreement, years=longer))
    url = f"/api/v1/commitment-years/?agreement={agreement.pk}"

    def numbers(day: str) -> list[int]:
        rows = body(client.get(f"{url}&as_known_on={day}"))["results"]
        return [row["number"] for row in rows]

    assert numbers("2026-11-21") == [1, 2, 3]
    assert numbers("2026-11-22") == [1, 2, 3, 4]
    added = agreement.commitment_years.get(number=4)
    alone = f"/api/v1/commitment-years/{added.pk}/"
    body(client.get(f"{alone}?as_known_on=2026-11-21"), 404)
    body(client.get(alone))


def test_terms_in_force_stand_beside_what_was_signed(api):
    agreement = sign(draft(OrganizationFactory()))
    sign_amendment(amend(agreement, payment_terms_days=60))

    shown = body(api(staff("auditor")).get(f"/api/v1/agreements/{agreement.pk}/"))

    assert (shown["payment_terms_days"], shown["in_force"]["payment_terms_days"]) == (
        *(30, 60),
    )


def test_a_deviation_is_written_down_and_removed(client):
    agreement = draft(OrganizationFactory())
    words = {
        "clause": "4.2",
        "template_says": "One",
        "agreement_says": "Two",
        "reason": "Two divisions",
    }

    added = body(
        client.post(
            f"/api/v1/agreements/{agreement.pk}/deviations/", words, format="json"
        ),
        201,
    )
    shown = body(client.get(f"/api/v1/agreements/{agreement.pk}/"))["deviations"]
    removed = client.post(f"/api/v1/deviations/{added['id']}/remove/")

    assert shown == [added]
    assert removed.status_code == 204
    assert not agreement.deviations.exists()
