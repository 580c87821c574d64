"""Keep how a member wants to be invoiced, and its purchase orders."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import EditConflict, Refusal

from ..documents import PURCHASE_ORDER
from ..models import Organization, PayerProfile, PurchaseOrder
from ..verbs import Verb
from .ledger import require_amount
from .organizations import lock_organization


class OrderExists(Refusal):
    code = "order_exists"
    field = "number"


class OrderUsed(Refusal):
    code = "order_used"
    field = "amount"


@transaction.atomic
def keep_payer(
    organization: Organization, *, by: User, version: int | None = None, **details: Any
) -> PayerProfile:
    """
    Write down to whom at a member invoices go, and what its payables ask for.

    Drafts keep what they were made with until they are changed.

    :raises EditConflict: if somebody changed it since ``version``.
    """
    organization = lock_organization(organization)
    profile = PayerProfile.objects.filter(organization=organization).first()
    if profile is None:
        if version is not None:
            raise EditConflict(_("There is no payer profile yet; begin anew."))
        profile = PayerProfile.objects.create(organization=organization, **details)
        changed = [*details]
    else:
        changed = profile.edit(version, **details)
    if changed:
        facts = {"fields": sorted(changed)}
        journal.record(Verb.PAYER_KEPT, organization, by=by, **facts)
    return profile


@transaction.atomic
def record_order(
    organization: Organization,
    *,
    number: str,
    amount: Decimal,
    ends_on: date | None = None,
    file: File | None = None,
    at: datetime,
    by: User,
    **details: Any,
) -> PurchaseOrder:
    """
    Record a purchase order of a member, with its paper if there is one.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises OrderExists: if the member has one of that number.
    """
    organization = lock_organization(organization)
    require_amount(amount)
    if organization.purchase_orders.filter(number__iexact=number).exists():
        raise OrderExists(_("There is a purchase order of this number."))
    order = PurchaseOrder.objects.create(
        organization=organization,
        number=number,
        amount=amount,
        ends_on=ends_on,
        recorded_by=by,
        recorded_at=at,
        **details,
    )
    if file is not None:
        _attach(order, file, at=at, by=by)
    facts = {"order": order.pk, "amount": amount, "ends_on": ends_on}
    journal.record(Verb.ORDER_RECORDED, organization, by=by, **facts)
    return order


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


def _attach(order: PurchaseOrder, file: File, *, at: datetime, by: User) -> None:
    paper = documents.upload(file, kind=PURCHASE_ORDER, subject=order, at=at, by=by)
    order.edit(None, document=paper)
