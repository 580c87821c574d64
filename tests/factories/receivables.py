"""Issued invoices with their entries, and receipts, as tests of money need them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from consortium import services
from consortium.models import (
    CallBack,
    InvoiceLine,
    InvoicePdf,
    Organization,
    Receipt,
    ReceiptMethod,
    ReceiptShare,
    Series,
)
from consortium.states import InvoiceState
from inm_portal.accounts.models import User

from . import invoices
from .accounts import UserFactory
from .consortium import ContactFactory, OrganizationFactory, draft, sign
from .credits import at, year_of

#: When most of it happens.
TODAY = date(2026, 11, 22)
RECEIVED = date(2026, 11, 12)


def member(**fields: Any) -> Organization:
    """Return a company with a signed agreement."""
    organization = OrganizationFactory(**fields)
    sign(draft(organization))
    return organization


def invoiced(
    organization: Organization,
    amount: Any = "275000.00",
    *,
    due_on: date = date(2026, 11, 1),
    issued_on: date = date(2026, 10, 1),
    year: int = 1,
    by: User | None = None,
) -> InvoiceLine:
    """Return the line of an invoice that was issued and posted."""
    with transaction.atomic():
        return _invoiced(organization, amount, due_on, issued_on, year, by)


def _invoiced(organization, amount, due_on, issued_on, number, by) -> InvoiceLine:
    agreement = organization.agreements.signed().get()
    year = year_of(agreement, number)
    instalment = invoices.an_instalment(year, amount)
    invoices.an_instalment(year, -Decimal(amount))  # so that the fee stays as it is
    invoice = invoices.approve(invoices.a_draft(agreement, instalment))
    invoices.number(invoice, Series.INVOICES, on=issued_on)
    invoice.due_on, invoice.issued_by = due_on, by
    invoice.move_to(InvoiceState.ISSUED)
    invoice.save()
    InvoicePdf.objects.create(
        **{"invoice": invoice, "content": invoices.PDF},
        sha256=invoices.digest(invoices.PDF),
    )
    return invoice.lines.select_related("invoice").get()


def receive(
    amount: Any,
    organization: Organization | None = None,
    *,
    on: date = RECEIVED,
    by: User | None = None,
    recorded_on: date | None = None,
    **more: Any,
) -> Receipt:
    return services.record_receipt(
        amount=Decimal(amount),
        organization=organization,
        received_on=on,
        today=max(TODAY, on),
        at=at(recorded_on or on),
        by=by or UserFactory(),
        **{
            "method": ReceiptMethod.WIRE,
            "payer_name": organization.legal_name if organization else "Unknown Ltd.",
        }
        | more,
    )


def cash(amount: Any, organization: Organization, **more: Any) -> ReceiptShare:
    """Return a member's share of a receipt that is all its own."""
    return receive(amount, organization, **more).shares.get()


def apply(
    share: ReceiptShare,
    line: InvoiceLine,
    amount: Any,
    *,
    by: User | None = None,
    on: date = TODAY,
):
    (allocation,) = services.allocate(
        share,
        [services.LinePart(line, Decimal(amount))],
        at=at(on),
        by=by or UserFactory(),
    )
    return allocation


def open_of(line: InvoiceLine, on: date | None = None, *, restated=False) -> Decimal:
    lines = InvoiceLine.objects.with_open(on, restated=restated)
    return lines.get(pk=line.pk).open_amount


def standing_of(line: InvoiceLine) -> str:
    return type(line.invoice).objects.with_open().get(pk=line.invoice_id).standing


def left_of(share: ReceiptShare, on: date | None = None, *, restated=False) -> Decimal:
    shares = ReceiptShare.objects.with_unapplied(on, restated=restated)
    return shares.get(pk=share.pk).unapplied


def bounce(receipt: Receipt, *, on: date = TODAY, by: User | None = None) -> Receipt:
    return services.bounce_receipt(
        receipt,
        returned_on=on,
        reason="Returned by the bank",
        today=max(on, TODAY),
        at=at(on),
        by=by or UserFactory(),
    )


def call_back(
    organization: Organization, *, by: User | None = None, **more: Any
) -> CallBack:
    """Return a request that waits for a call to a contact of the member."""
    contact = ContactFactory(organization=organization, phone="+1 617 555 0100")
    return services.ask_for_call_back(
        organization,
        **{"contact": contact, "asked_by": "ap@siemens-pay.example"},
        **{"reason": "Pay from another bank", "received_on": TODAY, "today": TODAY},
        at=at(TODAY),
        by=by or UserFactory(),
        **more,
    )
