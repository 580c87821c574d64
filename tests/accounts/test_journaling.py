"""AUD-01: what happens to an account stands in the journal, once."""

import pytest
from django.test import Client

from inm_portal.accounts.models import ApiToken, TokenScope
from inm_portal.accounts.tokens import TokenLivesTooLong, issue_token, revoke_tokens
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel.models import JournalEntry

from .conftest import PASSWORD

NEW = "staple and orchard lamp"


def verbs() -> list[str]:
    entries = JournalEntry.objects.order_by("pk")
    return list(entries.values_list("verb", flat=True))


def sign_in(client: Client, person, password: str = PASSWORD):
    return client.post(
        "/accounts/login/", {"login": person.email, "password": password}
    )


def test_sign_in_refusal_and_sign_out(person):
    client = Client()
    sign_in(client, person, "wrong")
    sign_in(client, person)
    client.post("/accounts/logout/")

    assert verbs() == [Verb.SIGN_IN_REFUSED, Verb.SIGNED_IN, Verb.SIGNED_OUT]


def test_an_unknown_address_leaves_no_entry(person):
    Client().post("/accounts/login/", {"login": "x@x.example", "password": "wrong"})

    assert verbs() == []


def test_a_new_password_ends_every_token_and_tells_the_person(person):
    issue_token(person, scope=TokenScope.READ, lifetime=ApiToken.LIFETIME)
    client = Client()
    sign_in(client, person)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert not ApiToken.objects.exists()
    assert verbs() == [
        Verb.TOKEN_ISSUED,
        Verb.SIGNED_IN,
        Verb.TOKENS_REVOKED,
        Verb.PASSWORD_SET,
    ]


@pytest.mark.parametrize("days", [0, 367])
def test_a_token_lives_a_day_at_least_and_a_year_at_most(person, days):
    from datetime import timedelta

    with pytest.raises(TokenLivesTooLong):
        issue_token(person, scope=TokenScope.READ, lifetime=timedelta(days=days))


def test_tokens_are_revoked_once(person):
    issue_token(person, scope=TokenScope.READ, lifetime=ApiToken.LIFETIME)

    assert [revoke_tokens(person, by=None) for _ in range(2)] == [1, 0]
    assert verbs() == [Verb.TOKEN_ISSUED, Verb.TOKENS_REVOKED]
