"""TEN-02: what one company claims, gives and signs is not there for another."""

from datetime import date
from uuid import uuid4

import pytest

from consortium import services
from consortium.models import (
    CommitmentYear,
    ContributionCredit,
    OrganizationLink,
)
from inm_portal.kernel.models import Message
from tests.conftest import TODAY
from tests.consortium.api.test_credits import claimed
from tests.factories.credits import at, claim, paper, year_of
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

LISTS = [
    *["contribution-credits", "evidence", "commitment-years", "agreements"],
    *["appraisals", "valuations", "valuation-disputes"],
    *["amendments", "documents", "organization-links", "exceptions"],
    *["entitlements", "benefit-uses"],
    *["interactions", "follow-ups", "faculty", "one-to-ones"],
    *["interests", "screenings", "invoices", "instalments"],
]


@pytest.fixture
def year(cast):
    return year_of(cast.signed)


def rows(client, path: str) -> list:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, (path, answer.json())
    return answer.json()["results"]


def test_a_document_of_another_member_is_no_obstacle_and_tells_nothing(api, cast, year):
    """One piece of evidence once, as far as the member can know (TEN-08)."""
    theirs = paper(100_000, payer="Siemens AG", number="INV-1")
    claim(year, 100_000, document=theirs, by=cast["sponsor"])
    client, asked = api(cast["amgen sponsor"]), claimed(year_of(cast.amgens))
    asked["paper"]["amount"] = "70000.00"
    path = f"/api/v1/organizations/{cast.amgen.pk}/credits/"

    headers = {"Idempotency-Key": uuid4().hex}
    answered = client.post(path, asked, format="json", headers=headers)

    assert answered.status_code == 201
    (found,) = rows(client, "evidence/")
    assert (found["amount"], found["left"]) == ("70000.00", "10000.00")


def test_no_filter_finds_what_another_company_has(api, cast, year):
    credit = claim(year, 1_000, document=paper(1_000, number="INV-77"))
    services.answer_with_evidence(
        services.ask_for_evidence(
            credit, asked_for="A letter", at=at(TODAY), by=cast["staff"]
        ),
        **{"file": sent(name="theirs.pdf"), "at": at(TODAY)},
        by=cast["sponsor"],
    )
    siemens = cast.siemens.pk
    queries = [
        *[f"organization={siemens}", "number=INV-77", "search=siem", "search=CR-"],
        *[f"commitment_year={year.pk}", f"evidence={credit.evidence_id}"],
        *[f"agreement={cast.signed.pk}", f"search={credit.pk}", "outcome=pending"],
        *["sort=organization__name", f"other={siemens}", "kind=consortium.evidence"],
    ]

    def hits(who: str) -> int:
        client = api(cast[who])
        asked = [f"/api/v1/{name}/?{query}" for name in LISTS for query in queries]
        texts = [client.get(url).content.decode().replace(" ", "") for url in asked]
        theirs = [f'"organization":{siemens},', "INV-77", "theirs.pdf"]
        return sum(word in text for text in texts for word in theirs)

    assert hits("amgen sponsor") == 0
    assert hits("sponsor") > 0


def merged(cast) -> OrganizationLink:
    return services.record_merger(
        cast.siemens,
        **{"other": cast.amgen, "from_on": date(2026, 10, 1)},
        **{"today": TODAY, "by": None},
    )


def test_case_2_the_survivor_reads_an_open_history_and_writes_nothing(cast, year):
    survivor = cast["amgen sponsor"]
    credit = services.ask_for_evidence(
        claim(year, 1_000), asked_for="A letter", at=at(TODAY), by=cast["staff"]
    )
    link = merged(cast)
    assert not survivor.has_perm("consortium.view_contributioncredit", credit)

    services.open_history(link, today=TODAY, by=None)

    assert survivor.has_perm("consortium.view_contributioncredit", credit)
    for name in ("withdraw", "supply"):
        assert not survivor.has_perm(f"consortium.{name}_contributioncredit", credit)
    assert not survivor.has_perm("consortium.attach_evidence", credit.evidence)
    for name in ("claim_credit", "offer_in_kind"):
        assert not survivor.has_perm(f"consortium.{name}_organization", cast.siemens)
        assert survivor.has_perm(f"consortium.{name}_organization", cast.amgen)


def test_case_2_a_merger_tells_nobody_the_years_of_the_other(api, sign_in, cast):
    link = merged(cast)
    starts_on = CommitmentYear.objects.get(agreement=cast.amgens, number=3).starts_on
    path = f"organization-links/?organization={cast.siemens.pk}"
    assert rows(api(cast["staff"]), path)[0]["reduce_on"] == str(starts_on)

    for who in ("sponsor", "colleague"):
        assert rows(api(cast[who]), path)[0]["reduce_on"] is None
        page = sign_in(cast[who]).get(cast.siemens.get_absolute_url())
        assert "One council seat" not in page.content.decode()
    services.open_history(link, today=TODAY, by=None)
    assert rows(api(cast["amgen sponsor"]), path)[0]["reduce_on"] == str(starts_on)


def test_a_letter_of_an_office_is_for_those_at_inm(api, sign_in, cast, year):
    credit = claim(year, 1_000, category="gift", by=cast["sponsor"])
    services.give_opinion(
        credit,
        text="A return benefit is a risk",
        at=at(TODAY),
        today=TODAY,
        by=cast["staff"],
    )
    path = f"/api/v1/contribution-credits/{credit.pk}/"

    for who, knows in [("sponsor", False), ("finance", True), ("auditor", True)]:
        texts = [
            api(cast[who]).get(path).content.decode(),
            sign_in(cast[who]).get(credit.get_absolute_url()).content.decode(),
        ]
        assert ["A return benefit" in text for text in texts] == [knows] * 2, who


def test_who_claims_is_not_told_of_a_member_that_is_not_theirs(api, cast, year):
    """Keys of another company inside an allowed request are not there."""
    client = api(cast["amgen sponsor"])
    path = f"/api/v1/organizations/{cast.amgen.pk}/credits/"

    for key in (year.pk, 987_654):
        asked = claimed(year)
        asked["parts"][0]["commitment_year"] = key
        headers = {"Idempotency-Key": uuid4().hex}
        answer = client.post(path, asked, format="json", headers=headers)
        assert answer.status_code == 404
    assert not ContributionCredit.objects.exists()
    assert not Message.objects.filter(kind__contains="credit").exists()
