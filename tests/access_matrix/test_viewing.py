"""AUD-04: who sees what another person sees can change nothing, at any address."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from .payloads import NOTHING, PAYLOADS
from .stage import Stage
from .table import Row, rows

pytestmark = pytest.mark.django_db

WAYS_OUT = {"end_view_as", "account_logout"}
WRITES = [row for row in rows() if row.is_write and row.name not in WAYS_OUT]


@pytest.fixture(scope="module")
def viewing(stage) -> Stage:
    """The stage, with a session in which staff see what the sponsor sees."""
    client, person = Client(), stage.cast["sponsor"]
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.sessions["staff"]
    client.post(reverse("view_as", args=[person.pk]), {"reason": "Asked for help."})
    stage.sessions["viewing"] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return stage


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_nothing_can_be_changed(viewing, row: Row):
    url, right = viewing.url(row), PAYLOADS.get(row.name, NOTHING)

    answers = [viewing.ask("viewing", row.method, url, b) for b in (NOTHING, right)]

    assert [answer.status for answer in answers] == [403, 403]
    words = "not for viewing" if url.startswith("/api/") else "You are only viewing"
    assert [words in answer.text for answer in answers] == [True, True]


def test_everything_else_is_shown(viewing):
    """Else the session above would see nothing, and be refused for that alone."""
    assert viewing.ask("viewing", "GET", "/").status == 200
