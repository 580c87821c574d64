"""What is typed into terms and searches is held to its bounds."""

import pytest
from django.urls import reverse

from consortium.models import Agreement

pytestmark = pytest.mark.django_db

TERMS = {
    "contracting_entity": "Siemens AG",
    "effective_on": "2030-01-01",
    "currency": "USD",
    "billing_frequency": "annual",
    "payment_terms_days": "30",
    "renewal_notice_days": "180",
    **{f"required_{n}": "500000" for n in (1, 2, 3)},
    **{f"fee_part_{n}": "0" for n in (1, 2, 3)},
}

#: Terms that no agreement has.
OUT_OF_BOUNDS = [
    *[{"payment_terms_days": days} for days in ("366", "-1", "9" * 12)],
    {"renewal_notice_days": "1096"},
    *[{"effective_on": day} for day in ("1066-10-14", "9999-12-31")],
    *[{"required_3": amount} for amount in ("-5", "NaN", "1e30", "1.001")],
]


def draft(client, company, **changes) -> int:
    address = reverse("consortium:draft_agreement", args=[company.pk])
    return client.post(address, TERMS | changes).status_code


@pytest.mark.parametrize("changes", OUT_OF_BOUNDS, ids=str)
def test_terms_that_no_agreement_has_are_refused_beside_their_field(
    cast, sign_in, changes
):
    drafts = Agreement.objects.count()

    assert draft(sign_in(cast["staff"]), cast.siemens, **changes) == 422

    assert Agreement.objects.count() == drafts


def test_terms_within_their_bounds_make_a_draft(cast, sign_in):
    assert draft(sign_in(cast["staff"]), cast.siemens) == 302


@pytest.mark.parametrize("text", ["9" * 5_000, "AG-" + "9" * 30, "²", "AG-", "-1"])
def test_a_search_for_a_number_that_no_agreement_has_finds_nothing(cast, sign_in, text):
    page = sign_in(cast["staff"]).get("/consortium/agreements/", {"search": text})

    assert page.status_code == 200
