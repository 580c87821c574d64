"""Bearer tokens: shown once, kept as a digest, dated and scoped (API-04)."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from inm_portal.accounts.models import ApiToken, TokenScope, User
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel.models import JournalEntry, Message

from ..factories.accounts import UserFactory, staff

LIST = "/api/v1/organizations/"
NEW = {
    "name": "Flex",
    "legal_name": "Flex Ltd.",
    "named_since_on": "2020-01-01",
    "sector": "electronics",
}


@pytest.fixture
def director(db):
    return staff("director")


def printed(*args: str) -> str:
    out = StringIO()
    call_command("api_token", *args, stdout=out)
    return out.getvalue()


def call(token: str | bytes, data: dict | None = None, scheme: str = "Bearer"):
    said = token.decode("latin-1") if isinstance(token, bytes) else token
    request = {"headers": {"authorization": f"{scheme} {said}"}}
    if data is None:
        return Client().get(LIST, **request)
    return Client().post(LIST, data, content_type="application/json", **request)


def test_the_command_says_that_somebody_has_tokens_enough(director):
    for _number in range(20):
        issue_token(director, scope="read", lifetime=timedelta(days=1))

    with pytest.raises(CommandError, match="end one"):
        printed(director.email)


def test_the_command_prints_one_token_on_one_line(director):
    out = printed(director.email.upper())

    assert out.splitlines() == [out.strip()]
    assert len(out.strip()) >= 64
    assert (ApiToken.objects.get().user, ApiToken.objects.get().scope) == (
        director,
        TokenScope.WRITE,
    )


def test_each_run_prints_another(director):
    assert printed(director.email) != printed(director.email)


@pytest.mark.parametrize("is_active", [None, False])
def test_for_nobody_who_signs_in_there_is_no_token(db, is_active):
    if is_active is not None:
        UserFactory(email="gone@inm.example", is_active=is_active)

    with pytest.raises(CommandError, match=r"Nobody signs in as gone@inm\.example"):
        printed("gone@inm.example")

    assert not ApiToken.objects.exists()


def test_a_token_opens_the_api_for_its_person(director):
    token = printed(director.email).strip()

    assert call(token).status_code == 200
    assert call(token, NEW).status_code == 201


def test_a_token_of_scope_read_changes_nothing(director):
    token = printed(director.email, "--read-only").strip()

    refused = call(token, NEW)

    assert call(token).status_code == 200
    assert refused.status_code == 403
    assert refused.json() == {
        "code": "permission_denied",
        "detail": "This token may only read.",
    }


def test_a_token_allows_what_its_person_may_and_no_more(db):
    token = issue_token(
        UserFactory(), scope=TokenScope.WRITE, lifetime=timedelta(days=1)
    )

    assert call(token).json()["results"] == []
    assert call(token, NEW).status_code == 403


def test_an_expired_token_is_refused_and_kept(director):
    token = printed(director.email, "--days", "1").strip()
    other = printed(director.email, "--days", "9").strip()

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        statuses = [call(token).status_code, call(other).status_code]

    assert statuses == [401, 200]
    assert ApiToken.objects.count() == 2


def test_a_token_lives_for_ninety_days_unless_said_otherwise(director):
    printed(director.email)

    lives = ApiToken.objects.get().expiry - timezone.now()
    assert timedelta(days=89) < lives <= timedelta(days=90)


@pytest.mark.parametrize(
    "token", ["unknown", "", "a b", "f" * 64, b"\xff\xfe", "é", "x" * 5000]
)
def test_a_token_that_nobody_issued_is_refused(director, token):
    printed(director.email)

    answer = call(token)

    assert (answer.status_code, answer.json()["code"]) == (
        401,
        "authentication_failed",
    )


def test_a_token_that_begins_like_another_is_refused(director):
    token = printed(director.email).strip()

    assert call(token[:-1]).status_code == 401
    assert call(token[:25] + "f" * 39).status_code == 401


@pytest.mark.parametrize("data", [None, NEW])
def test_who_may_no_longer_sign_in_is_refused_at_the_next_request(director, data):
    token = printed(director.email).strip()
    before = call(token).status_code

    User.objects.update(is_active=False)

    assert (before, call(token, data).status_code) == (200, 401)


def test_a_removed_token_is_refused_at_the_next_request(director):
    token = printed(director.email).strip()
    ApiToken.objects.all().delete()

    assert call(token).status_code == 401


def test_only_a_digest_is_kept(director):
    token = printed(director.email).strip()

    (row,) = ApiToken.objects.values_list()
    assert token not in str(row)
    assert token[25:] not in str(row)


def test_a_token_in_the_address_opens_nothing(director):
    token = printed(director.email).strip()

    assert (
        Client().get(LIST, {"token": token, "access_token": token}).status_code == 401
    )


def test_a_token_opens_no_page(director):
    token = printed(director.email).strip()

    answer = Client().get("/", headers={"authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/")


def test_no_token_lasts_for_ever(director):
    printed(director.email)

    with pytest.raises(IntegrityError, match="api_token_expires"):
        ApiToken.objects.update(expiry=None)


def test_a_token_is_shown_by_its_beginning():
    assert str(ApiToken(token_key="abcdef")) == "abcdef…"


def test_a_session_writes_to_the_api_only_with_its_csrf_token(director):
    client = Client(enforce_csrf_checks=True)
    client.force_login(director)

    answer = client.post(LIST, NEW, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_its_person_is_told_of_a_new_token_and_not_of_what_it_is(db):
    """AUT-07."""
    user = UserFactory()

    token = issue_token(
        user, scope=TokenScope.READ, lifetime=timedelta(days=7), name="Figures"
    )

    told = Message.objects.get(to=user)
    assert told.kind == "accounts/mail/token_issued"
    assert "Figures" in told.text
    assert token not in told.text + told.html
    assert not JournalEntry.objects.filter(facts__contains={"name": "Figures"})
