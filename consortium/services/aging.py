"""What the report of aging says beside its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum, Window
from django.utils.translation import gettext as _

from inm_portal.kernel.money import CURRENCIES
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Invoice, Receipt
from ..models.aging import SUMS, name_of
from ..models.ledger import Restated
from ..states import Bucket

#: What amounts are added up in; one report is of one currency.
CURRENCY = CURRENCIES[0][0]


@dataclass(frozen=True)
class AgingTotals:
    """What all members of a report owe, by age; cash on account stands beside."""

    buckets: Sequence[tuple[Bucket, Decimal]]
    receivable: Decimal
    disputed: Decimal
    on_account: Decimal

    @property
    def plot(self) -> dict[str, Any]:
        amounts = [float(amount) for _bucket, amount in self.buckets]
        return {
            "labels": [str(bucket.label) for bucket, _amount in self.buckets],
            "datasets": [{"label": _("Open"), "data": amounts}],
        }


def with_totals(rows: Any) -> Any:
    """Annotate members with what all of them owe, and how many ``members`` they are."""
    totals = {f"all_{name}": Window(Sum(name)) for name in SUMS}
    return rows.annotate(members=Window(Count("*")), **totals)


def totals_of(page: Iterable[Any]) -> AgingTotals:
    """Return what all owe of whom some were read ``with_totals()``; nobody, nothing."""
    one = next(iter(page), None)
    told = {name: getattr(one, f"all_{name}", Decimal()) for name in SUMS}
    return AgingTotals(
        [(bucket, told[name_of(bucket)]) for bucket in Bucket],
        *[told[name] for name in ("receivable", "in_dispute", "on_account")],
    )


def unidentified(on: date, *, restated: Restated) -> Decimal:
    """Return what of the money that arrived by a day was nobody's yet."""
    rows: Any = Receipt.objects.unidentified(on, restated=restated)
    rows = rows.filter(currency=CURRENCY)
    found: Decimal | None = rows.aggregate(sum=Sum("unidentified"))["sum"]
    return found or Decimal()


def next_step(invoice: Invoice, *, on: date) -> str:
    """Say what comes next of an open invoice that was read ``with_care()``."""
    if invoice.settle_by:
        day = written_day(invoice.settle_by)
        return _("Dispute to be settled by %(day)s") % {"day": day}
    if invoice.promised_on and invoice.promised_on >= on:
        return _("Promised by %(day)s") % {"day": written_day(invoice.promised_on)}
    if invoice.task and invoice.task_on:
        told = {"task": invoice.task, "day": written_day(invoice.task_on)}
        return _("%(task)s, by %(day)s") % told
    if invoice.next_on:
        return _("Reminder on %(day)s") % {"day": written_day(invoice.next_on)}
    if invoice.promised_on:
        return _("The promise of %(day)s was not kept") % {
            "day": written_day(invoice.promised_on)
        }
    is_late = invoice.bucket != Bucket.CURRENT
    return _("Nothing is planned") if is_late else ""
