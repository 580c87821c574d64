"""Institutional sign-in, in full round trips to a real provider (AUT-05, AUT-09)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from inm_portal.accounts import roles
from inm_portal.accounts.merging import merge_users, undo_merge
from inm_portal.accounts.models import AccessRequest, User
from inm_portal.kernel.models import JournalEntry, Message

from ..factories.accounts import UserFactory
from ..factories.consortium import ContactFactory
from .conftest import PASSWORD
from .institution import CLIENT, OTHER_KEY, TestInstitution, serving

MIT = {
    **CLIENT,
    "slug": "mit",
    "label": "MIT Touchstone",
    "domains": ["mit.test"],
    "verified_claim": "email_verified",
    "second_factor": [],
}


@pytest.fixture
def mit(settings, db) -> Iterator[TestInstitution]:
    with serving(TestInstitution()) as institution:
        settings.INSTITUTIONS = [MIT | {"issuer": institution.issuer}]
        yield institution


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user("ada@mit.test", "Ada Park", PASSWORD)


@dataclass
class Trip:
    """A browser on its way to an institution and back."""

    client: Client
    back: dict[str, str]

    def come_back(self, **changed: str) -> Any:
        query = urlencode(self.back | changed)
        return self.client.get(f"/accounts/oidc/mit/return/?{query}")

    @property
    def person(self) -> str | None:
        return self.client.session.get(SESSION_KEY)


def go(
    client: Client | None = None, to: str = "/accounts/oidc/mit/", **typed: str
) -> Trip:
    """Start at the portal, sign in at the institution, stop before coming back."""
    client = client or Client()
    answer = client.post(to, typed)
    assert answer.status_code == 200, answer.content
    there = requests.get(answer.context["address"], allow_redirects=False, timeout=5)
    return Trip(client, dict(parse_qsl(urlsplit(there.headers["Location"]).query)))


def round_trip(client: Client | None = None) -> tuple[Trip, Any]:
    trip = go(client)
    return trip, trip.come_back()


def verbs() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


# --- who comes in


def test_a_newcomer_of_the_institution_gets_an_account_and_no_place(mit):
    trip, answer = round_trip()

    user = User.objects.get()
    assert (answer.status_code, answer.url) == (302, "/")
    assert trip.person == str(user.pk)
    assert (user.email, user.name) == ("ada@mit.test", "Ada Park")
    assert not user.has_usable_password()
    assert not user.groups.exists()
    assert not user.contacts.exists()
    assert AccessRequest.objects.open().get().user == user
    assert verbs() == ["accounts.came_in", "accounts.signed_in"]


def test_a_newcomer_finds_an_honest_empty_home(mit):
    trip, _answer = round_trip()

    page = trip.client.get("/").content.decode()

    assert "the program office has your request" in page
    assert "Members" not in page


def test_the_second_time_it_is_the_same_person(mit):
    round_trip()
    mit.claims["email"] = "renamed@mit.test"

    trip, _answer = round_trip()

    assert trip.person == str(User.objects.get().pk)
    assert User.objects.get().email == "ada@mit.test"
    assert AccessRequest.objects.count() == 1


def test_who_is_here_already_is_found_by_the_address_the_institution_owns(mit, ada):
    trip, _answer = round_trip()

    assert trip.person == str(ada.pk)
    assert not AccessRequest.objects.exists()
    assert verbs() == ["accounts.identity_connected", "accounts.signed_in"]
    assert "MIT Touchstone was connected" in Message.objects.get(to=ada).text


def test_the_way_back_leads_to_the_page_that_was_asked_for(mit, ada):
    client = Client()
    answer = client.post("/accounts/oidc/mit/", {"next": "/api/docs/"})
    there = requests.get(answer.context["address"], allow_redirects=False, timeout=5)

    back = urlsplit(there.headers["Location"])

    assert client.get(f"{back.path}?{back.query}").url == "/api/docs/"


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/\\evil"])
def test_the_way_back_leads_nowhere_else(mit, ada, target):
    client = Client()
    answer = client.post("/accounts/oidc/mit/", {"next": target})
    there = requests.get(answer.context["address"], allow_redirects=False, timeout=5)

    back = urlsplit(there.headers["Location"])

    assert client.get(f"{back.path}?{back.query}").url == "/"


def test_userinfo_is_asked_when_the_token_has_no_address(mit, ada):
    about = {name: mit.claims.pop(name) for name in ["email", "email_verified", "name"]}
    mit.userinfo = {"sub": "subject-1", **about}

    trip, _answer = round_trip()

    assert trip.person == str(ada.pk)


def test_the_secret_goes_into_the_form_where_a_provider_wants_it_there(mit, ada):
    mit.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    trip, _answer = round_trip()

    assert trip.person == str(ada.pk)


def test_where_it_leads_is_made_from_the_configured_address(mit):
    client = Client()

    answer = client.post("/accounts/oidc/mit/", headers={"host": "localhost"})

    asked = dict(parse_qsl(urlsplit(answer.context["address"]).query))
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/mit/return/"
    assert asked["code_challenge_method"] == "S256"


# --- who does not come in: nothing says whether an address is known (AUT-01)


def refused(why: str, answer: Any, trip: Trip) -> None:
    assert (answer.status_code, answer.context["why"]) == (403, why)
    assert trip.person is None
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": "ada@other.test"},
        {"email": "ada@sub.mit.test"},
        {"email": "ada@mit.test@other.test"},
        {"email": ["ada@mit.test"]},
    ],
)
def test_an_address_that_the_institution_cannot_vouch_for_joins_nobody(
    mit, said, is_known
):
    if is_known:
        UserFactory(email="ada@mit.test")
        UserFactory(email="ada@other.test")
    mit.claims |= said

    trip, answer = round_trip()

    refused("not_connected", answer, trip)
    assert User.objects.count() == 2 * is_known


def test_the_answer_is_the_same_for_known_and_unknown_addresses(mit):
    mit.claims |= {"email_verified": False}
    pages = [round_trip()[1].content]
    UserFactory(email="ada@mit.test")
    pages.append(round_trip()[1].content)

    tokens = [page.decode().partition("X-CSRFToken")[0] for page in pages]
    assert tokens[0] == tokens[1]


def test_without_any_address_nobody_is_joined(mit, ada):
    mit.claims["email"], mit.userinfo = "", {"sub": "subject-1"}

    trip, answer = round_trip()

    refused("not_connected", answer, trip)


@pytest.mark.parametrize(
    "email",
    [
        f"{'a' * 300}@mit.test",
        "ada park@mit.test",
        "ada@mit.test\n@mit.test",
        "eve@x.test,ada@mit.test",
        "ada\0@mit.test",
    ],
    ids=["long", "space", "line", "two", "NUL"],
)
def test_what_is_no_address_joins_nobody(mit, email):
    mit.claims["email"] = email

    refused("not_connected", *reversed(round_trip()))
    assert not User.objects.exists()


def test_userinfo_says_by_itself_that_its_address_is_verified(mit, ada):
    mit.claims.pop("email")  # the token still says that *some* address is verified
    mit.userinfo = {"sub": "subject-1", "email": "ada@mit.test"}

    trip, answer = round_trip()

    refused("not_connected", answer, trip)


def test_userinfo_of_somebody_else_is_refused(mit, ada):
    mit.claims.pop("email")
    mit.userinfo = {"sub": "subject-2", "email": ada.email, "email_verified": True}

    trip, answer = round_trip()

    refused("fault", answer, trip)


def test_an_address_given_to_somebody_new_opens_nothing(mit):
    round_trip()
    mit.claims["sub"] = "subject-2"

    trip, answer = round_trip()

    assert (answer.status_code, answer.context["why"]) == (403, "another_identity")
    assert trip.person is None


def test_an_address_of_a_merged_account_leads_where_that_leads(mit, ada):
    stays = UserFactory(email="ada.park@other.test")
    merge_users(stays, merged=ada, at=timezone.now(), by=None)

    trip, _answer = round_trip()

    assert trip.person == str(stays.pk)


def test_identities_follow_a_merge_and_go_back_with_it(mit, ada):
    round_trip()
    stays = UserFactory(email="ada.park@other.test")
    merge = merge_users(stays, merged=ada, at=timezone.now(), by=None)
    merged = round_trip()[0].person

    undo_merge(merge, at=timezone.now(), by=None)

    assert (merged, round_trip()[0].person) == (str(stays.pk), str(ada.pk))


def test_the_same_subject_of_another_issuer_is_somebody_else(mit, settings):
    round_trip()

    with serving(TestInstitution()) as other:
        settings.INSTITUTIONS = [MIT | {"issuer": other.issuer}]
        trip, answer = round_trip()

    assert (answer.status_code, answer.context["why"]) == (403, "another_identity")
    assert trip.person is None


def test_another_institution_does_not_inherit_an_address(mit, ada, settings):
    with serving(TestInstitution()) as other:
        acme = {"slug": "acme", "label": "Acme", "domains": ["acme.test"]}
        settings.INSTITUTIONS.append(MIT | acme | {"issuer": other.issuer})
        client = Client()
        trip = go(client, "/accounts/oidc/acme/")
        answer = client.get(f"/accounts/oidc/acme/return/?{urlencode(trip.back)}")

    refused("not_connected", answer, trip)


def test_who_may_not_sign_in_is_not_let_in(mit, ada):
    User.objects.update(is_active=False)

    trip, answer = round_trip()

    refused("account_closed", answer, trip)


def test_who_left_is_not_let_in_by_an_identity_either(mit):
    round_trip()
    User.objects.update(is_active=False)

    trip, answer = round_trip()

    assert answer.url == "/accounts/inactive/"
    assert trip.person is None


# --- what is not right in the exchange


def unsigned(institution: TestInstitution, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none", headers={"kid": "one"})


def stripped(institution: TestInstitution, claims: dict[str, Any]) -> str:
    return institution.signed(claims).rpartition(".")[0] + "."


def by_client_secret(institution: TestInstitution, claims: dict[str, Any]) -> str:
    secret = "a client secret long enough for this digest"
    return jwt.encode(claims, secret, "HS256", headers={"kid": "one"})


def by_another_key(institution: TestInstitution, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, OTHER_KEY, "RS256", headers={"kid": "one"})


def by_an_unknown_key(institution: TestInstitution, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, OTHER_KEY, "RS256", headers={"kid": "two"})


@pytest.mark.parametrize(
    "sign", [unsigned, stripped, by_client_secret, by_another_key, by_an_unknown_key]
)
def test_a_forged_token_is_refused(mit, ada, sign):
    mit.sign = sign

    trip, answer = round_trip()

    refused("fault", answer, trip)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": ["portal", "another client"]},
        {"aud": "another client", "azp": "portal"},
        {"aud": ["portal"], "azp": "another client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": -120},
        {"iat": 3600},
        {"sub": ""},
        {"sub": None},
        {"exp": None},
    ],
    ids=str,
)
def test_a_token_that_was_not_meant_for_this_sign_in_is_refused(mit, ada, wrong):
    now = int(time.time())

    def altered(claims: dict[str, Any]) -> dict[str, Any]:
        moved = {k: now + v if isinstance(v, int) else v for k, v in wrong.items()}
        return {k: v for k, v in {**claims, **moved}.items() if v is not None}

    mit.alter = altered

    trip, answer = round_trip()

    refused("fault", answer, trip)


def test_a_wrong_state_is_refused_before_anybody_is_asked(mit, ada):
    trip = go()
    mit.asked.clear()

    answer = trip.come_back(state="of somebody else")

    refused("fault", answer, trip)
    assert mit.asked == []


def test_the_answer_to_one_browser_opens_nothing_in_another(mit, ada):
    trip = go()
    thief = Trip(Client(), trip.back)

    answer = thief.come_back()

    refused("fault", answer, thief)


def test_a_code_works_once(mit, ada):
    trip, _answer = round_trip()
    trip.client.post("/accounts/logout/")

    answer = trip.come_back()

    assert answer.status_code == 403
    assert trip.person is None


def test_a_code_of_another_sign_in_is_refused(mit, ada):
    """The verifier of PKCE belongs to one browser's sign-in."""
    stolen = go().back["code"]
    trip = go()

    answer = trip.come_back(code=stolen)

    refused("fault", answer, trip)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.test"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_issuer_that_says_strange_things_is_not_gone_to(mit, said):
    mit.discovery = said

    answer = Client().post("/accounts/oidc/mit/")

    assert (answer.status_code, answer.context["why"]) == (403, "fault")


