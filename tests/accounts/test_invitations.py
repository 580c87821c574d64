"""Invitations: one link, to one address, good once and for 14 days (AUT-06, TEN-07)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inm_portal.accounts import invitations, roles
from inm_portal.accounts.invitations import (
    AlreadyInvited,
    InvitationOver,
    OwnInvitation,
    SignInFirst,
)
from inm_portal.accounts.models import Invitation, InvitationState, User, digest_of
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel import outbox
from inm_portal.kernel.models import JournalEntry, Message, MessageState
from tests.factories.accounts import (
    UserFactory,
    invitation_to_inm,
    staff,
    token_of,
)

pytestmark = pytest.mark.django_db

PASSWORD = "staple and orchard lamp"
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD}
OPEN, ACCEPT = "/accounts/invitation/{}/", "/accounts/invitation/"


def follow(token: str, client: Client | None = None) -> tuple[Client, object]:
    """Open a link; return the browser and what it shows."""
    client = client or Client()
    return client, client.get(OPEN.format(token), follow=True)


def accept(invitation: Invitation, **how) -> User:
    how = {"password": PASSWORD, "by": None, "at": timezone.now()} | how
    return invitations.accept(invitation, digest=invitation.digest, **how)


def verbs(invitation: Invitation) -> list[str]:
    entries = JournalEntry.objects.about(invitation).order_by("pk")
    return list(entries.values_list("verb", flat=True))


def test_a_link_opens_an_account_in_the_invited_role_and_signs_in():
    invitation = invitation_to_inm("New@inm.example", role=roles.FINANCE)
    client, page = follow(token_of(invitation))

    answer = client.post(ACCEPT, PASSWORDS)

    assert b"New Person" in page.content
    assert answer.url == "/"
    assert client.get("/").status_code == 200
    user = User.objects.get(email="new@inm.example")
    assert user.check_password(PASSWORD)
    assert [group.name for group in user.groups.all()] == [roles.FINANCE]
    assert verbs(invitation) == [Verb.INVITED, Verb.INVITATION_ACCEPTED]


def test_who_just_chose_a_password_sets_up_a_second_factor_at_once():
    client, _page = follow(token_of(invitation_to_inm("new@inm.example")))
    client.post(ACCEPT, PASSWORDS)

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_mail_goes_to_the_invited_address_with_the_configured_host(settings):
    settings.PORTAL_URL = "https://portal.example"

    invitation = invitation_to_inm()

    message = Message.objects.get()
    assert message.recipient == "new@inm.example"
    assert message.opens_something
    assert f"https://portal.example{OPEN.format(token_of(invitation))}" in message.text


def test_the_token_stands_nowhere_but_in_the_mail():
    invitation = invitation_to_inm()
    token = token_of(invitation)

    assert invitation.digest == digest_of(token) != token
    assert token not in str(list(JournalEntry.objects.values()))


def test_a_link_is_used_once():
    """Case 46: nothing is revealed afterwards."""
    invitation = invitation_to_inm()
    token = token_of(invitation)
    client, _page = follow(token)
    client.post(ACCEPT, PASSWORDS)

    _other, page = follow(token)

    assert page.status_code == 404
    assert b"New Person" not in page.content


def dead_links() -> dict[str, str]:
    """Return a token of each kind that opens nothing."""
    dead = {"unknown": "x" * 43}
    for number, kind in enumerate(["accepted", "revoked", "resent", "expired", "out"]):
        at = timezone.now() - timedelta(days=20 if kind == "expired" else 0)
        invitation = invitation_to_inm(f"p{number}@inm.example", at=at)
        dead[kind] = token_of(invitation)
        if kind == "accepted":
            accept(invitation)
        if kind == "revoked":
            invitations.revoke_invitation(invitation, by=None)
        if kind == "resent":
            invitations.resend_invitation(invitation, at=timezone.now(), by=None)
        if kind == "out":
            UserFactory(email=invitation.email, is_active=False)
    return dead


def test_every_dead_link_gets_one_answer():
    """AUT-01 and case 46: not why it is dead, nor for whom it was."""
    answers = {kind: follow(token)[1] for kind, token in dead_links().items()}

    assert {answer.status_code for answer in answers.values()} == {404}
    bodies = {
        re.sub(r'X-CSRFToken": "\w+"', "", answer.content.decode())
        for answer in answers.values()
    }
    assert len(bodies) == 1


def test_a_link_that_died_after_it_was_opened_lets_nobody_in():
    invitation = invitation_to_inm()
    client, _page = follow(token_of(invitation))
    invitations.revoke_invitation(invitation, by=None)

    answer = client.post(ACCEPT, PASSWORDS)

    assert answer.status_code == 404
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_link_lasts_for_14_days():
    invitation = invitation_to_inm()
    token = token_of(invitation)

    with time_machine.travel(invitation.expires_at - timedelta(minutes=1)):
        assert follow(token)[1].status_code == 200
    with time_machine.travel(invitation.expires_at):
        assert follow(token)[1].status_code == 404


def test_a_link_that_died_since_the_page_was_asked_for_lets_nobody_in():
    """Replaced, or run out, between the look at it and the lock."""
    invitation = invitation_to_inm()
    old = invitation.digest
    invitations.resend_invitation(invitation, at=timezone.now(), by=None)
    now = Invitation.objects.get()
    tries = [(old, timezone.now()), (now.digest, now.expires_at)]

    for digest, at in tries:
        with pytest.raises(InvitationOver):
            invitations.accept(now, digest=digest, at=at, password=PASSWORD, by=None)

    assert not User.objects.filter(email=invitation.email).exists()


def test_sending_again_makes_a_new_link_and_ends_the_old():
    invitation = invitation_to_inm(at=timezone.now() - timedelta(days=20))
    old = token_of(invitation)

    invitations.resend_invitation(invitation, at=timezone.now(), by=None)

    assert follow(old)[1].status_code == 404
    assert follow(token_of(invitation))[1].status_code == 200
    assert verbs(invitation) == [Verb.INVITED, Verb.INVITATION_RESENT]


def test_the_rules_of_passwords_hold_here_too():
    invitation = invitation_to_inm()
    client, _page = follow(token_of(invitation))

    answers = [
        client.post(ACCEPT, dict.fromkeys(PASSWORDS, password))
        for password in ["too short", "new@inm.example"]
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not User.objects.filter(email=invitation.email).exists()


def test_what_somebody_sends_along_changes_neither_role_nor_address():
    """TEN-07."""
    invitation = invitation_to_inm(role=roles.FINANCE)
    client, _page = follow(token_of(invitation))

    more = {"role": roles.ADMIN, "email": "other@inm.example", "groups": "1"}
    client.post(ACCEPT, PASSWORDS | more)

    user = User.objects.get()
    assert user.email == invitation.email
    assert [group.name for group in user.groups.all()] == [roles.FINANCE]


def test_who_has_an_account_signs_in_to_accept(person, door):
    invitation = invitation_to_inm(person.email)
    client, page = follow(token_of(invitation))
    refused = client.post(ACCEPT, PASSWORDS)

    assert b"Sign in to accept" in page.content
    assert refused.url == ACCEPT
    person.refresh_from_db()
    assert not person.check_password(PASSWORD)
    door(person.email, client=client)
    assert client.post(ACCEPT).url == "/"
    assert person.groups.count() == 1


def test_an_invitation_never_joins_another_account(person, door):
    """TEN-07: not even that of somebody who holds the link."""
    invitation = invitation_to_inm()
    client, _answer = door(person.email)
    client, page = follow(token_of(invitation), client)

    client.post(ACCEPT, PASSWORDS)

    assert b"This invitation is for new@inm.example" in page.content
    assert not person.groups.exists()
    assert Invitation.objects.get().state == InvitationState.PENDING


def test_an_account_without_a_password_gets_one_by_the_link():
    user = UserFactory(email="new@inm.example")
    user.set_unusable_password()
    user.save()

    assert accept(invitation_to_inm()) == user

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_who_was_shut_out_does_not_come_back_by_a_link():
    UserFactory(email="new@inm.example", is_active=False)

    with pytest.raises(InvitationOver):
        accept(invitation_to_inm())


def test_nobody_comes_in_without_a_password():
    with pytest.raises(SignInFirst):
        accept(invitation_to_inm(), password="")


def test_nobody_invites_themselves():
    """TEN-07."""
    admin = staff(roles.ADMIN)

    with pytest.raises(OwnInvitation):
        invitation_to_inm(admin.email.upper(), role=roles.DIRECTOR, by=admin)


def test_inm_invites_an_address_once_at_a_time():
    first = invitation_to_inm()

    with pytest.raises(AlreadyInvited):
        invitation_to_inm("NEW@inm.example", role=roles.ADMIN)

    invitations.revoke_invitation(first, by=None)
    assert invitation_to_inm() != first


@pytest.mark.parametrize("again", [0, 1])
def test_what_is_over_is_neither_sent_again_nor_revoked(again):
    invitation = invitation_to_inm()
    invitations.revoke_invitation(invitation, by=None)

    with pytest.raises(InvitationOver):
        if again:
            invitations.resend_invitation(invitation, at=timezone.now(), by=None)
        else:
            invitations.revoke_invitation(invitation, by=None)


def test_a_mail_that_waited_too_long_is_not_sent():
    invitation = invitation_to_inm()
    invitations.resend_invitation(invitation, at=timezone.now(), by=None)
    old, new = Message.objects.order_by("pk")

    outbox.send_due(at=timezone.now())

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (MessageState.CANCELLED, MessageState.SENT)
    assert old.text == new.text == ""


def test_inviting_answers_alike_for_known_and_unknown_addresses(sign_in):
    """AUT-01."""
    client = sign_in(staff(roles.PROGRAM_STAFF))
    UserFactory(email="known@mit.example")

    answers = [
        client.post(
            "/people/invitations/new/", {"name": "A", "email": f"{who}@mit.example"}
        )
        for who in ["known", "unknown"]
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert Message.objects.count() == 2


def test_program_staff_invite_to_no_role(sign_in, api):
    """TEN-07: whatever they send along."""
    person = staff(roles.PROGRAM_STAFF)
    body = {"name": "A", "email": "a@mit.example", "role": roles.ADMIN}

    sign_in(person).post("/people/invitations/new/", body)
    answer = api(person).post("/api/v1/invitations/", body, format="json")

    assert [i.role for i in Invitation.objects.all()] == [None]
    assert answer.status_code == 403


def test_an_invitation_to_a_role_is_made_by_those_who_give_roles(api):
    admin = staff(roles.ADMIN)
    body = {"name": "A", "email": "a@mit.example", "role": roles.FINANCE}

    answer = api(admin).post("/api/v1/invitations/", body, format="json")

    assert answer.status_code == 201
    assert answer.json()["role"] == roles.FINANCE
    assert answer.json()["status"] == "sent"


def test_guessing_links_is_limited():
    """AUT-02."""
    client = Client()

    statuses = [client.get(OPEN.format("x" * 43)).status_code for _try in range(31)]

    assert statuses == [404] * 30 + [429]


def test_the_list_tells_what_became_of_each(sign_in):
    dead_links()
    client = sign_in(staff(roles.ADMIN))

    page = client.get("/people/invitations/?status=expired")

    assert [i.email for i in page.context["page"]] == ["p3@inm.example"]


@pytest.mark.parametrize(
    "change",
    [
        {"state": InvitationState.ACCEPTED},
        {"email": "Upper@inm.example"},
        {"role": None},
    ],
)
def test_the_database_refuses_what_the_rules_do_not_allow(change):
    invitation = invitation_to_inm()

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**change)


def test_the_database_refuses_to_open_what_is_over():
    invitation = invitation_to_inm()
    invitations.revoke_invitation(invitation, by=None)

    with pytest.raises(Exception, match="transition"), transaction.atomic():
        Invitation.objects.update(state=InvitationState.PENDING)
