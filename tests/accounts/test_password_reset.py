"""A forgotten password: one link, from the configured address, used once (AUT-06)."""

import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inm_portal.accounts.merging import merge_users
from inm_portal.accounts.models import User
from inm_portal.kernel import mails, outbox
from inm_portal.kernel.models import Message

from ..factories.accounts import UserFactory
from .conftest import PASSWORD

NEW = "staple and orchard lamp"
STRANGER = "nobody@inm.example"
RESET = "account/email/password_reset_key"


def ask(email: str, **request):
    """Ask for a link, and let the worker send what waits."""
    answer = Client().post("/accounts/password/reset/", {"email": email}, **request)
    outbox.send_due(at=timezone.now())
    return answer


def link() -> str:
    (message,) = mail.outbox
    (found,) = re.findall(r"https?://\S+/key/\S+", message.body)
    return found


def choose(address: str, password: str = NEW) -> Client:
    """Follow a link and type a new password."""
    client = Client()
    form = client.get(path_of(address), follow=True)
    client.post(
        form.request["PATH_INFO"], {"password1": password, "password2": password}
    )
    return client


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def opens(person, password: str) -> bool:
    person.refresh_from_db()
    return person.check_password(password)


def test_known_and_unknown_addresses_get_one_answer(person):
    answers = [ask(email) for email in [person.email, "nobody@inm.example"]]

    assert {(a.status_code, a.url) for a in answers} == {
        (302, "/accounts/password/reset/done/")
    }
    assert {a.content for a in answers} == {b""}
    assert [a.cookies.keys() for a in answers] == [answers[0].cookies.keys()] * 2


def test_only_a_known_address_gets_mail(person):
    ask("nobody@inm.example")
    ask("DANA.KIM@inm.example")

    assert [message.to for message in mail.outbox] == [[person.email]]


def test_who_may_not_sign_in_gets_no_mail(person):
    type(person).objects.update(is_active=False)

    ask(person.email)

    assert mail.outbox == []


def test_the_link_is_made_from_the_address_of_the_portal(person, settings):
    settings.PORTAL_URL = "https://portal.example"

    ask(
        person.email,
        headers={
            "host": "localhost",
            "x-forwarded-host": "evil.example",
            "x-forwarded-proto": "http",
            "origin": "https://evil.example",
        },
    )

    assert link().startswith("https://portal.example/accounts/password/reset/key/")
    assert not re.search(r"evil|localhost|testserver", mail.outbox[0].body)


def test_a_link_sets_a_password_once(person):
    ask(person.email)
    address = link()

    choose(address)
    choose(address, "another orchard lamp")

    assert opens(person, NEW)


def test_a_link_is_dead_once_the_password_changed_otherwise(person):
    ask(person.email)
    person.set_password("something else entirely")
    person.save()

    choose(link())

    assert not opens(person, NEW)


def test_a_link_is_for_one_person(person):
    other = type(person).objects.create_user("other@inm.example", "Other", PASSWORD)
    ask(person.email)
    uid, key = re.search(r"key/(\w+)-(.+)/", link()).groups()
    from allauth.account.utils import user_pk_to_url_str

    choose(link().replace(f"key/{uid}-{key}", f"key/{user_pk_to_url_str(other)}-{key}"))

    assert opens(other, PASSWORD)


def test_a_link_lasts_for_a_short_time(person):
    ask(person.email)

    with time_machine.travel(timezone.now() + timezone.timedelta(days=4)):
        choose(link())

    assert not opens(person, NEW)


def test_a_link_does_not_sign_anybody_in(person, is_in):
    ask(person.email)

    client = choose(link())

    assert opens(person, NEW)
    assert not is_in(client)


def test_the_rules_of_passwords_hold_here_too(person):
    ask(person.email)

    choose(link(), "too short")

    assert opens(person, PASSWORD)


@pytest.mark.parametrize("email", ["dana.kim@inm.example", "nobody@inm.example"])
def test_asking_is_limited_alike(person, email):
    answers = [ask(email) for _time in range(6)]

    assert [one.status_code for one in answers] == [302] * 5 + [429]
    assert [one.get("Retry-After") for one in answers] == [None] * 5 + ["300"]


# --- the address of an account that was merged


@pytest.fixture
def merged(person) -> User:
    former = UserFactory(name="Dana Kim", email="dana@former.example")
    merge_users(person, merged=former, at=timezone.now(), by=None)
    return former


def test_the_address_of_a_merged_account_is_told_which_one_is_in_use(merged, person):
    answer = ask(merged.email.upper())

    (message,) = mail.outbox
    assert answer.url == ask("nobody@inm.example").url
    assert message.to == ["dana@former.example"]
    assert "d…@inm.example" in message.body
    assert person.email not in message.body
    assert "/key/" not in message.body


def test_it_is_told_the_last_of_several(merged, person):
    last = UserFactory(email="kim@mit.example")
    merge_users(last, merged=person, at=timezone.now(), by=None)

    ask(merged.email)

    assert "k…@mit.example" in mail.outbox[0].body


def test_it_is_told_nothing_of_an_account_that_nobody_uses(merged, person):
    User.objects.filter(pk=person.pk).update(is_active=False)

    ask(merged.email)

    assert not mail.outbox


def test_an_address_that_its_owner_gave_up_is_told_nothing(person):
    """Whoever has it now may be somebody else."""
    User.objects.filter(pk=person.pk).update(email="dana@new.example")

    ask("dana.kim@inm.example")

    assert not mail.outbox


def statements(email: str) -> list[str]:
    """Return the statements about mails that asking for a link makes."""
    with CaptureQueriesContext(connection) as asked:
        Client().post("/accounts/password/reset/", {"email": email})
    made = [q["sql"].partition("(")[0] for q in asked]
    return [sql[:40] for sql in made if "kernel_message" in sql]


def test_who_came_by_a_link_may_set_up_a_second_factor(person, door):
    ask(person.email)
    choose(link())
    browser, _answer = door(person.email, NEW)

    page = browser.get("/accounts/second-factor/app/")

    assert page.status_code == 200
    assert page.context["form"].secret


def test_an_address_is_given_up_however_often_it_got_a_link(person):
    ask(person.email)
    mail.outbox.clear()
    person.email = "new@inm.example"
    person.save()

    ask("dana.kim@inm.example")

    assert mail.outbox == []


def test_an_unknown_address_costs_what_a_known_one_does(person, monkeypatch):
    """AUT-01: how long the answer takes tells nothing."""
    written = []
    monkeypatch.setattr(mails, "render", counted(mails.render, written))
    known, unknown = map(statements, [person.email, STRANGER])

    assert 'INSERT INTO "kernel_message" ' in known, "a mail is written"
    assert unknown == known
    assert written == [RESET] * 2
    assert Message.objects.get().to == person


def counted(render, written: list[str]):
    def counting(kind, context):
        written.append(kind)
        return render(kind, context)

    return counting
