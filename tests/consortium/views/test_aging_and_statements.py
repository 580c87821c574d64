"""Aging and statements on pages and in the API: as of any day, the same for all."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import ContactRole
from tests.factories.accounts import staff
from tests.factories.consortium import person_at
from tests.factories.credits import at
from tests.factories.receivables import TODAY, apply, cash, invoiced, member

from .test_costs import require_same

pytestmark = pytest.mark.django_db

AGING = reverse("consortium:aging")
OPEN = reverse("consortium:open_invoices")
AS_OF = f"{AGING}?on={TODAY}"


@pytest.fixture
def flex(db):
    return member(name="Flex")


@pytest.fixture
def client(sign_in):
    return sign_in(staff("finance"))


def page_of(organization, name="statement"):
    return reverse(f"consortium:{name}", args=[organization.pk])


def test_each_figure_of_aging_opens_to_its_invoices(client, flex):
    line = invoiced(flex, 1_000)
    cash(400, flex)

    page = client.get(AS_OF).content.decode()

    assert "$1,000" in page
    assert "$400" in page
    query = f"?on={TODAY}&amp;organization={flex.pk}&amp;bucket=1-30"
    assert OPEN + query in page
    rows = client.get(OPEN + query.replace("&amp;", "&")).content.decode()
    assert str(line.invoice) in rows
    assert "Nothing is planned" in rows
    assert "has $400 on account" in rows


def test_a_promise_and_a_dispute_are_the_next_step(client, flex):
    promised, disputed = invoiced(flex, 1_000), invoiced(flex, 2_000)
    clerk = {"at": at(TODAY), "by": staff("finance")}
    services.promise_payment(
        promised.invoice,
        pay_on=date(2027, 2, 1),
        amount=Decimal(1_000),
        today=TODAY,
        **clerk,
    )
    services.dispute_invoice(
        disputed.invoice, amount=Decimal(500), reason="Hours", **clerk
    )

    page = client.get(OPEN).content.decode()

    assert "Promised by Feb 1, 2027" in page
    assert "Dispute to be settled by" in page
    assert "$500 in dispute" in page
    assert (
        str(promised.invoice) not in client.get(f"{OPEN}?disputed=1").content.decode()
    )


def test_a_day_ahead_is_refused_with_words(client):
    page = client.get(f"{AGING}?on=2031-01-01").content.decode()

    assert "This day lies ahead" in page
    assert client.get(f"{AGING}export/?on=2031-01-01").status_code == 400


@pytest.mark.parametrize("url", [AGING, OPEN])
def test_many_rows_cost_as_many_statements_as_one(client, url):
    def more():
        invoiced(member(), 1_000)

    invoiced(member(name="One"), 1_000)
    require_same(lambda: client.get(url), more, most=8)


def test_many_lines_cost_as_many_statements_as_one(client, flex):
    amounts = iter(range(100, 500, 100))

    def more():
        amount = next(amounts)
        apply(cash(amount, flex), invoiced(flex, 1_000), amount)

    more()
    url = page_of(flex) + "?since=2026-01-01"
    require_same(lambda: client.get(url), more, most=16)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?since=2026-11-01&until=2026-10-01", "The period ends before it begins."),
        ("?until=2031-01-01", "This day lies ahead"),
        ("?until=2026-11-01&on=2026-10-01", "On this day, the period was not over."),
        ("?since=yesterday", "Write the day as in 2025-12-31."),
    ],
)
def test_a_period_that_is_wrong_is_refused_with_words(client, flex, query, words):
    assert words in client.get(page_of(flex) + query).content.decode()
    assert client.get(page_of(flex, "statement_pdf") + query).status_code == 400


def test_the_file_has_the_period_and_the_day_of_the_page(client, flex):
    invoiced(flex, 1_000)
    page = client.get(
        page_of(flex) + "?since=2026-01-01&until=2026-10-31&on=2026-11-02"
    )

    asked = "?since=2026-01-01&amp;until=2026-10-31&amp;on=2026-11-02"
    assert page_of(flex, "statement_pdf") + asked in page.content.decode()
    pdf = client.get(page_of(flex, "statement_pdf"))
    assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")


def test_who_pays_at_a_company_reads_what_staff_read(program, flex):
    """V20."""
    billing = person_at(flex, ContactRole.BILLING).user
    apply(cash(400, flex, bank_reference="X1"), invoiced(flex, 1_000), 400)
    url = reverse("organization-see-statement", args=[flex.pk]) + "?since=2026-01-01"

    own, of_staff = (program(who).get(url).data for who in (billing, staff("finance")))

    assert own == of_staff
    assert (own["opening"], own["closing"]) == ("0.00", "600.00")
    assert [line["balance"] for line in own["lines"]] == ["1000.00", "600.00"]


def test_programs_read_aging_as_of_a_day(program, flex):
    invoiced(flex, 1_000)
    client, on = program(staff("finance")), f"?on={TODAY}"

    (row,) = client.get(reverse("aging-list") + on).data["results"]
    (invoice,) = client.get(reverse("open-invoice-list") + on).data["results"]
    before = client.get(reverse("aging-list") + "?on=2026-09-30").data["results"]

    assert (row["owed_days_30"], row["receivable"]) == ("1000.00", "1000.00")
    assert (invoice["days_late"], invoice["bucket"]) == (21, "1-30")
    assert before == []
