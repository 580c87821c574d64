"""A company's people are invited as the contacts that they are."""

import pytest
from django.test import Client
from django.utils import timezone

from consortium import services
from consortium.models import Contact, ContactRole
from consortium.services.invitations import SignsInAlready
from inm_portal.accounts.invitations import (
    AlreadyInvited,
    InvitationOver,
    SignInFirst,
    revoke_invitation,
)
from inm_portal.accounts.models import InvitationState, User
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, token_of
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    person_at,
)

pytestmark = pytest.mark.django_db

PASSWORD = "staple and orchard lamp"


@pytest.fixture
def contact() -> Contact:
    siemens = OrganizationFactory(name="Siemens")
    contact = ContactFactory(organization=siemens, email="Ada@siemens.example")
    RoleFactory(contact=contact, role=ContactRole.TECHNICAL)
    return invite(contact)


def invite(contact: Contact) -> Contact:
    return services.invite_contact(contact, at=timezone.now(), by=None)


def accept(contact: Contact, **how) -> User:
    invitation = contact.invitation
    how = {"password": PASSWORD, "by": None} | how
    return services.accept_invitation(
        invitation, digest=invitation.digest, at=timezone.now(), **how
    )


def sees(user: User, contact: Contact) -> bool:
    return user.has_perm("consortium.view_organization", contact.organization)


def test_accepting_lets_somebody_in_as_the_contact_they_are(contact):
    user = accept(contact)

    contact.refresh_from_db()
    assert contact.user == user
    assert user.email == "ada@siemens.example"
    assert sees(user, contact)


def test_the_page_behind_the_link_says_company_and_roles(contact):
    page = Client().get(
        f"/accounts/invitation/{token_of(contact.invitation)}/", follow=True
    )

    text = page.content.decode()
    assert "Siemens" in text
    assert "Technical lead" in text


def test_a_person_at_two_companies_accepts_each_by_signing_in(contact):
    """Several affiliations, one account."""
    user = accept(contact)
    second = invite(ContactFactory(email=user.email))

    with pytest.raises(SignInFirst):
        accept(second)
    accept(second, by=user)

    assert sees(user, contact)
    assert sees(user, second)


def test_who_left_is_not_let_in_by_an_old_link(contact):
    """Case 46."""
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    page = Client().get(
        f"/accounts/invitation/{token_of(contact.invitation)}/", follow=True
    )

    assert page.status_code == 404
    assert b"Siemens" not in page.content
    with pytest.raises(InvitationOver):
        accept(contact)


def test_a_new_address_ends_the_invitation_to_the_old(contact):
    services.change_contact(contact, email="new@siemens.example", on=TODAY, by=None)

    with pytest.raises(InvitationOver):
        accept(contact)
    again = invite(contact)
    assert again.invitation.email == "new@siemens.example"


def test_a_new_job_title_leaves_the_invitation_alone(contact):
    services.change_contact(contact, job_title="Engineer", on=TODAY, by=None)

    assert accept(contact).email == "ada@siemens.example"


def test_a_contact_is_invited_once_at_a_time(contact):
    with pytest.raises(AlreadyInvited):
        invite(contact)

    revoke_invitation(contact.invitation, by=None)
    assert invite(contact).invitation.state == InvitationState.PENDING


def test_a_replaced_invitation_opens_nothing(contact):
    old = contact.invitation
    revoke_invitation(old, by=None)
    invite(contact)

    with pytest.raises(InvitationOver):
        services.accept_invitation(
            old, digest=old.digest, at=timezone.now(), password=PASSWORD, by=None
        )


def test_who_signs_in_is_not_invited():
    with pytest.raises(SignsInAlready):
        invite(person_at(OrganizationFactory(name="Siemens"), None))


def test_one_account_is_not_two_contacts_of_a_company(contact):
    user = UserFactory(email=contact.invitation.email)
    ContactFactory(organization=contact.organization, user=user, email="b@x.example")

    with pytest.raises(InvitationOver):
        accept(contact, by=user)
