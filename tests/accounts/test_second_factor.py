"""The second factor: set up, shown, required at INM, never lost for good (AUT-05)."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from inm_portal.accounts import ciphers
from inm_portal.accounts.models import TokenScope
from inm_portal.accounts.second_factor import SHOWN_BY, WhyReset, reset_factors
from inm_portal.accounts.tokens import issue_token
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel import outbox
from inm_portal.kernel.models import JournalEntry, Session

from ..factories.accounts import staff
from .conftest import PASSWORD

FACTORS = "/accounts/second-factor/"
APP, CODES, SHOW = f"{FACTORS}app/", f"{FACTORS}codes/", f"{FACTORS}show/"


@pytest.fixture
def at_inm(db, settings):
    """Somebody in a role at INM, in a portal for real people."""
    settings.DEMO = False
    user = staff("auditor")
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(secret: str, *, periods: int = 0) -> str:
    """Return what an app shows, now or some periods of half a minute on."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def set_up(client: Client) -> str:
    """Scan the picture and type the first code; return the key of the app."""
    page = client.get(APP).content.decode()
    (secret,) = re.findall(r'class="secret">\s*(\w+)', page)
    client.post(APP, {"code": code_of(secret)})
    return secret


def codes_on(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d+)</code>", client.get(CODES).content.decode())


def verbs() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def with_app(person, door):
    """Somebody with an app, signed out again; the key, and the recovery codes."""
    client, _answer = door(person.email)
    secret = set_up(client)
    codes = codes_on(client)
    client.post("/accounts/logout/")
    cache.clear()
    return secret, codes


def test_an_app_is_set_up_by_a_code_that_it_shows(person, door):
    client, _answer = door(person.email)

    set_up(client)

    kinds = Authenticator.objects.values_list("type", flat=True)
    assert set(kinds) == {"totp", "recovery_codes"}
    assert {Verb.FACTOR_ADDED, Verb.RECOVERY_CODES_MADE} <= set(verbs())


def test_a_wrong_code_sets_up_nothing(person, door):
    client, _answer = door(person.email)
    client.get(APP)

    client.post(APP, {"code": "000000"})

    assert not Authenticator.objects.exists()


def test_the_password_alone_no_longer_opens(person, with_app, door, is_in):
    client, answer = door(person.email)

    assert answer.url == SHOW
    assert not is_in(client)


def test_password_and_code_open(person, with_app, door, is_in):
    secret, _codes = with_app
    client, _answer = door(person.email)

    client.post(SHOW, {"code": code_of(secret)})

    assert is_in(client)
    assert verbs()[-2:] == [Verb.FACTOR_USED, Verb.SIGNED_IN]


def test_the_id_of_the_session_changes_at_each_step(person, with_app, door, is_in):
    """SES-01: and those before open nothing."""
    secret, _codes = with_app
    browser = Client()
    browser.get("/accounts/login/")
    client, _answer = door(person.email, client=browser)
    after_password = client.cookies["sessionid"].value

    client.post(SHOW, {"code": code_of(secret)})

    after_code = client.cookies["sessionid"].value
    assert after_password != after_code
    assert is_in(client)
    assert not Session.objects.filter(pk=after_password).exists()


@pytest.mark.parametrize("how", ["password", "code"])
def test_the_id_changes_when_somebody_shows_again_who_they_are(
    person, with_app, door, is_in, how
):
    """SES-01."""
    secret, _codes = with_app
    client, _answer = door(person.email)
    client.post(SHOW, {"code": code_of(secret)})
    before = client.cookies["sessionid"].value
    ways = {
        "password": ("/accounts/reauthenticate/", {"password": PASSWORD}),
        "code": (
            "/accounts/second-factor/confirm/",
            {"code": code_of(secret, periods=1)},
        ),
    }

    client.post(*ways[how])

    assert is_in(client)
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(
    ("periods", "opens"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)]
)
def test_a_code_is_good_for_a_moment(person, with_app, door, is_in, periods, opens):
    secret, _codes = with_app
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        client, _answer = door(person.email)

        client.post(SHOW, {"code": code_of(secret, periods=periods)})

        assert is_in(client) == bool(opens)


