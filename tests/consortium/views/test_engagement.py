"""The pages of what is spoken with members: who reads what, and what staff writes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium.models import Interaction
from inm_portal.kernel.models import Task
from tests.conftest import TODAY
from tests.factories.engagement import correct, faculty, follow_up, interaction

pytestmark = pytest.mark.django_db


def shown(client, url, query=None) -> set[int]:
    return {row.pk for row in client.get(url, query).context["page"].object_list}


def test_a_member_reads_what_is_shared_and_stands_and_nothing_else(sign_in, cast):
    shared = interaction(cast.contact, is_shared=True)
    interaction(cast.contact, summary="They may leave us")
    replaced = interaction(cast.contact, is_shared=True)
    correct(replaced, cast.contact, is_shared=False)
    url = reverse("consortium:interactions")

    client = sign_in(cast["colleague"])
    assert shown(client, url) == {shared.pk}
    assert client.get(replaced.get_absolute_url()).status_code == 404
    assert shown(sign_in(cast["amgen sponsor"]), url) == set()


def test_what_follows_is_shown_to_inm_alone(sign_in, cast):
    one = interaction(cast.contact, is_shared=True)
    follow_up(one, owner=cast["staff"], what="Ask whether they renew")

    pages = {
        who: sign_in(cast[who]).get(one.get_absolute_url()).content.decode()
        for who in ("sponsor", "auditor")
    }

    assert "Ask whether they renew" not in pages["sponsor"]
    assert "Ask whether they renew" in pages["auditor"]


def test_staff_records_a_meeting_and_asks_for_what_follows(sign_in, cast):
    client, mina = sign_in(cast["staff"]), faculty()
    url = reverse("consortium:record_interaction", args=[cast.siemens.pk])
    told = {"kind": "meeting", "held_on": TODAY, "summary": "On robots"}
    told |= {"contacts": [cast.contact.pk], "faculty": [mina.pk]}

    ahead = client.post(url, told | {"held_on": "2027-01-01"})
    done = client.post(url, told)

    assert ahead.status_code == 422
    assert "Choose a day that is not ahead." in ahead.content.decode()
    assert "On robots" in ahead.content.decode()
    one = Interaction.objects.get()
    assert done["Location"] == one.get_absolute_url()
    page = " ".join(client.get(one.get_absolute_url()).content.decode().split())
    assert all(words in page for words in ("On robots", "Mina Kwon", "INM alone"))
    client.post(
        reverse("consortium:follow_up_interaction", args=[one.pk]),
        {"what": "Send it", "owner": cast["staff"].pk, "due_on": TODAY},
    )
    assert Task.objects.get().url == one.get_absolute_url()


def test_a_correction_starts_from_what_was_written(sign_in, cast):
    one = interaction(cast.contact, faculty=[faculty()])
    client = sign_in(cast["staff"])

    form = client.get(reverse("consortium:correct_interaction", args=[one.pk])).context[
        "form"
    ]

    assert form.initial["summary"] == one.summary
    assert form.initial["contacts"] == [cast.contact.pk]


def test_the_list_is_narrowed_by_words_kind_and_faculty(sign_in, cast):
    mina, client = faculty(), sign_in(cast["staff"])
    robots = interaction(cast.contact, summary="Robots", faculty=[mina])
    visit = interaction(cast.contact, kind="visit", is_shared=True)
    url = reverse("consortium:interactions")

    assert shown(client, url, {"search": "robot"}) == {robots.pk}
    assert shown(client, url, {"search": "kwon"}) == {robots.pk}
    assert shown(client, url, {"kind": "visit"}) == {visit.pk}
    assert shown(client, url, {"shared": "True"}) == {visit.pk}
    assert shown(client, mina.get_absolute_url()) == {robots.pk}
    assert shown(client, url, {"since": "2026-11-23"}) == set()


@pytest.mark.parametrize("name", ["interactions", "faculty"])
def test_a_list_asks_the_same_of_one_row_and_of_many(sign_in, cast, name):
    client, url = sign_in(cast["staff"]), reverse(f"consortium:{name}")
    interaction(cast.contact, faculty=[faculty()])

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    cost()
    with_one = cost()
    for number in range(4):
        interaction(cast.contact, faculty=[faculty(f"Ada{number} Ray")])

    assert cost() == with_one <= 8