def test_no_redirect_is_followed_inside(mit, ada):
    """WEB-05: the server calls what is configured, and nothing that an answer names."""
    mit.token_status, mit.token_headers = 302, {"Location": f"{mit.issuer}/inside"}

    trip, answer = round_trip()

    refused("fault", answer, trip)
    assert "/inside" not in mit.asked


def test_who_gives_up_there_comes_back_to_words(mit, ada):
    trip = go()
    trip.back.pop("code")

    answer = trip.come_back(error="access_denied")

    refused("cancelled", answer, trip)


@pytest.mark.parametrize("status", [500, 503])
def test_an_institution_in_trouble_is_said_to_be_away(mit, ada, status):
    mit.token_status = status

    trip, answer = round_trip()

    assert (answer.status_code, answer.context["why"]) == (503, "away")
    assert trip.person is None


def test_an_institution_that_is_down_costs_a_moment_and_words(settings, db):
    settings.INSTITUTIONS = [MIT | {"issuer": "http://127.0.0.1:9"}]
    began = time.monotonic()

    answer = Client().post("/accounts/oidc/mit/")

    assert time.monotonic() - began < 2
    assert (answer.status_code, answer.context["why"]) == (503, "away")
    assert "MIT Touchstone does not answer" in answer.content.decode()