def test_a_code_that_somebody_saw_opens_nothing_more(person, with_app, door, is_in):
    """Not in its own half minute, nor in those in which it is still good."""
    secret, _codes = with_app
    began = timezone.now().replace(second=0, microsecond=0)
    with time_machine.travel(began):
        code = code_of(secret, periods=1)
        door(person.email)[0].post(SHOW, {"code": code})
    thieves = []
    for seconds in (10, 35, 55):
        with time_machine.travel(began + timedelta(seconds=seconds)):
            thief, _answer = door(person.email)
            thief.post(SHOW, {"code": code})
            thieves.append(is_in(thief))

    assert thieves == [False] * 3


def test_a_recovery_code_opens_once(person, with_app, door, is_in):
    _secret, codes = with_app
    first, _answer = door(person.email)
    first.post(SHOW, {"code": codes[0]})
    second, _answer = door(person.email)
    second.post(SHOW, {"code": codes[0]})

    assert len(set(codes)) == 10
    assert (is_in(first), is_in(second)) == (True, False)
    assert Verb.RECOVERY_CODE_USED in verbs()


def test_recovery_codes_are_shown_once(person, door):
    client, _answer = door(person.email)
    set_up(client)

    assert (len(codes_on(client)), len(codes_on(client))) == (10, 0)


def test_new_recovery_codes_void_the_old(person, door, is_in):
    client, _answer = door(person.email)
    set_up(client)
    old = codes_on(client)

    client.post(f"{CODES}new/")

    new = codes_on(client)
    assert len(new) == 10
    assert not set(old) & set(new)


def test_secrets_are_kept_encrypted(person, with_app):
    secret, codes = with_app

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept
    assert [code for code in codes if code in kept] == []


def test_a_new_key_locks_nobody_out(person, with_app, door, is_in, settings):
    """CFG-03: the signing key is not asked, and the encryption key has fallbacks."""
    secret, _codes = with_app
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", ["tests-only"]
    settings.ENCRYPTION_KEY = "a new one"
    settings.ENCRYPTION_KEY_FALLBACKS = ["tests-only"]
    call_command("rotate_encryption")
    settings.ENCRYPTION_KEY_FALLBACKS = []

    client, _answer = door(person.email)
    client.post(SHOW, {"code": code_of(secret)})

    assert is_in(client)


def test_what_one_key_wrote_another_does_not_read(settings):
    written = ciphers.encrypt("secret")
    settings.ENCRYPTION_KEY = "another"

    with pytest.raises(ciphers.InvalidToken):
        ciphers.decrypt(written)


# --- who needs one


@pytest.mark.parametrize(
    "path", ["/", "/account/", "/consortium/members/", "/account/tokens/new/"]
)
def test_at_inm_every_page_leads_to_setting_one_up(at_inm, door, path):
    client, _answer = door(at_inm.email)

    answer = client.get(path)

    assert (answer.status_code, answer.url) == (302, FACTORS)


def test_at_inm_the_api_says_why_it_does_nothing(at_inm, door):
    client, _answer = door(at_inm.email)

    answer = client.get("/api/v1/organizations/")

    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")


def test_at_inm_the_portal_opens_once_one_is_set_up(at_inm, door, is_in):
    client, _answer = door(at_inm.email)

    set_up(client)

    assert is_in(client)


def test_at_inm_a_session_from_before_the_role_shows_one_first(at_inm, door, is_in):
    groups = list(at_inm.groups.all())
    at_inm.groups.clear()
    before, _answer = door(at_inm.email)
    elsewhere, _answer = door(at_inm.email)
    secret = set_up(elsewhere)
    at_inm.groups.set(groups)
    cache.clear()

    led = before.get("/")
    # An app of the thief's own would be no proof: that page is shut as well.
    shut = before.get(f"{FACTORS}passkeys/add/")
    before.post(f"{FACTORS}confirm/", {"code": code_of(secret)})

    assert (
        led.url == shut.url.split("?")[0] + "?next=%2F" == f"{FACTORS}confirm/?next=%2F"
    )
    assert is_in(before)


