"""The first person of an empty portal."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from inm_portal.accounts.models import User
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db

PASSWORD = "staple and orchard lamp"


def add(capsys, email: str = "first@inm.example") -> str:
    call_command("add_person", email, "First Person", role="director")
    return capsys.readouterr().out.strip()


def test_the_first_director_chooses_a_password_and_signs_in(capsys):
    link = add(capsys)
    client = Client()
    form = client.get(link.removeprefix("http://testserver"), follow=True)
    address = form.request["PATH_INFO"]

    client.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    signed_in = client.post(
        "/accounts/login/", {"login": "first@inm.example", "password": PASSWORD}
    )

    assert signed_in.url == "/"
    user = User.objects.get()
    assert user.has_perm("consortium.waive_agreement")
    assert JournalEntry.objects.filter(verb=Verb.PERSON_ADDED).count() == 1


def test_an_address_is_used_once(capsys):
    add(capsys)

    with pytest.raises(CommandError, match="signs in with this address"):
        add(capsys, "FIRST@inm.example")


def test_there_is_no_way_in_without_a_password(capsys):
    add(capsys)

    answer = Client().post(
        "/accounts/login/", {"login": "first@inm.example", "password": ""}
    )

    assert answer.status_code == 200
    assert not User.objects.get().has_usable_password()
