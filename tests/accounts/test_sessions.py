"""Sessions have limits, are listed, and end on the server (SES-01 to SES-03)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inm_portal.accounts.sessions import AT_INM, ELSEWHERE, end_sessions
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Session

from ..factories.accounts import UserFactory, staff
from .conftest import PASSWORD

ACCOUNT = "/account/"
CONFIRM = "/accounts/reauthenticate/"


@pytest.fixture
def at_inm(db):
    user = staff("auditor")
    user.set_password(PASSWORD)
    user.save()
    return user


def later(seconds: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def stays_in(client: Client, *, for_seconds: int, every: int) -> int:
    """Visit again and again; return after how many seconds it was over."""
    began = timezone.now()
    for passed in range(every, for_seconds + every, every):
        with time_machine.travel(began + timedelta(seconds=passed)):
            if client.get(ACCOUNT).status_code != 200:
                return passed
    return for_seconds


def test_the_limits_are_those_that_are_written_down():
    assert (AT_INM.idle, AT_INM.lasts) == (3600, 24 * 3600)
    assert (ELSEWHERE.idle, ELSEWHERE.lasts) == (12 * 3600, 14 * 24 * 3600)


@pytest.mark.parametrize(("seconds", "status"), [(3500, 200), (3700, 302)])
def test_who_is_at_inm_is_out_after_an_idle_hour(at_inm, door, seconds, status):
    client, _answer = door(at_inm.email)

    with later(seconds):
        assert client.get(ACCOUNT).status_code == status


@pytest.mark.parametrize(("hours", "status"), [(11.9, 200), (12.1, 302)])
def test_others_are_out_after_twelve_idle_hours(person, door, hours, status):
    client, _answer = door(person.email)

    with later(int(hours * 3600)):
        assert client.get(ACCOUNT).status_code == status


def test_who_is_at_inm_signs_in_again_after_a_day_of_work(at_inm, door):
    client, _answer = door(at_inm.email)

    over = stays_in(client, for_seconds=30 * 3600, every=1800)

    assert over == 24 * 3600


def test_others_sign_in_again_after_a_fortnight(person, door):
    client, _answer = door(person.email)

    over = stays_in(client, for_seconds=16 * 24 * 3600, every=6 * 3600)

    assert over == 14 * 24 * 3600


def test_who_gets_a_role_gets_its_limits_within_a_minute_of_use(person, at_inm, door):
    client, _answer = door(person.email)
    person.groups.set(at_inm.groups.all())

    with later(120):
        client.get(ACCOUNT)
    with later(120 + 3700):
        assert client.get(ACCOUNT).status_code == 302


def test_a_session_is_noted_as_seen_once_a_minute(person, door):
    client, _answer = door(person.email)
    noted = []
    for seconds in (30, 90, 100):
        with later(seconds):
            client.get(ACCOUNT)
            noted.append(Session.objects.get(user=person).seen_at)

    assert noted[0] < noted[1] == noted[2]


@pytest.mark.parametrize(
    ("seconds", "why"), [(3700, "idle"), (25 * 3600, "over"), (None, "ended")]
)
def test_the_sign_in_page_says_why(at_inm, door, seconds, why):
    words = {
        "idle": "nothing happened for a while",
        "over": "too long ago",
        "ended": "session was ended",
    }
    client, _answer = door(at_inm.email)
    if seconds is None:
        end_sessions(at_inm, by=None)

    with later(seconds or 1):
        page = client.get(ACCOUNT, follow=True)

    assert words[why] in page.content.decode()


def test_who_signs_in_again_is_no_longer_told_why(person, door):
    client, _answer = door(person.email)
    end_sessions(person, by=None)
    client.get(ACCOUNT)
    door(person.email, client=client)
    client.get(ACCOUNT)

    client.post("/accounts/logout/")

    assert "was ended" not in client.get("/accounts/login/").content.decode()


def test_the_page_lists_ones_own_sessions_and_no_key(person, door):
    here, _answer = door(person.email, client=Client(HTTP_USER_AGENT="Firefox/1"))
    door(person.email, client=Client(HTTP_USER_AGENT="Chrome/1 Windows"))
    door(UserFactory(email="x@inm.example").email)

    text = here.get(ACCOUNT).content.decode()

    assert text.count("this one") == 2  # the badge, and the question before all end
    assert "Chrome on Windows" in text
    assert "Firefox on an unknown device" in text
    assert [key for key in keys() if key in text] == []


def keys() -> list[str]:
    return list(Session.objects.values_list("pk", flat=True))


def test_one_session_is_ended_from_another(person, door, is_in):
    here, _answer = door(person.email)
    there, _answer = door(person.email)
    handle = Session.objects.get(pk=there.cookies["sessionid"].value).handle

    here.post(f"/account/sessions/{handle}/end/")

    assert (is_in(here), is_in(there)) == (True, False)
    entry = JournalEntry.objects.get(verb=Verb.SESSIONS_ENDED)
    assert (entry.actor, entry.subject_id) == (person, person.pk)


def test_nobody_ends_a_session_of_somebody_else(person, door, is_in):
    other = UserFactory(email="other@inm.example")
    other.set_password(PASSWORD)
    other.save()
    theirs, _answer = door(other.email)
    client, _answer = door(person.email)
    handle = Session.objects.get(user=other).handle

    answer = client.post(f"/account/sessions/{handle}/end/")

    assert answer.status_code == 404
    assert is_in(theirs)


def test_sign_out_everywhere_ends_them_all_on_the_server(person, door, is_in):
    browsers = [door(person.email)[0] for _time in range(3)]

    browsers[0].post("/account/sessions/end/")

    assert [is_in(browser) for browser in browsers] == [False] * 3
    assert not Session.objects.filter(user=person).exists()


def test_a_request_in_flight_does_not_revive_an_ended_session(person, door, is_in):
    client, _answer = door(person.email)
    session = client.session
    session["kept"] = True
    end_sessions(person, by=None)

    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        session.save()
    assert not is_in(client)


def test_a_forgotten_password_set_anew_ends_every_session(person, door, is_in):
    from .test_password_reset import ask, choose, link

    client, _answer = door(person.email)
    ask(person.email)

    choose(link())

    assert not is_in(client)
    assert not Session.objects.filter(user=person).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_sessions(
    person, door, django_assert_num_queries, count
):
    for _time in range(count):
        client, _answer = door(person.email)
    client.get(ACCOUNT)

    with django_assert_num_queries(9):
        client.get(ACCOUNT)


def test_asking_who_is_there_sends_no_statement_twice(person, door):
    client, _answer = door(person.email)
    client.get(CONFIRM)

    with CaptureQueriesContext(connection) as sent:
        client.get(CONFIRM)

    statements = [query["sql"] for query in sent]
    assert sorted(statements) == sorted(set(statements))
