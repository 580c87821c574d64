"""The list of invoices, the page of each, and its PDF."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from consortium import services
from tests.conftest import TODAY
from tests.factories.billing import (
    acting,
    credited,
    drafted,
    instalment,
    issued,
    payer,
)
from tests.factories.consortium import amend, sign_amendment
from tests.factories.credits import at, year_of
from tests.factories.invoices import a_draft, an_instalment, credit, issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast):
    """The invoice of the second year of Siemens, as it is issued today."""
    payer(cast.siemens)
    return issued(drafted(cast.signed))


def numbers(client, query: str = "") -> list[str]:
    page = client.get(reverse("consortium:invoices") + query)
    assert page.status_code == 200
    return [str(one) for one in page.context["page"]]


def words(client, invoice) -> str:
    page = client.get(invoice.get_absolute_url())
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_finance_finds_drafts_and_those_who_pay_what_was_issued(cast, sign_in, invoice):
    draft = drafted(cast.signed, instalment(cast.signed, 3))

    assert set(numbers(sign_in(cast["finance"]))) == {str(invoice), str(draft)}
    for who in ("sponsor", "billing"):
        assert numbers(sign_in(cast[who])) == [invoice.number]
    for who in ("amgen sponsor", "colleague", "leaver", "stranger"):
        assert numbers(sign_in(cast[who])) == []


def test_an_invoice_is_found_by_what_became_of_it(cast, sign_in):
    """Issued in August and due then, so overdue as far as it is open."""
    client, year = sign_in(cast["finance"]), year_of(cast.signed)
    rest, whole, void = (
        issue(a_draft(cast.signed, an_instalment(year, amount)))
        for amount in (10, 20, 30)
    )
    draft = a_draft(cast.signed, an_instalment(year, 40))
    credit(rest, 4)
    credit(whole, 20)
    services.void_invoice(void, reason="Sent twice", **acting(cast["director"]))

    found = {
        standing: numbers(client, f"?standing={standing}")
        for standing in ["draft", "open", "overdue", "credited", "voided", "paid"]
    }

    assert found == {
        "draft": [str(draft)],
        **{standing: [rest.number] for standing in ["open", "overdue"]},
        "credited": [whole.number],
        "voided": [void.number],
        "paid": [],
    }


def test_it_is_found_by_its_number_and_by_its_member(cast, sign_in, invoice):
    client = sign_in(cast["finance"])
    theirs = issue(a_draft(cast.amgens, an_instalment(year_of(cast.amgens), 10)))

    assert numbers(client, f"?search={theirs.number}") == [theirs.number]
    assert numbers(client, "?search=amgen") == [theirs.number]
    assert numbers(client, f"?organization={cast.siemens.pk}") == [invoice.number]


def test_its_file_says_what_is_open(cast, sign_in, invoice):
    credited(invoice, 500)

    answer = sign_in(cast["finance"]).get(reverse("consortium:export_invoices"))

    head, row = answer.getvalue().decode().splitlines()
    told = dict(zip(head.split(","), row.split(","), strict=True))
    assert told["number"] == invoice.number
    assert Decimal(told["asked"]) - Decimal(told["open"]) == Decimal(500)
    assert Decimal(told["credited"]) == Decimal(500)


def test_its_page_tells_those_who_pay_all_that_became_of_it(cast, sign_in, invoice):
    told = {"at": at(TODAY), "by": cast["finance"]}
    services.deliver_invoice(
        invoice, channel="portal", delivered_on=TODAY, today=TODAY, **told
    )
    services.answer_invoice(
        invoice,
        **{"kind": "rejected", "reason": "Wrong entity", "answered_on": TODAY},
        **{"today": TODAY, **told},
    )
    services.promise_payment(
        invoice,
        pay_on=TODAY + timedelta(days=9),
        amount=Decimal(70_000),
        today=TODAY,
        **told,
    )
    services.dispute_invoice(
        invoice,
        **{"amount": Decimal(900), "reason": "A discount was agreed"},
        **{"owner": cast["director"], "settle_by": TODAY, **told},
    )
    note = credited(invoice, 500)

    page = words(sign_in(cast["sponsor"]), invoice)

    for word in [
        *["Delivered: Supplier portal", "Wrong entity", "$70,000", "Dec 1, 2026"],
        *["$900", "A discount was agreed", cast["director"].name, note.number],
        *[invoice.bill_to_entity, "Springfield", "Net 30 days", "Commitment year"],
    ]:
        assert word in page, word
    assert "Who made it" not in page


def test_people_at_inm_read_who_made_it_and_others_only_a_draft_of_their_credit(
    cast, sign_in, invoice
):
    services.draft_credit_note(
        invoice,
        taken=[services.Taken(invoice.lines.get(), Decimal(5))],
        reason="Not yet agreed",
        at=at(TODAY),
        by=cast["finance"],
    )

    assert "Not yet agreed" in words(sign_in(cast["auditor"]), invoice)
    assert "Who made it" in words(sign_in(cast["auditor"]), invoice)
    assert "Not yet agreed" not in words(sign_in(cast["billing"]), invoice)


def test_its_pdf_is_the_one_that_was_issued(cast, sign_in, invoice):
    url = reverse("consortium:invoice_pdf", args=[invoice.pk])

    answer = sign_in(cast["billing"]).get(url)

    assert answer.content == bytes(invoice.pdf.content)
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="{invoice.number}.pdf"' in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["invoice", "invoice_pdf"])
@pytest.mark.parametrize("who", ["amgen sponsor", "colleague", "leaver", "stranger"])
def test_it_is_not_there_for_others(who, name, cast, sign_in, invoice):
    url = reverse(f"consortium:{name}", args=[invoice.pk])

    assert sign_in(cast[who]).get(url).status_code == 404


def test_a_draft_has_no_pdf(cast, sign_in):
    payer(cast.siemens)
    draft = drafted(cast.signed)
    client = sign_in(cast["finance"])

    url = reverse("consortium:invoice_pdf", args=[draft.pk])
    assert client.get(url).status_code == 404
    assert url not in words(client, draft)


def test_the_way_there_is_for_those_who_pay(cast, sign_in):
    way = f'href="{reverse("consortium:invoices")}"'

    led = {
        who: way in sign_in(cast[who]).get(reverse("home")).content.decode()
        for who in ["finance", "sponsor", "billing", "colleague", "coordinator"]
    }

    assert [who for who, there in led.items() if there] == [
        *["finance", "sponsor", "billing"]
    ]


def test_the_api_tells_an_invoice_with_its_lines(cast, api, invoice):
    note = credited(invoice, 500)
    client = api(cast["sponsor"])

    (row,) = client.get("/api/v1/invoices/?standing=open").json()["results"]
    told = client.get(f"/api/v1/invoices/{invoice.pk}/").json()

    (line,) = told["lines"]
    asked = Decimal(row["asked"])
    assert Decimal(row["open_amount"]) == asked - 500 == Decimal(line["open_amount"])
    assert [one["number"] for one in told["credit_notes"]] == [note.number]
    assert told["pdf_sha256"] == invoice.pdf.sha256
    pdf = client.get(f"/api/v1/invoices/{invoice.pk}/download/")
    assert pdf.content == bytes(invoice.pdf.content)


def test_the_api_tells_by_what_the_fee_of_a_year_is_paid(cast, api):
    three = cast.signed.commitment_years.get(number=3)
    sign_amendment(amend(cast.signed, years={3: services.YearTerms(600_000, 0)}))
    client, path = (
        api(cast["sponsor"]),
        f"/api/v1/instalments/?commitment_year={three.pk}",
    )

    def listed(query: str) -> list[dict]:
        return client.get(path + query).json()["results"]

    in_force, ended = listed("&in_force=true"), listed("&in_force=false")
    assert (in_force, [row["is_in_force"] for row in ended]) == ([], [False])
    assert sum(Decimal(row["amount"]) for row in ended) == 275_000
    theirs = api(cast["amgen sponsor"]).get(path).json()["results"]
    assert theirs == []


def test_the_page_tells_which_payment_was_announced_for_it(cast, sign_in, invoice):
    told = {"amount": Decimal("274985.50"), "method": "wire", "reference": "SIE-77"}
    advice = services.advise_payment(
        cast.siemens, paid_on=TODAY, invoices=[invoice], **told, **acting()
    )

    for who in ("finance", "sponsor"):
        page = words(sign_in(cast[who]), invoice)
        assert "Payment announced: $274,985.50" in page
        assert "SIE-77" in page

    services.withdraw_advice(advice, at=at(TODAY), by=None)
    assert "Payment announced" not in words(sign_in(cast["finance"]), invoice)