def test_a_slow_institution_is_not_waited_for(mit, ada, monkeypatch):
    monkeypatch.setattr("inm_portal.accounts.sso.wire.PATIENCE", (0.3, 0.3))
    mit.slow = 2
    began = time.monotonic()

    _trip, answer = round_trip()

    assert time.monotonic() - began < 1.5
    assert (answer.status_code, answer.context["why"]) == (503, "away")


def test_keys_that_changed_are_looked_for_once(mit, ada):
    round_trip()
    mit.asked.clear()
    mit.sign = by_an_unknown_key

    round_trip()

    assert mit.asked.count("/keys") == 1


def test_addresses_and_keys_are_remembered(mit, ada):
    round_trip()
    mit.asked.clear()

    round_trip()

    assert set(mit.asked) == {"/authorize", "/token"}


# --- the door


def test_an_institution_that_is_not_configured_is_not_there(db):
    assert Client().post("/accounts/oidc/mit/").status_code == 404
    assert "/accounts/oidc/" not in Client().get("/accounts/login/").content.decode()


def test_a_configured_one_stands_on_the_sign_in_page(mit):
    assert (
        "Sign in with MIT Touchstone"
        in Client().get("/accounts/login/").content.decode()
    )


def test_a_link_alone_starts_nothing(mit):
    client = Client(enforce_csrf_checks=True)

    assert client.get("/accounts/oidc/mit/").status_code == 405
    assert client.post("/accounts/oidc/mit/").status_code == 403


