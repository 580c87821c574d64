"""Draft invoices for instalments, change them, and issue one anew."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    Instalment,
    Invoice,
    InvoiceLine,
    Organization,
    PurchaseOrder,
)
from ..states import InvoiceState
from ..verbs import Verb
from .credit_notes import left_of, write_credit_note
from .invoice_mails import tell_approvers
from .invoices import NotIssued, lines_of, lock_invoice, require_nothing_applied
from .organizations import lock_organization, lock_organizations
from .readiness import NotReady, order_for, payer_of


class NothingToInvoice(Refusal):
    code = "nothing_to_invoice"


class NotToInvoice(Refusal):
    code = "not_to_invoice"


class NotADraftInvoice(Refusal):
    code = "not_a_draft"


class OrderOfAnother(Refusal):
    code = "order_of_another"
    field = "order"


@transaction.atomic
def draft_invoice(
    organization: Organization,
    *,
    instalments: Iterable[Instalment],
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    note: str = "",
    today: date,
    at: datetime,
    by: User,
) -> Invoice:
    """
    Write an invoice for instalments of a member, to be approved by somebody else.

    Without a due day it follows from the instalments and the terms, once issued. An
    order is found where the member needs one and none is given.

    :raises NothingToInvoice: without instalments.
    :raises NotToInvoice: if one is invoiced, cancelled or of another member.
    :raises NotReady: if nobody wrote down to whom it goes.
    :raises OrderOfAnother: if the purchase order is of another member.
    """
    lock_organization(organization)
    content: dict[str, Any] = {"order": order, "due_on": due_on, "note": note}
    invoice = _draft(organization, instalments, **content, today=today, at=at, by=by)
    tell_approvers([invoice], at=at, by=by)
    return invoice


@transaction.atomic
def draft_invoices(
    instalments: Iterable[Instalment], *, at: datetime, by: User, **content: Any
) -> list[Invoice]:
    """
    Write an invoice for each member and currency of some instalments, or none of them.

    Whoever approves is told of all in one mail. It takes and refuses what
    `draft_invoice` does.
    """
    members = by_member(instalments)
    if not members:
        raise NothingToInvoice(_("Choose what is to be invoiced."))
    lock_organizations(*(organization for organization, _rows in members))
    invoices = [
        _draft(organization, rows, **content, at=at, by=by)
        for organization, rows in members
    ]
    tell_approvers(invoices, at=at, by=by)
    return invoices


def by_member(
    instalments: Iterable[Instalment],
) -> list[tuple[Organization, list[Instalment]]]:
    """Return instalments by the member and the currency of each."""
    found: dict[tuple[int, str], tuple[Organization, list[Instalment]]] = {}
    for row in instalments:
        key = (row.organization.pk, row.commitment_year.currency)
        found.setdefault(key, (row.organization, []))[1].append(row)
    return list(found.values())


def _draft(
    organization: Organization,
    instalments: Iterable[Instalment],
    *,
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    note: str = "",
    today: date,
    at: datetime,
    by: User,
) -> Invoice:
    """Write a draft of a member that is held."""
    rows = _to_invoice(organization, instalments)
    content = _content(organization, rows, order=order, on=today)
    invoice = Invoice.objects.create(
        organization=organization,
        currency=rows[0].commitment_year.currency,
        **content,
        due_on=due_on,
        note=note,
        drafted_at=at,
        drafted_by=by,
    )
    _write_lines(invoice, rows)
    journal.record(Verb.INVOICE_DRAFTED, invoice, by=by, organization=organization)
    return invoice


@transaction.atomic
def change_invoice(
    invoice: Invoice,
    *,
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    note: str = "",
    today: date,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Invoice:
    """
    Change a draft; to whom it goes is taken anew from the payer profile.

    Whoever approves is told once what was sent back is changed.

    :raises NotADraftInvoice: once approved.
    :raises EditConflict: if somebody changed it since ``version``.

    Else refuses what `draft_invoice` refuses.
    """
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.DRAFT:
        raise NotADraftInvoice(_("Only a draft is changed; have it sent back first."))
    rows = [line.instalment for line in lines_of(invoice)]
    content = _content(invoice.organization, rows, order=order, on=today)
    waited = invoice.returns.filter(version=invoice.version).exists()
    changed = invoice.edit(version, **content, due_on=due_on, note=note)
    if changed:
        invoice.changed_by = by
        invoice.changers = sorted({*invoice.changers, *([by.pk] if by else [])})
        invoice.save(update_fields=["changed_by", "changers"])
        facts = {"fields": sorted(changed)}
        journal.record(Verb.INVOICE_CHANGED, invoice, by=by, **facts)
    if changed and waited:
        tell_approvers([invoice], at=at, by=by)
    return invoice


@transaction.atomic
def draft_anew(
    invoice: Invoice,
    *,
    reason: str,
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    today: date,
    at: datetime,
    by: User,
) -> Invoice:
    """
    Draft a credit note over all of an invoice, and another in its place.

    Both count once somebody else issues the new one. It keeps the due day of the old
    one, unless another is given (case 24).

    :raises NotIssued: if the invoice was not issued, or is void.
    :raises SomethingApplied: if it was paid or credited in part; take that back first.

    Else refuses what `draft_invoice` refuses.
    """
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.ISSUED:
        raise NotIssued(_("Only an issued invoice is issued anew."))
    require_nothing_applied(invoice)
    taken = left_of(invoice)
    rows = [one.line.instalment for one in taken]
    content = _content(invoice.organization, rows, order=order, on=today)
    anew = Invoice.objects.create(
        organization=invoice.organization,
        replaces=invoice,
        currency=invoice.currency,
        **content,
        due_on=due_on or invoice.due_on,
        note=invoice.note,
        drafted_at=at,
        drafted_by=by,
    )
    _write_lines(anew, rows)
    write_credit_note(invoice, taken, replacement=anew, reason=reason, at=at, by=by)
    journal.record(Verb.INVOICE_DRAFTED, anew, by=by, replaces=invoice)
    tell_approvers([anew], at=at, by=by)
    return anew


def _to_invoice(
    organization: Organization, instalments: Iterable[Instalment]
) -> Sequence[Instalment]:
    asked = {one.pk for one in instalments}
    if not asked:
        raise NothingToInvoice(_("Choose what is to be invoiced."))
    rows = Instalment.objects.filter(
        pk__in=asked, commitment_year__agreement__organization=organization
    )
    found = list(rows.to_invoice().select_related("commitment_year"))
    if len(found) < len(asked):
        raise NotToInvoice(_("One of these is invoiced already, or was cancelled."))
    return found


def _content(
    organization: Organization,
    rows: Sequence[Instalment],
    *,
    order: PurchaseOrder | None,
    on: date,
) -> dict[str, Any]:
    """Return to whom an invoice goes, on which terms and under which order."""
    profile = payer_of(organization)
    if profile is None:
        raise NotReady(_("Nobody has written down to whom the invoice goes."))
    if order and order.organization_id != organization.pk:
        raise OrderOfAnother(_("This purchase order is of another member."))
    if order is None and profile.needs_order:
        amount = sum((row.amount for row in rows), Decimal())
        order = order_for(organization, amount, on=on)
    copied = ["bill_to_entity", "bill_to_address", "attention", "terms_days"]
    copied += ["channel", "supplier_portal"]
    content: dict[str, Any] = {name: getattr(profile, name) for name in copied}
    return content | {"order": order, "order_number": order.number if order else ""}


def _write_lines(invoice: Invoice, rows: Iterable[Instalment]) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            instalment=row,
            commitment_year=row.commitment_year,
            description=_("Membership fee, instalment of %(day)s")
            % {"day": written_day(row.due_on)},
            amount=row.amount,
        )
        for row in rows
    )