def test_a_forgotten_password_does_not_get_round_it(at_inm, door, is_in):
    from .test_password_reset import NEW, ask, choose, link

    client, _answer = door(at_inm.email)
    set_up(client)
    ask(at_inm.email)
    choose(link())

    client, answer = door(at_inm.email, NEW)

    assert answer.url == SHOW
    assert not is_in(client)


def test_the_demo_asks_nobody_for_one(at_inm, door, is_in, settings):
    settings.DEMO = True

    client, _answer = door(at_inm.email)

    assert is_in(client)


def test_others_need_none(person, door, is_in, settings):
    settings.DEMO = False

    client, _answer = door(person.email)

    assert is_in(client)


def test_a_token_of_somebody_without_one_opens_nothing(at_inm, door):
    scope, lifetime = TokenScope.READ, timedelta(days=1)
    token = issue_token(at_inm, scope=scope, lifetime=lifetime)
    headers = {"authorization": f"Bearer {token}"}
    before = Client().get("/api/v1/organizations/", headers=headers)
    client, _answer = door(at_inm.email)
    set_up(client)

    after = Client().get("/api/v1/organizations/", headers=headers)

    assert (before.status_code, before.json()["code"]) == (403, "second_factor_needed")
    assert after.status_code == 200


def test_at_inm_the_last_one_stays(at_inm, door):
    client, _answer = door(at_inm.email)
    set_up(client)

    client.post(f"{APP}remove/")

    assert Authenticator.objects.filter(type="totp").exists()


def test_at_inm_the_last_passkey_stays(at_inm, door):
    client, _answer = door(at_inm.email)
    set_up(client)
    key = Authenticator.objects.create(user=at_inm, type="webauthn", data=PASSKEY)
    removed = client.post(f"{APP}remove/")
    refused = client.post(f"{FACTORS}passkeys/{key.pk}/remove/")

    assert (removed.status_code, refused.status_code) == (302, 422)
    assert Authenticator.objects.filter(pk=key.pk).exists()
    assert verbs().count(Verb.FACTOR_REMOVED) == 1


PASSKEY = {"name": "Laptop", "credential": {}}


def test_others_may_give_theirs_up(person, door):
    client, _answer = door(person.email)
    set_up(client)

    client.post(f"{APP}remove/")

    assert not Authenticator.objects.exists()


def test_it_changes_only_after_a_fresh_sign_in(person, door):
    """AUT-07."""
    client, _answer = door(person.email)
    set_up(client)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answers = [
            client.post(f"{FACTORS}{path}")
            for path in ["app/remove/", "codes/new/", "passkeys/add/"]
        ]

    assert {answer.url.split("?")[0] for answer in answers} == {
        "/accounts/reauthenticate/"
    }
    assert Authenticator.objects.filter(type="totp").exists()


# --- a lost phone


def test_a_reset_ends_factors_sessions_and_tokens(at_inm, door, is_in):
    client, _answer = door(at_inm.email)
    set_up(client)
    issue_token(at_inm, scope="read", lifetime=timedelta(days=1))

    reset_factors(at_inm, reason=WhyReset.LOST, by=staff("director"))

    assert not Authenticator.objects.exists()
    assert not is_in(client)
    assert not at_inm.auth_token_set.exists()
    entry = JournalEntry.objects.get(verb=Verb.FACTORS_RESET)
    assert (entry.subject_id, entry.facts["reason"]) == (at_inm.pk, "lost")


def test_who_was_reset_is_told_and_sets_up_another(at_inm, door, is_in):
    client, _answer = door(at_inm.email)
    set_up(client)

    reset_factors(at_inm, reason=WhyReset.LOST, by=staff("director"))
    outbox.send_due(at=timezone.now())

    assert at_inm.email in {message.to[0] for message in mail.outbox}
    client, _answer = door(at_inm.email)
    assert client.get("/").url == FACTORS


