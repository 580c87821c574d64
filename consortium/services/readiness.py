"""What is missing before an instalment can be invoiced, and from when it should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.money import written
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Channel, Organization, PayerProfile, PurchaseOrder

#: Days before it is due that an instalment is invoiced; more, if the terms are longer.
LEAD_DAYS = 30


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


def invoice_from(due_on: date, profile: PayerProfile | None) -> date:
    """
    Return from which day an instalment is invoiced: as long before as its terms.

    Where the member says when its budget year starts, not before the one in which
    the instalment is due.
    """
    terms = profile.terms_days if profile else LEAD_DAYS
    early = due_on - timedelta(days=max(LEAD_DAYS, terms))
    if profile is None or profile.budget_year_starts_in is None:
        return early
    month = profile.budget_year_starts_in
    budget_year = due_on.year - (due_on.month < month)
    return max(early, date(budget_year, month, 1))


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
    reaching = [one for one in orders.valid(on=on) if one.left >= amount]
    return reaching[0] if reaching else orders.order_by("pk").last()


def require_ready(
    amount: Decimal,
    *,
    profile: PayerProfile | None,
    order: PurchaseOrder | None,
    on: date,
) -> None:
    """
    :raises NotReady: if something is missing without which no invoice goes out.
    """
    found = lacks_of(amount, profile=profile, order=order, on=on)
    if blocking := [lack.words for lack in found if lack.blocks]:
        raise NotReady(" ".join(blocking))
