"""A newcomer's request makes no right; staff answer it once (TEN-07, AUT-09)."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from inm_portal.accounts import access_requests, roles
from inm_portal.accounts.access_requests import AlreadyAnswered
from inm_portal.accounts.models import AccessRequest, ApiToken, Outcome
from inm_portal.kernel.models import JournalEntry

from ..factories.accounts import UserFactory, staff

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


@pytest.fixture
def asked(db) -> AccessRequest:
    user = UserFactory(name="Nora Newcomer", email="nora@mit.test")
    return AccessRequest.objects.create(user=user, institution="mit", asked_at=NOW)


@pytest.fixture
def admin(db):
    return staff(roles.ADMIN)


def test_who_is_welcomed_keeps_the_account(asked, admin):
    answered = access_requests.welcome(asked, at=NOW, by=admin)

    assert (answered.outcome, answered.answered_by) == (Outcome.WELCOMED, admin)
    assert answered.user.is_active
    entry = JournalEntry.objects.about(asked.user).get()
    assert (entry.verb, entry.actor) == ("accounts.request_answered", admin)
    assert entry.facts == {"outcome": "welcomed"}


def test_who_is_declined_does_not_come_in_again(asked, admin, sign_in):
    browser = sign_in(asked.user)
    ApiToken.objects.create(user=asked.user, expiry=ApiToken.LIFETIME)

    access_requests.decline(asked, at=NOW, by=admin)

    assert browser.get("/").status_code == 302
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "answer", [access_requests.welcome, access_requests.decline], ids=["yes", "no"]
)
def test_a_request_is_answered_once(asked, admin, answer):
    access_requests.welcome(asked, at=NOW, by=admin)

    with pytest.raises(AlreadyAnswered):
        answer(asked, at=NOW, by=admin)

    asked.user.refresh_from_db()
    assert asked.user.is_active


def test_an_outcome_without_its_time_is_refused_by_the_database(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessRequest.objects.update(outcome=Outcome.WELCOMED)


def test_nobody_closes_the_account_of_a_colleague_by_an_old_request(asked, admin):
    asked.user.groups.set(staff(roles.DIRECTOR).groups.all())

    assert not admin.has_perm("accounts.decline_accessrequest", asked)
    assert admin.has_perm("accounts.welcome_accessrequest", asked)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.DIRECTOR, {"view", "welcome", "decline"}),
        (roles.ADMIN, {"view", "welcome", "decline"}),
        (roles.PROGRAM_STAFF, {"view", "welcome"}),
        (roles.AUDITOR, {"view"}),
        (roles.FINANCE, set()),
    ],
)
def test_who_may_do_what_with_a_request(asked, role, may):
    somebody = staff(role)

    held = {
        action
        for action in ["view", "welcome", "decline"]
        if somebody.has_perm(f"accounts.{action}_accessrequest", asked)
    }

    assert held == may


def test_the_list_shows_who_waits_and_asks_no_more_for_more_rows(
    asked, admin, sign_in, django_assert_max_num_queries
):
    browser = sign_in(admin)
    browser.get("/people/requests/")
    with django_assert_max_num_queries(10) as one:
        page = browser.get("/people/requests/?outcome=open")
    for number in range(3):
        user = UserFactory(name=f"Newcomer {number}")
        AccessRequest.objects.create(user=user, institution="mit", asked_at=NOW)

    with django_assert_max_num_queries(len(one)):
        browser.get("/people/requests/?outcome=open")

    assert "Nora Newcomer" in page.content.decode()


def test_the_page_and_the_api_lead_to_the_same(asked, admin, sign_in, api):
    sign_in(admin).post(f"/people/requests/{asked.pk}/welcome/")

    answer = api(admin).post(f"/api/v1/access-requests/{asked.pk}/decline/")

    assert answer.status_code == 403
    asked.refresh_from_db()
    assert asked.outcome == Outcome.WELCOMED