def test_the_session_before_is_not_the_one_after(mit, ada):
    trip = go()
    before = trip.client.session.session_key

    trip.come_back()

    assert trip.client.session.session_key != before


# --- the second factor is not got round (AUT-05)


def as_staff(settings, user: User) -> None:
    settings.DEMO = False
    user.groups.add(Group.objects.get(name=roles.PROGRAM_STAFF))


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_staff_need_a_second_factor_after_an_institution_too(mit, ada, settings, said):
    as_staff(settings, ada)
    mit.claims |= said

    trip, _answer = round_trip()

    assert trip.client.get("/journal/").url.startswith("/accounts/second-factor/")


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_a_second_factor_of_a_trusted_institution_counts(mit, ada, settings, said):
    as_staff(settings, ada)
    settings.INSTITUTIONS[0] |= {"second_factor": ["mfa"]}
    mit.claims |= said

    trip, _answer = round_trip()

    assert trip.client.get("/journal/").status_code == 200


def test_a_trusted_institution_that_asked_for_none_does_not_count(mit, ada, settings):
    as_staff(settings, ada)
    settings.INSTITUTIONS[0] |= {"second_factor": ["mfa"]}
    mit.claims |= {"amr": ["pwd"]}

    trip, _answer = round_trip()

    assert trip.client.get("/journal/").status_code == 302


