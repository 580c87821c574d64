"""Links of companies, evidence and things in kind by the API."""

from uuid import uuid4

import pytest

from consortium.models import ContributionCredit, Organization
from tests.conftest import TODAY
from tests.factories.consortium import ContactFactory, OrganizationFactory
from tests.factories.credits import claim, decide, offer, paper, year_of
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

ON = TODAY.isoformat()


@pytest.fixture
def year(cast):
    return year_of(cast.signed)


@pytest.fixture
def post(api, cast):
    """Return what posts as somebody, and answers status and body."""

    def send(who: str, path: str, data=None, **more) -> tuple[int, dict]:
        headers = {"Idempotency-Key": uuid4().hex}
        kind = {"format": "json"} | more
        answer = api(cast[who]).post(
            f"/api/v1/{path}", data or {}, headers=headers, **kind
        )
        return answer.status_code, answer.json()

    return send


def test_a_parent_is_linked_and_its_reduction_foreseen(cast, post):
    group = OrganizationFactory(name="Talbrook Group")
    path = f"organizations/{cast.siemens.pk}/parent/"

    status, link = post("staff", path, {"other": group.pk, "from_on": ON})

    assert (status, link["kind"], link["other"]) == (201, "parent", group.pk)
    refused = post("staff", path, {"other": cast.siemens.pk, "from_on": ON})
    assert (refused[0], refused[1]["code"]) == (409, "linked_to_itself")


def test_the_history_of_a_merger_is_opened_once(cast, post):
    path = f"organizations/{cast.amgen.pk}/merger/"
    _made, link = post("staff", path, {"other": cast.siemens.pk, "from_on": ON})

    status, opened = post("staff", f"organization-links/{link['id']}/open-history/")

    assert (status, opened["history_open_on"]) == (200, ON)
    assert post("staff", f"organization-links/{link['id']}/open-history/")[0] == 403


def test_a_division_leaves_and_people_of_others_do_not(cast, post):
    path = f"organizations/{cast.siemens.pk}/spin-off/"
    names = {
        **{"name": "Drives", "legal_name": "Drives GmbH", "from_on": ON},
        **{"rest_name": "The rest", "rest_legal_name": "The rest AG"},
    }

    refused = post("staff", path, names | {"contacts": [ContactFactory().pk]})
    status, rest = post("staff", path, names)

    assert (refused[0], refused[1]["code"]) == (409, "of_another_company")
    assert (status, rest["name"]) == (201, "The rest")
    assert Organization.objects.get(pk=cast.siemens.pk).name == "Drives"


def test_evidence_is_asked_for_and_supplied_by_the_company(year, post):
    credit = f"contribution-credits/{claim(year, 1_000).pk}/"

    assert post("sponsor", f"{credit}ask/", {"asked_for": "The letter"})[0] == 403
    asked = post("finance", f"{credit}ask/", {"asked_for": "The letter"})
    supplied = post("sponsor", f"{credit}supply/", {"file": sent()}, format="multipart")

    assert (asked[1]["outcome"], asked[1]["asked_for"]) == (
        *("evidence_requested", "The letter"),
    )
    assert supplied[1]["outcome"] == "under_review"


def test_a_document_does_not_fall_below_what_is_claimed_on_it(year, cast, api):
    credit = claim(year, 60_000, document=paper(100_000))
    client, path = api(cast["staff"]), f"/api/v1/evidence/{credit.evidence_id}/"

    def change(amount: str, version: int):
        tag = {"If-Match": f'"{version}"'}
        return client.patch(path, {"amount": amount}, format="json", headers=tag)

    assert change("59999.99", 1).json()["code"] == "above_evidence"
    assert change("60000.00", 1).json()["left"] == "0.00"
    assert change("70000.00", 1).status_code == 412


def test_a_claim_is_withdrawn_and_not_decided_after(year, post):
    credit = f"contribution-credits/{claim(year, 1_000).pk}/"

    assert post("sponsor", f"{credit}withdraw/")[1]["outcome"] == "withdrawn"
    assert post("director", f"{credit}decide/", {"accepted": "1.00"})[0] == 403


