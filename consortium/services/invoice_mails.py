"""What is told of invoices: to INM what waits for somebody, to the member the rest."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import mails
from inm_portal.kernel.money import written

from ..models import Contact, ContactRole, CreditNote, Interest, Invoice, Organization

#: Who approves an invoice, or issues a credit note: a second person of these.
APPROVES = Q(groups__permissions__codename="approve_invoice")


def tell_approvers(invoices: Sequence[Invoice], *, at: datetime, by: User) -> None:
    """Tell each who may approve some of the drafts of those, in one mail."""
    keys = [invoice.pk for invoice in invoices]
    drafts = Invoice.objects.filter(pk__in=keys)
    drafts = drafts.select_related("organization", "drafted_by__merged_into")
    found = list(drafts.with_total().order_by("organization__name", "pk"))
    barred = _barred([one.organization_id for one in found], at)
    for person in _approvers(by):
        parts: list[dict[str, Any]] = [
            {"invoice": one, "amount": written(one.total, one.currency)}
            for one in found
            if (person.pk, one.organization_id) not in barred
            and not person.is_same_person(one.drafted_by)
        ]
        if parts:
            context = {"parts": parts, "name": by.name if by else "INM"}
            first = parts[0]["invoice"]
            _write("invoices_to_approve", [person], about=first, at=at, context=context)


def tell_second(
    note: CreditNote, *, amount: Decimal, at: datetime, by: User | None
) -> None:
    """Tell those who may issue the draft of a credit note that it waits for them."""
    organization = note.invoice.organization
    barred = _barred([organization.pk], at)
    people = [one for one in _approvers(by) if (one.pk, organization.pk) not in barred]
    context = _words(note.invoice, note=note, amount=written(amount, note.currency))
    context |= {"name": by.name if by else "INM"}
    _write("credit_note_to_issue", people, about=note, at=at, context=context)


def tell_drafter(
    invoice: Invoice, *, reason: str, at: datetime, by: User | None
) -> None:
    """Tell whoever drafted an invoice why it was sent back."""
    drafter = invoice.drafted_by.survivor if invoice.drafted_by else None
    if drafter is None or drafter == by or not drafter.is_active:
        return
    context = _words(invoice, why=reason, name=by.name if by else "INM")
    _write("invoice_sent_back", [drafter], about=invoice, at=at, context=context)


def tell_of_invoice(
    invoice: Invoice, *, amount: Decimal, today: date, at: datetime
) -> None:
    """Tell the billing contacts of a member what was issued to it."""
    context = _words(invoice, amount=written(amount, invoice.currency))
    if invoice.replaces:
        context |= {"replaced": invoice.replaces, "credit": invoice.credit_note}
    people = _of_member(invoice.organization, today)
    _write("invoice_issued", people, about=invoice, at=at, context=context, once=True)


def tell_of_credit_note(
    note: CreditNote, *, amount: Decimal, today: date, at: datetime
) -> None:
    """Tell the billing contacts of a member that less of an invoice is owed."""
    context = _words(note.invoice, note=note, amount=written(amount, note.currency))
    people = _of_member(note.invoice.organization, today)
    _write("credit_note_issued", people, about=note, at=at, context=context, once=True)


def _words(invoice: Invoice, **more: Any) -> dict[str, Any]:
    return {"invoice": invoice, "company": invoice.organization.name, **more}


def _of_member(organization: Organization, today: date) -> Iterable[str]:
    billing = Contact.objects.recipients(organization, ContactRole.BILLING, on=today)
    return billing.order_by("pk").values_list("email", flat=True)


def _approvers(by: User | None) -> list[User]:
    """Return those who may approve what somebody else drafted."""
    able = User.objects.filter(APPROVES, is_active=True).distinct().order_by("pk")
    return [person for person in able if not person.is_same_person(by)]


def _barred(members: Iterable[int], at: datetime) -> set[tuple[int, int]]:
    """Return who has an interest in which of the members."""
    standing = Interest.objects.standing(on=timezone.localdate(at))
    of_these = standing.filter(organization__in=members)
    return set(of_these.values_list("person", "organization"))


def _write(
    kind: str,
    people: Iterable[User | str],
    *,
    about: Model,
    at: datetime,
    context: dict[str, Any],
    once: bool = False,
) -> None:
    for person in people:
        mails.write(
            f"consortium/mail/{kind}",
            to=person,
            about=about,
            slot=f"{kind} {at.isoformat()}",
            at=at,
            context=context,
            once=once,
        )
