"""What suits a person: the time zone in whose working hours reminders come."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from inm_portal.accounts.models.people import require_time_zone, time_zones
from inm_portal.accounts.preferences import set_time_zone
from inm_portal.accounts.tokens import issue_token
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel.models import JournalEntry

ONE_DAY = timedelta(days=1)
PAGE, OPERATION = "/account/preferences/", "/api/v1/account/"


def noted() -> list[dict]:
    entries = JournalEntry.objects.filter(verb=Verb.TIME_ZONE_SET)
    return [entry.facts for entry in entries]


def test_somebody_is_in_boston_until_they_say_otherwise(person, door):
    client, _answer = door(person.email)

    page = client.get("/account/").content.decode()

    assert "Boston, New York" in page


def test_somebody_says_where_they_are(person, door):
    client, _answer = door(person.email)

    answer = client.post(PAGE, {"time_zone": "Europe/Berlin"}, follow=True)

    person.refresh_from_db()
    assert person.time_zone == "Europe/Berlin"
    assert answer.redirect_chain == [("/account/#preferences", 302)]
    assert "Berlin" in answer.content.decode()
    assert noted() == [{}]


def test_the_form_begins_with_where_they_are(person, door):
    set_time_zone(person, time_zone="America/Argentina/Ushuaia", by=person)
    client, _answer = door(person.email)

    page = client.get(PAGE).content.decode()

    assert (
        '<option value="America/Argentina/Ushuaia" selected>Argentina, Ushuaia' in page
    )


def test_saying_the_same_again_is_no_news(person):
    for _time in range(2):
        set_time_zone(person, time_zone="Asia/Tokyo", by=person)

    assert noted() == [{}]


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "EST5EDT", "../etc/passwd", ""])
def test_a_place_that_nobody_is_in_is_refused(zone, person, door):
    client, _answer = door(person.email)

    by_page = client.post(PAGE, {"time_zone": zone})
    by_program = client.patch(
        OPERATION, {"time_zone": zone}, content_type="application/json"
    )

    person.refresh_from_db()
    assert (by_page.status_code, by_program.status_code) == (422, 400)
    assert person.time_zone == "America/New_York"


def test_every_place_of_the_list_may_be_kept(person):
    for zone in time_zones():
        require_time_zone(zone)

    with pytest.raises(ValidationError):
        require_time_zone("Europe/Atlantis")


def test_a_program_reads_and_changes_the_account_of_its_person(person):
    token = issue_token(person, scope="write", lifetime=ONE_DAY)
    client = Client(headers={"authorization": f"Bearer {token}"})

    changed = client.patch(
        OPERATION,
        {"time_zone": "Europe/Paris", "email": "other@inm.example"},
        content_type="application/json",
    )

    assert changed.json() == client.get(OPERATION).json()
    assert changed.json() == {
        "id": person.pk,
        "name": "Dana Kim",
        "email": "dana.kim@inm.example",
        "roles": [],
        "time_zone": "Europe/Paris",
    }


def test_a_program_that_only_reads_changes_nothing(person):
    token = issue_token(person, scope="read", lifetime=ONE_DAY)

    answer = Client().patch(
        OPERATION,
        {"time_zone": "Europe/Paris"},
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 403
    assert noted() == []
