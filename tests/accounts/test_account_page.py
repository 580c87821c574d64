"""Your account: tokens made and ended on the page and by programs (API-04)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inm_portal.accounts.models import ApiToken, TokenScope
from inm_portal.accounts.tokens import MOST, TooManyTokens, issue_token
from inm_portal.kernel.models import KeptAnswer, Session

from ..factories.accounts import UserFactory

NEW = "/account/tokens/new/"
TYPED = {"name": "Nightly copy", "scope": "read", "days": "30"}
TOKENS, SIGN_INS = "/api/v1/tokens/", "/api/v1/sign-ins/"


def token_in(answer) -> str:
    return answer.content.decode().split('id="token"')[1].split('value="')[1][:64]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_token_made_on_the_page_opens_the_api(person, door):
    client, _answer = door(person.email)

    token = token_in(client.post(NEW, TYPED))

    row = ApiToken.objects.get()
    assert (row.name, row.scope, row.user) == ("Nightly copy", "read", person)
    assert Client().get(TOKENS, headers=bearer(token)).status_code == 200


def test_a_token_is_shown_once(person, door):
    client, _answer = door(person.email)
    token = token_in(client.post(NEW, TYPED))

    page = client.get("/account/").content.decode()

    assert token not in page
    assert f"{token[:15]}…" in page


def test_a_token_needs_a_fresh_sign_in(person, door):
    """AUT-07."""
    client, _answer = door(person.email)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        asked, posted = client.get(NEW), client.post(NEW, TYPED)

    assert asked.url.startswith("/accounts/reauthenticate/")
    assert posted.url.startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()


def test_a_token_ended_on_the_page_opens_nothing(person, door):
    client, _answer = door(person.email)
    token = token_in(client.post(NEW, TYPED))

    client.post(f"/account/tokens/{token[:15]}/revoke/")

    assert Client().get(TOKENS, headers=bearer(token)).status_code == 401


def test_nobody_ends_a_token_of_somebody_else(person, door):
    token = issue(UserFactory())
    client, _answer = door(person.email)

    answer = client.post(f"/account/tokens/{token[:15]}/revoke/")

    assert answer.status_code == 404
    assert ApiToken.objects.count() == 1


def issue(user, scope: str = TokenScope.WRITE) -> str:
    return issue_token(user, scope=scope, lifetime=timedelta(days=1))


def test_nobody_has_more_tokens_than_anybody_needs(person, door):
    for _time in range(MOST):
        issue(person)

    with pytest.raises(TooManyTokens):
        issue(person)
    client, _answer = door(person.email)
    assert client.post(NEW, TYPED).status_code == 422


def test_a_session_makes_a_token_over_the_api(person, door):
    client, _answer = door(person.email)

    answer = client.post(TOKENS, TYPED, content_type="application/json")

    assert answer.status_code == 201
    token = answer.json()["token"]
    assert Client().get(TOKENS, headers=bearer(token)).json()["results"] == [
        {k: v for k, v in answer.json().items() if k != "token"}
    ]


def test_a_token_is_not_kept_with_the_answer_that_showed_it(person, door):
    client, _answer = door(person.email)
    key = {"Idempotency-Key": "make-one"}
    sent = {"content_type": "application/json", "headers": key}

    token = client.post(TOKENS, TYPED, **sent).json()["token"]
    again = client.post(TOKENS, TYPED, **sent)

    assert (again.status_code, ApiToken.objects.count()) == (409, 1)
    assert token not in str(list(KeptAnswer.objects.values()))


def test_a_token_that_was_ended_is_ended_once(person, door):
    client, _answer = door(person.email)
    key = {"Idempotency-Key": "end-one"}
    url = f"{TOKENS}{issue(person)[:15]}/revoke/"

    sent = {"content_type": "application/json", "headers": key}
    answers = [client.post(url, **sent) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert client.post(url, content_type="application/json").status_code == 404


def test_a_token_makes_no_other(person):
    token = issue(person)

    answer = Client().post(
        TOKENS, TYPED, content_type="application/json", headers=bearer(token)
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "fresh_sign_in_needed")


def test_a_token_ends_itself_over_the_api(person):
    token = issue(person)

    ended = Client().post(f"{TOKENS}{token[:15]}/revoke/", headers=bearer(token))

    assert ended.status_code == 204
    assert Client().get(TOKENS, headers=bearer(token)).status_code == 401


def test_a_program_sees_and_ends_the_sign_ins_of_its_person(person, door, is_in):
    client, _answer = door(person.email)
    door(UserFactory(email="x@inm.example").email)
    token, key = issue(person), client.cookies["sessionid"].value

    (row,) = Client().get(SIGN_INS, headers=bearer(token)).json()["results"]
    Client().post(f"{SIGN_INS}{row['handle']}/end/", headers=bearer(token))

    assert not Session.objects.filter(handle=row["handle"]).exists()
    assert not is_in(client)
    assert key not in row.values()


def test_lists_page_without_naming_a_key(person):
    token = issue(person)
    for _time in range(3):
        issue(person)

    first = Client().get(f"{TOKENS}?page_size=2", headers=bearer(token)).json()
    second = Client().get(first["next"], headers=bearer(token)).json()

    assert len(first["results"]) == len(second["results"]) == 2
    digests = ApiToken.objects.values_list("pk", flat=True)
    assert not [digest for digest in digests if digest in first["next"]]
