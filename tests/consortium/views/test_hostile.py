"""What is typed into the ledger is held to its bounds, and runs nowhere."""

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import (
    Agreement,
    Amendment,
    ContributionCredit,
    DisputeOutcome,
    Evidence,
    InKindItem,
    Valuation,
    ValuationDispute,
)
from inm_portal.kernel.models import Document, Message
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import amend
from tests.factories.credits import claim, decide, delivered, offer, paper, year_of
from tests.kernel.files import HTML, PROGRAM, sent

from .test_commitments import typed

pytestmark = pytest.mark.django_db

#: What no field of money takes, whatever it is for.
NO_AMOUNTS = ["-1", "1.001", "NaN", "1e30", "9999999999999.99"]

TERMS = {
    "contracting_entity": "Siemens AG",
    "entity_country": "US",
    "effective_on": "2030-01-01",
    "currency": "USD",
    "billing_frequency": "annual",
    "payment_terms_days": "30",
    "renewal_notice_days": "180",
    "in_kind_cap_percent": "10",
    "cure_days": "90",
    **{f"required_{n}": "500000" for n in (1, 2, 3)},
    **{f"fee_part_{n}": "0" for n in (1, 2, 3)},
}

#: Terms that no agreement and no amendment has.
OUT_OF_BOUNDS = [
    *[{"payment_terms_days": days} for days in ("366", "-1", "9" * 12)],
    {"renewal_notice_days": "1096"},
    *[{"effective_on": day} for day in ("1066-10-14", "9999-12-31")],
    *[{"required_3": amount} for amount in ("-5", "NaN")],
]


@pytest.fixture
def year(cast):
    return year_of(cast.signed)


def post(client, name: str, pk: int, data: dict) -> int:
    return client.post(reverse(f"consortium:{name}", args=[pk]), data).status_code


def offered(year, **changes) -> dict:
    thing = {"year": year.pk, "category": "software", "claimed": "1000"}
    return typed(year) | thing | {"name": "Licenses", "running_cost": "0"} | changes


def test_nothing_is_claimed_or_offered_at_no_amount(cast, year, sign_in):
    client, siemens = sign_in(cast["sponsor"]), cast.siemens.pk
    for amount in [*NO_AMOUNTS, "0"]:
        for name in ("amount", "amount_1"):
            asked = typed(year, **{name: amount})
            assert post(client, "claim_credit", siemens, asked) == 422
    for amount in NO_AMOUNTS:
        for name in ("amount", "claimed", "running_cost", "donor_tax_value"):
            asked = offered(year, **{name: amount})
            assert post(client, "offer_in_kind", siemens, asked) == 422

    assert not Evidence.objects.exists()
    assert post(client, "offer_in_kind", siemens, offered(year)) == 302
    assert InKindItem.objects.exists()


def test_nothing_is_valued_at_no_amount(cast, year, sign_in):
    thing, client = offer(year, 1_000), sign_in(cast["finance"])
    for asked in [
        *[{"basis": amount} for amount in NO_AMOUNTS],
        *[{"discount_percent": share} for share in ["-1", "100.01"]],
        *[{"months": months} for months in ["-1", "32768", "9" * 30]],
        {"basis": "999999999999", "months": "120"},
    ]:
        given = {"method": "lease", "basis": "1000", "months": "12"}
        given |= {"discount_percent": "0"} | asked
        assert post(client, "value_item", thing.pk, given) == 422, asked

    assert not Valuation.objects.exists()


def test_nothing_is_disputed_or_settled_at_no_amount(cast, year, sign_in):
    disputed, decided = offer(year, 1_000), offer(year, 1_000)
    for thing in (disputed, decided):
        delivered(thing, basis=1_000, valued_by=cast["finance"], by=cast["director"])
        decide(thing, 500, by=cast["director"])
    services.dispute_value(
        *(disputed,),
        **{"figure": 900, "method": "appraisal", "reason": "It is newer"},
        **{"at": disputed.claimed_at, "by": None},
    )
    second = sign_in(staff("director"))
    for amount in NO_AMOUNTS:
        given = {"figure": amount, "method": "appraisal", "reason": "-"}
        found = post(sign_in(cast["sponsor"]), "dispute_value", decided.pk, given)
        assert found == 422, amount
        for name in ("value", "appraisal_cost"):
            given = {"value": "1", "reason": "-", "appraisal_cost": "0", name: amount}
            assert post(second, "settle_dispute", disputed.pk, given) == 422, amount

    assert ValuationDispute.objects.count() == 1
    assert not DisputeOutcome.objects.exists()


def test_a_document_is_not_changed_to_no_amount(cast, year, sign_in):
    credit, client = claim(year, 1_000), sign_in(cast["staff"])
    services.withdraw_claim(credit, at=credit.claimed_at, by=cast["staff"])
    for amount in [*NO_AMOUNTS, "0"]:
        given = {"amount": amount, "dated_on": "2026-02-02", "version": 1}
        assert post(client, "change_evidence", credit.evidence_id, given) == 422

    assert Evidence.objects.get().amount == 1_000


def test_an_agreement_is_drafted_within_its_bounds(cast, sign_in):
    client, before = sign_in(cast["staff"]), Agreement.objects.count()
    for changes in [
        *OUT_OF_BOUNDS,
        *[{"cure_days": "366"}, {"required_1": "0"}],
        *[{"in_kind_cap_percent": share} for share in ("100.01", "-1")],
    ]:
        asked = TERMS | changes
        found = post(client, "draft_agreement", cast.siemens.pk, asked)
        assert found == 422, changes

    assert Agreement.objects.count() == before
    assert post(client, "draft_agreement", cast.siemens.pk, TERMS) == 302


