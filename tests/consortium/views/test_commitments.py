"""The pages of the ledger: totals that open, claims that show what was before."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium import services
from consortium.models import (
    Category,
    ContributionCredit,
    Method,
    Valuation,
    ValuationDispute,
)
from consortium.services import YearTerms
from inm_portal.kernel.lists import SLICE
from inm_portal.kernel.models import Document
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    FLOOR,
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import (
    IN_YEAR_1,
    at,
    claim,
    decide,
    delivered,
    offer,
    paper,
    year_of,
)
from tests.factories.receivables import apply, cash, invoiced
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


def test_a_claim_starts_from_who_pays_and_the_year_that_is_open(cast, year, sign_in):
    with time_machine.travel(at(IN_YEAR_1)):
        client = sign_in(cast["sponsor"])
        answer = client.get(reverse("consortium:claim_credit", args=[cast.siemens.pk]))

    form = answer.context["form"]
    assert form["payer"].value() == cast.siemens.legal_name
    assert form["year_1"].value() == year.pk
    assert not form.has_more()


def test_a_refused_claim_keeps_what_was_typed_and_asks_for_its_file_again(
    cast, year, sign_in
):
    client = sign_in(cast["sponsor"])
    url = reverse("consortium:claim_credit", args=[cast.siemens.pk])
    wrong = typed(year, amount_1="60,000.005", amount_2="1")

    answer = client.post(url, wrong | {"file": sent()})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="60,000.005"' in text
    assert 'value="A fellow in metrology"' in text
    assert "Choose the file again" in text
    assert answer.context["form"].has_more()
    assert "Choose the file again" not in client.post(url, wrong).content.decode()


def test_a_file_that_was_lost_is_asked_for_until_one_is_chosen(cast, year, sign_in):
    client = sign_in(cast["sponsor"])
    url = reverse("consortium:claim_credit", args=[cast.siemens.pk])
    wrong = typed(year, amount_1="60,000.005")
    lost = '<input type="hidden" name="lost_file" value="file">'
    client.post(url, wrong | {"file": sent()})

    for _time in range(2):
        text = client.post(url, wrong | {"lost_file": "file"}).content.decode()
        assert "Choose the file again" in text
        assert lost in text


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


@pytest.fixture
def both(cast, year):
    """One document that two members show, each written in its own way."""
    theirs = paper(100_000, payer="Siemens AG", number="INV 1")
    other = claim(year_of(cast.amgens), 60_000, document=theirs)
    own = paper(100_000, payer="Siemens", number="inv-1")
    credit = claim(year, 40_000, document=own)
    return services.review_claim(credit, by=cast["staff"]), other


def test_case_31_who_decides_is_warned_that_another_member_shows_the_document(
    cast, both, sign_in, api
):
    credit, other = both
    decide_url = reverse("consortium:decide_credit", args=[credit.pk])

    text = sign_in(cast["director"]).get(decide_url).content.decode()

    assert f"{other.ref} of Amgen" in text
    for who in ("director", "finance"):
        found = api(cast[who]).get(f"/api/v1/contribution-credits/{credit.pk}/").json()
        assert found["elsewhere"] == [other.pk]


def test_who_claims_and_who_decides_see_documents_that_look_alike(
    cast, year, sign_in, api
):
    first = claim(year, 60_000, document=paper(60_000, number="INV-1"))
    credit = claim(year, 60_000, document=paper(60_000, number="\u0406NV-1"))
    services.review_claim(credit, by=cast["staff"])
    decide_url = reverse("consortium:decide_credit", args=[credit.pk])

    for who, url in [("sponsor", credit.get_absolute_url()), ("director", decide_url)]:
        text = sign_in(cast[who]).get(url).content.decode()
        assert "This may be the same document" in text
        assert first.ref in text
    found = api(cast["sponsor"]).get(f"/api/v1/contribution-credits/{credit.pk}/")
    assert found.json()["alike"] == [first.pk]


@pytest.mark.parametrize("who", ["sponsor", "billing"])
def test_case_31_no_member_learns_of_the_claim_of_another(
    cast, both, sign_in, api, who
):
    credit, other = both
    client, program = sign_in(cast[who]), api(cast[who])

    pages = [
        client.get(credit.get_absolute_url()),
        client.get(credit.evidence.get_absolute_url()),
        client.get(reverse("consortium:member_commitment", args=[cast.siemens.pk])),
        program.get(f"/api/v1/contribution-credits/{credit.pk}/"),
        program.get(f"/api/v1/evidence/{credit.evidence_id}/"),
    ]

    for answer in pages:
        assert answer.status_code == 200
        assert other.ref not in answer.content.decode()
        assert "Amgen" not in answer.content.decode()
    assert pages[3].json()["elsewhere"] == []


@pytest.mark.parametrize(
    ("changes", "is_warned"),
    [
        ({"payer": "SIEMENS AG", "amount": 7_000}, True),
        ({"payer": "Another", "amount": 100_000}, True),
        ({"payer": "Another", "amount": 7_000}, False),
        ({"payer": "Siemens AG", "amount": 100_000, "number": "INV 11"}, False),
    ],
)
def test_documents_are_alike_by_number_and_by_payer_or_amount(
    cast, year, changes, is_warned
):
    first = paper(100_000, payer="Siemens AG", number="INV 1")
    credit = claim(year, 5_000, document=first)
    theirs = paper(**{"number": "inv1"} | changes)
    other = claim(year_of(cast.amgens), 5_000, document=theirs)

    found = ContributionCredit.objects.elsewhere(credit.evidence)
    assert list(found) == [other] * is_warned
    services.withdraw_claim(other, at=at(IN_YEAR_1), by=cast["staff"])
    assert not ContributionCredit.objects.elsewhere(credit.evidence)


def test_case_36_what_a_document_says_in_its_currency_stands_beside(
    cast, year, sign_in, api
):
    client = sign_in(cast["sponsor"])
    url = reverse("consortium:claim_credit", args=[cast.siemens.pk])
    told = {"foreign_amount": "90,000", "foreign_currency": "EUR"}
    wrong = client.post(url, typed(year, **told | {"foreign_currency": "euro"}))
    assert "foreign_currency" in wrong.context["form"].errors
    assert client.post(url, typed(year, **told)).status_code == 302
    credit = ContributionCredit.objects.get()
    services.review_claim(credit, by=cast["staff"])

    decision = reverse("consortium:decide_credit", args=[credit.pk])
    text = sign_in(cast["director"]).get(decision).content.decode()

    assert facts(text)["On the document"] == "EUR 90,000"
    assert facts(text)["Rate"] == "1 EUR = 1.111111 USD"
    found = api(cast["finance"]).get(f"/api/v1/evidence/{credit.evidence_id}/").json()
    assert (found["foreign_amount"], found["rate"]) == ("90000.00", "1.111111")


@pytest.mark.parametrize(
    ("who", "sees_it"),
    [
        *[("sponsor", False), ("billing", False)],
        *[("finance", True), ("director", True), ("auditor", True)],
    ],
)
def test_what_mit_booked_is_for_those_at_inm(cast, year, sign_in, api, who, sees_it):
    thing = offer(year, 60_000)
    delivered(thing, basis=60_000, valued_by=cast["finance"], by=cast["director"])
    services.book_item(thing, booked_value=Decimal(31_234), by=cast["finance"])

    text = sign_in(cast[who]).get(thing.get_absolute_url()).content.decode()
    found = api(cast[who]).get(f"/api/v1/contribution-credits/{thing.pk}/").json()
    export = sign_in(cast[who]).get(reverse("consortium:export_credits"))

    assert ("$31,234" in text, "Booked" in text) == (sees_it, sees_it)
    assert found["item"]["booked_value"] == ("31234.00" if sees_it else None)
    assert "31234" not in export.getvalue().decode()


def test_what_was_said_of_a_value_is_shown_newest_first_and_in_parts(
    cast, year, sign_in, api
):
    thing = offer(year, 60_000)
    said = {"item": thing.item, "method": Method.APPRAISAL}
    for worth in range(1, SLICE + 2):
        amount = Decimal(worth * 100)
        Valuation.objects.create(
            **said, basis=amount, value=amount, valued_at=at(IN_YEAR_1)
        )
        ValuationDispute.objects.create(
            **said, figure=amount, reason="Worth it", raised_at=at(IN_YEAR_1)
        )
    client, url = sign_in(cast["finance"]), thing.get_absolute_url()

    first = client.get(url).context["said"]
    last = client.get(url, {"said": 3}).context["said"]
    item = api(cast["finance"]).get(f"/api/v1/contribution-credits/{thing.pk}/").json()

    newest = [Decimal(worth * 100) for worth in range(SLICE + 1, 1, -1)]
    assert [one["worth"] for one in first.rows] == newest
    assert {one["kind"] for one in first.rows} == {"valued"}
    assert [(one["kind"], one["worth"]) for one in last.rows][-1] == ("disputed", 100)
    assert len(last.rows) == 2 * (SLICE + 1) - 2 * SLICE
    assert [Decimal(one["value"]) for one in item["item"]["valuations"]] == newest
    assert [Decimal(one["figure"]) for one in item["item"]["disputes"]] == newest


AHEAD = "2099-01-01"


@pytest.mark.parametrize("which", ["", "&which=open"])
def test_nothing_is_known_of_a_day_that_lies_ahead(cast, year, sign_in, api, which):
    client, program = sign_in(cast["finance"]), api(cast["finance"])
    words = "This day lies ahead"

    page = client.get(reverse("consortium:commitments") + f"?on={AHEAD}{which}")
    export = client.get(
        reverse("consortium:export_commitments") + f"?on={AHEAD}{which}"
    )
    answers = [
        program.get(f"/api/v1/commitment-positions/?on={AHEAD}{which}"),
        program.get(f"/api/v1/commitment-positions/{year.pk}/?on={AHEAD}"),
        program.get(f"/api/v1/commitment-years/?as_known_on={AHEAD}"),
    ]

    assert words in page.content.decode()
    assert list(page.context["page"]) == []
    assert export.status_code == 400
    for answer in answers:
        assert answer.status_code == 400
        assert words in str(answer.json())


def test_a_decision_is_made_beside_the_evidence_and_the_year(cast, year, sign_in):
    document = paper(100_000)
    credit = claim(year, 60_000, document=document)
    credit = services.review_claim(credit, by=cast["staff"])
    decide_url = reverse("consortium:decide_credit", args=[credit.pk])

    answer = sign_in(cast["director"]).get(decide_url)

    text = answer.content.decode()
    assert document.number in text
    assert "No file was sent." in text
    assert f"Year {year.number} today" in text
    assert answer.context["form"]["accepted"].value() == "60,000"


def facts(text: str) -> dict[str, str]:
    """Return what a page states, by label."""
    found = re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*([^<]*?)\s*</dd>", text)
    return dict(found)


def w1(year, cast):
    """Accept what W1 has, and return the fellowship that it leaves pending."""
    director = cast["director"]
    decide(claim(year, 275_000, category=Category.FEE), by=director)
    decide(claim(year, 150_000, category=Category.RESEARCH), by=director)
    software = offer(year, 72_000, list_price=120_000)
    delivered(
        software, basis=120_000, discount=40, valued_by=cast["finance"], by=director
    )
    decide(software, by=director)
    return claim(year, 40_000)


def test_w1_the_page_says_credited_pending_short_and_then_what_is_lost(
    cast, year, sign_in
):
    fellowship = w1(year, cast)
    client, after = sign_in(cast["sponsor"]), f"?on={AFTER_YEAR_1}"

    text = page(client, "commitment_year", year.pk, after)

    shown = facts(text)
    assert {
        **{"Required": "$500,000", "Credited": "$475,000", "Short": "$25,000"},
        **{
            "Excess": "$0",
            "To come in cash at least": "$450,000",
            "Credited in cash": "$425,000",
        },
        **{"Short in cash": "$25,000", "Can count in kind at most": "$50,000"},
        **{"Credited in kind": "$50,000", "Recognized, not credited": "$22,000"},
        "Cure period ends": "Aug 24, 2026",
    }.items() <= shown.items()
    assert "$40,000 claimed, and not counted" in text
    assert "What would close the gap" in text
    whole = page(client, "member_commitment", cast.siemens.pk, after)
    for amount in ["$475,000", "$40,000", "$25,000"]:
        assert amount in whole

    decide(fellowship, by=cast["director"], on=date(2026, 5, 20))

    text = page(client, "commitment_year", year.pk, after)
    shown = facts(text)
    assert (shown["Credited"], shown["Short"]) == ("$515,000", "$0")
    assert (shown["Excess"], shown["To come in cash at least"]) == (
        "$15,000",
        "$450,000",
    )
    assert "is lost: the agreement" in text
    following = page(client, "commitment_year", year_of(cast.signed, 2).pk, after)
    assert facts(following)["Credited"] == "$0"


def test_w9_the_page_shows_each_cent_of_a_document_that_is_split(cast, year, sign_in):
    client = sign_in(cast["sponsor"])
    parts = ["166,666.67", "166,666.67", "166,666.66"]
    more = {"amount": "500,000"}
    for number, amount in enumerate(parts, start=1):
        more |= {
            f"year_{number}": year_of(cast.signed, number).pk,
            f"category_{number}": Category.FELLOWSHIP,
            f"amount_{number}": amount,
        }

    client.post(
        reverse("consortium:claim_credit", args=[cast.siemens.pk]), typed(year, **more)
    )

    credit = ContributionCredit.objects.earliest("pk")
    shown = facts(page(client, "evidence", credit.evidence_id))
    assert (shown["Amount"], shown["Left to claim"]) == ("$500,000", "$0")
    for number, amount in enumerate(parts, start=1):
        of_year = page(client, "commitment_year", year_of(cast.signed, number).pk)
        assert f"${amount} claimed, and not counted" in of_year


def test_what_is_required_leads_to_the_amendments_that_changed_it(cast, sign_in):
    third = year_of(cast.signed, 3)
    raised = sign_amendment(
        amend(cast.signed, years={3: YearTerms(Decimal(600_000), Decimal(275_000))})
    )

    text = page(sign_in(cast["sponsor"]), "commitment_year", third.pk)

    assert facts(text)["Required"] == "$600,000"
    assert raised.get_absolute_url() in text
    assert "Required was $500,000" in text


def test_after_the_cure_period_the_gap_is_said_to_be_final(cast, year, sign_in):
    decide(claim(year, 475_000), by=cast["director"])

    text = page(sign_in(cast["sponsor"]), "commitment_year", year.pk, "?on=2026-10-01")

    assert "The time to contribute is over" in text


def test_every_total_leads_to_its_lines(cast, year, sign_in):
    credit = decide(claim(year, 475_000), by=cast["director"])
    client = sign_in(cast["sponsor"])

    text = page(client, "member_commitment", cast.siemens.pk)

    address = reverse("consortium:commitment_year", args=[year.pk])
    for anchor in ["#credited", "#pending", "#required"]:
        assert f'href="{address}{anchor}"' in text
    assert credit.get_absolute_url() in page(client, "commitment_year", year.pk)


def test_the_term_that_runs_stands_before_the_next_one(cast, year, sign_in):
    services.sign_agreement(
        draft(cast.siemens, effective_on=cast.signed.ends_on + timedelta(days=1)),
        signed_on=IN_YEAR_1,
        signed_for_member_by="A Sponsor",
        signed_for_mit_by="A Director",
        file=sent(),
        today=IN_YEAR_1,
        at=at(IN_YEAR_1),
        by=None,
    )
    url = reverse("consortium:member_commitment", args=[cast.siemens.pk])

    answer = sign_in(cast["sponsor"]).get(url, {"on": IN_YEAR_1.isoformat()})

    first, _next = answer.context["terms"]
    assert first.agreement == cast.signed
    assert answer.context["current"] == year


def test_a_day_in_the_past_shows_what_was_known_then(cast, year, sign_in):
    decide(claim(year, 475_000), by=cast["director"])
    client = sign_in(cast["sponsor"])

    before = page(client, "commitment_year", year.pk, "?on=2026-02-01")

    assert "$475,000" not in before.replace("What would", "")
    assert "Nothing is credited yet" in before
    assert f"{year.get_absolute_url()}?on=2026-02-01#required" in page(
        client, "member_commitment", cast.siemens.pk, "?on=2026-02-01"
    )


def test_a_past_day_tells_nothing_of_what_came_later(cast, year, sign_in):
    credit = decide(claim(year, 60_000), by=cast["director"], on=TODAY)
    services.waive_shortfall(
        *[year], reason="Asked", at=at(TODAY), today=TODAY, by=cast["director"]
    )
    client, past = sign_in(cast["finance"]), f"?on={TODAY - timedelta(days=1)}"

    url = year.get_absolute_url() + past
    before, now = client.get(url), client.get(year.get_absolute_url())

    assert credit.ref in before.content.decode()
    assert "Accepted" not in before.content.decode()
    assert (len(before.context["entries"]), len(now.context["entries"])) == (0, 1)


def test_a_year_is_shown_since_it_is_known(cast, sign_in):
    sign_amendment(amend(cast.signed, years={4: FLOOR[0]}))
    added = year_of(cast.signed, 4).get_absolute_url()
    client = sign_in(cast["finance"])

    assert client.get(added).status_code == 200
    past = TODAY - timedelta(days=1)
    assert client.get(f"{added}?on={past}").status_code == 404


ODD_DAYS = ["12/31/2025", "Dec 31 2025", " 2025-12-31 ", "20251231", "2025-W01-1", "x"]


@pytest.mark.parametrize("day", [*ODD_DAYS, "2025-02-30", "٢٠٢٥-١٢-٣١"])
def test_a_day_is_written_in_one_way(cast, year, sign_in, api, day):
    client, program = sign_in(cast["finance"]), api(cast["finance"])
    words, asked = "Write the day as in 2025-12-31", {"on": day, "which": "open"}

    pages = [
        client.get(reverse("consortium:commitments"), asked),
        client.get(
            reverse("consortium:member_commitment", args=[cast.siemens.pk]), asked
        ),
        client.get(year.get_absolute_url(), asked),
    ]
    answers = [
        program.get("/api/v1/commitment-positions/", asked),
        program.get(f"/api/v1/commitment-positions/{year.pk}/", asked),
        program.get("/api/v1/commitment-years/", {"as_known_on": day}),
        program.get(f"/api/v1/commitment-years/{year.pk}/", {"as_known_on": day}),
        program.get("/api/v1/commitment-years/", {"on": day}),
    ]

    for answer in pages:
        assert words in answer.content.decode()
    assert list(pages[0].context["page"]) == []
    for answer in answers:
        assert answer.status_code == 400
        assert words in str(answer.json())
    export = client.get(reverse("consortium:export_commitments"), asked)
    assert export.status_code == 400


def test_a_page_says_that_a_day_lies_ahead(cast, year, sign_in):
    client = sign_in(cast["sponsor"])

    for name, pk in [
        ("member_commitment", cast.siemens.pk),
        ("commitment_year", year.pk),
    ]:
        assert "This day lies ahead" in page(client, name, pk, f"?on={AHEAD}")


def test_the_report_is_exported_as_known_on_a_day(cast, year, sign_in):
    decide(claim(year, 475_000), by=cast["director"])
    client = sign_in(cast["finance"])
    url = reverse("consortium:export_commitments")

    def line(query: str) -> str:
        text = client.get(f"{url}?{query}").getvalue().decode()
        return next(row for row in text.splitlines() if row.startswith(f"{year.pk},"))

    after, before = line("on=2026-06-10"), line("on=2026-02-01")
    assert ",short,Short,500000.00,475000.00,0.00,25000.00," in after
    assert ",open,Open,500000.00,0.00,0.00,500000.00," in before


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


@pytest.mark.parametrize(
    ("who", "state", "steps"),
    [
        (
            "director",
            "claimed",
            ["Take under review", "Ask for evidence", "Withdraw for the member"],
        ),
        (
            "director",
            "under_review",
            ["Decide", "Ask for evidence", "Withdraw for the member"],
        ),
        (
            "finance",
            "evidence_requested",
            ["Take under review", "Add the evidence", "Withdraw for the member"],
        ),
        ("sponsor", "under_review", ["Withdraw"]),
        ("sponsor", "evidence_requested", ["Add the evidence", "Withdraw"]),
    ],
)
def test_first_stands_what_the_reader_most_likely_does(
    who, state, steps, cast, year, sign_in
):
    credit = claim(year, 1_000, by=cast["sponsor"])
    if state == "under_review":
        services.review_claim(credit, by=cast["director"])
    if state == "evidence_requested":
        asked = {"asked_for": "The invoice", "at": at(IN_YEAR_1)}
        services.ask_for_evidence(credit, **asked, by=cast["director"])

    text = page(sign_in(cast[who]), "credit", credit.pk)

    actions = text.split('class="portal-actions')[1].split("</header>")[0]
    assert re.findall(r">\s*([A-Z][a-z ]+?)\s*</(?:a|button)>", actions) == steps


def test_who_gets_a_part_reads_why_at_the_top(cast, year, sign_in):
    credit = claim(year, 1_000, by=cast["sponsor"])
    decide(credit, 600, by=cast["director"], reason="The rest is about markets.")

    text = page(sign_in(cast["sponsor"]), "credit", credit.pk)

    alert = text.split('role="note"')[1].split("</p>")[0]
    assert re.sub(r"\s+", " ", alert).count("$600 of $1,000 accepted.") == 1
    assert "The rest is about markets." in alert


def test_a_waiver_says_what_is_missing(cast, year, sign_in):
    decide(claim(year, 1_000), by=cast["director"])

    with time_machine.travel(AFTER_YEAR_1):
        text = page(sign_in(cast["director"]), "waive_shortfall", year.pk)

    assert "$499,000 is missing now." in text


def test_a_year_to_come_lacks_nothing_yet(cast, sign_in):
    with time_machine.travel(at(IN_YEAR_1)):
        answer = sign_in(cast["sponsor"]).get(
            reverse("consortium:member_commitment", args=[cast.siemens.pk])
        )

    (term,) = answer.context["terms"]
    bars = {one["label"]: one["data"] for one in term.plot["datasets"]}
    assert bars["Missing"][1:] == [0] * (len(term.years) - 1)
    assert bars["Years to come"][0] == 0
    assert all(bars["Years to come"][1:])


def test_case_33_the_page_of_a_reversed_credit_says_until_when_to_appeal(cast, sign_in):
    credit = decide(claim(year_of(cast.signed), 40_000), by=cast["director"])
    client, words = sign_in(cast["sponsor"]), "can ask INM to look at it again"
    assert words not in client.get(credit.get_absolute_url()).content.decode()
    day = date(2026, 3, 2)

    services.reverse_credit(
        credit, reason="Logistics", at=at(day), today=day, by=cast["director"]
    )

    page = client.get(credit.get_absolute_url())
    assert page.context["appeal_until"] == date(2026, 3, 22)
    assert words in page.content.decode()
    assert "Until Mar 22, 2026" in page.content.decode()


def test_an_invoice_that_was_paid_is_evidence_that_leads_to_it(cast, sign_in):
    line = invoiced(cast.siemens, 900)
    apply(cash(900, cast.siemens), line, 900)
    evidence = line.invoice.evidence

    for who, sees in [("finance", True), ("billing", True), ("sponsor", True)]:
        page = sign_in(cast[who]).get(evidence.get_absolute_url()).content.decode()
        assert (line.invoice.get_absolute_url() in page) == sees
        assert "Change</a>" not in page
