"""The page on which companies ask, and the pages on which staff follow them up."""

from random import random

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from consortium.forms.prospects import SALT
from consortium.models import Inquiry, Prospect
from inm_portal.kernel.models import Task
from tests.factories.consortium import OrganizationFactory
from tests.factories.prospects import inquiry, move, prospect

from .test_costs import require_same

pytestmark = pytest.mark.django_db

JOIN = reverse("consortium:join")
LIST = reverse("consortium:prospects")
ASKED = {
    **{"company": "Northfield", "name": "Ada Field", "offer": "membership"},
    **{"email": "ada@northfield.example", "message": "We make pumps."},
}


def begun(seconds_ago: float = 20) -> str:
    at = timezone.now().timestamp() - seconds_ago
    return signing.dumps([at, str(random())], salt=SALT)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_stranger_asks_and_staff_read_it(client, sign_in, cast):
    done = client.post(JOIN, ASKED | {"begun": begun()})

    assert (done.status_code, done.url) == (302, reverse("consortium:joined"))
    row = Inquiry.objects.get()
    assert (row.company, row.email) == ("Northfield", "ada@northfield.example")
    page = text(sign_in(cast["staff"]).get(row.get_absolute_url()))
    assert "We make pumps." in page


@pytest.mark.parametrize(
    "told", [lambda: "", lambda: "x", lambda: begun(1), lambda: begun(13 * 3600)]
)
def test_what_is_sent_at_once_or_of_an_old_page_is_shown_again(client, db, told):
    answer = client.post(JOIN, ASKED | {"begun": told()})

    assert answer.status_code == 422
    assert "Please look it over" in text(answer)
    assert "We make pumps." in text(answer)
    assert not Inquiry.objects.exists()


def test_a_program_that_fills_in_everything_is_thanked_and_not_kept(client, db):
    done = client.post(JOIN, ASKED | {"begun": begun(), "fax": "555-0100"})

    assert done.url == reverse("consortium:joined")
    assert not Inquiry.objects.exists()


def test_one_address_asks_three_times_in_a_minute_and_no_more(client, db):
    answers = [
        client.post(JOIN, ASKED | {"begun": begun()}).status_code for _n in range(4)
    ]

    assert answers == [302, 302, 302, 429]
    assert Inquiry.objects.count() == 3


def test_what_a_page_sends_twice_is_kept_once(client, db):
    page = {"begun": begun()}

    for _time in range(2):
        assert client.post(JOIN, ASKED | page).status_code == 302

    assert Inquiry.objects.count() == 1
    assert Task.objects.count() == 1


def test_what_is_missing_is_said_beside_the_field(client, db):
    answer = client.post(JOIN, ASKED | {"begun": begun(), "email": "ada"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"email"}


def test_staff_take_an_inquiry_up_and_say_where_it_stands(sign_in, cast):
    row, client = inquiry(), sign_in(cast["staff"])
    url = reverse("consortium:take_up_inquiry", args=[row.pk])

    done = client.post(url, {"owner": cast["staff"].pk, "sector": "energy"})

    one = Prospect.objects.get()
    assert done.url == one.get_absolute_url()
    move_url = reverse("consortium:move_prospect", args=[one.pk])
    step = {"stage": "talks", "amount": "500,000", "probability": 40}
    step |= {"expected_on": "2027-03-01", "note": "They visit in January"}
    assert client.post(move_url, step | {"stage": "won"}).status_code == 422
    assert client.post(move_url, step).status_code == 302
    assert "They visit in January" in text(client.get(done.url))
    assert "$200,000" in text(client.get(LIST))


def test_the_list_adds_up_by_stage_what_it_shows(sign_in, cast):
    first = prospect(owner=cast["staff"])
    move(first, "negotiating", probability=50)
    client = sign_in(cast["staff"])

    stages = client.get(LIST).context["stages"]

    told = {row["stage"].value: (row["count"], row["weighted"]) for row in stages}
    assert told["negotiating"] == (1, 250_000)
    assert told["talks"] == (0, 0)


def test_nobody_of_a_member_reads_of_prospects(sign_in, cast):
    row, asked = prospect(owner=cast["staff"]), inquiry()
    client = sign_in(cast["sponsor"])

    for url in (row.get_absolute_url(), asked.get_absolute_url()):
        assert client.get(url).status_code == 404
    assert "Orlan" not in text(client.get(LIST))
    for name in ("prospects", "inquiries"):
        assert client.get(f"/api/v1/{name}/").json()["results"] == []


@pytest.mark.parametrize(
    "query",
    ["?stage=open", "?stage=talks", "?offer=membership", "?search=Orl", "?sort=stage"],
)
def test_the_list_is_narrowed_and_sorted(sign_in, cast, query):
    prospect(owner=cast["staff"])

    assert "Orlan" in text(sign_in(cast["staff"]).get(LIST + query))


@pytest.mark.parametrize("standing", ["new", "taken", "aside"])
def test_inquiries_are_narrowed_by_their_standing(sign_in, cast, standing):
    inquiry()
    page = sign_in(cast["staff"]).get(
        reverse("consortium:inquiries"), {"standing": standing}
    )

    assert [row.company for row in page.context["page"]] == (
        ["Northfield"] if standing == "new" else []
    )


def test_the_list_costs_the_same_for_one_and_for_many(sign_in, cast):
    client = sign_in(cast["staff"])
    prospect(owner=cast["staff"])

    def more():
        prospect(OrganizationFactory(), owner=cast["staff"])

    require_same(lambda: client.get(LIST), more, most=6)
