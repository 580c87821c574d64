"""AUT-01, AUT-07: another address to sign in with, proven there, told to the old."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inm_portal.accounts.models import EmailChange, User
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel import outbox
from inm_portal.kernel.models import JournalEntry

from ..factories.accounts import UserFactory
from .conftest import PASSWORD

PAGE = "/account/email/"
OLD, NEW = "dana.kim@inm.example", "dana@elsewhere.example"


def ask(client, email: str = NEW):
    """Ask for another address, and let the worker send what waits."""
    answer = client.post(PAGE, {"email": email})
    outbox.send_due(at=timezone.now())
    return answer


def mails_to(address: str) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [address]]


def link() -> str:
    (sent,) = [m for m in mail.outbox if m.subject == "Confirm your new address"]
    (found,) = set(re.findall(r"http://testserver(/account/email/\S+/)", sent.body))
    return found


def address(person) -> str:
    return User.objects.get(pk=person.pk).email


@pytest.fixture
def here(person, door):
    return door(person.email)[0]


def test_the_address_changes_once_the_link_there_is_followed(person, here):
    ask(here)
    before = address(person)

    here.post(link())

    assert (before, address(person)) == (OLD, NEW)


def test_reading_the_link_changes_nothing(person, here):
    """Programs that look into mail follow every link."""
    ask(here)

    shown = here.get(link())

    assert (shown.status_code, address(person)) == (200, OLD)


def test_the_old_address_is_told_at_both_times(person, here):
    ask(here)
    here.post(link())
    outbox.send_due(at=timezone.now())

    assert mails_to(OLD) == [
        "A new address for your account was asked for",
        "The address of your account was changed",
    ]


def test_a_taken_address_is_answered_alike_and_its_owner_told(person, here):
    UserFactory(email="taken@inm.example")

    answers = [ask(here, email) for email in (NEW, "TAKEN@inm.example")]

    assert {(a.status_code, a.url) for a in answers} == {(302, "/account/")}
    pages = [here.get("/account/").content.decode() for _time in range(2)]
    assert all("taken@inm.example" in page for page in pages)
    assert mails_to("taken@inm.example") == [
        "Somebody wanted your address for their account"
    ]
    assert address(person) == OLD


def test_an_address_that_was_taken_meanwhile_is_refused(person, here):
    ask(here)
    UserFactory(email=NEW)

    answer = here.post(link())

    assert (answer.status_code, address(person)) == (422, OLD)


def test_ones_own_address_is_no_change(here):
    assert ask(here, OLD.upper()).status_code == 422


def test_other_sessions_end_and_this_one_stays(person, here, door, is_in):
    there, _answer = door(person.email)
    ask(here)

    here.post(link())

    assert (is_in(here), is_in(there)) == (True, False)


def test_a_link_is_for_who_asked(person, here, door):
    other = UserFactory(email="other@inm.example")
    other.set_password(PASSWORD)
    other.save()
    ask(here)
    thief, _answer = door(other.email)

    answer = thief.post(link())

    assert answer.status_code == 422
    assert (address(person), address(other)) == (OLD, "other@inm.example")


def test_a_visitor_signs_in_first(client, person, here):
    ask(here)

    assert client.get(link()).url.startswith("/accounts/login/?next=/account/email/")


def test_a_link_works_once(person, here):
    ask(here)
    here.post(link())

    assert here.post(link()).status_code == 422


def test_a_link_works_for_an_hour(person, here):
    ask(here)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        answer = here.post(link())

    assert (answer.status_code, address(person)) == (422, OLD)


def test_the_later_link_voids_the_earlier(person, here):
    ask(here)
    first = link()
    mail.outbox.clear()
    ask(here, "third@elsewhere.example")

    assert here.post(first).status_code == 422


def test_a_new_password_voids_the_link(person, here):
    ask(here)
    new = "staple and orchard lamp"

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert here.post(link()).status_code == 422


def test_the_link_is_kept_as_a_digest(person, here):
    ask(here)

    key = link().split("/")[3]
    assert key not in str(list(EmailChange.objects.values()))


def test_it_takes_a_fresh_sign_in(person, here):
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = ask(here)

    assert answer.url.startswith("/accounts/reauthenticate/")
    assert mail.outbox == []


def test_asking_is_limited(person, here):
    statuses = [ask(here, f"x{n}@elsewhere.example").status_code for n in range(6)]

    assert statuses == [302] * 5 + [429]


def test_guessing_keys_is_limited(person, here):
    """AUT-02."""
    statuses = [here.post(f"{PAGE}{n}/").status_code for n in range(21)]

    assert statuses == [422] * 20 + [429]


def test_the_journal_says_that_it_happened_and_no_address(person, here):
    ask(here)
    here.post(link())

    entries = JournalEntry.objects.filter(verb__startswith="accounts.email_change")
    assert list(entries.order_by("pk").values_list("verb", "facts")) == [
        (Verb.EMAIL_CHANGE_ASKED, {}),
        (Verb.EMAIL_CHANGED, {}),
    ]
