"""One id from the request through its task and its mail to the journal; no secret."""

import io
import json
import logging
import logging.config
import queue
import re

import pytest
import structlog
from celery import current_app
from celery.app.trace import trace_task_ret
from django.core import mail
from django.test import Client

from inm_portal.accounts.models import User
from inm_portal.kernel import context, tasks
from inm_portal.kernel.models import JournalEntry
from inm_portal.settings import logging as portal_logging

#: A commit inside a request wakes the worker, as it does in the portal.
pytestmark = pytest.mark.django_db(transaction=True)

RESET = "/accounts/password/reset/"
PASSWORD, WRONG, NEW = "correct horse battery", "wrong horse", "staple orchard lamp"

#: The lines that an act leaves on its way to a mailbox.
WAY = [
    *["request_finished", "task_enqueued"],
    *["task_started", "message_sent", "task_succeeded"],
]


@pytest.fixture
def lines():
    """Log as production does; return the lines that were written since."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.level, root.handlers[:]
    config = portal_logging.configure(json=False)
    config["formatters"]["lines"]["processors"][-1] = (
        structlog.processors.JSONRenderer()
    )
    config["handlers"]["stdout"]["stream"] = stream
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.level, root.handlers[:] = before
    structlog.reset_defaults()


@pytest.fixture
def waiting(transactional_db):
    """The messages of the broker, none at first."""
    with current_app.connection_for_read() as broker:
        found = broker.SimpleQueue(current_app.conf.task_default_queue)
        found.clear()
        yield found
        found.clear()


@pytest.fixture
def work(waiting):
    """Do what waits at the broker, as a worker does; return what was handed over."""

    def done() -> list[dict]:
        headers = []
        while True:
            try:
                message = waiting.get(block=False)
            except queue.Empty:
                return headers
            message.ack()
            asked = dict(message.headers)
            headers.append(asked)
            trace_task_ret(
                asked["task"], asked["id"], dict(asked), message.payload, None, None
            )

    return done


@pytest.fixture
def person(transactional_db) -> User:
    return User.objects.create_user("dana.kim@company.example", "Dana Kim", PASSWORD)


@pytest.fixture
def reset(person, work):
    """Forget a password and choose another; return the last answer and the link."""

    def chosen():
        client = Client()
        client.post(RESET, {"email": person.email})
        work()
        (link,) = re.findall(r"http\S+/key/\S+", mail.outbox[-1].body)
        form = client.get(link.removeprefix("http://testserver"), follow=True)
        typed = {"password1": NEW, "password2": NEW}
        return client.post(form.request["PATH_INFO"], typed), link

    return chosen


def ids(lines, event: str) -> list[str]:
    return [line["request_id"] for line in lines if line["event"] == event]


def test_request_task_mail_and_journal_name_the_same_id(lines, reset, work):
    answer, _link = reset()
    work()

    request_id = answer.headers["X-Request-ID"]
    said = lines()
    assert {event: ids(said, event)[-1] for event in WAY} == dict.fromkeys(
        WAY, request_id
    )
    entry = JournalEntry.objects.get(verb="accounts.password_set")
    assert entry.request_id == request_id


def test_each_task_and_each_request_has_one_line_for_its_end(lines, reset, work):
    reset()
    work()

    finished = ids(lines(), "request_finished")
    assert len(finished) == len(set(finished))
    assert "request_started" not in {line["event"] for line in lines()}


def test_the_broker_learns_the_id_and_nothing_of_the_person(person, work):
    answer = Client().post(RESET, {"email": person.email})

    (headers,) = work()

    traced = headers["__django_structlog__"]
    assert traced == {"request_id": answer.headers["X-Request-ID"]}


def test_a_scheduled_task_has_an_id_of_its_own(lines, work):
    for _number in range(2):
        tasks.heartbeat.delay()
    work()

    first, second = ids(lines(), "task_started")
    assert all([first, second])
    assert first != second
    assert context.request_id.get() == ""


def test_no_line_holds_a_password_a_link_a_key_or_a_mail(lines, person, reset, work):
    """AUD-03"""
    client = Client()
    for password in (WRONG, PASSWORD):
        client.post("/accounts/login/", {"login": person.email, "password": password})
    _answer, link = reset()
    work()

    said = json.dumps(lines())
    key = link.rstrip("/").rpartition("/")[2]
    session = client.cookies["sessionid"].value
    texts = [line for sent in mail.outbox for line in sent.body.split("\n") if line]
    secrets = [PASSWORD, WRONG, NEW, link, key, session, person.email, *texts]
    assert len(lines()) > 8
    assert [secret for secret in secrets if secret in said] == []
