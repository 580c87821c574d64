"""Give up what is open of a line: small amounts by one person, others by two."""

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import Refusal

from ..documents import CERTIFICATE
from ..models import (
    InvoiceLine,
    LedgerAccount,
    PostingKind,
    WriteOff,
    WriteOffKind,
)
from ..states import ActState
from ..verbs import Verb
from .allocations import open_line, require_open
from .fees import count_fee, reverse_payment
from .interests import require_no_interest
from .ledger import credit, debit, post, require_amount
from .organizations import lock_organizations
from .second_person import ask_another, tell_proposer
from .two_people import decide, keep, refuse, require_reason

#: What is debited for each kind, and as what it is posted.
POSTED = {
    WriteOffKind.BANK_CHARGE: (LedgerAccount.BANK_CHARGES, PostingKind.BANK_CHARGE),
    WriteOffKind.TAX_WITHHELD: (LedgerAccount.WITHHOLDING, PostingKind.TAX_WITHHELD),
    WriteOffKind.EXCHANGE_DIFFERENCE: (
        LedgerAccount.EXCHANGE_DIFFERENCE,
        PostingKind.EXCHANGE_DIFFERENCE,
    ),
    WriteOffKind.BAD_DEBT: (LedgerAccount.BAD_DEBT, PostingKind.WRITE_OFF),
}


class CertificateMissing(Refusal):
    code = "certificate_missing"
    field = "certificate"


class IssuedByYourself(Refusal):
    code = "issued_by_yourself"


class NotWrittenOff(Refusal):
    code = "not_written_off"


def takes_two(line: InvoiceLine, kind: str, amount: Decimal) -> bool:
    """Say whether it needs a second person: what is given up of a line adds up."""
    given = WriteOff.objects.live().filter(line=line).aggregate(sum=Sum("amount"))
    above = amount + (given["sum"] or Decimal()) > settings.WRITE_OFF_TOLERANCE
    return above or kind == WriteOffKind.BAD_DEBT


@transaction.atomic
def write_off(
    line: InvoiceLine,
    *,
    kind: str,
    amount: Decimal,
    today: date,
    at: datetime,
    by: User,
    reason: str = "",
    certificate: File | None = None,
) -> WriteOff:
    """
    Give up so much of a line; above the tolerance, and bad debt, somebody else does.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises AboveOpen: if less than that is open.
    :raises IssuedByYourself: if ``by`` issued the invoice.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises CertificateMissing: if tax was withheld, and nothing shows it.
    :raises SaysNoReason: without a reason, where it takes two people.
    """
    line = _lock_line(line)
    require_amount(amount)
    require_open(line, amount)
    _require_other(line, today=today, by=by)
    if kind == WriteOffKind.TAX_WITHHELD and certificate is None:
        raise CertificateMissing(_("Add the certificate of the tax that was withheld."))
    needs_two = takes_two(line, kind, amount)
    if needs_two:
        require_reason(reason)
    row = WriteOff.objects.create(
        line=line,
        kind=kind,
        amount=amount,
        takes_two=needs_two,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )
    if certificate is not None:
        row.certificate = documents.upload(
            certificate, kind=CERTIFICATE, subject=row, at=at, by=by
        )
        row.save(update_fields=["certificate"])
    if needs_two:
        facts = {"amount": amount, "invoice": line.invoice}
        journal.record(Verb.WRITE_OFF_PROPOSED, row, by=by, **facts)
        ask_another(row, at=at, by=by)
        return row
    return _enter(row, line, today=today, at=at, by=by)


@transaction.atomic
def approve_write_off(
    row: WriteOff, *, today: date, at: datetime, by: User
) -> WriteOff:
    """
    Give up what somebody else proposed to.

    :raises IllegalTransition: if it was decided.
    :raises TakesTwo: if ``by`` proposed it.
    :raises IssuedByYourself: if ``by`` issued the invoice.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises AboveOpen: if less than that is open by now.
    """
    line = _lock_line(row.line)
    row = WriteOff.objects.locked(row)
    _require_other(line, today=today, by=by)
    return _enter(row, line, today=today, at=at, by=by)


@transaction.atomic
def refuse_write_off(row: WriteOff, *, at: datetime, by: User) -> WriteOff:
    """
    Leave open what somebody proposed to give up.

    :raises IllegalTransition: if it was decided.
    """
    _lock_line(row.line)
    row = WriteOff.objects.locked(row)
    refuse(row, at=at, by=by)
    journal.record(Verb.WRITE_OFF_REFUSED, row, by=by, amount=row.amount)
    tell_proposer(row, at=at, by=by)
    return row


@transaction.atomic
def reverse_write_off(
    row: WriteOff, *, reason: str, at: datetime, by: User
) -> WriteOff:
    """
    Ask for what was given up after all, from the day on which it was.

    :raises SaysNoReason: without a reason.
    :raises NotWrittenOff: if it was not recorded.
    :raises AlreadyReversed: if it was taken back.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    require_reason(reason)
    _lock_line(row.line)
    require_no_interest(row.line.invoice.organization, on=localdate(at), by=by)
    row = WriteOff.objects.select_related("entry").get(pk=row.pk)
    if row.entry is None:
        raise NotWrittenOff(_("This was not written off."))
    reverse_payment(row.entry, value_on=row.entry.value_on, reason=reason, by=by, at=at)
    journal.record(Verb.WRITE_OFF_REVERSED, row, by=by, amount=row.amount)
    return row


def _lock_line(line: InvoiceLine) -> InvoiceLine:
    lock_organizations(line.invoice.organization)
    return open_line(line)


def _require_other(line: InvoiceLine, *, today: date, by: User) -> None:
    """Insist that who gives something up neither asked for it nor is partial."""
    require_no_interest(line.invoice.organization, on=today, by=by)
    if by.is_same_person(line.invoice.issued_by):
        raise IssuedByYourself(_("Who issued an invoice does not write it off."))


def _enter(
    row: WriteOff, line: InvoiceLine, *, today: date, at: datetime, by: User
) -> WriteOff:
    decide(row, ActState.RECORDED, by=by)
    require_open(line, row.amount)
    account, kind = POSTED[WriteOffKind(row.kind)]
    organization = line.invoice.organization
    entry = post(
        kind,
        [
            debit(account, row.amount, organization),
            credit(LedgerAccount.RECEIVABLE, row.amount, organization),
        ],
        value_on=today,
        currency=line.invoice.currency,
        by=by,
        at=at,
        reason=row.reason,
    )
    keep(row, at=at, by=by, entry=entry)
    facts = {"amount": row.amount, "invoice": line.invoice}
    journal.record(Verb.WRITTEN_OFF, row, by=by, **facts)
    tell_proposer(row, at=at, by=by)
    count_fee(row, at=at, by=by)
    return row
