"""The same POST at once, each with a connection of its own; and one that is cut off."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from consortium.models import Agreement, Contact
from inm_portal.kernel.models import JournalEntry, KeptAnswer

from ..access_matrix.payloads import PAYLOADS
from ..conftest import enter
from ..factories.accounts import staff
from ..factories.consortium import OrganizationFactory
from ..races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"name": "Ada", "email": "ada@siemens.example", "job_title": "", "phone": ""}
DRAFT = PAYLOADS["consortium:draft_agreement"].data | {"idempotency_key": "one"}


@pytest.fixture
def siemens():
    return OrganizationFactory(name="Siemens")


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False)
    enter(client, staff("program staff"))
    return client


@pytest.fixture
def draft(client, siemens) -> Callable:
    """Return a function that sends one form of a browser."""
    address = reverse("consortium:draft_agreement", args=[siemens.pk])
    session = client.cookies["sessionid"].value

    def send():
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = session
        return client.post(address, DRAFT)

    return send


@pytest.fixture
def add_contact(client, siemens) -> Callable:
    """Return a function that sends one request of a program."""
    session = client.cookies["sessionid"].value

    def send():
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = session
        return client.post(
            f"/api/v1/organizations/{siemens.pk}/contacts/",
            ADA,
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        )

    return send


@pytest.mark.parametrize("count", [2, 16])
def test_one_form_sent_at_once_makes_one_object(draft, count):
    answers = at_once(*[draft] * count)

    assert sorted(a.status_code for a in answers) == [302, *[303] * (count - 1)]
    assert {a.url for a in answers} == {Agreement.objects.get().get_absolute_url()}
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize("count", [2, 16])
def test_one_request_sent_at_once_makes_one_object(add_contact, count):
    answers = at_once(*[add_contact] * count)

    assert [a.status_code for a in answers] == [201] * count
    assert len({a.content for a in answers}) == 1
    assert [a.headers.get("Idempotent-Replayed") for a in answers].count(None) == 1
    assert Contact.objects.count() == 1


@contextmanager
def nothing_is_kept() -> Iterator[Callable]:
    """
    Let every answer wait at the moment at which it is kept.

    Yields a function that ends the connection of whoever waits there.
    """
    own = psycopg2.connect(**connection.get_connection_params())
    with closing(own), own.cursor() as cursor:
        cursor.execute("LOCK TABLE kernel_keptanswer IN EXCLUSIVE MODE")

        def cut_off() -> None:
            cursor.execute(CUT_OFF)
            while not cursor.fetchall():
                time.sleep(0.02)
                cursor.execute(CUT_OFF)

        yield cut_off


CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE relation = 'kernel_keptanswer'::regclass AND NOT granted
"""


@pytest.mark.parametrize("kind", ["draft", "add_contact"])
def test_what_is_cut_off_before_its_answer_was_kept_was_not_done(request, kind):
    """The object is written and its answer is not, when the connection ends."""
    send = request.getfixturevalue(kind)
    with nothing_is_kept() as cut_off:
        answer, _none = at_once(send, cut_off)

    assert answer.status_code == 503
    assert left() == (0, 0, 0)

    assert send().status_code in {201, 302}
    assert left() == (1, 1, 1)


def left() -> tuple[int, int, int]:
    """Count what was made, what the journal says of it, and what was kept."""
    made = Agreement.objects.count() + Contact.objects.count()
    return made, JournalEntry.objects.count(), KeptAnswer.objects.count()
