"""Take down what a member says that it paid; nothing of it is posted."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Document

from ..documents import REMITTANCE_ADVICE
from ..models import (
    AdvisedInvoice,
    Invoice,
    Organization,
    ReceiptMethod,
    RemittanceAdvice,
    RemittanceWithdrawal,
)
from ..states import InvoiceState
from ..verbs import Verb
from .invoice_answers import AlreadyWithdrawn
from .ledger import require_amount
from .organizations import lock_organization
from .payer_mails import tell_finance_if_member

#: How many invoices somebody can name with one payment.
MOST_COVERED = 50


class PaidInFuture(Refusal):
    code = "paid_in_future"
    field = "paid_on"


class AdvisedBefore(Refusal):
    code = "advised_before"


class TooManyInvoices(Refusal):
    code = "too_many_invoices"
    field = "invoices"


class InvoiceOfAnother(Refusal):
    code = "invoice_of_another"
    field = "invoices"


@transaction.atomic
def advise_payment(
    organization: Organization,
    *,
    paid_on: date,
    amount: Decimal,
    method: ReceiptMethod,
    reference: str = "",
    invoices: Iterable[Invoice] = (),
    file: File | None = None,
    today: date,
    at: datetime,
    by: User,
) -> RemittanceAdvice:
    """
    Write down that a member paid, as it says; finance matches the money with it.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises PaidInFuture: if that would be on a day that lies ahead.
    :raises AdvisedBefore: if the same was announced, and not withdrawn.
    :raises TooManyInvoices: if it names more than one payment can be for.
    :raises InvoiceOfAnother: if an invoice is another's, or not issued.
    """
    organization = lock_organization(organization)
    require_amount(amount)
    if paid_on > today:
        raise PaidInFuture(_("This day lies ahead; promise the payment instead."))
    told = {"paid_on": paid_on, "amount": amount, "reference": reference}
    rows = RemittanceAdvice.objects.filter(organization=organization, withdrawal=None)
    if rows.filter(**told, method=method).exists():
        raise AdvisedBefore(_("The same payment was announced before."))
    covered = _issued_of(organization, invoices)
    advice = RemittanceAdvice.objects.create(
        organization=organization,
        method=method,
        recorded_at=at,
        recorded_by=by,
        **told,
    )
    AdvisedInvoice.objects.bulk_create(
        AdvisedInvoice(advice=advice, invoice=invoice) for invoice in covered
    )
    if file is not None:
        kind = REMITTANCE_ADVICE
        documents.upload(file, kind=kind, subject=advice, at=at, by=by)
    facts = {"advice": advice, "amount": amount, "paid_on": paid_on}
    journal.record(Verb.PAYMENT_ANNOUNCED, organization, by=by, **facts)
    _tell("payment_announced", advice, organization, at=at, by=by)
    return advice


def _issued_of(
    organization: Organization, invoices: Iterable[Invoice]
) -> list[Invoice]:
    keys = {invoice.pk for invoice in invoices}
    if len(keys) > MOST_COVERED:
        facts = {"most": MOST_COVERED}
        raise TooManyInvoices(_("Name at most %(most)s invoices.") % facts)
    rows = Invoice.objects.filter(pk__in=keys, organization=organization)
    found = list(rows.filter(state=InvoiceState.ISSUED).order_by("pk"))
    if len(found) < len(keys):
        raise InvoiceOfAnother(_("Choose issued invoices of this member."))
    return found


@transaction.atomic
def document_advice(
    advice: RemittanceAdvice, *, file: File, at: datetime, by: User
) -> Document:
    """
    Keep what came with an announced payment after it was made.

    :raises AlreadyWithdrawn: if nobody waits for the payment any more.
    """
    organization = lock_organization(advice.organization)
    _require_announced(advice)
    kind = REMITTANCE_ADVICE
    document = documents.upload(file, kind=kind, subject=advice, at=at, by=by)
    _tell("advice_documented", advice, organization, at=at, by=by)
    return document


@transaction.atomic
def withdraw_advice(
    advice: RemittanceAdvice, *, at: datetime, by: User
) -> RemittanceAdvice:
    """
    Take back that a payment was announced; nobody waits for it any more.

    :raises AlreadyWithdrawn: if it was before.
    """
    organization = lock_organization(advice.organization)
    _require_announced(advice)
    RemittanceWithdrawal.objects.create(advice=advice, recorded_at=at, recorded_by=by)
    facts = {"advice": advice, "amount": advice.amount}
    journal.record(Verb.ADVICE_WITHDRAWN, organization, by=by, **facts)
    _tell("advice_withdrawn", advice, organization, at=at, by=by)
    return advice


def _require_announced(advice: RemittanceAdvice) -> None:
    if RemittanceWithdrawal.objects.filter(advice=advice).exists():
        raise AlreadyWithdrawn(_("This was withdrawn before."))


def _tell(
    kind: str,
    advice: RemittanceAdvice,
    organization: Organization,
    *,
    at: datetime,
    by: User,
) -> None:
    facts: Any = {"amount": advice.amount, "currency": advice.currency}
    tell_finance_if_member(kind, advice, organization, at=at, by=by, **facts)
