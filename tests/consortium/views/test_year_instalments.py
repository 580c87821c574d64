"""By which instalments the fee of a year comes due, on its page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import InvoiceLine
from tests.factories.accounts import UserFactory
from tests.factories.billing import acting, drafted, instalment, issued, payer
from tests.factories.credits import year_of
from tests.factories.receivables import apply, cash

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast):
    payer(cast.siemens)
    return issued(drafted(cast.signed))


def page(client, year, query=""):
    url = reverse("consortium:commitment_year", args=[year.pk])
    answer = client.get(url + query)
    assert answer.status_code == 200
    return answer


def told(answer) -> list[str]:
    return [one.standing for one in answer.context["instalments"].rows]


def test_what_is_not_invoiced_yet_is_planned(cast, sign_in):
    year = year_of(cast.signed, 2)
    payer(cast.siemens)
    drafted(cast.signed)

    answer = page(sign_in(cast["finance"]), year)

    assert told(answer) == ["planned"]
    text = answer.content.decode()
    assert "Instalments of the fee" in text
    assert instalment(cast.signed).due_on.strftime("%b %-d, %Y") in text


def test_an_instalment_leads_to_its_invoice_and_says_what_is_open(
    cast, invoice, sign_in
):
    client, year = sign_in(cast["finance"]), year_of(cast.signed, 2)
    line = InvoiceLine.objects.select_related("invoice").get()
    share = cash(line.amount, cast.siemens)

    seen = [told(page(client, year))]
    apply(share, line, 100)
    seen.append(told(page(client, year)))
    apply(share, line, line.amount - 100)
    answer = page(client, year)

    assert [*seen, told(answer)] == [["invoiced"], ["part_paid"], ["paid"]]
    link = f'<a href="{invoice.get_absolute_url()}">{invoice.number}</a>'
    assert link in " ".join(answer.content.decode().split()).replace(" >", ">")


def test_the_year_of_a_past_day_tells_what_was_known_then(cast, invoice, sign_in):
    before = invoice.issued_on - timedelta(days=1)

    answer = page(
        sign_in(cast["finance"]), year_of(cast.signed, 2), f"?on={before:%Y-%m-%d}"
    )

    assert told(answer) == ["planned"]


def test_what_was_voided_is_planned_again(cast, invoice, sign_in):
    services.void_invoice(invoice, reason="Wrong entity", **acting(UserFactory()))

    answer = page(sign_in(cast["finance"]), year_of(cast.signed, 2))

    assert told(answer) == ["planned"]


@pytest.mark.parametrize(
    ("role", "leads"), [("billing", True), ("sponsor", True), ("council", False)]
)
def test_whoever_sees_invoices_there_is_led_to_them(
    role, leads, cast, invoice, sign_in
):
    answer = page(sign_in(cast[role]), year_of(cast.signed, 2))

    assert told(answer) == ["invoiced"]
    text = answer.content.decode()
    assert invoice.number in text
    assert (invoice.get_absolute_url() in text) is leads