def test_what_userinfo_says_of_a_second_factor_does_not_count(mit, ada, settings):
    as_staff(settings, ada)
    settings.INSTITUTIONS[0] |= {"second_factor": ["mfa"]}
    about = {name: mit.claims.pop(name) for name in ["email", "email_verified"]}
    mit.userinfo = {"sub": "subject-1", "amr": ["mfa"], **about}

    trip, _answer = round_trip()

    assert trip.client.get("/journal/").status_code == 302


# --- connecting from inside


@pytest.fixture
def inside(ada) -> Client:
    """A browser in which Ada has just typed her password."""
    client = Client()
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    return client


CONNECT = "/accounts/oidc/mit/connect/"


def test_any_identity_can_be_connected_from_inside(mit, ada, inside):
    mit.claims |= {"email": "private@other.test", "email_verified": False}

    go(inside, CONNECT).come_back()

    assert SocialAccount.objects.get().user == ada
    assert "accounts.identity_connected" in verbs()
    assert round_trip()[0].person == str(ada.pk)


def test_an_identity_of_a_shared_mailbox_is_connected_in_the_name_given(
    mit, ada, inside
):
    ContactFactory(user=ada, is_shared_mailbox=True)

    go(inside, CONNECT, acting_name="Mei Lin").come_back()

    made = JournalEntry.objects.latest_first()[0]
    assert made.verb == "accounts.identity_connected"
    assert made.actor_name == "Ada Park (Mei Lin)"


def test_connecting_takes_a_fresh_sign_in(mit, ada, inside):
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        answer = inside.post(CONNECT)

    assert answer.url.startswith("/accounts/reauthenticate/")


def test_an_identity_of_somebody_else_stays_theirs(mit, ada, inside):
    other = UserFactory(email="grace@mit.test")
    mit.claims |= {"email": other.email}
    round_trip()

    answer = go(inside, CONNECT).come_back()

    assert SocialAccount.objects.get().user == other
    assert "another account" in inside.get(answer.url).content.decode()


def remove(client: Client) -> Any:
    identity = SocialAccount.objects.get()
    return client.post(f"/accounts/identities/{identity.pk}/remove/")


def test_an_identity_can_be_removed_and_its_owner_is_told(mit, ada, inside):
    go(inside, CONNECT).come_back()

    remove(inside)

    assert not SocialAccount.objects.exists()
    assert verbs()[-1] == "accounts.identity_removed"
    told = Message.objects.filter(to=ada).latest("pk")
    assert "MIT Touchstone was disconnected" in told.text


def test_the_only_way_in_cannot_be_removed(mit):
    trip, _answer = round_trip()

    remove(trip.client)

    assert SocialAccount.objects.exists()


def test_nobody_removes_the_identity_of_somebody_else(mit, ada, inside):
    mit.claims |= {"email": "grace@mit.test"}
    round_trip()

    assert remove(inside).status_code == 404
    assert SocialAccount.objects.exists()


# --- showing again who is there


AGAIN, CONFIRM = "/accounts/oidc/mit/again/", "/accounts/oidc/"
LATER = timedelta(minutes=20)


@pytest.fixture
def come_in(mit) -> Client:
    """A browser whose person has come in by the institution, and has no password."""
    return round_trip()[0].client


def start_again(client: Client, to: str = "/account/tokens/new/") -> dict[str, str]:
    """Ask to confirm who is there; return what the institution is asked."""
    answer = client.post(AGAIN, {"next": to})
    return dict(parse_qsl(urlsplit(answer.context["address"]).query))