def test_an_amendment_is_drafted_within_its_bounds(cast, sign_in):
    given = {"effective_on": str(TODAY), "reason": "-", "counting": "full_year"}
    given |= {f"required_{n}": "500000" for n in (1, 2)}
    given |= {f"fee_part_{n}": "275000" for n in (1, 2)}
    given |= {"required_3": "600000", "fee_part_3": "0"}
    client = sign_in(cast["staff"])
    for changes in [*OUT_OF_BOUNDS, {"required_3": "0"}]:
        found = post(client, "draft_amendment", cast.signed.pk, given | changes)
        assert found == 422, changes

    assert not Amendment.objects.exists()
    assert post(client, "draft_amendment", cast.signed.pk, given) == 302


#: A file, and what it says that it is.
NO_EVIDENCE = [
    (HTML, "letter.html"),
    (HTML, "letter.pdf"),
    (b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
    (b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "a.png"),
    (PROGRAM, "letter.pdf.exe"),
    (b"PK\3\4" + b"\0" * 60, "letter.zip"),
    (b"PK\3\4" + b"\0" * 60, "letter.xlsx"),
    (b"", "letter.pdf"),
]


def test_a_claim_with_a_file_that_is_none_of_its_types_is_not_made(cast, year, sign_in):
    client = sign_in(cast["sponsor"])
    for content, name in NO_EVIDENCE:
        asked = typed(year) | {"file": sent(content, name)}
        assert post(client, "claim_credit", cast.siemens.pk, asked) == 422, name

    assert not Document.objects.filter(kind="consortium.evidence").exists()
    assert not ContributionCredit.objects.exists()


#: What an attacker types into every field of text.
MARKUP = '"><img src=x onerror=alert(1)>{{ 7|add:7000 }}{% now "Y" %}'


def test_markup_that_somebody_typed_runs_nowhere(cast, year, sign_in):
    document = paper(5_000, payer=MARKUP, number=f"{MARKUP}1")
    credit = claim(year, 1_000, document=document, by=cast["sponsor"])
    thing = offer(year, 2_000, name=MARKUP, serial=MARKUP, restrictions=MARKUP)
    services.ask_for_evidence(
        credit, asked_for=MARKUP, at=credit.claimed_at, by=cast["staff"]
    )
    delivered(thing, basis=2_000, valued_by=cast["finance"], by=cast["director"])
    decide(thing, 1_000, by=cast["director"], reason=MARKUP)
    services.dispute_value(
        *(thing,),
        **{"figure": 2_000, "method": "appraisal", "reason": MARKUP},
        **{"at": credit.claimed_at, "by": cast["sponsor"]},
    )
    services.add_deviation(
        *(cast.drafted,),
        **{"clause": MARKUP, "template_says": MARKUP, "agreement_says": MARKUP},
        **{"reason": MARKUP, "by": None},
    )
    amendment = amend(
        cast.signed,
        other_terms=MARKUP,
        reason=MARKUP,
        contracting_entity=MARKUP,
        entity_country="DE",
    )
    client = sign_in(cast["director"])
    urls = [
        *[one.get_absolute_url() for one in (credit, thing, credit.evidence, year)],
        *[one.get_absolute_url() for one in (amendment, cast.drafted)],
        reverse("consortium:member_commitment", args=[cast.siemens.pk]),
        *[reverse(f"consortium:{name}") for name in ("credits", "exceptions")],
        reverse("consortium:claim_credit", args=[cast.siemens.pk]),
        reverse("consortium:sign_amendment", args=[amendment.pk]),
    ]

    for url in urls:
        text = client.get(url).content.decode()
        assert "<img src=x" not in text, url
        assert "7007" not in text, url
    for mail in Message.objects.all():
        assert "<img src=x" not in mail.html
        assert "7007" not in mail.html + mail.text + mail.subject


def test_no_export_of_the_ledger_holds_a_live_formula(cast, year, sign_in):
    formula = '=HYPERLINK("http://evil.example","x")'
    credit = claim(year, 1_000, document=paper(1_000, payer=formula, number=formula))
    services.add_deviation(
        *(cast.drafted,),
        **{"clause": formula, "template_says": "-", "agreement_says": formula},
        **{"reason": formula, "by": None},
    )
    client = sign_in(cast["director"])

    for name in ("credits", "exceptions", "commitments", "agreements"):
        answer = client.get(reverse(f"consortium:export_{name}"))
        lines = answer.getvalue().decode().splitlines()
        assert not any(cell in line for line in lines for cell in [",=", ',"=', "\n="])
    assert credit.pk


def test_a_link_that_somebody_typed_leads_nowhere_and_stops_no_mail(cast, year):
    url = "https://evil.example/pay"
    document = paper(1_000, payer=f"See {url}", number=url)
    credit = claim(year, 1_000, document=document, by=cast["sponsor"])

    decide(credit, 500, by=cast["director"], reason=f"Look at {url}")

    assert Message.objects.filter(kind="consortium/mail/credit_decided").exists()
    for mail in Message.objects.all():
        assert url not in mail.text
        assert f'href="{url}' not in mail.html


def test_a_day_out_of_this_world_shows_a_page(cast, year, sign_in):
    client = sign_in(cast["sponsor"])

    for day in ["0001-01-01", "9999-12-31", "2026-02-30", "'", "%00", "1e9"]:
        for name, pk in [
            ("member_commitment", cast.siemens.pk),
            ("commitment_year", year.pk),
        ]:
            url = reverse(f"consortium:{name}", args=[pk]) + f"?on={day}"
            assert client.get(url).status_code in (200, 400, 404), url
        url = reverse("consortium:commitments") + f"?on={day}&which=open"
        assert client.get(url).status_code in (200, 400), url