def test_a_director_resets_them_on_the_page_of_the_person(at_inm, door, sign_in):
    client, _answer = door(at_inm.email)
    set_up(client)
    director = staff("director")
    chair = sign_in(director)
    note_shown(chair, director)

    answer = chair.post(f"/people/{at_inm.pk}/second-factor/reset/", {"reason": "lost"})

    assert answer.url == f"/people/{at_inm.pk}/"
    assert not Authenticator.objects.exists()
    assert JournalEntry.objects.get(verb=Verb.FACTORS_RESET).actor == director


def note_shown(client: Client, user) -> None:
    """Let a session have seen the second factor of its person."""
    session = client.session
    session[SHOWN_BY] = str(user.pk)
    session.save()


def test_whoever_runs_the_portal_resets_them_by_a_command(at_inm, door):
    client, _answer = door(at_inm.email)
    set_up(client)

    call_command("reset_second_factor", at_inm.email.upper(), reason="lost")

    assert not Authenticator.objects.exists()
    assert JournalEntry.objects.get(verb=Verb.FACTORS_RESET).actor is None


# --- guessing


def test_codes_are_guessed_a_few_times_from_one_place(person, with_app, door, is_in):
    secret, _codes = with_app
    client, _answer = door(person.email)
    for _time in range(5):
        client.post(SHOW, {"code": "000000"})

    answer = client.post(SHOW, {"code": code_of(secret)})

    assert "Too many failed" in answer.content.decode()
    assert not is_in(client)
    assert verbs().count(Verb.FACTOR_REFUSED) == 5


def test_a_guesser_shuts_nobody_out_elsewhere(person, with_app, door, is_in):
    """AUT-03."""
    secret, _codes = with_app
    thief, _answer = door(person.email, client=Client(REMOTE_ADDR="192.0.2.1"))
    for _time in range(8):
        thief.post(SHOW, {"code": "000000"})

    client, _answer = door(person.email, client=Client(REMOTE_ADDR="192.0.2.2"))
    client.post(SHOW, {"code": code_of(secret)})

    assert is_in(client)


def test_many_places_guess_no_more_than_a_few_dozen_times(person, with_app, door):
    for number in range(40):
        thief, _answer = door(
            person.email, client=Client(REMOTE_ADDR=f"192.0.2.{number}")
        )
        thief.post(SHOW, {"code": "000000"})

    assert verbs().count(Verb.FACTOR_REFUSED) == 30


def test_a_new_password_lets_the_person_in_again(person, with_app, door, is_in):
    """AUT-03: only who knows the password can use up the guesses of everywhere."""
    secret, _codes = with_app
    for number in range(40):
        thief, _answer = door(
            person.email, client=Client(REMOTE_ADDR=f"192.0.2.{number}")
        )
        thief.post(SHOW, {"code": "000000"})
    person.set_password("staple and orchard lamp")
    person.save()

    client, _answer = door(person.email, "staple and orchard lamp")
    client.post(SHOW, {"code": code_of(secret)})

    assert is_in(client)


def test_no_header_makes_one_place_many(person, with_app, door):
    """AUT-02."""
    for number in range(8):
        headers = {"x-forwarded-for": f"192.0.2.{number}"}
        client, _answer = door(person.email, client=Client(headers=headers))
        client.post(SHOW, {"code": "000000"})

    assert verbs().count(Verb.FACTOR_REFUSED) == 5


def test_behind_a_front_server_what_it_appends_counts(person, door, settings):
    """AUT-02: a client writes what it likes to the left of its own address."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(12):
        said = {"x-forwarded-for": f"198.51.100.{number}, 192.0.2.1"}
        door("nobody@inm.example", "wrong", client=Client(headers=said))

    here = Client(headers={"x-forwarded-for": "203.0.113.9, 192.0.2.1"})
    there = Client(headers={"x-forwarded-for": "192.0.2.1, 192.0.2.7"})
    _client, refused = door(person.email, client=here)
    _client, answer = door(person.email, client=there)

    assert "Too many failed" in refused.content.decode()
    assert answer.status_code == 302


def test_what_no_key_signed_opens_nothing(person, with_app, door, is_in):
    client, _answer = door(person.email)

    for said in ["{}", "[]", "nonsense", '{"id": "x", "type": "public-key"}']:
        client.post(SHOW, {"credential": said})

    assert not is_in(client)
