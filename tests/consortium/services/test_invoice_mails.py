"""Who is told of invoices: those who approve, who drafted, and who pays."""

from decimal import Decimal

import pytest

from consortium import services
from consortium.models import ContactRole
from inm_portal.kernel.models import Message
from tests.factories.accounts import staff
from tests.factories.billing import acting, approved, drafted, issued, payer
from tests.factories.consortium import (
    TODAY,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from tests.factories.credits import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    signed = sign(draft(OrganizationFactory(name="Norhaven")))
    payer(signed.organization)
    return signed


def told(kind: str) -> set[str]:
    found = Message.objects.filter(kind=f"consortium/mail/{kind}")
    return set(found.values_list("recipient", flat=True))


def test_whoever_may_approve_a_draft_is_told_and_nobody_else(agreement):
    clerk, second, director = staff("finance"), staff("finance"), staff("director")
    barred = staff("director")
    staff("auditor")
    services.disclose_interest(
        agreement.organization,
        **{"person": barred, "reason": "Holds shares", "from_on": TODAY},
        **{"at": at(TODAY), "by": None},
    )

    drafted(agreement, by=clerk)

    assert told("invoices_to_approve") == {second.email, director.email}
    mail = Message.objects.latest("pk")
    assert "Norhaven" in mail.subject
    assert f"{clerk.name} drafted" in mail.text


def test_who_sends_back_their_own_draft_is_not_written_to(agreement):
    clerk = staff("finance")
    invoice = approved(drafted(agreement, by=clerk))

    services.send_back_invoice(invoice, reason="Too early", **acting(clerk))

    assert told("invoice_sent_back") == set()


def test_the_sponsor_is_told_where_nobody_is_there_for_invoices(agreement):
    sponsor = person_at(agreement.organization, ContactRole.SPONSOR)

    issued(drafted(agreement))

    assert told("invoice_issued") == {sponsor.email}


def test_the_mail_of_an_invoice_names_its_order_and_no_bank_account(agreement):
    billing = person_at(agreement.organization, ContactRole.BILLING)
    payer(agreement.organization, needs_order=True)
    services.record_order(
        agreement.organization,
        number="PO-77",
        amount=Decimal(300_000),
        at=at(TODAY),
        by=None,
    )

    invoice = issued(drafted(agreement))

    mail = Message.objects.get(recipient=billing.email)
    for text in (mail.text, mail.html):
        assert invoice.number in text
        assert "PO-77" in text
        assert "names no bank account" in text
        assert invoice.get_absolute_url() in text


def test_who_drafted_is_not_asked_to_approve_what_another_changed(agreement):
    clerk, another, director = staff("finance"), staff("finance"), staff("director")
    invoice = drafted(agreement, by=clerk)
    services.send_back_invoice(invoice, reason="Another desk", **acting(director))
    Message.objects.all().delete()

    services.change_invoice(invoice, note="Desk 4", **acting(another))

    assert told("invoices_to_approve") == {director.email}