def confirm(client: Client, to: str = "/account/tokens/new/") -> Any:
    answer = client.post(AGAIN, {"next": to})
    there = requests.get(answer.context["address"], allow_redirects=False, timeout=5)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_who_has_only_an_institution_is_led_there_to_confirm(come_in):
    with time_machine.travel(timezone.now() + LATER):
        led = come_in.get("/account/tokens/new/")
        page = come_in.get(led.url)

    assert led.url == f"{CONFIRM}?next=%2Faccount%2Ftokens%2Fnew%2F"
    words = " ".join(page.content.decode().split())
    assert "Sign in again at MIT Touchstone" in words


def test_the_institution_is_told_to_ask_anew(come_in):
    asked = start_again(come_in)

    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


def test_a_plain_sign_in_asks_nobody_anew(mit):
    address = Client().post("/accounts/oidc/mit/").context["address"]

    assert "prompt" not in address
    assert "max_age" not in address


def test_who_signed_in_there_anew_goes_on(mit, come_in):
    with time_machine.travel(timezone.now() + LATER):
        answer = confirm(come_in)
        page = come_in.get("/account/tokens/new/")

    assert (answer.status_code, answer.url) == (302, "/account/tokens/new/")
    assert page.status_code == 200


def test_the_session_goes_on_under_another_key(mit, come_in):
    before = come_in.cookies["sessionid"].value

    confirm(come_in)

    assert come_in.cookies["sessionid"].value != before
    assert come_in.get("/account/").status_code == 200


def test_what_was_sent_before_is_done_after(mit, come_in):
    with time_machine.travel(timezone.now() + LATER):
        come_in.post("/account/email/", {"email": "ada@private.test"})
        confirm(come_in, "/account/email/")

    assert "accounts.email_change_asked" in verbs()


@pytest.mark.parametrize("silent", ["keeps its session", "says nothing of it"])
def test_an_institution_that_did_not_ask_confirms_nothing(mit, come_in, silent):
    mit.asks_anew = silent == "says nothing of it"
    if mit.asks_anew:
        mit.alter = lambda claims: {**claims, "auth_time": None}

    with time_machine.travel(timezone.now() + LATER):
        answer = confirm(come_in)
        page = come_in.get("/account/tokens/new/")

    assert answer.status_code == 403
    assert "did not ask who you are" in answer.content.decode()
    assert page.status_code == 302


def test_somebody_else_there_confirms_nothing(mit, come_in):
    mit.claims |= {"sub": "subject-2", "email": "grace@mit.test"}

    with time_machine.travel(timezone.now() + LATER):
        answer = confirm(come_in)
        page = come_in.get("/account/tokens/new/")

    assert "That is somebody else" in answer.content.decode()
    assert page.status_code == 302
    assert User.objects.count() == 1


def test_a_colleague_with_an_account_confirms_nothing_either(mit, come_in):
    grace = UserFactory(email="grace@mit.test")
    mit.claims |= {"sub": "subject-2", "email": grace.email}
    round_trip()

    answer = confirm(come_in)

    assert "That is somebody else" in answer.content.decode()
    assert come_in.session[SESSION_KEY] != str(grace.pk)


def test_who_has_a_password_may_choose_the_institution(mit, ada, inside):
    go(inside, CONNECT).come_back()

    page = inside.get("/accounts/reauthenticate/").content.decode()

    assert "Sign in at your institution" in page


def test_who_has_no_way_left_is_told_how_to_get_one(come_in, settings):
    settings.INSTITUTIONS = []

    with time_machine.travel(timezone.now() + LATER):
        led = come_in.get("/account/tokens/new/")
        page = come_in.get(led.url).content.decode()

    assert "Ask for a link" in page


@pytest.mark.parametrize(
    "path", ["/accounts/second-factor/app/", "/accounts/password/set/"]
)
def test_who_came_long_ago_opens_no_further_way_in(come_in, path):
    """AUT-07."""
    with time_machine.travel(timezone.now() + LATER):
        answer = come_in.get(path)

    assert answer.url.startswith(CONFIRM)


def test_a_visitor_confirms_nothing(mit):
    for answer in (Client().get(CONFIRM), Client().post(AGAIN)):
        assert answer.url.startswith("/accounts/login/")
