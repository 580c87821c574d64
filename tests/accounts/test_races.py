"""Two at one link: one comes in, the other is told that it is over."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from inm_portal.accounts import access, invitations, roles
from inm_portal.accounts.access import LastManager
from inm_portal.accounts.invitations import AlreadyInvited, InvitationOver, SignInFirst
from inm_portal.accounts.models import Invitation, InvitationState, User
from tests.factories.accounts import invitation_to_inm, staff
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _role():
    Group.objects.get_or_create(name=roles.PROGRAM_STAFF)


def accept(invitation: Invitation) -> User:
    return invitations.accept(
        invitation,
        digest=invitation.digest,
        at=timezone.now(),
        password="staple and orchard lamp",
        by=None,
    )


def test_a_link_lets_one_in_however_many_follow_it_at_once():
    invitation = invitation_to_inm()

    outcomes = at_once(*[lambda: accept(invitation)] * 4)

    assert refusals(outcomes) == [InvitationOver] * 3
    assert User.objects.count() == 1


def test_a_link_is_accepted_or_revoked_but_not_both():
    invitation = invitation_to_inm()

    outcomes = at_once(
        lambda: accept(invitation),
        lambda: invitations.revoke_invitation(invitation, by=None),
    )

    assert refusals(outcomes) == [InvitationOver]
    state = Invitation.objects.get().state
    assert User.objects.exists() is (state == InvitationState.ACCEPTED)


def test_a_link_that_is_replaced_meanwhile_opens_nothing_or_was_first():
    invitation = invitation_to_inm()

    outcomes = at_once(
        lambda: accept(invitation),
        lambda: invitations.resend_invitation(invitation, at=timezone.now(), by=None),
    )

    assert refusals(outcomes) == [InvitationOver]


def test_two_invitations_of_one_address_make_one_account():
    first = invitation_to_inm()
    second = invitations.invite(
        first.email,
        "New Person",
        kind=Invitation.Kind.CAMPUS,
        place="On campus",
        at=timezone.now(),
        by=None,
    )

    outcomes = at_once(lambda: accept(first), lambda: accept(second))

    assert refusals(outcomes) == [SignInFirst]
    assert User.objects.count() == 1


def test_one_address_is_not_invited_twice_at_once():
    outcomes = at_once(*[invitation_to_inm] * 3)

    assert refusals(outcomes) == [AlreadyInvited] * 2
    assert Invitation.objects.count() == 1


def test_two_managers_do_not_shut_each_other_out():
    group, _created = Group.objects.get_or_create(name=roles.ADMIN)
    group.permissions.add(Permission.objects.get(codename="change_user"))
    first, second = staff(roles.ADMIN), staff(roles.ADMIN)

    outcomes = at_once(
        lambda: access.end_access(first, by=second),
        lambda: access.end_access(second, by=first),
    )

    assert refusals(outcomes) == [LastManager]
    assert User.objects.filter(is_active=True).count() == 1
