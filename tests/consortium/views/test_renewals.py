"""The pages and the API of renewals: for staff, and never for a member."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium.models import RenewalEstimate
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.renewals import estimate

pytestmark = pytest.mark.django_db

LIST = reverse("consortium:renewals")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def rows(response) -> list[tuple[str, int | None]]:
    page = response.context["page"].object_list
    return [(row.organization.name, row.probability) for row in page]


def test_staff_estimate_and_find_it_in_the_list(sign_in, cast):
    client = sign_in(cast["staff"])
    url = reverse("consortium:estimate_renewal", args=[cast.signed.pk])

    done = client.post(url, {"probability": 60, "reason": "Met the sponsor"})

    assert (done.status_code, done.url) == (
        302,
        reverse("consortium:renewal", args=[cast.signed.pk]),
    )
    assert "<strong>60 percent</strong>: Met the sponsor" in text(client.get(done.url))
    assert ("Siemens", 60) in rows(client.get(LIST))


def test_what_is_no_percentage_is_answered_beside_its_field(sign_in, cast):
    client = sign_in(cast["staff"])
    url = reverse("consortium:estimate_renewal", args=[cast.signed.pk])

    answer = client.post(url, {"probability": 101, "reason": "Met the sponsor"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"probability"}
    assert "Met the sponsor" in text(answer)
    assert not RenewalEstimate.objects.exists()


def test_a_member_reads_of_no_estimate_anywhere(sign_in, cast):
    estimate(cast.signed, 37, reason="Their budget was cut, says the sponsor")
    client = sign_in(cast["sponsor"])
    own = [
        *[cast.signed.get_absolute_url(), cast.siemens.get_absolute_url(), "/", LIST],
        reverse("consortium:member_commitment", args=[cast.siemens.pk]),
        *["/api/v1/agreements/", f"/api/v1/agreements/{cast.signed.pk}/"],
        "/api/v1/renewal-estimates/",
    ]

    for path in own:
        shown = text(client.get(path))
        assert "37 percent" not in shown
        assert "budget was cut" not in shown


def test_terms_are_found_by_whether_somebody_estimated_them(sign_in, cast):
    estimate(cast.signed)
    client = sign_in(cast["finance"])

    assert rows(client.get(LIST, {"told": "yes"})) == [("Siemens", 60)]
    assert ("Siemens", 60) not in rows(client.get(LIST, {"told": "no"}))


def test_the_list_asks_the_same_of_one_term_and_of_many(sign_in, cast):
    client = sign_in(cast["staff"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    estimate(cast.signed)
    cost()
    with_one = cost()
    for number in range(4):
        estimate(sign(draft(OrganizationFactory(name=f"Member {number}"))))

    assert cost() == with_one <= 8


def test_the_api_estimates_and_tells_each_estimate(api, cast):
    client = api(cast["staff"])
    path = f"/api/v1/agreements/{cast.signed.pk}/estimate-renewal/"

    def post(probability):
        headers = {"Idempotency-Key": uuid4().hex}
        told = {"probability": probability, "reason": "As the sponsor says"}
        return client.post(path, told, headers=headers, format="json")

    assert [post(60).status_code, post(70).status_code] == [201, 201]
    assert post(101).status_code == 400
    of_one = {"agreement": cast.signed.pk}
    found = client.get("/api/v1/renewal-estimates/", of_one).json()["results"]
    assert sorted(one["probability"] for one in found) == [60, 70]


def test_the_file_of_the_forecast_tells_the_probability(sign_in, cast):
    estimate(cast.signed, 60)

    answer = sign_in(cast["finance"]).get(reverse("consortium:forecast_csv"))

    lines = b"".join(answer).decode().splitlines()
    assert lines[0].endswith("why,probability_percent,weighted")
    assert any("renewal,Siemens" in line and ",60," in line for line in lines)
