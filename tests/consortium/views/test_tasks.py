"""What people do on the pages: done, refused beside the field, nothing lost."""

from datetime import date

import pytest
from django.urls import reverse

from consortium.models import (
    Agreement,
    Contact,
    ContactRole,
    Organization,
    RoleAssignment,
    Site,
)
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    draft,
    sign,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

TODAY = "2026-11-22"


@pytest.fixture
def client(sign_in, db):
    return sign_in(staff("program staff"))


@pytest.fixture
def director(sign_in, db):
    return sign_in(staff("director"))


def address(name: str, obj=None) -> str:
    return reverse(f"consortium:{name}", args=[obj.pk] if obj else [])


def errors(response) -> dict:
    assert response.status_code == 422
    return dict(response.context["form"].errors)


ORGANIZATION = {
    "name": "Flex",
    "legal_name": "Flex Ltd.",
    "named_since_on": "2016-09-28",
    "sector": "electronics",
    "website": "flex.example",
}


def test_staff_add_an_organization(client):
    response = client.post(address("add_member"), ORGANIZATION)

    organization = Organization.objects.get()
    assert response.url == organization.get_absolute_url()
    assert organization.website == "https://flex.example"


def test_a_taken_name_is_told_beside_the_name_and_what_was_typed_stays(client):
    OrganizationFactory(name="FLEX")

    response = client.post(address("add_member"), ORGANIZATION)

    assert errors(response) == {"name": ["Another organization goes by this name."]}
    assert 'value="Flex Ltd."' in response.content.decode()


def test_details_change_and_an_older_page_does_not_win(client):
    organization = OrganizationFactory()
    page = {"sector": "energy", "version": "1"}

    client.post(address("change_member", organization), page)
    response = client.post(
        address("change_member", organization), page | {"sector": "other"}
    )

    assert "Somebody else changed this" in str(errors(response))
    assert Organization.objects.get().sector == "energy"


def test_a_company_is_renamed(client):
    organization = OrganizationFactory(name="Flextronics")

    client.post(
        address("rename_member", organization),
        {"name": "Flex", "legal_name": "Flex Ltd.", "from_on": "2016-09-28"},
    )

    page = client.get(organization.get_absolute_url()).content.decode()
    assert "Flex Ltd." in page
    assert "Flextronics Inc." in page


def test_a_name_of_tomorrow_is_refused_beside_its_date(client):
    organization = OrganizationFactory()

    response = client.post(
        address("rename_member", organization),
        {"name": "New", "legal_name": "New", "from_on": "2999-01-01"},
    )

    assert list(errors(response)) == ["from_on"]


def test_a_site_is_added(client):
    organization = OrganizationFactory()

    client.post(
        address("add_site", organization),
        {"name": "Plant", "kind": "plant", "city": "Austin", "country": "US"},
    )

    assert Site.objects.get().organization == organization


def test_a_contact_is_added_gets_a_role_loses_it_and_leaves(client):
    organization = OrganizationFactory()
    person = {"name": "Ada", "email": "ada@x.example"}
    client.post(address("add_contact", organization), person)
    contact = Contact.objects.get()

    client.post(
        address("assign_role", contact), {"role": "sponsor", "from_on": "2026-01-01"}
    )
    role = RoleAssignment.objects.get()
    client.post(address("end_role", role), {"until_on": "2026-06-01"})
    client.post(address("depart_contact", contact), {"on": "2026-07-01"})

    contact.refresh_from_db()
    role.refresh_from_db()
    assert (role.until_on, contact.departed_on) == (date(2026, 6, 1), date(2026, 7, 1))
    assert client.get(contact.get_absolute_url()).status_code == 200


def test_a_second_sponsor_is_refused_beside_the_role(client):
    held = RoleFactory(role=ContactRole.SPONSOR)
    other = ContactFactory(organization=held.organization)

    response = client.post(
        address("assign_role", other), {"role": "sponsor", "from_on": TODAY}
    )

    assert list(errors(response)) == ["role"]
    assert RoleAssignment.objects.count() == 1


def test_a_departure_of_tomorrow_is_refused(client):
    response = client.post(
        address("depart_contact", ContactFactory()), {"on": "2999-01-01"}
    )

    assert list(errors(response)) == ["on"]


def test_a_sponsor_confirms_a_contact_with_one_press(sign_in, cast):
    response = sign_in(cast["sponsor"]).post(
        address("confirm_contact", cast.contact), follow=True
    )

    cast.contact.refresh_from_db()
    assert cast.contact.confirmed_on is not None
    assert "Details confirmed." in response.content.decode()


AGREEMENT = {
    "entity_country": "US",
    "contracting_entity": "Flex Ltd.",
    "effective_on": "2026-01-01",
    "currency": "USD",
    "billing_frequency": "annual",
    "payment_terms_days": "60",
    "renewal_notice_days": "90",
    "in_kind_cap_percent": "10.00",
    "cure_days": 90,
    **{f"required_{n}": "$500,000" for n in (1, 2, 3)},
    **{f"fee_part_{n}": "275000.00" for n in (1, 2, 3)},
}
SIGNATURE = {
    "version": "1",
    "signed_on": "2026-01-02",
    "signed_for_member_by": "A Sponsor",
    "signed_for_mit_by": "A Director",
}


