"""What a hostile or careless client sends is refused politely, and changes nothing."""

from uuid import uuid4

import pytest

from consortium import services
from consortium.models import ContributionCredit, CreditEntry, Evidence, Valuation
from tests.conftest import TODAY
from tests.factories.consortium import amend
from tests.factories.credits import claim, decide, offer, year_of

from .test_credits import claimed

pytestmark = pytest.mark.django_db

#: What no field of money takes, whatever it is for.
NO_AMOUNTS = ["-1", "0.001", "NaN", "Infinity", "1e30", "9999999999999.99"]
POLITE = {400, 409}


@pytest.fixture
def year(cast):
    return year_of(cast.signed)


@pytest.fixture
def post(api):
    """Return how an operation answers to somebody for one body."""

    def posted(who, path: str, data) -> int:
        headers = {"Idempotency-Key": uuid4().hex}
        path = f"/api/v1/{path}"
        return api(who).post(path, data, format="json", headers=headers).status_code

    return posted


def offered(year, **item) -> dict:
    asked = claimed(year)
    part = asked.pop("parts")[0] | {"category": "software"}
    asked.pop("what_for")
    return asked | {"part": part, "name": "Licenses"} | item


def dated(year, day: str) -> dict:
    asked = claimed(year)
    return asked | {"paper": asked["paper"] | {"dated_on": day}}


def test_nothing_is_claimed_or_offered_at_no_amount(cast, year, post):
    path = f"organizations/{cast.siemens.pk}"
    for amount in [*NO_AMOUNTS, "0", "", None]:
        of_nothing = claimed(year)
        of_nothing["paper"]["amount"] = amount

        assert post(cast["sponsor"], f"{path}/credits/", of_nothing) == 400
        asked = claimed(year, amount)
        assert post(cast["sponsor"], f"{path}/credits/", asked) == 400
    for amount in NO_AMOUNTS:
        for name in ("running_cost", "donor_tax_value"):
            asked = offered(year, **{name: amount})
            assert post(cast["sponsor"], f"{path}/in-kind/", asked) == 400

    assert not Evidence.objects.exists()
    assert post(cast["sponsor"], f"{path}/in-kind/", offered(year)) == 201


def test_nothing_is_valued_at_no_amount(cast, year, post):
    path = f"contribution-credits/{offer(year, 1_000).pk}/value/"
    for asked in [
        *[{"basis": amount} for amount in NO_AMOUNTS],
        *[{"discount_percent": share} for share in ["-1", "100.01", "NaN"]],
        *[{"months": months} for months in [-1, 32768, 10**30]],
        {"method": "guess"},
        {"basis": "999999999999.00", "months": 120},
    ]:
        given = {"method": "lease", "basis": "1000.00", "months": 12} | asked
        assert post(cast["finance"], path, given) in POLITE, asked

    assert not Valuation.objects.exists()


def test_nothing_is_decided_or_reduced_by_no_amount(cast, year, post):
    credit = services.review_claim(claim(year, 1_000), by=cast["staff"])
    given = decide(claim(year, 1_000), by=cast["director"])
    for amount in [*NO_AMOUNTS, "1000.01"]:
        path, reason = "contribution-credits", {"reason": "-"}

        asked = {"accepted": amount} | reason
        found = post(cast["director"], f"{path}/{credit.pk}/decide/", asked)
        assert found in POLITE, amount
        asked = {"amount": amount} | reason
        found = post(cast["director"], f"{path}/{given.pk}/reduce/", asked)
        assert found in POLITE, amount

    assert CreditEntry.objects.get().amount == 1_000


def test_a_document_is_not_changed_to_no_amount(api, cast, year):
    credit = claim(year, 1_000)
    services.withdraw_claim(credit, at=credit.claimed_at, by=cast["staff"])
    client, path = api(cast["staff"]), f"/api/v1/evidence/{credit.evidence_id}/"
    for amount in [*NO_AMOUNTS, "0"]:
        answer = client.patch(
            path, {"amount": amount}, format="json", headers={"If-Match": '"1"'}
        )
        assert answer.status_code == 400

    assert Evidence.objects.get().amount == 1_000


def test_a_day_that_cannot_be_meant_breaks_nothing(api, cast, year, post):
    path = f"organizations/{cast.siemens.pk}/credits/"
    for day in ["0000-00-00", "today", "2026-13-01", "-1", "9" * 40]:
        asked = claimed(year, contributed_on=day)
        assert post(cast["sponsor"], path, asked) == 400
    for day in ["0001-01-01", "9999-12-31"]:
        for asked in [claimed(year, contributed_on=day), dated(year, day)]:
            assert post(cast["sponsor"], path, asked) in {201, *POLITE}
        years = f"/api/v1/commitment-years/?as_known_on={day}"
        assert api(cast["sponsor"]).get(years).status_code in (200, 400)


def test_one_claim_has_few_parts(cast, year, post):
    path = f"organizations/{cast.siemens.pk}/credits/"
    many = claimed(year, "1.00")
    many["parts"] *= 31

    assert post(cast["sponsor"], path, many) == 400
    assert not ContributionCredit.objects.exists()
    many["parts"] = many["parts"][:30]
    assert post(cast["sponsor"], path, many) == 201


def test_a_filter_that_makes_no_sense_breaks_nothing(api, sign_in, cast, year):
    claim(year, 1_000)
    for query in [
        *["search=" + "9" * 5000, "search=CR-" + "9" * 30, "search=%00"],
        *["organization=" + "9" * 30, "evidence=x", "commitment_year=-1"],
        *["outcome=nothing", "category=nothing"],
    ]:
        for name in ("contribution-credits", "agreements"):
            answer = api(cast["staff"]).get(f"/api/v1/{name}/?{query}")
            assert answer.status_code in (200, 400), query
        page = sign_in(cast["staff"]).get(f"/consortium/credits/?{query}")
        assert page.status_code == 200, query


def test_an_amendment_says_what_can_be(cast, post):
    path = f"agreements/{cast.signed.pk}/amendments/"
    third = {"number": 3, "required": "600000", "fee_part": "0"}
    for terms in [
        *[{"years": [third | {"required": amount}]} for amount in [*NO_AMOUNTS, "0"]],
        *[{"years": [third | {"fee_part": "-1"}]}, {"years": [third | {"number": 99}]}],
        *[{"payment_terms_days": 366}, {"payment_terms_days": 10**9}],
        *[{"renewal_notice_days": 1096}, {"billing_frequency": "hourly"}],
        *[{"entity_country": "XX"}, {"effective_on": "0001-01-01"}],
    ]:
        asked = {"effective_on": str(TODAY), "reason": "-", "other_terms": "One"}
        assert post(cast["staff"], path, asked | terms) in POLITE, terms

    assert not cast.signed.amendments.exists()


def test_a_draft_is_not_changed_by_two_who_read_the_same(api, cast):
    amendment = amend(cast.signed, payment_terms_days=60)
    path = f"/api/v1/amendments/{amendment.pk}/"
    asked = {"effective_on": str(TODAY), "reason": "-", "other_terms": "One"}

    answers = [
        api(cast["staff"]).put(
            path,
            asked,
            format="json",
            headers={"If-Match": '"1"', "Idempotency-Key": uuid4().hex},
        )
        for _twice in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 412]
