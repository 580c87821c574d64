"""Promises to pay that were not kept."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import PaymentPromise
from ..states import PromiseStanding
from .audiences import AHEAD, BEHIND, FINANCE, whoever_takes_it


def promises() -> QuerySet[PaymentPromise]:
    return PaymentPromise.objects.select_related("invoice__organization")


def promises_matching(text: str) -> QuerySet[PaymentPromise]:
    return PaymentPromise.objects.matching(text)


def promises_that_broke(audience: str, *, on: date) -> QuerySet[PaymentPromise]:
    """Return the promises whose day passed lately and that were not kept."""
    lately = PaymentPromise.objects.filter(pay_on__range=(on - BEHIND, on + AHEAD))
    told: Any = lately.standing().with_standing(on=on)
    unkept = [PromiseStanding.PROMISED, PromiseStanding.BROKEN]
    return told.filter(standing__in=unkept).annotate(
        anchor_on=F("pay_on"),
        organization_key=F("invoice__organization"),
        **whoever_takes_it(),
    )


def describe_promise(delivery: ReminderDelivery, promise: PaymentPromise) -> Item:
    """Say which promise was not kept."""
    invoice = promise.invoice
    facts = {
        "company": invoice.organization.name,
        "number": invoice.number,
        "amount": written(promise.amount, invoice.currency),
        "day": written_day(promise.pay_on),
    }
    return Item(
        what=_("Ask %(company)s about %(number)s") % facts,
        why=_("%(amount)s was promised by %(day)s, and is not there.") % facts,
        by_on=promise.pay_on + timedelta(days=3),
        url=promise.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.promise_broken",
        title=_("Promises to pay that were not kept"),
        sentence=_(
            "The day after a payment was promised and did not arrive, finance has a "
            "task."
        ),
        subjects=promises,
        candidates=promises_that_broke,
        rungs=[Rung("broken", 1, FINANCE, _("task for finance"), is_task=True)],
        describe=describe_promise,
        matching=promises_matching,
    )
)
