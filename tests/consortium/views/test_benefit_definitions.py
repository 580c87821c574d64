"""The pages and the API of what every member gets, as staff define and change it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium import services
from consortium.models import Benefit, BenefitRate, Entitlement
from tests.conftest import TODAY
from tests.factories.benefits import benefit
from tests.factories.credits import at

pytestmark = pytest.mark.django_db

LIST = reverse("consortium:benefit_rates")
DEFINE = reverse("consortium:define_benefit")
DAYS = {"name": "Alumni days", "unit": "days", "quantity": 2, "from_on": TODAY}
THIRD = date(2027, 5, 27)


@pytest.fixture
def staff(sign_in, cast):
    return sign_in(cast["staff"])


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_what_staff_define_every_member_has(staff, sign_in, cast):
    told = DAYS | {"larger_from": "700,000", "larger_quantity": 4}

    made = staff.post(DEFINE, told)

    one = Benefit.objects.get()
    assert (made.status_code, made.url) == (302, one.get_absolute_url())
    shown = text(staff.get(made.url))
    assert "<strong>2 days</strong>, and <strong >4</strong> in years that" in shown
    page = sign_in(cast["sponsor"]).get(reverse("consortium:entitlements"))
    assert "Alumni days" in text(page)


def test_a_definition_is_answered_beside_its_fields_with_what_was_typed(staff):
    benefit("Alumni days")

    twice = staff.post(DEFINE, DAYS)
    half = staff.post(DEFINE, DAYS | {"name": "Nights", "larger_quantity": 4})

    assert (twice.status_code, half.status_code) == (422, 422)
    assert twice.context["form"].errors == {
        "name": ["There is a benefit of this name."]
    }
    assert half.context["form"].errors.keys() == {"larger_quantity"}
    assert 'value="Nights"' in text(half)
    assert Benefit.objects.count() == 1


def test_a_change_starts_from_what_counts_now(staff):
    one = benefit()
    url = reverse("consortium:change_benefit", args=[one.pk])

    initial = staff.get(url).context["form"].initial
    done = staff.post(
        url, {"from_on": THIRD, "quantity": 3, "reason": "As the board decided"}
    )

    assert (initial["quantity"], initial["larger_quantity"]) == (2, 4)
    assert done.status_code == 302
    told = one.rates.order_by("from_on").values_list("quantity", "larger_quantity")
    assert [*told] == [(2, 4), (3, None)]


def test_a_day_that_is_not_ahead_is_answered_beside_it(staff):
    one = benefit()
    url = reverse("consortium:end_benefit", args=[one.pk])

    answer = staff.post(url, {"from_on": TODAY, "reason": "Nobody used it"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"from_on"}
    assert one.rates.count() == 1


def test_an_end_is_shown_and_asked_no_more(staff):
    one = benefit()
    end = reverse("consortium:end_benefit", args=[one.pk])

    staff.post(end, {"from_on": THIRD, "reason": "Nobody used it"})

    shown = text(staff.get(one.get_absolute_url()))
    assert "Years that begin then, or later, have none." in shown
    assert end not in shown
    assert staff.get(end).status_code == 403


def test_the_list_is_narrowed_to_what_counts_now_or_later(staff):
    one = benefit(from_on=date(2024, 1, 1))
    for day, quantity in [(date(2025, 1, 1), 3), (THIRD, 4)]:
        services.change_benefit(
            one,
            from_on=day,
            quantity=quantity,
            reason="More",
            today=date(2024, 12, 1),
            at=at(TODAY),
            by=None,
        )

    def told(**given):
        rows = staff.get(LIST, given).context["page"].object_list
        return [rate.quantity for rate in rows]

    assert told() == [2, 3, 4]
    assert told(when="now") == [3, 4]
    assert told(search="nothing") == []


def test_the_list_asks_the_same_of_one_benefit_and_of_many(staff):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            staff.get(LIST)
        return len(asked)

    benefit()
    cost()
    with_one = cost()
    for number in range(4):
        benefit(f"Seats {number}")

    assert cost() == with_one <= 8


def test_a_page_of_a_benefit_costs_no_more_with_many_rates(staff):
    one = benefit(from_on=date(2020, 1, 1))

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            staff.get(one.get_absolute_url())
        return len(asked)

    cost()
    with_one = cost()
    for year in range(2021, 2026):
        BenefitRate.objects.create(
            benefit=one,
            from_on=date(year, 1, 1),
            quantity=year - 2020,
            recorded_at=at(TODAY),
        )

    assert cost() == with_one <= 8


def test_the_export_tells_each_rate(staff):
    benefit()

    lines = b"".join(staff.get(reverse("consortium:export_benefit_rates")))

    assert b"Symposium seats,seats,2025-01-01,2,700000.00,4," in lines


def test_the_api_does_what_the_pages_do(api, cast):
    client = api(cast["staff"])

    def post(path, data):
        headers = {"Idempotency-Key": uuid4().hex}
        path = f"/api/v1/benefits/{path}"
        return client.post(path, data, headers=headers, format="json")

    made = post("", DAYS)
    path = f"{made.json()['id']}/"
    changed = post(path + "change/", {"from_on": THIRD, "quantity": 3, "reason": "Yes"})
    again = post(path + "change/", {"from_on": THIRD, "quantity": 4, "reason": "Yes"})
    ended = post(path + "end/", {"from_on": date(2028, 1, 1), "reason": "No"})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert again.json()["code"] == "rate_not_ahead"
    assert [rate["quantity"] for rate in ended.json()["rates"]] == [2, 3, 0]
    numbers = Entitlement.objects.filter(commitment_year__agreement=cast.signed)
    assert numbers.count() == 2
    assert client.post(f"/api/v1/benefits/{path}end/", {}).status_code == 400


@pytest.mark.parametrize("quantity", ["-1", "1000001", "99999999999999999999", "1e3"])
def test_no_quantity_is_larger_than_what_is_kept(staff, api, cast, quantity):
    typed = staff.post(DEFINE, DAYS | {"quantity": quantity})
    headers = {"Idempotency-Key": uuid4().hex}
    told = DAYS | {"quantity": quantity}
    sent = api(cast["staff"]).post(
        "/api/v1/benefits/", told, headers=headers, format="json"
    )

    assert (typed.status_code, sent.status_code) == (422, 400)
    assert typed.context["form"].errors.keys() == {"quantity"}
    assert not Benefit.objects.exists()
