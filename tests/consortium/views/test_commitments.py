"""The pages of the ledger: totals that open, claims that show what was before."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium import services
from consortium.models import Category, ContributionCredit
from inm_portal.kernel.models import Document
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.credits import IN_YEAR_1, at, claim, decide, paper, year_of
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

AFTER_YEAR_1 = "2026-06-10"


@pytest.fixture
def year(cast):
    return year_of(cast.signed)


def typed(year, **changes) -> dict:
    return {
        "payer": "Siemens AG",
        "number": "INV-1",
        "amount": "$100,000",
        "dated_on": "2026-02-02",
        "contributed_on": "2026-02-02",
        "what_for": "A fellow in metrology",
        "year_1": year.pk,
        "category_1": Category.FELLOWSHIP,
        "amount_1": "60,000",
        **changes,
    }


def page(client, name: str, pk: int, query: str = "") -> str:
    response = client.get(reverse(f"consortium:{name}", args=[pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_member_claims_with_a_file_and_finds_it_pending(cast, year, sign_in):
    client = sign_in(cast["billing"])
    url = reverse("consortium:claim_credit", args=[cast.siemens.pk])

    answer = client.post(url, typed(year) | {"file": sent()})

    credit = ContributionCredit.objects.get()
    assert answer.url == credit.get_absolute_url()
    assert (credit.amount, credit.claimed_by) == (60_000, cast["billing"])
    document = Document.objects.get(kind="consortium.evidence")
    assert document.subject_id == credit.evidence_id
    text = page(client, "member_commitment", cast.siemens.pk)
    assert credit.ref in text
    assert "$60,000" in page(client, "commitment_year", year.pk)


def test_case_31_the_earlier_claim_stands_beside_the_second_before_it_is_saved(
    cast, year, sign_in
):
    first = claim(year, 60_000, document=paper(100_000, payer="Siemens AG", number="1"))
    client = sign_in(cast["sponsor"])
    url = reverse("consortium:claim_credit", args=[cast.siemens.pk])
    second = typed(year, number="1", amount_1="40,000")

    answer = client.post(url, second)

    assert answer.status_code == 422
    assert first.ref in answer.content.decode()
    assert "knows_earlier" in answer.content.decode()
    assert ContributionCredit.objects.count() == 1
    assert client.post(url, second | {"knows_earlier": "on"}).status_code == 302
    assert ContributionCredit.objects.count() == 2


def test_case_31_a_decision_is_made_beside_the_other_claims(cast, year, sign_in):
    document = paper(100_000)
    first = claim(year, 60_000, document=document)
    second = claim(year, 40_000, document=document, knows_earlier=True)

    text = page(sign_in(cast["director"]), "credit", second.pk)

    assert "Also claimed on this document" in text
    assert first.ref in text


def test_w1_the_page_says_credited_pending_and_short(cast, year, sign_in):
    decide(claim(year, 475_000), by=cast["director"])
    claim(year, 40_000)

    text = page(
        sign_in(cast["sponsor"]), "commitment_year", year.pk, f"?on={AFTER_YEAR_1}"
    )

    for words in ["$475,000", "$40,000", "$25,000", "Short", "Aug 24, 2026"]:
        assert words in text
    assert "What would close the gap" in text


def test_every_total_leads_to_its_lines(cast, year, sign_in):
    credit = decide(claim(year, 475_000), by=cast["director"])
    client = sign_in(cast["sponsor"])

    text = page(client, "member_commitment", cast.siemens.pk)

    address = reverse("consortium:commitment_year", args=[year.pk])
    for anchor in ["#credited", "#pending", "#required"]:
        assert f'href="{address}{anchor}"' in text
    assert credit.get_absolute_url() in page(client, "commitment_year", year.pk)


def test_a_day_in_the_past_shows_what_was_known_then(cast, year, sign_in):
    decide(claim(year, 475_000), by=cast["director"])
    client = sign_in(cast["sponsor"])

    before = page(client, "commitment_year", year.pk, "?on=2026-02-01")

    assert "$475,000" not in before.replace("What would", "")
    assert "Nothing is credited yet" in before
    assert "Credited" in page(client, "commitment_year", year.pk, "?on=nonsense")


def test_the_report_is_exported_as_known_on_a_day(cast, year, sign_in):
    decide(claim(year, 475_000), by=cast["director"])
    client = sign_in(cast["finance"])
    url = reverse("consortium:export_commitments")

    def line(query: str) -> str:
        text = client.get(f"{url}?{query}").getvalue().decode()
        return next(row for row in text.splitlines() if row.startswith(f"{year.pk},"))

    after, before = line("on=2026-06-10"), line("on=2026-02-01")
    assert ",short,500000.00,475000.00,0.00,25000.00," in after
    assert ",open,500000.00,0.00,0.00,500000.00," in before


def test_the_queue_waits_for_decisions_the_oldest_first(cast, year, sign_in):
    second = claim(year, 2_000, on=date(2026, 3, 3))
    first = claim(year, 1_000)
    decide(claim(year, 3_000), by=cast["director"])

    text = sign_in(cast["staff"]).get(
        reverse("consortium:credits") + "?outcome=pending"
    )

    found = [credit.pk for credit in text.context["page"].object_list]
    assert found == [first.pk, second.pk]


def test_buttons_are_offered_to_those_who_may(cast, year, sign_in):
    credit = services.review_claim(claim(year, 1_000), by=cast["staff"])
    decide_url = reverse("consortium:decide_credit", args=[credit.pk])

    assert decide_url in page(sign_in(cast["director"]), "credit", credit.pk)
    assert decide_url not in page(sign_in(cast["staff"]), "credit", credit.pk)
    withdraw = reverse("consortium:withdraw_credit", args=[credit.pk])
    assert withdraw in page(sign_in(cast["sponsor"]), "credit", credit.pk)


def test_a_disclosed_interest_stands_on_the_page_of_its_member(cast, sign_in):
    services.disclose_interest(
        cast.siemens,
        person=cast["director"],
        reason="Consults for a subsidiary",
        from_on=IN_YEAR_1,
        at=at(IN_YEAR_1),
        by=None,
    )

    assert "Consults for a subsidiary" in page(
        sign_in(cast["staff"]), "member", cast.siemens.pk
    )
    assert "Consults for a subsidiary" not in page(
        sign_in(cast["sponsor"]), "member", cast.siemens.pk
    )


@pytest.mark.parametrize("name", ["commitments", "credits"])
def test_one_row_and_many_cost_the_same(name, sign_in, django_assert_num_queries):
    client = sign_in(staff("director"))
    url = reverse(f"consortium:{name}")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    claim(year_of(sign(draft(OrganizationFactory()))), 1_000)
    cost()
    one = cost()
    for _more in range(3):
        claim(year_of(sign(draft(OrganizationFactory()))), 1_000)

    assert cost() == one
