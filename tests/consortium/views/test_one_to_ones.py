"""The pages of talks with the faculty: who asks, who answers, who reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium.models import OneToOneRequest
from tests.factories.accounts import UserFactory
from tests.factories.engagement import agreed, faculty, one_to_one

pytestmark = pytest.mark.django_db
LIST = reverse("consortium:one_to_ones")


def shown(client) -> set[int]:
    return {row.pk for row in client.get(LIST).context["page"].object_list}


def test_a_member_asks_for_itself_and_for_nobody_else(sign_in, cast):
    mina, client = faculty(), sign_in(cast["sponsor"])
    url = reverse("consortium:ask_one_to_one", args=[cast.siemens.pk])
    told = {"faculty": mina.pk, "topic": "On robots", "suits": "In May"}
    colleague = cast["colleague"].contacts.get()

    refused = client.post(url, told | {"contact": colleague.pk})
    done = client.post(url, told | {"contact": cast["sponsor"].contacts.get().pk})

    assert refused.status_code == 422
    assert "On robots" in refused.content.decode()
    row = OneToOneRequest.objects.get()
    assert done["Location"] == row.get_absolute_url()
    assert shown(sign_in(cast["colleague"])) == {row.pk}
    assert shown(sign_in(cast["amgen sponsor"])) == set()


def test_who_is_asked_reads_it_and_agrees(sign_in, cast):
    row = one_to_one(cast.contact)
    client = sign_in(UserFactory(email="mina@mit.example"))
    stranger = sign_in(UserFactory(email="other@mit.example"))
    url = reverse("consortium:agree_one_to_one", args=[row.pk])

    assert shown(client) == {row.pk}
    assert stranger.get(row.get_absolute_url()).status_code == 404
    done = client.post(url, {"meets_on": "2026-12-10", "place": "Room 5"})

    assert done["Location"] == row.get_absolute_url()
    row.refresh_from_db()
    assert row.state == "agreed"
    hold = reverse("consortium:hold_one_to_one", args=[row.pk])
    assert client.get(hold).status_code == 403


def test_a_cap_is_refused_beside_the_day(sign_in, cast):
    row, client = one_to_one(cast.contact), sign_in(cast["staff"])
    cap = reverse("consortium:cap_one_to_ones", args=[row.faculty_id])
    client.post(cap, {"one_to_one_cap": 0})
    url = reverse("consortium:agree_one_to_one", args=[row.pk])

    answer = client.post(url, {"meets_on": "2026-12-10", "place": "Room 5"})

    assert answer.status_code == 422
    assert "gives 0 talks" in answer.context["form"].errors["meets_on"][0]
    assert "Room 5" in answer.content.decode()


def test_a_list_of_many_asks_as_often_as_a_list_of_one(sign_in, cast):
    client = sign_in(cast["staff"])
    one_to_one(cast.contact)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(LIST)
        return len(found)

    statements()
    alone = statements()
    for number in range(5):
        agreed(cast.contact, f"Ada{number} Ro")
    assert statements() == alone