def executed() -> dict:
    return {"file": sent()}


def test_an_agreement_is_drafted_changed_and_signed(client):
    organization = OrganizationFactory()
    client.post(address("draft_agreement", organization), AGREEMENT)
    agreement = Agreement.objects.get()

    changed = AGREEMENT | {"required_3": "650,000", "version": agreement.version}
    client.post(address("change_draft", agreement), changed)
    client.post(
        address("sign_agreement", agreement), SIGNATURE | {"version": "2"} | executed()
    )

    agreement.refresh_from_db()
    assert agreement.state == "signed"
    required = agreement.commitment_years.order_by("number")
    assert [year.required for year in required] == [500_000, 500_000, 650_000]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"required_2": ""}, "required_2"),
        ({"required_1": "1.005"}, "required_1"),
        ({"required_1": "much"}, "required_1"),
        ({"required_1": "-1"}, "required_1"),
        ({"fee_part_3": "500000.01"}, "fee_part_3"),
        ({"effective_on": "soon"}, "effective_on"),
        (
            {f"required_{n}": "" for n in (1, 2, 3)}
            | {f"fee_part_{n}": "" for n in (1, 2, 3)},
            "required_1",
        ),
    ],
)
def test_bad_terms_are_told_beside_the_field_and_nothing_is_saved(
    client, changes, field
):
    organization = OrganizationFactory()

    response = client.post(
        address("draft_agreement", organization), AGREEMENT | changes
    )

    assert list(errors(response)) == [field]
    assert not Agreement.objects.exists()
    assert 'value="$500,000"' in response.content.decode() or len(changes) > 2


def test_below_the_floor_a_director_waives_before_staff_record_the_signing(
    client, director
):
    organization = OrganizationFactory()
    short = AGREEMENT | {"required_3": "", "fee_part_3": ""}
    client.post(address("draft_agreement", organization), short)
    agreement = Agreement.objects.get()

    refused = client.post(address("sign_agreement", agreement), SIGNATURE | executed())
    pilot = {"reason": "Pilot", "version": "1"}
    forbidden = client.post(address("waive_floor", agreement), pilot)
    director.post(address("waive_floor", agreement), pilot)
    client.post(
        address("sign_agreement", agreement), SIGNATURE | {"version": "2"} | executed()
    )

    assert "a director can waive it" in str(errors(refused))
    assert forbidden.status_code == 403
    agreement.refresh_from_db()
    assert (agreement.state, agreement.waiver.reason) == ("signed", "Pilot")


def test_a_signed_agreement_is_not_changed(client):
    agreement = sign(draft(OrganizationFactory()))

    response = client.post(address("change_draft", agreement), AGREEMENT)

    assert response.status_code == 403


def test_the_page_of_an_agreement_offers_what_its_reader_may_do(
    client, director, sign_in, cast
):
    url = cast.drafted.get_absolute_url()
    as_staff = client.get(url).content.decode()
    as_auditor = sign_in(cast["auditor"]).get(url).content.decode()

    assert "Record signing" in as_staff
    assert "Record signing" not in as_auditor


def test_a_repeated_press_changes_nothing_more(client):
    agreement = draft(OrganizationFactory())

    client.post(
        address("sign_agreement", agreement),
        SIGNATURE | {"signed_on": TODAY} | executed(),
    )
    again = client.post(
        address("sign_agreement", agreement),
        SIGNATURE | {"signed_on": TODAY} | executed(),
    )

    assert again.status_code == 422
    assert JournalEntry.objects.filter(verb__endswith="agreement_signed").count() == 1


def test_what_was_read_is_what_is_signed(client):
    agreement = draft(OrganizationFactory())
    changed = AGREEMENT | {"required_1": "900,000", "version": "1"}
    client.post(address("change_draft", agreement), changed)

    response = client.post(address("sign_agreement", agreement), SIGNATURE | executed())

    assert "Somebody else changed this" in str(errors(response))
    agreement.refresh_from_db()
    assert agreement.state == "draft"


def test_an_edit_that_came_too_late_shows_what_is_there_and_can_be_saved_again(client):
    contact = ContactFactory(name="Ada")
    late = {"name": "Ada V.", "email": contact.email, "version": "1"}
    client.post(address("change_contact", contact), late | {"name": "Ada Vogel"})

    response = client.post(address("change_contact", contact), late)
    page = response.content.decode()
    again = client.post(address("change_contact", contact), late | {"version": "2"})

    assert "Now there is: Ada Vogel." in str(errors(response)["name"])
    assert 'name="version" value="2"' in page
    assert again.status_code == 302
    contact.refresh_from_db()
    assert contact.name == "Ada V."
