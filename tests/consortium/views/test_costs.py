"""What is shown of commitments costs the same with one row and with many."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import Agreement, ContributionCredit, Invoice
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.billing import drafted, instalment, issued, order, payer
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import (
    appraise,
    at,
    claim,
    decide,
    delivered,
    dispute,
    offer,
    paper,
    year_of,
)
from tests.factories.invoices import a_draft, an_instalment, credit, issue
from tests.factories.receivables import cash

pytestmark = pytest.mark.django_db

LISTS = ["commitments", "credits", "exceptions", "invoices", "credit_notes"]
RESOURCES = [
    *["agreements", "amendments", "deviations", "organization-links", "exceptions"],
    *["screenings", "commitment-years", "commitment-positions"],
    *["contribution-credits", "appraisals", "valuations", "valuation-disputes"],
    *["evidence", "interests"],
    *["instalments", "instalments/to-invoice", "invoices", "credit-notes"],
]


EXCEL = "?format=xlsx"


@pytest.fixture
def director(db):
    return staff("director")


def grow(director: Any) -> Agreement:
    """Add a member with something of each kind."""
    organization = OrganizationFactory()
    agreement = draft(organization)
    services.add_deviation(
        agreement,
        **{"clause": "4.2", "template_says": "One", "agreement_says": "Two seats"},
        **{"reason": "Two divisions", "by": None},
    )
    sign(agreement)
    sign_amendment(amend(agreement, payment_terms_days=60))
    fill(agreement, director)
    services.waive_shortfall(
        year_of(agreement), reason="Late", at=at(TODAY), today=TODAY, by=director
    )
    linked = {"other": OrganizationFactory(), "from_on": TODAY, "today": TODAY}
    services.link_parent(organization, **linked, by=None)
    seen = {"screened_name": "A", "screened_on": TODAY, "note": "", "today": TODAY}
    services.record_screening(organization, result="clear", **seen, by=None)
    services.disclose_interest(
        organization,
        **{"person": UserFactory(), "reason": "Shares", "from_on": TODAY},
        **{"at": timezone.now(), "by": None},
    )
    payer(organization)
    say_all(issue(a_draft(agreement, an_instalment(year_of(agreement), 10))))
    return agreement


def say_all(invoice: Invoice) -> None:
    """Record something of each kind about an issued invoice."""
    told = {"at": at(TODAY), "by": None}
    services.deliver_invoice(
        invoice, channel="email", delivered_on=TODAY, today=TODAY, **told
    )
    services.promise_payment(
        invoice, pay_on=TODAY, amount=Decimal(1), today=TODAY, **told
    )
    services.dispute_invoice(
        invoice,
        **{"amount": Decimal(1), "reason": "Twice", "owner": None},
        **{"settle_by": TODAY, **told},
    )
    note = credit(invoice, 1)
    dispute = invoice.disputes.latest("pk")
    services.settle_invoice_dispute(
        dispute, reason="So agreed", credit_note=note, **told
    )


def fill(agreement: Agreement, director: Any) -> None:
    """Claim on one document twice, decide, cut, and offer something in kind."""
    year, document = year_of(agreement), paper(100_000)
    credit = decide(claim(year, 60_000, document=document), by=director)
    services.reduce_credit(
        credit, amount=1, reason="-", at=at(TODAY), today=TODAY, by=director
    )
    claim(year, 40_000, document=document, knows_earlier=True)
    claim(year_of(agreement, 2), 5_000)
    offer(year, 5_000)
    a_thing_in_kind(agreement, director)


def a_thing_in_kind(agreement: Agreement, director: Any) -> ContributionCredit:
    """Return the credit of a thing of which all is said that can be."""
    thing = offer(year_of(agreement), 5_000)
    services.assess_item(thing, needs_ehs_approval=True, today=TODAY, by=None)
    services.approve_item(
        thing,
        **{"office": "ehs", "approved_by": "EHS", "approved_on": TODAY, "note": ""},
        **{"at": at(TODAY), "today": TODAY, "by": staff("finance")},
    )
    delivered(thing, basis=5_000, valued_by=staff("finance"), by=director)
    decide(thing, by=director)
    say_of_value(thing, director)
    return thing


def say_of_value(thing: ContributionCredit, director: Any) -> None:
    """Appraise it, dispute its value, and have that settled."""
    appraise(thing, by=director)
    dispute(thing, by=None)
    services.settle_dispute(
        thing,
        **{"value": Decimal(900), "reason": "So appraised"},
        **{"at": at(TODAY), "today": TODAY, "by": staff("director")},
    )


def statements(ask: Callable[[], Any]) -> list[str]:
    ask().getvalue()  # what is asked once for a person
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
        assert answer.status_code == 200
        answer.getvalue()
    return [query["sql"] for query in captured]


def require_same(ask: Callable[[], Any], more: Callable[[], Any], most: int) -> None:
    with_one = statements(ask)
    for _time in range(3):
        more()
    with_many = statements(ask)

    assert len(with_one) == len(with_many) <= most
    assert len(set(with_many)) == len(with_many)


def test_lists_exports_and_resources(director, sign_in, api):
    """One world grows for all of them: to make it costs more than to read it."""
    browser, program = sign_in(director), api(director)
    lists = [reverse(f"consortium:{name}") for name in LISTS]
    exports = [reverse(f"consortium:export_{name}") for name in LISTS]
    asked = {
        **dict.fromkeys(lists, (browser, 8)),
        **{url + kind: (browser, 12) for url in exports for kind in ("", EXCEL)},
        **{f"/api/v1/{name}/": (program, 8) for name in RESOURCES},
    }

    def told() -> dict[str, list[str]]:
        return {
            url: statements(partial(client.get, url))
            for url, (client, _most) in asked.items()
        }

    grow(director)
    with_one = told()
    for _time in range(3):
        grow(director)
    with_many = told()

    assert counts(with_many) == counts(with_one)
    assert {
        url for url, told in with_many.items() if len(told) > asked[url][1]
    } == set()
    assert {
        url for url, told in with_many.items() if len(set(told)) < len(told)
    } == set()


def counts(told: dict[str, list[str]]) -> dict[str, int]:
    return {url: len(statements) for url, statements in told.items()}


#: Of a company's people the pages ask who they are there, in two statements.
@pytest.mark.parametrize(("who", "beside"), [("director", 0), ("sponsor", 2)])
@pytest.mark.parametrize(
    ("name", "most"),
    [
        *[("member_commitment", 8), ("commitment_year", 8), ("credit", 10)],
        *[("evidence", 8), ("agreement", 8), ("member", 16)],
    ],
)
def test_a_page(name, most, who, beside, cast, sign_in):
    agreement, director = cast.signed, cast["director"]
    fill(agreement, director)
    credit = ContributionCredit.objects.earliest("pk")
    keys = {
        **dict.fromkeys(("member_commitment", "member"), cast.siemens.pk),
        **{"commitment_year": year_of(agreement).pk, "credit": credit.pk},
        **{"evidence": credit.evidence_id, "agreement": agreement.pk},
    }
    url = reverse(f"consortium:{name}", args=[keys[name]])
    client = sign_in(cast[who])

    require_same(
        lambda: client.get(url), lambda: fill(agreement, director), most + beside
    )


@pytest.mark.parametrize(("who", "beside"), [("director", 0), ("sponsor", 2)])
def test_the_page_of_a_thing_in_kind(who, beside, cast, sign_in):
    director = cast["director"]
    thing = a_thing_in_kind(cast.signed, director)
    client, url = sign_in(cast[who]), thing.get_absolute_url()

    require_same(
        lambda: client.get(url), lambda: say_of_value(thing, director), 8 + beside
    )


@pytest.mark.parametrize(("who", "beside"), [("director", 0), ("sponsor", 2)])
def test_the_page_of_an_invoice(who, beside, cast, sign_in):
    year = year_of(cast.signed)
    invoice = issue(a_draft(cast.signed, an_instalment(year, 10)))
    say_all(invoice)
    client, url = sign_in(cast[who]), invoice.get_absolute_url()

    require_same(lambda: client.get(url), lambda: say_all(invoice), 11 + beside)


def test_the_page_of_a_draft_that_was_sent_back(cast, sign_in):
    """Of one that replaces another, under the order of both."""
    payer(cast.siemens)
    po = order(cast.siemens, 9_000_000)
    old = issued(drafted(cast.signed, order=po))
    told = {"today": TODAY, "at": at(TODAY), "by": None}
    draft = services.draft_anew(old, reason="Wrong entity", order=po, **told)
    client, url = sign_in(cast["director"]), draft.get_absolute_url()

    def send_back():
        services.send_back_invoice(draft, reason="Not yet", **told)

    send_back()

    require_same(lambda: client.get(url), send_back, most=9)


def test_the_page_of_an_invoice_that_cash_on_account_would_pay(cast, sign_in):
    invoice = issue(a_draft(cast.signed, an_instalment(year_of(cast.signed), 90_000)))
    client, url = sign_in(cast["finance"]), invoice.get_absolute_url()
    amounts = count(100)

    def more():
        cash(next(amounts), cast.siemens)

    more()

    require_same(lambda: client.get(url), more, most=8)


def test_the_page_of_a_credit_note(cast, sign_in):
    invoice = issue(a_draft(cast.signed, an_instalment(year_of(cast.signed), 90_000)))
    note = credit(invoice, 10)
    client, url = sign_in(cast["director"]), note.get_absolute_url()

    require_same(lambda: client.get(url), lambda: credit(invoice, 10), most=8)


def test_the_page_on_which_invoices_are_drafted(cast, sign_in):
    client, path = sign_in(cast["finance"]), reverse("consortium:draft_invoices")
    keys: list[int] = []

    def more():
        agreement = sign(draft(OrganizationFactory()))
        payer(agreement.organization)
        keys.append(instalment(agreement).pk)

    for _time in range(2):  # one alone asks for its order, too
        more()

    require_same(lambda: client.get(path, {"instalment": keys}), more, most=8)


def test_an_invoice_of_the_api(director, api):
    agreement = grow(director)
    invoice = Invoice.objects.get(organization=agreement.organization)
    client, url = api(director), f"/api/v1/invoices/{invoice.pk}/"

    require_same(lambda: client.get(url), lambda: say_all(invoice), most=9)


@pytest.mark.parametrize("name", ["contribution-credits", "commitment-positions"])
def test_an_object_of_the_api(name, director, api):
    agreement, client = grow(director), api(director)
    year = year_of(agreement)
    credit = ContributionCredit.objects.earliest("pk")
    key = credit.pk if name == "contribution-credits" else year.pk

    require_same(
        lambda: client.get(f"/api/v1/{name}/{key}/"),
        lambda: fill(agreement, director),
        most=9,
    )
