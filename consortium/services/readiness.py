"""What is missing before a member can be invoiced."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.money import written
from inm_portal.kernel.prepared import KeyIn, prepared
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    Channel,
    Instalment,
    Organization,
    PayerProfile,
    PurchaseOrder,
)
from ..states import OrderStanding


class NotReady(Refusal):
    code = "not_ready"


class Who(StrEnum):
    """Whose turn it is."""

    MEMBER = "member"
    INM = "inm"


@dataclass(frozen=True)
class Lack:
    """Something that a member's payables ask for and that is not there."""

    code: str
    words: str
    #: Whether no invoice goes out before it is there.
    blocks: bool = False

    @property
    def who(self) -> Who:
        """Return who brings it: the member, but for what INM sends or sets up."""
        return Who.INM if self.code in BY_INM else Who.MEMBER


#: What INM sends, or sets up.
BY_INM = {"vendor_form", "tax_form", "portal"}


@dataclass(frozen=True)
class Check:
    """A thing that has to be there before payables pay: since when, or what lacks."""

    label: str
    done_on: date | None
    lack: Lack | None
    is_done: bool


@dataclass(frozen=True)
class Upcoming:
    """An instalment that is still to be invoiced, and what lacks."""

    instalment: Instalment
    order: PurchaseOrder | None
    lacks: Sequence[Lack]

    @property
    def blocked(self) -> bool:
        return any(lack.blocks for lack in self.lacks)

    @property
    def needs_order(self) -> bool:
        """Say whether what blocks is a matter of purchase orders."""
        return any(lack.blocks and lack.code != "payer" for lack in self.lacks)


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


def checklist(profile: PayerProfile | None) -> list[Check]:
    """Return what has to be there before a member's payables pay, in words."""
    if profile is None:
        (lack,) = lacks_of(Decimal(), profile=None, order=None, on=date.min)
        return [Check(_("Who is billed"), None, lack, is_done=False)]
    lacks = {lack.code: lack for lack in _form_lacks(profile)}
    days = [
        ("entity", _("Billed entity confirmed"), profile.entity_confirmed_on),
        ("vendor_form", _("Vendor form sent"), profile.vendor_form_on),
        ("tax_form", _("Tax form sent"), profile.tax_form_on),
    ]
    if profile.channel == Channel.PORTAL:
        set_up = _("Set up in %(portal)s") % {"portal": profile.supplier_portal}
        days.append(("portal", set_up, profile.portal_set_up_on))
    return [
        Check(label, day, lacks.get(code), is_done=code not in lacks)
        for code, label, day in days
    ]


def upcoming(
    organization: Organization,
    instalments: Iterable[Instalment],
    *,
    profile: PayerProfile | None,
    on: date,
    orders: Iterable[PurchaseOrder] | None = None,
) -> list[Upcoming]:
    """
    Return what each instalment, read ``with_issue_by``, waits for, in their order.

    What one of them takes of a purchase order is not there for the next. ``orders``
    are all of the member ``with_standing``, if they were read.
    """
    usable = _orders([organization.pk]) if orders is None else _usable(orders)
    found, left = [], list(usable)
    for instalment in instalments:
        day, amount = max(on, instalment.issue_by), instalment.amount
        order = _to_quote(left, amount, on=day)
        lacks = lacks_of(amount, profile=profile, order=order, on=day)
        found.append(Upcoming(instalment, order, lacks))
        if order and not found[-1].blocked:
            order.left -= amount
    return found


@prepared
def _profiles(organizations: Any) -> Any:
    """Return how members pay."""
    return PayerProfile.objects.filter(KeyIn(organizations, of="organization_id"))


@prepared
def _orders(organizations: Any) -> Any:
    """Return the orders of members with what is left, those that end first."""
    rows = PurchaseOrder.objects.filter(KeyIn(organizations, of="organization_id"))
    return rows.filter(replacement=None).with_left()


def _usable(orders: Iterable[PurchaseOrder]) -> list[PurchaseOrder]:
    """Return copies of those that none replaces, in the order of `_orders`."""
    valid = (one for one in orders if one.standing != OrderStanding.REPLACED)
    return sorted(map(copy, valid), key=lambda one: (one.ends_on or date.max, one.pk))


def order_for(
    organization: Organization, amount: Decimal, *, on: date
) -> PurchaseOrder | None:
    """
    Return the purchase order to quote: of those that reach, the one that ends first.

    If none does, the last one is returned, which says what is missing.
    """
    return _to_quote(list(_orders([organization.pk])), amount, on=on)


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
        keys = list(set(organizations))
        self.profiles = {one.organization_id: one for one in _profiles(keys)}
        self.orders: dict[int, list[PurchaseOrder]] = defaultdict(list)
        for order in _orders(keys):
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
