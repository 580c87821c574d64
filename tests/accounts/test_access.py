"""Roles at INM are given and taken, and access ends, from the next request on."""

import io

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from inm_portal.accounts import access, roles
from inm_portal.accounts.access import (
    AccessEnded,
    AccessNotEnded,
    LastManager,
    OwnAccess,
    RoleHeld,
    RoleNotHeld,
)
from inm_portal.accounts.models import ApiToken, Invitation, InvitationState, User
from inm_portal.accounts.tokens import issue_token
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel import documents, jobs
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import UserFactory, invitation_to_inm, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db) -> User:
    return staff(roles.ADMIN)


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def verbs(user: User) -> list[str]:
    entries = JournalEntry.objects.about(user).order_by("pk")
    return list(entries.values_list("verb", flat=True))


def test_a_role_works_from_the_next_request_on_and_no_longer(admin, sign_in):
    """TEN-06."""
    user = UserFactory()
    client = sign_in(user)
    url = "/consortium/members/new/"
    before = client.get(url).status_code

    access.give_role(user, role=role(roles.PROGRAM_STAFF), by=admin)
    given = client.get(url).status_code
    access.take_role(user, role=role(roles.PROGRAM_STAFF), by=admin)

    assert (before, given, client.get(url).status_code) == (403, 200, 403)
    assert verbs(user) == [Verb.ROLE_GIVEN, Verb.ROLE_TAKEN]


@pytest.mark.parametrize("change", ["give_role", "take_role", "end_access"])
def test_nobody_changes_their_own_access(admin, change):
    """TEN-07."""
    how = {} if change == "end_access" else {"role": role(roles.DIRECTOR)}

    with pytest.raises(OwnAccess):
        getattr(access, change)(admin, **how, by=admin)


def test_nobody_is_shown_the_buttons_for_themselves(admin, sign_in, api):
    """TEN-07."""
    page = sign_in(admin).get(admin.get_absolute_url())
    answer = api(admin).post(
        f"/api/v1/people/{admin.pk}/give-role/", {"role": roles.DIRECTOR}
    )

    assert b"Give a role" not in page.content
    assert answer.status_code == 403
    assert [group.name for group in admin.groups.all()] == [roles.ADMIN]


def test_ended_access_works_from_the_next_request_on(admin, sign_in):
    """TEN-06."""
    user = staff(roles.FINANCE)
    issue_token(user, scope="read", lifetime=ApiToken.LIFETIME)
    client = sign_in(user)
    invitation = invitation_to_inm(user.email, role=roles.DIRECTOR)

    access.end_access(user, by=admin)

    assert client.get("/").status_code == 302
    assert not ApiToken.objects.exists()
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.REVOKED
    assert verbs(user) == [
        *[Verb.TOKEN_ISSUED, Verb.ACCESS_ENDED],
        *[Verb.SESSIONS_ENDED, Verb.TOKENS_REVOKED],
    ]


def test_restored_access_brings_the_roles_back_but_no_session(admin, sign_in):
    user = staff(roles.FINANCE)
    client = sign_in(user)
    access.end_access(user, by=admin)
    client.get("/")

    access.restore_access(user, by=admin)

    assert client.get("/").status_code == 302
    user.refresh_from_db()
    assert user.has_perm("consortium.view_organization")


def test_what_is_so_already_is_refused(admin):
    user = staff(roles.FINANCE)
    with pytest.raises(RoleHeld):
        access.give_role(user, role=role(roles.FINANCE), by=admin)
    with pytest.raises(RoleNotHeld):
        access.take_role(user, role=role(roles.ADMIN), by=admin)
    with pytest.raises(AccessNotEnded):
        access.restore_access(user, by=admin)

    access.end_access(user, by=admin)

    with pytest.raises(AccessEnded):
        access.end_access(user, by=admin)
    with pytest.raises(AccessEnded):
        access.give_role(user, role=role(roles.ADMIN), by=admin)


@pytest.mark.parametrize("change", ["take_role", "end_access"])
def test_somebody_is_left_who_manages_people(admin, change):
    how = {"role": role(roles.ADMIN)} if change == "take_role" else {}

    with pytest.raises(LastManager):
        getattr(access, change)(admin, **how, by=None)

    admin.refresh_from_db()
    assert admin.is_active
    assert admin.groups.exists()


def test_an_invitation_to_a_role_ends_with_the_access_only_of_its_address(admin):
    other = invitation_to_inm("other@inm.example")

    access.end_access(UserFactory(), by=admin)

    assert Invitation.objects.get(pk=other.pk).state == InvitationState.PENDING


def test_a_role_that_was_promised_ends_with_the_right_to_give_it(admin):
    """Nobody invites a second self to come back by (TEN-06)."""
    leaver, mover = staff(roles.ADMIN), staff(roles.DIRECTOR)
    promised = [
        invitation_to_inm(f"self{number}@mit.example", by=by)
        for number, by in enumerate([leaver, mover, admin])
    ]

    access.end_access(leaver, by=admin)
    access.take_role(mover, role=role(roles.DIRECTOR), by=admin)

    states = [Invitation.objects.get(pk=one.pk).state for one in promised]
    assert states == [
        *[InvitationState.REVOKED, InvitationState.REVOKED],
        InvitationState.PENDING,
    ]


def test_a_role_that_was_promised_outlives_another_role_of_its_giver(admin):
    director = staff(roles.DIRECTOR)
    director.groups.add(role(roles.FINANCE))
    promised = invitation_to_inm(by=director)

    access.take_role(director, role=role(roles.FINANCE), by=admin)

    assert Invitation.objects.get(pk=promised.pk).state == InvitationState.PENDING


def test_what_was_written_for_a_role_ends_with_it(admin):
    """A file shows what its person saw when it was made (TEN-06)."""
    user = staff(roles.FINANCE)
    with transaction.atomic():
        job = jobs.ask("tests.nothing", title="File", by=user, at=timezone.now())
    result = documents.keep(
        io.BytesIO(b"x"),
        kind=documents.RESULTS,
        subject=job,
        name="members.xlsx",
        content_type="text/plain",
        at=timezone.now(),
    )
    before = user.has_perm("kernel.view_document", result)

    access.take_role(user, role=role(roles.FINANCE), by=admin)

    assert before
    assert not user.has_perm("kernel.view_document", result)
