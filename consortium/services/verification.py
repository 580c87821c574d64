"""Tell whether a check code is that of a paper which INM issued."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from ..models import CreditNote, Invoice
from ..states import InvoiceState

#: What people read for one of the letters and digits of a code.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True)
class Verified:
    """What anybody may know of a paper whose code they hold."""

    kind: str
    number: str
    issued_on: date | None
    amount: Decimal
    currency: str
    is_void: bool = False


def verify_code(text: str) -> Verified | None:
    """Return what was issued under a code, however it is written; None if nothing."""
    code = text.upper().translate(MISREAD)
    issued = {"check_code": code, "serial__isnull": False}
    if invoice := Invoice.objects.filter(**issued).with_total().first():
        is_void = invoice.state == InvoiceState.VOIDED
        return _verified(_("Invoice"), invoice, invoice.total, is_void=is_void)
    if note := CreditNote.objects.filter(**issued).with_total().first():
        return _verified(_("Credit note"), note, note.total)
    return None


def _verified(
    kind: str, paper: Invoice | CreditNote, amount: Decimal, *, is_void: bool = False
) -> Verified:
    return Verified(
        kind, str(paper), paper.issued_on, amount, paper.currency, is_void=is_void
    )
