"""Keep how a member wants to be invoiced, and its purchase orders."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import EditConflict, Refusal

from ..documents import PURCHASE_ORDER
from ..models import (
    Agreement,
    Channel,
    Organization,
    PayerProfile,
    PurchaseOrder,
    Terms,
)
from ..verbs import Verb
from .ledger import require_amount
from .organizations import lock_organization
from .payer_mails import tell_finance_if_member


class PayerKept(Refusal):
    code = "payer_kept"


class NoSupplierPortal(Refusal):
    code = "no_supplier_portal"
    field = "supplier_portal"


class OrderExists(Refusal):
    code = "order_exists"
    field = "number"


class OrderUsed(Refusal):
    code = "order_used"
    field = "amount"


class OrderReplaced(Refusal):
    code = "order_replaced"
    field = "replaces"


class OrderEndedBefore(Refusal):
    code = "order_ended"
    field = "ends_on"


@transaction.atomic
def keep_payer(
    organization: Organization, *, by: User, version: int | None = None, **details: Any
) -> PayerProfile:
    """
    Write down to whom at a member invoices go, and what its payables ask for.

    Drafts keep what they were made with until they are changed.

    :raises NoSupplierPortal: if it names none and is delivered by one, or the other
        way about.
    :raises PayerKept: if ``version`` is 0, for a first one, and there is one.
    :raises EditConflict: if somebody changed it since ``version``.
    """
    organization = lock_organization(organization)
    profile = PayerProfile.objects.filter(organization=organization).first()
    if profile and version == 0:
        raise PayerKept(_("Somebody wrote it down meanwhile; change that instead."))
    _require_portal(profile, details)
    if profile is None:
        if version:
            raise EditConflict(_("There is no payer profile yet; begin anew."))
        profile = PayerProfile.objects.create(organization=organization, **details)
        changed = [*details]
    else:
        changed = profile.edit(version, **details)
    if changed:
        facts = {"fields": sorted(changed)}
        journal.record(Verb.PAYER_KEPT, organization, by=by, **facts)
    return profile


def _require_portal(profile: PayerProfile | None, details: dict[str, Any]) -> None:
    channel = details.get("channel", profile.channel if profile else Channel.EMAIL)
    known = profile.supplier_portal if profile else ""
    portal = details.get("supplier_portal", known)
    if (channel == Channel.PORTAL) != bool(portal):
        raise NoSupplierPortal(
            _("Name the supplier portal if, and only if, it is delivered by one.")
        )


@transaction.atomic
def describe_payer(
    organization: Organization,
    *,
    today: date,
    at: datetime,
    by: User,
    version: int | None = None,
    **told: Any,
) -> PayerProfile:
    """
    Write down what a member itself says of where its invoices go.

    Its word confirms the entity billed; in another supplier portal INM is not set up
    yet. The terms and what INM has sent are finance's to keep.

    :raises EditConflict: if somebody changed it since ``version``.
    """
    organization = lock_organization(organization)
    profile = PayerProfile.objects.filter(organization=organization).first()
    details = {**told, "entity_confirmed_on": today}
    if profile is None:
        details["terms_days"] = _agreed_terms(organization, on=today)
    elif told.get("supplier_portal", profile.supplier_portal) != (
        profile.supplier_portal
    ):
        details["portal_set_up_on"] = None
    was = profile and profile.version
    profile = keep_payer(organization, by=by, version=version, **details)
    if profile.version != was:
        tell_finance_if_member("payer_described", profile, organization, at=at, by=by)
    return profile


def _agreed_terms(organization: Organization, *, on: date) -> int:
    """Return the terms of the agreement in force, where an invoice can have them."""
    agreements = Agreement.objects.filter(organization=organization).signed()
    newest: Any = agreements.with_terms(on=on).order_by("-effective_on").first()
    days = newest.payment_terms_days_now if newest else Terms.NET_30
    return days if days in Terms.values else Terms.NET_30


@transaction.atomic
def record_order(
    organization: Organization,
    *,
    number: str,
    amount: Decimal,
    ends_on: date | None = None,
    replaces: PurchaseOrder | None = None,
    file: File | None = None,
    at: datetime,
    by: User,
    **details: Any,
) -> PurchaseOrder:
    """
    Record a purchase order of a member, with its paper if there is one.

    What it takes the place of ends the day before, so that nothing quotes it more.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises OrderExists: if the member has one of that number.
    :raises OrderReplaced: if it takes the place of one that was replaced before, or
        of another member's.
    """
    organization = lock_organization(organization)
    require_amount(amount)
    if organization.purchase_orders.filter(number__iexact=number).exists():
        raise OrderExists(_("There is a purchase order of this number."))
    if replaces:
        _replace(organization, replaces, at=at)
    order = PurchaseOrder.objects.create(
        organization=organization,
        number=number,
        amount=amount,
        ends_on=ends_on,
        replaces=replaces,
        recorded_by=by,
        recorded_at=at,
        **details,
    )
    if file is not None:
        _attach(order, file, at=at, by=by)
    facts = {"order": order.pk, "amount": amount, "ends_on": ends_on}
    journal.record(Verb.ORDER_RECORDED, organization, by=by, **facts)
    tell_finance_if_member(
        *("order_recorded", order, organization), at=at, by=by, number=number
    )
    return order


def _replace(organization: Organization, order: PurchaseOrder, *, at: datetime) -> None:
    order = PurchaseOrder.objects.get(pk=order.pk)
    if order.organization_id != organization.pk:
        raise OrderReplaced(_("This order is of another member."))
    if PurchaseOrder.objects.filter(replaces=order).exists():
        raise OrderReplaced(_("Another order takes its place already."))
    before = timezone.localdate(at) - timedelta(days=1)
    if order.ends_on is None or order.ends_on > before:
        order.edit(None, ends_on=before)


@transaction.atomic
def change_order(
    order: PurchaseOrder,
    *,
    amount: Decimal,
    ends_on: date | None,
    file: File | None = None,
    at: datetime,
    by: User,
    version: int | None = None,
) -> PurchaseOrder:
    """
    Raise or lower a purchase order, or move its last day, as the member wrote.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises OrderUsed: if more was invoiced against it already.
    :raises EditConflict: if somebody changed it since ``version``.
    """
    organization = lock_organization(order.organization)
    order = PurchaseOrder.objects.with_left().get(pk=order.pk)
    require_amount(amount)
    if amount < order.used:
        raise OrderUsed(_("More was invoiced against this order already."))
    changed = order.edit(version, amount=amount, ends_on=ends_on)
    if file is not None:
        _attach(order, file, at=at, by=by)
    if changed or file is not None:
        facts = {"order": order.pk, "amount": amount, "ends_on": ends_on}
        journal.record(Verb.ORDER_CHANGED, organization, by=by, **facts)
    return order


@transaction.atomic
def end_order(
    order: PurchaseOrder,
    *,
    last_on: date,
    by: User,
    version: int | None = None,
) -> PurchaseOrder:
    """
    Let a purchase order end on a day, later than which no invoice quotes it.

    :raises OrderEndedBefore: if it ends by then already.
    :raises EditConflict: if somebody changed it since ``version``.
    """
    organization = lock_organization(order.organization)
    order = PurchaseOrder.objects.get(pk=order.pk)
    if order.ends_on and order.ends_on <= last_on:
        raise OrderEndedBefore(_("It ends by then already."), field="last_on")
    order.edit(version, ends_on=last_on)
    facts = {"order": order.pk, "ends_on": last_on}
    journal.record(Verb.ORDER_ENDED, organization, by=by, **facts)
    return order


def _attach(order: PurchaseOrder, file: File, *, at: datetime, by: User) -> None:
    paper = documents.upload(file, kind=PURCHASE_ORDER, subject=order, at=at, by=by)
    order.edit(None, document=paper)
