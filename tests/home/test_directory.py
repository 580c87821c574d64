"""Staff's page of people: who is here, as what, and since when not any more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consortium.models import ContactRole
from consortium.services import depart_contact
from inm_portal.accounts import roles
from inm_portal.accounts.models import User
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, invitation_to_inm, staff
from tests.factories.consortium import OrganizationFactory, person_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db) -> User:
    return staff(roles.ADMIN)


@pytest.fixture
def client(sign_in, admin):
    return sign_in(admin)


def statements(client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


def names(client, query: str = "") -> set[str]:
    return {p.name for p in client.get(f"/people/{query}").context["page"]}


def somebody(number: int) -> User:
    company = OrganizationFactory(name=f"Company-{number}")
    user = person_at(company, ContactRole.SPONSOR).user
    user.groups.add(*staff(roles.FINANCE).groups.all())
    return user


def test_the_list_costs_the_same_with_few_rows_and_with_many(client):
    somebody(0)
    with_few = statements(client, "/people/")
    for number in range(1, 5):
        somebody(number)

    with_many = statements(client, "/people/")

    assert len(with_few) == len(with_many) <= 8
    assert len(set(with_many)) == len(with_many)


def test_the_list_of_invitations_costs_the_same_with_one_row_and_with_many(client):
    invitation_to_inm()
    with_one = statements(client, "/people/invitations/")
    for number in range(3):
        invitation_to_inm(f"p{number}@inm.example")

    with_many = statements(client, "/people/invitations/")

    assert len(with_one) == len(with_many) <= 8


def test_a_person_costs_the_same_with_few_companies_and_with_many(client):
    user = somebody(0)
    with_few = statements(client, user.get_absolute_url())
    for number in range(1, 4):
        contact = person_at(OrganizationFactory(name=f"C-{number}"), None)
        contact.user = user
        contact.save()
        invitation_to_inm(user.email).refresh_from_db() if number == 1 else None

    with_many = statements(client, user.get_absolute_url())

    assert len(with_few) == len(with_many) <= 8
    assert len(set(with_many)) == len(with_many)


def test_the_list_says_roles_and_companies_of_today(client):
    user = somebody(0)
    depart_contact(user.contacts.get(), on=TODAY, today=TODAY, by=None)
    person_at(OrganizationFactory(name="Siemens"), None)

    rows = {p.name: (p.role_names, p.companies) for p in listed(client)}

    assert rows[user.name] == (["finance"], [])
    assert ([], ["Siemens"]) in rows.values()


def listed(client) -> list[User]:
    return list(client.get("/people/").context["page"])


def test_the_list_is_narrowed_by_name_role_state_and_company(client, admin):
    ada = UserFactory(name="Ada Vogel", last_login=timezone.now())
    ended = UserFactory(name="Ended", is_active=False)
    at_siemens = person_at(OrganizationFactory(name="Siemens"), None)

    assert names(client, "?search=vogel") == {ada.name}
    assert names(client, "?role=admin") == {admin.name}
    assert names(client, "?standing=ended") == {ended.name}
    assert names(client, "?standing=active") == {ada.name}
    company = at_siemens.organization_id
    assert names(client, f"?organization={company}") == {at_siemens.user.name}


def test_who_never_signed_in_stands_first_when_sorted_by_sign_in(client):
    UserFactory(name="Seen", last_login=timezone.now())

    rows = [p.name for p in client.get("/people/?sort=signed_in").context["page"]]

    assert rows[-1] == "Seen"


def test_the_export_holds_what_the_list_shows_and_is_journaled(client):
    user = somebody(0)

    answer = client.get("/people/export/?role=finance")

    lines = answer.getvalue().decode().splitlines()
    assert any(
        user.email in line and "finance" in line and "Company-0" in line
        for line in lines
    )
    assert JournalEntry.objects.filter(verb="kernel.list_exported").count() == 1


def test_the_page_of_a_person_shows_companies_of_the_past_too(client):
    user = somebody(0)
    depart_contact(user.contacts.get(), on=TODAY, today=TODAY, by=None)

    page = client.get(user.get_absolute_url())

    (affiliation,) = page.context["affiliations"]
    assert affiliation.contact.departed_on == TODAY
    assert affiliation.roles == []


def test_roles_are_given_and_taken_on_the_page(client):
    user = UserFactory()
    url = user.get_absolute_url()

    client.post(f"{url}roles/give/", {"role": roles.FINANCE})
    held = [group.name for group in user.groups.all()]
    client.post(f"{url}roles/take/", {"role": roles.FINANCE})

    assert held == [roles.FINANCE]
    assert not user.groups.exists()


def test_access_is_ended_and_restored_on_the_page(client):
    user = UserFactory()
    url = user.get_absolute_url()

    client.post(f"{url}end-access/")
    ended = User.objects.get(pk=user.pk).is_active
    client.post(f"{url}restore-access/")

    assert (ended, User.objects.get(pk=user.pk).is_active) == (False, True)


@pytest.mark.parametrize("page", ["", "roles/give/", "roles/take/", "merge/"])
def test_the_frame_names_who_looks_and_not_whom_the_page_is_about(client, admin, page):
    person = staff(roles.FINANCE)

    context = client.get(f"{person.get_absolute_url()}{page}").context

    assert (context["user"], context["person"]) == (admin, person)
