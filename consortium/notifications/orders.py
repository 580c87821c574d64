"""Purchase orders that are missing, and those that end."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    ORDER_WARNED,
    Instalment,
    Organization,
    PurchaseOrder,
    with_who_pays,
)
from .audiences import (
    AHEAD,
    BEHIND,
    BILLING,
    FINANCE,
    OWNER,
    STAFF,
    the_owner,
    whoever_takes_it,
)


def instalments() -> QuerySet[Instalment]:
    member = "commitment_year__agreement__organization"
    return Instalment.objects.select_related(member)


def instalments_matching(text: str) -> QuerySet[Instalment]:
    members = Organization.objects.matching(text).values("pk")
    rows = Instalment.objects.all()
    return rows.filter(commitment_year__agreement__organization__in=members)


def instalments_without_order(audience: str, *, on: date) -> QuerySet[Instalment]:
    """
    Return what is due about now of members that pay only against a purchase order.

    Those are left out for which an order reaches that lasts until they are due.
    """
    member = "commitment_year__agreement__organization"
    orders: Any = PurchaseOrder.objects.filter(organization=OuterRef(member))
    lasting = Q(ends_on=None) | Q(ends_on__gte=OuterRef("due_on"))
    reaching = orders.with_left().filter(lasting, left__gte=OuterRef("amount"))
    rows = Instalment.objects.to_invoice().filter(
        ~Exists(reaching),
        due_on__range=(on - BEHIND, on + AHEAD),
        **{f"{member}__payer_profile__needs_order": True},
    )
    if audience == BILLING:
        ending = PurchaseOrder.objects.ending(on=on).filter(
            organization=OuterRef(member), ends_on__lte=on + AHEAD
        )
        # Whoever is asked for an order that follows another is not asked twice.
        asked = with_who_pays(rows.filter(~Exists(ending)), on=on, member=member)
    else:
        asked = rows.annotate(**whoever_takes_it())
    return asked.annotate(anchor_on=F("due_on"), organization_key=F(member))


def describe_instalment(delivery: ReminderDelivery, instalment: Instalment) -> Item:
    """Say for what a purchase order is missing, or ends too early (case 25)."""
    year = instalment.commitment_year
    member = year.agreement.organization
    facts = {
        "company": member.name,
        "amount": written(instalment.amount, year.currency),
        "due": written_day(instalment.due_on),
    }
    what, why = _words_of_instalment(delivery)
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=instalment.due_on,
        url=member.get_absolute_url(),
    )


def _words_of_instalment(delivery: ReminderDelivery) -> tuple[str, str]:
    if delivery.rung == ASKED:
        return (
            _("Send a purchase order over %(amount)s"),
            _(
                "It is due on %(due)s, and no order of %(company)s reaches until then. "
                "Confirm with it the entity billed, and where the invoice goes."
            ),
        )
    return (
        _("Ask %(company)s for a purchase order"),
        _("%(amount)s is due on %(due)s, and no order reaches until then."),
    )


#: The rung on which the member itself is asked.
ASKED = "ask"

declare(
    Rule(
        name="consortium.order_needed",
        title=_("Purchase orders that are missing, or end too early"),
        sentence=_(
            "Seventy-five days before an instalment is due of a member that pays only "
            "against a purchase order, its billing contact is asked for one, and its "
            "technical lead gets a copy, if no order reaches until then. Two weeks "
            "later, finance has a task."
        ),
        subjects=instalments,
        candidates=instalments_without_order,
        rungs=[
            Rung(ASKED, -75, BILLING, _("75 days before"), copied=("billing", "lead")),
            Rung("order", -60, FINANCE, _("task for finance"), is_task=True),
        ],
        describe=describe_instalment,
        matching=instalments_matching,
    )
)


def orders() -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.select_related("organization")


def orders_matching(text: str) -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.matching(text)


def orders_that_end(audience: str, *, on: date) -> QuerySet[PurchaseOrder]:
    """Return the last orders of members that end about now, while fees come later."""
    later = Instalment.objects.to_invoice().filter(
        commitment_year__agreement__organization=OuterRef("organization"),
        due_on__gte=OuterRef("ends_on"),
    )
    rows = PurchaseOrder.objects.ending(on=on).filter(
        Exists(later), ends_on__lte=on + AHEAD
    )
    if audience == OWNER:
        asked = rows.annotate(**the_owner("organization"))
    else:
        asked = with_who_pays(rows, on=on, member="organization")
    return asked.annotate(anchor_on=F("ends_on"), organization_key=F("organization"))


def describe_order(delivery: ReminderDelivery, order: PurchaseOrder) -> Item:
    """Say that an order ends, and that invoices need another (case 25)."""
    facts = {
        "number": order.number,
        "company": order.organization.name,
        "day": written_day(order.ends_on),
    }
    what = _("Send a purchase order that follows %(number)s")
    if delivery.rung == STAFF:
        what = _("Ask %(company)s for an order that follows %(number)s")
    why = _("%(number)s ends on %(day)s, and fees of %(company)s come due after it.")
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=delivery.anchor_on,
        url=order.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.order_ends",
        title=_("Purchase orders that end"),
        sentence=_(
            "Seventy-five and thirty days before the last purchase order of a member "
            "ends while fees come due after it, its billing contact is asked for "
            "another. Two weeks before, the owner of the relation at INM has a task."
        ),
        subjects=orders,
        candidates=orders_that_end,
        rungs=[
            Rung("ends", -ORDER_WARNED.days, BILLING, _("75 days before")),
            Rung("again", -30, BILLING, _("30 days before")),
            Rung(STAFF, -14, OWNER, _("task for the owner"), is_task=True),
        ],
        describe=describe_order,
        matching=orders_matching,
    )
)
