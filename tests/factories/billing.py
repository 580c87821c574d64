"""Invoices as finance makes them: through the services, on fixed days."""

from datetime import date
from decimal import Decimal
from typing import Any

from consortium import services
from consortium.models import (
    Agreement,
    CreditNote,
    Instalment,
    Invoice,
    Organization,
    PayerProfile,
    PurchaseOrder,
)
from consortium.services import Taken
from inm_portal.accounts.models import User

from .consortium import TODAY
from .credits import at


def acting(by: User | None = None, on: date = TODAY) -> dict[str, Any]:
    """Return when and by whom something is done."""
    return {"today": on, "at": at(on), "by": by}


def payer(organization: Organization, **details: Any) -> PayerProfile:
    given = {
        "bill_to_entity": organization.legal_name,
        "bill_to_address": "1 Main Street\nSpringfield",
        "needs_order": False,
        "by": None,
    }
    return services.keep_payer(organization, **given | details)


def order(
    organization: Organization, amount: Any = 825_000, **details: Any
) -> PurchaseOrder:
    given = {"number": "PO-1", "at": at(TODAY), "by": None}
    return services.record_order(
        organization, amount=Decimal(amount), **given | details
    )


def instalment(agreement: Agreement, number: int = 2, at: int = 0) -> Instalment:
    """Return one of the instalments of a year, the first one if no other is asked."""
    rows = Instalment.objects.filter(commitment_year__agreement=agreement)
    return rows.filter(commitment_year__number=number).order_by("due_on")[at]


def drafted(
    agreement: Agreement,
    *instalments: Instalment,
    by: User | None = None,
    on: date = TODAY,
    **fields: Any,
) -> Invoice:
    return services.draft_invoice(
        agreement.organization,
        instalments=instalments or [instalment(agreement)],
        **acting(by, on),
        **fields,
    )


def approved(invoice: Invoice, by: User | None = None, on: date = TODAY) -> Invoice:
    return services.approve_invoice(invoice, **acting(by, on))


def issued(invoice: Invoice, by: User | None = None, on: date = TODAY) -> Invoice:
    """Approve a draft, and issue it."""
    return services.issue_invoice(approved(invoice, on=on), **acting(by, on))


def credited(
    invoice: Invoice, amount: Any, by: User | None = None, on: date = TODAY
) -> CreditNote:
    """Take back so much of the first line, as drafted by nobody in particular."""
    taken = [Taken(invoice.lines.earliest("pk"), Decimal(amount))]
    note = services.draft_credit_note(
        invoice, taken=taken, reason="Agreed with the member", at=at(on), by=None
    )
    return services.issue_credit_note(note, **acting(by, on))
