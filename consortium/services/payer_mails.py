"""What is told about who pays: to INM what a member says, to the member the rest."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import mails
from inm_portal.kernel.money import written
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    SEES_INVOICES,
    Contact,
    DisputeResolution,
    InvoiceDispute,
    Organization,
    PayerProfile,
    PurchaseOrder,
    RemittanceAdvice,
    held,
)

#: Who minds invoices at INM: those who can change them.
MINDS_INVOICES = "change_invoice"

#: What a member did, as the subject of a mail has it after the name.
SAID = {
    "payer_described": _("says where its invoices go"),
    "order_recorded": _("sent purchase order %(number)s"),
    "payment_announced": _("announces a payment of %(amount)s"),
    "advice_documented": _("sent a document with its payment of %(amount)s"),
    "advice_withdrawn": _("takes back its word of a payment of %(amount)s"),
    "payment_promised": _("promises %(amount)s for %(number)s by %(day)s"),
    "promise_withdrawn": _("takes back its promise to pay %(number)s"),
    "invoice_accepted": _("accepted %(number)s"),
    "invoice_rejected": _("rejected %(number)s"),
    "invoice_disputed": _("disputes %(amount)s of %(number)s"),
    "dispute_withdrawn": _("withdrew its dispute of %(number)s"),
}


def tell_finance_if_member(
    kind: str,
    subject: Any,
    organization: Organization,
    *,
    at: datetime,
    by: User | None,
    to: Iterable[User | None] = (),
    **facts: Any,
) -> None:
    """
    Tell those who mind invoices what somebody at a member said, and its owner.

    What INM wrote down itself is told only to those in ``to``.
    """
    people = {person for person in to if person and person.is_active}
    if by is not None and not by.is_at_inm:
        people |= _minding(organization)
    said = SAID[kind] % _in_words(facts)
    context = {
        "company": organization.name,
        "said": said,
        "name": by.name if by else "INM",
        "reason": facts.get("reason", ""),
        **_page_of(subject),
    }
    _write("told_by_member", people - {by}, subject, kind, at=at, context=context)


def tell_payers_of_outcome(
    dispute: InvoiceDispute, resolution: DisputeResolution, *, at: datetime
) -> None:
    """Tell those who pay at the member how a dispute of theirs ended."""
    invoice = dispute.invoice
    context = {
        "company": invoice.organization.name,
        "number": invoice.number,
        "amount": written(dispute.amount, invoice.currency),
        "outcome": resolution.get_kind_display(),
        "reason": resolution.reason,
        "key": invoice.pk,
    }
    people = _paying(invoice.organization, at)
    kind = "invoice_dispute_settled"
    _write(kind, people, dispute, kind, at=at, context=context)


def _page_of(subject: Any) -> dict[str, Any]:
    """Return the page on which something is seen, by its name and key."""
    match subject:
        case PayerProfile():
            return {"page": "consortium:payer", "key": subject.organization_id}
        case PurchaseOrder():
            return {"page": "consortium:purchase_order", "key": subject.pk}
        case RemittanceAdvice():
            return {"page": "consortium:remittance_advice", "key": subject.pk}
        case InvoiceDispute():
            return {"page": "consortium:invoice", "key": subject.invoice_id}
        case _:
            return {"page": "consortium:invoice", "key": subject.pk}


def _in_words(facts: dict[str, Any]) -> dict[str, Any]:
    words = dict(facts)
    if "amount" in facts:
        words["amount"] = written(facts["amount"], facts.get("currency", "USD"))
    if "day" in facts:
        words["day"] = written_day(facts["day"])
    return words


def who_settles() -> QuerySet[User]:
    """Return those at INM who mind invoices, and can settle a dispute."""
    able = Group.objects.filter(permissions__codename=MINDS_INVOICES)
    people = User.objects.filter(is_active=True, groups__in=able)
    return people.distinct().order_by("name", "pk")


def _minding(organization: Organization) -> set[User]:
    people = set(who_settles())
    owner = organization.owner
    return people | ({owner} if owner and owner.is_active else set())


def _paying(organization: Organization, at: datetime) -> set[User]:
    role = held(on=timezone.localdate(at), prefix="roles__")
    contacts = Contact.objects.current().filter(organization=organization)
    holders = contacts.filter(role, roles__role__in=SEES_INVOICES)
    return set(User.objects.filter(is_active=True, contacts__in=holders))


def _write(
    template: str,
    people: Iterable[User],
    about: Model,
    kind: str,
    *,
    at: datetime,
    context: dict[str, Any],
) -> None:
    for person in sorted(people, key=lambda one: one.pk):
        mails.write(
            f"consortium/mail/{template}",
            to=person,
            about=about,
            slot=f"{kind} {at.isoformat()}",
            at=at,
            context=context,
        )
