"""The way in: for those who are known, and telling nobody who is (AUT-01, SES-01)."""

import re

import pytest
from django.test import Client

from inm_portal.kernel.models import Session

from ..factories.accounts import UserFactory
from .conftest import PASSWORD


@pytest.mark.parametrize(
    "typed",
    ["Dana.Kim@inm.example", "dana.kim@INM.EXAMPLE", " DANA.KIM@inm.example "],
)
def test_people_sign_in_by_address_whatever_its_case(person, door, is_in, typed):
    client, answer = door(typed)

    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(client)


def shown(answer, typed: str) -> str:
    """Return a page without what belongs to one request or was typed."""
    text = re.sub(
        r'(csrfmiddlewaretoken" value="|CSRFToken": ")\w+', r"\1", body(answer)
    )
    return text.replace(typed, "…")


def body(answer) -> str:
    return answer.content.decode()


def test_wrong_password_unknown_address_and_leaver_get_one_answer(person, door):
    UserFactory(email="leaver@inm.example", is_active=False)
    typed = ["dana.kim@inm.example", "nobody@inm.example", "leaver@inm.example"]

    answers = [door(email, "wrong password here")[1] for email in typed]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({shown(*pair) for pair in zip(answers, typed, strict=True)}) == 1
    assert "do not fit together" in body(answers[0])


def test_who_may_not_sign_in_learns_so_by_the_right_password_alone(person, door, is_in):
    type(person).objects.update(is_active=False)

    client, answer = door(person.email)

    assert (answer.status_code, answer.url) == (302, "/accounts/inactive/")
    assert not is_in(client)


def test_a_password_set_to_nothing_opens_nothing(person, door, is_in):
    person.set_unusable_password()
    person.save()

    client, _answer = door("dana.kim@inm.example", "")

    assert not is_in(client)


def test_the_session_before_sign_in_is_not_the_one_after(person, door, is_in):
    client = Client()
    before = client.session
    before["seen"] = True
    before.save()
    client.cookies["sessionid"] = before.session_key

    door("dana.kim@inm.example", client=client)

    assert is_in(client)
    assert client.cookies["sessionid"].value != before.session_key
    assert not Session.objects.filter(pk=before.session_key).exists()


def test_a_session_planted_by_somebody_else_stays_theirs(person, door, is_in):
    planted = "a" * 32
    client, thief = Client(), Client()
    client.cookies["sessionid"] = thief.cookies["sessionid"] = planted

    door("dana.kim@inm.example", client=client)

    assert is_in(client)
    assert not is_in(thief)


def test_sign_out_takes_a_press_of_the_button(person, door, is_in):
    client, _answer = door("dana.kim@inm.example")

    client.get("/accounts/logout/")
    after_link = is_in(client)
    client.post("/accounts/logout/")

    assert (after_link, is_in(client)) == (True, False)


def test_after_sign_out_the_old_cookie_opens_nothing(person, door, is_in):
    client, _answer = door("dana.kim@inm.example")
    kept = client.cookies["sessionid"].value

    client.post("/accounts/logout/")

    thief = Client()
    thief.cookies["sessionid"] = kept
    assert not is_in(thief)
    assert not Session.objects.filter(pk=kept).exists()


def test_who_may_no_longer_sign_in_is_out_at_the_next_request(person, door, is_in):
    client, _answer = door("dana.kim@inm.example")
    before = is_in(client)

    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert (before, is_in(client)) == (True, False)


def test_a_new_password_ends_the_other_sessions(person, door, is_in):
    here, _answer = door("dana.kim@inm.example")
    there, _answer = door("dana.kim@inm.example")
    new = "staple and orchard lamp"

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert (is_in(here), is_in(there)) == (True, False)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"],
)
def test_the_way_in_leads_nowhere_else(person, target):
    answer = Client().post(
        "/accounts/login/",
        {"login": person.email, "password": PASSWORD, "next": target},
    )

    assert (answer.status_code, answer.url) == (302, "/")


def test_the_way_in_leads_to_the_page_that_was_asked_for(person):
    answer = Client().post(
        "/accounts/login/",
        {"login": person.email, "password": PASSWORD, "next": "/api/docs/"},
    )

    assert answer.url == "/api/docs/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(db, method, django_user_model):
    typed = {"email": "new@inm.example", "password1": PASSWORD}

    answer = getattr(Client(), method)("/accounts/signup/", typed)

    assert answer.status_code == 200
    assert "account/signup_closed.html" in {t.name for t in answer.templates}
    assert not django_user_model.objects.exists()


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "login/code/confirm/", "social/", "3rdparty/"]
)
def test_pages_that_the_portal_does_not_offer_are_not_there(db, path):
    assert Client().get(f"/accounts/{path}").status_code == 404
