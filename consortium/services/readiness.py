"""What is missing before a member can be invoiced."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.money import written
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Channel, Organization, PayerProfile, PurchaseOrder


class NotReady(Refusal):
    code = "not_ready"


@dataclass(frozen=True)
class Lack:
    """Something that a member's payables ask for and that is not there."""

    code: str
    words: str
    #: Whether no invoice goes out before it is there.
    blocks: bool = False


def payer_of(organization: Organization) -> PayerProfile | None:
    return PayerProfile.objects.filter(organization=organization).first()


def lacks_of(
    amount: Decimal,
    *,
    profile: PayerProfile | None,
    order: PurchaseOrder | None,
    on: date,
) -> list[Lack]:
    """
    Return what is missing to invoice an amount on a day, each in words.

    ``order`` is the purchase order that would be quoted, with what is left of it.
    """
    if profile is None:
        words = _("Nobody has written down to whom the invoice goes.")
        return [Lack("payer", words, blocks=True)]
    return [*_order_lacks(amount, profile, order, on), *_form_lacks(profile)]


def _order_lacks(
    amount: Decimal, profile: PayerProfile, order: PurchaseOrder | None, on: date
) -> Iterator[Lack]:
    if order is None:
        if profile.needs_order:
            yield Lack("order", _("A purchase order is missing."), blocks=True)
        return
    facts: dict[str, Any] = {"number": order.number}
    if order.ends_on and order.ends_on < on:
        facts["day"] = written_day(order.ends_on)
        words = _("Purchase order %(number)s ended on %(day)s.") % facts
        yield Lack("order_ended", words, blocks=True)
    if order.left < amount:
        facts["left"] = written(order.left, order.currency)
        words = _("Purchase order %(number)s has only %(left)s left.") % facts
        yield Lack("order_exhausted", words, blocks=True)


def _form_lacks(profile: PayerProfile) -> Iterator[Lack]:
    if profile.entity_confirmed_on is None:
        yield Lack("entity", _("The member has not confirmed the entity billed."))
    if profile.vendor_form_on is None:
        yield Lack("vendor_form", _("The vendor form was not sent."))
    if profile.tax_form_on is None:
        yield Lack("tax_form", _("The tax form was not sent."))
    if profile.channel == Channel.PORTAL and profile.portal_set_up_on is None:
        words = _("INM is not set up in %(portal)s.") % {
            "portal": profile.supplier_portal
        }
        yield Lack("portal", words)


def order_for(
    organization: Organization, amount: Decimal, *, on: date
) -> PurchaseOrder | None:
    """
    Return the purchase order to quote: of those that reach, the one that ends first.

    If none does, the last one is returned, which says what is missing.
    """
    orders = PurchaseOrder.objects.filter(organization=organization).with_left()
    return _to_quote(list(orders), amount, on=on)


def _to_quote(
    orders: Sequence[PurchaseOrder], amount: Decimal, *, on: date
) -> PurchaseOrder | None:
    """Return one of a member's orders, which are in the order of their last days."""
    for order in orders:
        if order.left >= amount and (order.ends_on is None or order.ends_on >= on):
            return order
    return max(orders, key=lambda order: order.pk, default=None)


class Payables:
    """What the payables of some members ask for; read once for all of them."""

    def __init__(self, organizations: Iterable[int]) -> None:
        keys = set(organizations)
        profiles = PayerProfile.objects.filter(organization__in=keys)
        self.profiles = {one.organization_id: one for one in profiles}
        self.orders: dict[int, list[PurchaseOrder]] = defaultdict(list)
        for order in PurchaseOrder.objects.filter(organization__in=keys).with_left():
            self.orders[order.organization_id].append(order)

    def order_for(self, key: int, amount: Decimal, *, on: date) -> PurchaseOrder | None:
        """Return the order that a draft would quote, if the member needs one."""
        profile = self.profiles.get(key)
        if profile is None or not profile.needs_order:
            return None
        return _to_quote(self.orders[key], amount, on=on)

    def lacks_of(self, key: int, amount: Decimal, *, on: date) -> list[Lack]:
        """Return what is missing to invoice a member an amount on a day."""
        order = self.order_for(key, amount, on=on)
        profile = self.profiles.get(key)
        return lacks_of(amount, profile=profile, order=order, on=on)
