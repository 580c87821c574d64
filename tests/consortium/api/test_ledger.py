"""The ledger by the API: each line of a year, what was carried, waived and settled."""

from datetime import timedelta
from decimal import Decimal

import pytest

from consortium import services
from consortium.models import Method
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.credits import at, claim, decide, delivered, offer, year_of

from .test_credits import body, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def carried():
    """An agreement whose year 1 gave $50,000 to year 2."""
    agreement = sign(draft(OrganizationFactory(), carries_forward=True))
    decide(claim(year_of(agreement), 550_000), by=staff("director"))
    services.carry_excess(agreement, at=at(TODAY), today=TODAY, by=None)
    return agreement


def listed(client, path: str) -> list[dict]:
    return body(client.get(f"/api/v1/{path}"))["results"]


def test_what_a_year_has_credited_is_the_sum_of_the_lines_that_are_read(api, carried):
    client = api(staff("finance"))
    second = year_of(carried, 2)

    for year in carried.commitment_years.all():
        position = body(client.get(f"/api/v1/commitment-positions/{year.pk}/"))
        lines = listed(client, f"credit-entries/?commitment_year={year.pk}")
        credited = sum((Decimal(line["amount"]) for line in lines), Decimal())
        assert credited == Decimal(position["credited"])
    (line,) = listed(client, f"credit-entries/?commitment_year={second.pk}")
    assert (line["kind"], line["amount"]) == ("carried_forward", "50000.00")
    assert (line["credit"], line["carried_from"]) == (None, year_of(carried).pk)
    assert line["value_on"] == second.starts_on.isoformat()


def test_lines_are_narrowed_by_kind_and_by_the_day_on_which_they_were_known(
    api, carried
):
    client, before = api(staff("finance")), TODAY - timedelta(days=1)
    path = f"credit-entries/?agreement={carried.pk}"

    assert len(listed(client, path)) == 3
    assert len(listed(client, f"{path}&kind=carried_forward")) == 2
    assert [e["kind"] for e in listed(client, f"{path}&on={before}")] == ["accepted"]


def test_people_at_inm_alone_are_told_who_wrote_a_line(api, cast):
    decide(claim(year_of(cast.signed), 1_000), by=cast["director"])

    (ours,) = listed(api(cast["finance"]), "credit-entries/")
    (theirs,) = listed(api(cast["sponsor"]), "credit-entries/")

    assert ours["by"] == cast["director"].pk
    assert theirs == ours | {"by": None}
    alone = body(api(cast["sponsor"]).get(f"/api/v1/credit-entries/{ours['id']}/"))
    assert alone == theirs


def test_what_was_waived_is_read_beside_what_is_short(api, cast):
    year = year_of(cast.signed)
    path = f"commitment-years/{year.pk}/waive/"
    post(api(cast["director"]), path, {"reason": "Hard times"}, 201)
    member = api(cast["sponsor"])

    (waiver,) = listed(member, f"shortfall-waivers/?commitment_year={year.pk}")
    position = body(member.get(f"/api/v1/commitment-positions/{year.pk}/"))

    assert (waiver["amount"], waiver["reason"]) == ("500000.00", "Hard times")
    assert (position["waived"], position["status"]) == ("500000.00", "waived")


def test_what_came_of_a_dispute_is_read_beside_it(api, cast):
    credit = offer(year_of(cast.signed), 2_000)
    delivered(credit, basis=2_000, valued_by=cast["finance"], by=cast["director"])
    decide(credit, 1_500, by=cast["director"], on=TODAY)
    told = {"figure": Decimal(2_000), "method": Method.APPRAISAL, "reason": "Too low"}
    services.dispute_value(credit, **told, at=at(TODAY), by=cast["sponsor"])
    member, path = api(cast["sponsor"]), f"/api/v1/contribution-credits/{credit.pk}/"
    (disputed,) = body(member.get(path))["item"]["disputes"]
    assert disputed["outcome"] is None

    settled = {"value": "1800.00", "reason": "By the market", "appraiser": "Lindqvist"}
    path = f"contribution-credits/{credit.pk}/"
    post(api(staff("director")), f"{path}settle/", settled)

    (disputed,) = body(member.get(f"/api/v1/{path}"))["item"]["disputes"]
    assert disputed["outcome"]["value"] == "1800.00"
    assert disputed["outcome"]["reason"] == "By the market"


@pytest.mark.parametrize(
    "path",
    [
        *["agreements/{agreement}/amendments/", "organizations/{member}/credits/"],
        *["organizations/{member}/in-kind/", "commitment-years/{year}/waive/"],
    ],
)
def test_what_makes_money_count_is_asked_for_with_a_key(api, cast, path):
    keys = {"agreement": cast.signed.pk, "member": cast.siemens.pk}
    path = path.format(**keys, year=year_of(cast.signed).pk)

    answer = api(cast["director"]).post(f"/api/v1/{path}", {}, format="json")

    assert body(answer, 400)["code"] == "idempotency_key_required"
