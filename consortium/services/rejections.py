"""What a member's payables rejected is put right, by a task until then."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.models import Task
from inm_portal.kernel.tasklist import finish_about

from ..models import Invoice, InvoiceLine

#: The task to put right what payables of a member rejected.
REJECTED = "consortium.invoice_rejected"


def put_right(invoice: Invoice, *, outcome: str, at: datetime, by: User | None) -> None:
    """Ask nobody any more to put right what the member's payables rejected."""
    finish_about(REJECTED, invoice, outcome=outcome, at=at, by=by)


def put_right_by_payment(
    lines: Iterable[InvoiceLine], *, at: datetime, by: User
) -> None:
    """Ask nobody any more to put right those invoices that were paid in whole."""
    if not (keys := {line.invoice_id for line in lines if not line.open_amount}):
        return
    tasks = Task.objects.open().filter(
        kind=REJECTED, subject_type=Invoice._meta.label_lower, subject_id__in=keys
    )
    asked: Any = Invoice.objects.filter(pk__in=tasks.values("subject_id"))
    for invoice in asked.with_open().filter(open_amount=0):
        put_right(invoice, outcome=_("It was paid."), at=at, by=by)