def test_a_credit_is_reduced_no_further_than_it_stands_and_reversed(year, cast, post):
    credit = decide(claim(year, 1_000), by=cast["director"])
    path = f"contribution-credits/{credit.pk}/"

    refused = post("director", f"{path}reduce/", {"amount": "1000.01", "reason": "-"})
    reduced = post("director", f"{path}reduce/", {"amount": "400.00", "reason": "-"})
    reversed_ = post("director", f"{path}reverse/", {"reason": "Not ours"})

    assert refused[1]["code"] == "above_standing"
    assert (reduced[1]["outcome"], reduced[1]["credited"]) == ("reduced", "600.00")
    assert (reversed_[1]["outcome"], reversed_[1]["credited"]) == ("reversed", "0.00")


def test_a_thing_in_kind_goes_from_its_offer_to_a_dispute(year, post):
    year = year_of(year.agreement, 2)
    made = post(
        "sponsor",
        f"organizations/{year.agreement.organization_id}/in-kind/",
        {
            **{"name": "A robot", "contributed_on": "2026-02-02"},
            "paper": {
                **{"payer": "Siemens AG", "number": "OFFER-1", "amount": "60000.00"},
                "dated_on": "2026-02-02",
            },
            "part": {
                **{"commitment_year": year.pk, "category": "equipment"},
                "amount": "40000.00",
            },
        },
    )
    [offered] = made[1]
    path = f"contribution-credits/{offered['id']}/"
    value = {"method": "list", "basis": "40000.00", "discount_percent": "25.00"}

    assert post("director", f"{path}deliver/", {"on": ON})[0] == 403
    assert post("director", f"{path}agree/")[0] == 403
    assert post("staff", f"{path}assess/", {"running_cost": "0.00"})[0] == 200
    assert post("director", f"{path}agree/")[1]["item"]["state"] == "agreed"
    assert post("finance", f"{path}deliver/", {"on": ON})[1]["item"]["state"] == (
        "delivered"
    )
    valued = post("finance", f"{path}value/", value)[1]["item"]["valuations"]
    assert [one["value"] for one in valued] == ["30000.00"]
    post("director", f"{path}review/")
    refused = post("director", f"{path}decide/", {"accepted": "30000.01"})
    assert refused[0] == 409
    accepted = {"accepted": "30000.00", "reason": "As valued"}
    assert post("director", f"{path}decide/", accepted)[1]["credited"] == "30000.00"
    differs = {"figure": "40000.00", "method": "appraisal", "reason": "Worth more"}
    assert post("sponsor", f"{path}dispute/", differs)[0] == 200
    settled = {"value": "35000.00", "reason": "Appraised"}
    assert post("director", f"{path}settle/", settled)[0] == 403


def test_a_thing_is_declined_with_its_reason(year, post):
    path = f"contribution-credits/{offer(year, 1_000).pk}/"

    status, declined = post("director", f"{path}decline/", {"reason": "No room"})

    assert (status, declined["item"]["state"]) == (200, "declined")
    assert ContributionCredit.objects.get().reason == "No room"


def test_a_shortfall_is_waived_once(year, post):
    path = f"commitment-years/{year.pk}/waive/"

    status, waiver = post("director", path, {"reason": "Began late"})

    assert (status, waiver["amount"]) == (201, "500000.00")
    assert post("director", path, {"reason": "Again"})[1]["code"] == "not_short"


def test_an_interest_is_disclosed_and_ended_by_another(cast, post):
    path = f"organizations/{cast.siemens.pk}/interests/"
    told = {"person": cast["director"].pk, "reason": "Shares", "from_on": ON}

    status, interest = post("staff", path, told)

    assert (status, interest["person"]) == (201, cast["director"].pk)
    end = f"interests/{interest['id']}/end/"
    assert post("director", end, {"until_on": ON})[0] == 403
    assert post("staff", end, {"until_on": ON})[1]["until_on"] == ON
