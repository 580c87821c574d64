"""The pages of benefits: what a member sees, and what staff writes down."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium.models import BenefitGrant, BenefitUse
from tests.conftest import TODAY
from tests.factories.benefits import benefit, entitlement, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(cast):
    benefit()
    return entitlement(cast.signed)


def test_a_member_sees_its_own_benefits_and_each_use(sign_in, cast, one):
    use(one, what="The fall symposium")
    client = sign_in(cast["sponsor"])

    page = client.get(reverse("consortium:entitlements")).content.decode()
    opened = client.get(one.get_absolute_url()).content.decode()

    assert one.get_absolute_url() in page
    assert "The fall symposium" in opened
    assert "Record a use" not in opened


def test_more_than_is_left_is_answered_beside_the_field(sign_in, cast, one):
    client, url = (
        sign_in(cast["staff"]),
        reverse("consortium:use_benefit", args=[one.pk]),
    )
    told = {"quantity": 3, "used_on": TODAY, "what": "A plant visit"}

    answer = client.post(url, told)

    assert answer.status_code == 422
    assert "Only 2 is left; say why more is used." in answer.content.decode()
    assert "A plant visit" in answer.content.decode()
    assert not BenefitUse.objects.exists()
    done = client.post(url, told | {"over_use_reason": "A speaker of theirs"})
    assert (done.status_code, BenefitUse.objects.get().quantity) == (302, 3)


def test_staff_grants_more_and_takes_a_use_back(sign_in, cast, one):
    row, client = use(one, 2), sign_in(cast["staff"])

    client.post(
        reverse("consortium:grant_benefit", args=[one.pk]),
        {"quantity": 1, "reason": "For the delay"},
    )
    client.post(
        reverse("consortium:reverse_use", args=[row.pk]), {"reason": "Nobody came"}
    )

    assert BenefitGrant.objects.get().reason == "For the delay"
    now = entitlement(cast.signed)
    assert (now.quantity, now.used, now.left) == (3, 0, 3)


def test_the_years_of_today_are_found_alone(sign_in, cast, one):
    client, url = sign_in(cast["sponsor"]), reverse("consortium:entitlements")

    of_all = client.get(url).context["page"].object_list
    of_now = client.get(url, {"when": "now"}).context["page"].object_list

    assert len(of_all) == 3
    assert [each.commitment_year.number for each in of_now] == [2]


def test_the_list_asks_the_same_of_one_benefit_and_of_many(sign_in, cast, one):
    client, url = sign_in(cast["staff"]), reverse("consortium:entitlements")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    cost()
    with_one = cost()
    use(entitlement(cast.amgens))
    for number in range(4):
        benefit(name=f"Seats {number}")

    assert cost() == with_one <= 8
