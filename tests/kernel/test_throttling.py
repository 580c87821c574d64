"""API-03, AUT-02: one caller cannot ask without end, nor guess tokens."""

from datetime import timedelta

import pytest
import time_machine
from rest_framework.settings import api_settings

from inm_portal.accounts.authentication import GUESSES
from inm_portal.kernel.models import RequestCount
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/organizations/"


@pytest.fixture
def three_a_minute(monkeypatch):
    rates = {"anon": 3, "user": 3}
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", rates, raising=False)


def test_the_fourth_request_in_a_minute_waits(api, three_a_minute):
    client = api(UserFactory())

    answers = [client.get(URL) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "throttled"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_a_minute_later_all_is_well(api, three_a_minute):
    client = api(UserFactory())
    with time_machine.travel(TODAY, tick=False) as clock:
        [client.get(URL) for _ in range(4)]
        clock.shift(timedelta(seconds=61))

        assert client.get(URL).status_code == 200


def test_people_do_not_use_up_each_others_share(api, three_a_minute):
    [api(UserFactory()).get(URL) for _ in range(5)]

    assert RequestCount.objects.count() == 5
    assert api(UserFactory()).get(URL).status_code == 200


def test_tokens_are_not_guessed_without_end(api):
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION="Bearer " + "0" * 64)

    answers = [client.get(URL).status_code for _ in range(GUESSES + 1)]

    assert answers == [401] * GUESSES + [429]
