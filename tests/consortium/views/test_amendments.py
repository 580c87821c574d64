"""The editor of amendments: what is typed, and what the preview makes of it."""

import re

import pytest
from django.urls import reverse

from consortium.models import Agreement, Amendment
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db) -> Agreement:
    return sign(draft(OrganizationFactory()))


def typed(**more) -> dict:
    years = {f"required_{number}": "500,000" for number in (1, 2, 3)}
    years |= {f"fee_part_{number}": "275,000" for number in (1, 2, 3)}
    told = {"effective_on": "2026-11-22", "reason": "Stays", "counting": "full_year"}
    return told | years | more


def test_further_years_are_typed_below_those_of_the_term(agreement, sign_in):
    client = sign_in(staff("program staff"))
    url = reverse("consortium:draft_amendment", args=[agreement.pk])

    answer = client.post(url, typed(required_4="600,000", fee_part_4="275,000"))

    longer = Amendment.objects.get()
    page = client.get(answer.url).content.decode()
    for words in ["Added", "May 26, 2029", "Renewal notice by", "$600,000"]:
        assert words in page
    change = client.get(reverse("consortium:change_amendment", args=[longer.pk]))
    assert change.context["form"]["required_4"].value() == "600,000"
    sign_amendment(longer)
    shown = client.get(agreement.get_absolute_url()).content.decode()
    assert "Year 4" in shown
    assert "May 26, 2029" in shown


def test_a_gap_between_years_stands_beside_the_year_that_it_leaves(agreement, sign_in):
    url = reverse("consortium:draft_amendment", args=[agreement.pk])

    answer = sign_in(staff("program staff")).post(url, typed(required_5="600,000"))

    assert answer.status_code == 422
    assert "one after the other" in str(answer.context["form"].errors["required_5"])


def test_who_signs_signs_the_preview_that_led_there(agreement, sign_in):
    client = sign_in(staff("program staff"))
    first, other = [amend(agreement, payment_terms_days=days) for days in (45, 60)]
    page = client.get(other.get_absolute_url()).content.decode()
    (sign_url,) = re.findall(r'href="([^"]+/sign/[^"]*)"', page)
    sign_amendment(first)
    form = client.get(sign_url).context["form"]
    told = {"signed_on": "2026-11-22", "signed_for_member_by": "A"}
    told |= {"signed_for_mit_by": "B", "version": form["version"].value()}

    answer = client.post(sign_url, told | {"file": sent()})

    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile" in answer.content.decode()
    other.refresh_from_db()
    assert other.state == "draft"
