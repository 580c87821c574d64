"""Apply a share and give up what is short beside it, in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.errors import Refusal

from ..models import Allocation, InvoiceLine, ReceiptShare, WriteOff, WriteOffKind
from .allocations import LinePart, allocate, require_payable
from .write_offs import write_off


class NothingToDo(Refusal):
    code = "nothing_to_do"


@dataclass(frozen=True)
class GivenUp:
    """What of a line is not asked for any more, and why."""

    line: InvoiceLine
    kind: WriteOffKind
    amount: Decimal


@dataclass(frozen=True)
class Settlement:
    allocations: list[Allocation]
    write_offs: list[WriteOff]


@transaction.atomic
def settle(
    share: ReceiptShare,
    parts: Sequence[LinePart],
    given_up: Sequence[GivenUp] = (),
    *,
    certificate: File | None = None,
    reason: str = "",
    today: date,
    at: datetime,
    by: User,
) -> Settlement:
    """
    Apply a share to lines, and give up what a payment is short by: all or nothing.

    What one person may not give up alone waits for another, while the cash is
    applied. The certificate shows the tax withheld of each line.

    :raises NothingToDo: if neither is asked for.
    :raises NotPayable: if a line is not one that the share could pay.
    """
    if not parts and not given_up:
        raise NothingToDo(_("Say to what it is applied."))
    for each in given_up:
        require_payable(share, each.line)
    allocations = allocate(share, parts, reason=reason, at=at, by=by)
    write_offs = []
    for each in given_up:
        is_tax = each.kind == WriteOffKind.TAX_WITHHELD
        if is_tax and certificate is not None:
            certificate.seek(0)
        row = write_off(
            each.line,
            kind=each.kind,
            amount=each.amount,
            certificate=certificate if is_tax else None,
            reason=reason,
            today=today,
            at=at,
            by=by,
        )
        write_offs.append(row)
    return Settlement(allocations, write_offs)
