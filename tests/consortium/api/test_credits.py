"""The ledger by the API: what it answers, what it refuses."""

from uuid import uuid4

import pytest

from consortium.models import ContributionCredit
from inm_portal.kernel.lists import SLICE
from tests.factories.credits import (
    appraise,
    claim,
    decide,
    delivered,
    dispute,
    offer,
    paper,
    year_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(cast):
    return year_of(cast.signed)


def body(response, status: int = 200):
    assert response.status_code == status, response.json()
    return response.json()


def post(client, path: str, data=None, status: int = 200):
    headers = {"Idempotency-Key": uuid4().hex}
    answer = client.post(f"/api/v1/{path}", data or {}, format="json", headers=headers)
    return body(answer, status)


def claimed(year, amount="60000.00", **changes) -> dict:
    return {
        "paper": {
            "payer": "Siemens AG",
            "number": "INV-1",
            "amount": "100000.00",
            "dated_on": "2026-02-02",
        },
        "parts": [
            {"commitment_year": year.pk, "category": "fellowship", "amount": amount}
        ],
        "contributed_on": "2026-02-02",
        "what_for": "A fellow",
        **changes,
    }


def test_a_claim_goes_to_its_decision(api, cast, year):
    member, director = api(cast["sponsor"]), api(cast["director"])
    path = f"organizations/{cast.siemens.pk}/credits/"

    (made,) = post(member, path, claimed(year), 201)
    credit = f"contribution-credits/{made['id']}/"
    assert post(director, f"{credit}review/")["outcome"] == "under_review"
    decided = post(
        director, f"{credit}decide/", {"accepted": "50000.00", "reason": "A part"}
    )

    assert decided["outcome"] == "partly_accepted"
    assert decided["credited"] == "50000.00"
    assert [entry["amount"] for entry in decided["entries"]] == ["50000.00"]
    found = body(member.get(f"/api/v1/commitment-positions/{year.pk}/"))
    assert (found["credited"], found["short"]) == ("50000.00", "450000.00")


def test_a_position_is_read_as_known_on_a_day(api, cast, year):
    decide(claim(year, 475_000), by=cast["director"])
    client, path = api(cast["finance"]), f"/api/v1/commitment-positions/{year.pk}/"

    before = body(client.get(f"{path}?on=2026-02-01"))
    after = body(client.get(f"{path}?on=2026-06-10"))

    assert (before["credited"], before["status"]) == ("0.00", "open")
    assert (after["credited"], after["status"]) == ("475000.00", "short")


def test_case_31_a_second_claim_on_a_document_says_that_it_knows(api, cast, year):
    client, path = api(cast["sponsor"]), f"organizations/{cast.siemens.pk}/credits/"
    post(client, path, claimed(year), 201)

    refused = post(client, path, claimed(year, "40000.00"), 409)
    assert refused["code"] == "claimed_before"
    post(client, path, claimed(year, "40000.00", knows_earlier=True), 201)
    refused = post(client, path, claimed(year, "0.01", knows_earlier=True), 409)
    assert refused["code"] == "above_evidence"


def test_a_year_of_another_member_is_not_there(api, cast):
    theirs = year_of(cast.amgens)
    path = f"organizations/{cast.siemens.pk}/credits/"

    post(api(cast["sponsor"]), path, claimed(theirs), 404)


def test_an_act_on_a_credit_needs_a_key(api, cast, year):
    credit = claim(year, 1_000)

    answer = api(cast["director"]).post(
        f"/api/v1/contribution-credits/{credit.pk}/review/"
    )

    assert body(answer, 400)["code"] == "idempotency_key_required"


def test_a_thing_in_kind_is_read_with_its_valuations(api, cast, year):
    thing = offer(year, 72_000, list_price=120_000)
    delivered(
        thing,
        basis=120_000,
        discount=40,
        valued_by=cast["finance"],
        by=cast["director"],
    )
    path = f"/api/v1/contribution-credits/{thing.pk}/"

    found = body(api(cast["sponsor"]).get(path))

    assert found["item"]["state"] == "delivered"
    assert [one["value"] for one in found["item"]["valuations"]] == ["72000.00"]


def test_all_that_was_said_of_a_value_is_read_page_by_page(api, cast, year):
    """A credit shows the newest 25; lists of their own have what is older."""
    thing, other = offer(year, 5_000), offer(year, 5_000)
    told = {"valued_by": cast["finance"], "by": cast["director"]}
    for each in (thing, other):
        delivered(each, basis=5_000, **told)
    for _time in range(SLICE):
        appraise(thing, by=cast["finance"])
    decide(thing, by=cast["director"])
    appraise(thing, by=cast["finance"])
    held = dispute(thing, by=cast["sponsor"])
    client = api(cast["sponsor"])

    shown = body(client.get(f"/api/v1/contribution-credits/{thing.pk}/"))["item"]
    first = body(client.get(f"/api/v1/appraisals/?credit={thing.pk}&page_size=20"))
    rest = body(client.get(first["next"]))
    (valued,) = body(client.get(f"/api/v1/valuations/?credit={thing.pk}"))["results"]
    found = body(client.get("/api/v1/valuation-disputes/?is_open=true"))["results"]

    assert len(shown["appraisals"]) == SLICE
    assert [len(part["results"]) for part in (first, rest)] == [20, SLICE - 19]
    assert {row["credit"] for row in first["results"]} == {thing.pk}
    assert (valued["credit"], valued["value"]) == (thing.pk, "5000.00")
    assert [(row["id"], row["outcome"]) for row in found] == [(held.pk, None)]
    closed = body(client.get("/api/v1/valuation-disputes/?is_open=false"))
    assert closed["results"] == []
    theirs = api(cast["amgen sponsor"])
    for name in ("appraisals", "valuations", "valuation-disputes"):
        assert body(theirs.get(f"/api/v1/{name}/"))["results"] == []


def test_evidence_tells_what_is_left_of_it(api, cast, year):
    claim(year, 60_000, document=paper(100_000, number="AW-1"))

    (found,) = body(api(cast["sponsor"]).get("/api/v1/evidence/"))["results"]

    assert (found["used"], found["left"]) == ("60000.00", "40000.00")
    assert body(api(cast["amgen sponsor"]).get("/api/v1/evidence/"))["results"] == []


def test_credits_are_those_of_ones_own_company(api, cast, year):
    claim(year, 1_000)
    claim(year_of(cast.amgens), 2_000)

    found = body(api(cast["sponsor"]).get("/api/v1/contribution-credits/"))["results"]

    assert [one["organization"] for one in found] == [cast.siemens.pk]
    assert ContributionCredit.objects.count() == 2
