"""Who leaves a company, and what stays (cases 41 to 43)."""

from datetime import timedelta

import pytest

from consortium import services
from consortium.models import Contact, ContactRole, Organization
from inm_portal.accounts import roles
from inm_portal.accounts.models import ApiToken
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel.models import Task
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    person_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def siemens() -> Organization:
    return OrganizationFactory(name="Siemens")


def leave(contact: Contact) -> None:
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)


def test_a_leavers_sessions_and_tokens_end_at_the_next_request(siemens, sign_in):
    """Case 41 and TEN-06."""
    contact = person_at(siemens, ContactRole.SPONSOR)
    client = sign_in(contact.user)
    issue_token(contact.user, scope="read", lifetime=ApiToken.LIFETIME)

    leave(contact)

    assert client.get("/").status_code == 302
    assert not ApiToken.objects.exists()


def test_a_role_that_was_taken_back_before_it_began_needs_no_successor(siemens):
    contact = person_at(siemens, ContactRole.BILLING)
    soon = TODAY + timedelta(days=10)
    legal = services.assign_role(contact, role=ContactRole.LEGAL, from_on=soon, by=None)
    services.end_role(legal, until_on=soon, by=None)

    leave(contact)

    kinds = Task.objects.values_list("kind", flat=True)
    assert set(kinds) == {"consortium.replace_billing_at_inm"}


def test_who_is_at_another_company_too_stays_signed_in_there(siemens, sign_in):
    contact = person_at(siemens, ContactRole.SPONSOR)
    other = ContactFactory(user=contact.user)
    client = sign_in(contact.user)

    leave(contact)

    assert client.get(siemens.get_absolute_url()).status_code == 404
    assert client.get(other.organization.get_absolute_url()).status_code == 200


def test_who_becomes_staff_keeps_that_role_and_loses_the_company(siemens, sign_in):
    """Case 43."""
    contact = person_at(siemens, ContactRole.COUNCIL)
    contact.user.groups.add(*staff(roles.FINANCE).groups.all())

    leave(contact)

    assert sign_in(contact.user).get("/").status_code == 200
    assert not contact.roles.filter(until_on=None).exists()


def test_who_moves_sees_the_new_member_and_nothing_of_the_old(siemens, sign_in):
    """Case 42."""
    old = person_at(siemens, ContactRole.TECHNICAL)
    leave(old)
    new = ContactFactory(user=old.user, email="same@new.example")

    client = sign_in(old.user)

    assert client.get(new.organization.get_absolute_url()).status_code == 200
    for url in [siemens.get_absolute_url(), old.get_absolute_url()]:
        assert client.get(url).status_code == 404
    assert b"Siemens" not in client.get("/").content


def recipients(organization: Organization) -> set[str]:
    found = Contact.objects.recipients(organization, ContactRole.BILLING, on=TODAY)
    return {contact.name for contact in found}


def test_mail_for_a_vacant_role_goes_to_the_sponsor(siemens):
    """Case 41."""
    billing = person_at(siemens, ContactRole.BILLING)
    sponsor = person_at(siemens, ContactRole.SPONSOR)
    second = ContactFactory(organization=siemens)
    RoleFactory(contact=second, role=ContactRole.BILLING)
    before = recipients(siemens)

    leave(billing)
    leave(second)

    assert before == {billing.name, second.name}
    assert recipients(siemens) == {sponsor.name}


def test_a_role_left_vacant_is_asked_of_the_sponsor_and_of_inm(siemens):
    """Case 41."""
    siemens.owner = staff(roles.DIRECTOR)
    siemens.save()
    sponsor = person_at(siemens, ContactRole.SPONSOR)
    leaver = person_at(siemens, ContactRole.BILLING)

    leave(leaver)

    asked = Task.objects.waiting_for(sponsor.user) | Task.objects.filter(
        person=siemens.owner
    )
    assert {task.person for task in asked} == {sponsor.user, siemens.owner}
    assert leaver.name not in "".join(task.what + task.why for task in asked)


def test_what_was_asked_is_done_once_somebody_is_named(siemens):
    leave(person_at(siemens, ContactRole.BILLING))
    successor = ContactFactory(organization=siemens)

    services.assign_role(successor, role=ContactRole.BILLING, from_on=TODAY, by=None)

    assert not Task.objects.open().exists()


def test_a_role_with_another_holder_is_not_asked_for(siemens):
    leaver = person_at(siemens, ContactRole.BILLING)
    second = ContactFactory(organization=siemens)
    RoleFactory(contact=second, role=ContactRole.BILLING)

    leave(leaver)

    assert not Task.objects.exists()
