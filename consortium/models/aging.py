"""
How long what is owed has been owed, and what comes next of it.

An invoice ages from its contractual due date; what is paid in part leaves the rest
as old as it was, and nothing is overdue on its own day.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.utils import timezone

from inm_portal.kernel.computed import Groups, join_groups
from inm_portal.kernel.models import ReminderDelivery, ReminderState, Task

from ..states import Bucket
from .chasing import DUES_RULE
from .invoice_answers import InvoiceDispute, PaymentPromise
from .invoices import Invoice, InvoiceLine, InvoiceQuerySet
from .ledger import Restated, known_by
from .organizations import Organization, OrganizationQuerySet
from .positions import end_of, sum_of
from .receipts import ReceiptShare
from .statements import stated
from .terms import NOTHING

#: The last day past due of each bucket, but for the oldest.
UNTIL = {
    Bucket.CURRENT: 0,
    Bucket.DAYS_30: 30,
    Bucket.DAYS_60: 60,
    Bucket.DAYS_90: 90,
    Bucket.DAYS_120: 120,
}


class Days(Func):
    """The days from the second day to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def bucket_of(due_on: date, *, on: date) -> Bucket:
    """Return the bucket, on a day, of what is due on another."""
    late = (on - due_on).days
    return next((b for b, last in UNTIL.items() if late <= last), Bucket.OLDER)


def _bucket(on: date) -> Case:
    """Return the same in SQL."""
    steps = [
        When(due_on__gte=on - timedelta(days=last), then=Value(bucket))
        for bucket, last in UNTIL.items()
    ]
    return Case(*steps, default=Value(Bucket.OLDER), output_field=CharField())


def owed(on: date, *, restated: Restated = False) -> InvoiceQuerySet:
    """
    Return the invoices of which something is open on a day, as known then.

    Each with its ``bucket``, and with ``disputed``: what of that is not accepted.
    """
    rows: Any = Invoice.objects.owing(on, restated=restated)
    disputed = Least(_disputed(on, restated), F("open_amount"))
    found: InvoiceQuerySet = rows.annotate(bucket=_bucket(on), disputed=disputed)
    return found


def _disputes(on: date, restated: Restated) -> Any:
    """Return the disputes of an invoice that were open at the end of a day."""
    end = end_of(min(on, known_by(on, restated) or on))
    rows = InvoiceDispute.objects.filter(invoice=OuterRef("pk"), recorded_at__lt=end)
    return rows.exclude(resolution__resolved_at__lt=end)


def _disputed(on: date, restated: Restated) -> Coalesce:
    of_each = _disputes(on, restated).order_by().values("invoice")
    return Coalesce(Subquery(of_each.values(sum=Sum("amount"))), NOTHING)


def with_care(rows: InvoiceQuerySet, *, on: date) -> InvoiceQuerySet:
    """
    Annotate what was done about invoices by a day, and what comes next.

    ``last_contact_on`` is when somebody was written to or called; ``promised_on`` the
    day by which the member said that it pays; ``settle_by`` of a dispute; and what is
    planned still: ``next_on`` with its ``next_rung``, ``task`` and ``task_on``.
    """
    end = end_of(on)
    about = ReminderDelivery.objects.filter(rule=DUES_RULE, subject_id__in=_lines())
    made = about.filter(
        Q(state=ReminderState.WRITTEN, message__sent_at__lt=end)
        | Q(state__in=[ReminderState.FILLED, ReminderState.TASK], settled_at__lt=end)
    )
    contacts = made.annotate(
        made_on=TruncDate(Coalesce("message__sent_at", "settled_at"))
    )
    promises = PaymentPromise.objects.filter(
        invoice=OuterRef("pk"), recorded_at__lt=end
    ).exclude(withdrawal__recorded_at__lt=end)
    planned = about.filter(state=ReminderState.PLANNED).order_by("planned_on", "pk")
    tasks = Task.objects.open().filter(_is_about()).order_by("due_on", "pk")
    disputes = _disputes(on, False).order_by("settle_by", "pk")
    return rows.annotate(
        last_contact_on=_first(contacts.order_by("-made_on"), "made_on"),
        promised_on=_first(promises.order_by("-pk"), "pay_on"),
        settle_by=_first(disputes, "settle_by"),
        next_on=_first(planned, "planned_on"),
        next_rung=_first(planned, "rung"),
        task=_first(tasks, "what"),
        task_on=_first(tasks, "due_on"),
    )


def _lines() -> Any:
    own = InvoiceLine.objects.filter(invoice=OuterRef(OuterRef("pk")))
    return own.order_by().values("pk")


def _is_about() -> Q:
    """Return the condition of tasks about an invoice, or about one of its lines."""
    of_line = Q(subject_type="consortium.invoiceline", subject_id__in=_lines())
    return of_line | Q(subject_type="consortium.invoice", subject_id=OuterRef("pk"))


def _first(rows: Any, name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


def days_late(on: date) -> Greatest:
    """Return how many days past due an invoice is; none on its day and before."""
    day = Value(on, output_field=DateField())
    return Greatest(Days(day, F("due_on")), Value(0))


@lru_cache(maxsize=16)
def _owing(on: date, restated: Restated, currency: str) -> Groups:
    """Return what each member owes on a day, by bucket."""
    rows: Any = owed(on, restated=restated).filter(currency=currency)
    by_bucket = {
        name_of(bucket): sum_of("open_amount", filter=Q(bucket=bucket))
        for bucket in Bucket
    }
    return Groups(
        rows,
        "organization",
        **by_bucket,
        receivable=sum_of("open_amount"),
        in_dispute=sum_of("disputed"),
    )


@lru_cache(maxsize=16)
def _on_account(on: date, restated: Restated, currency: str) -> Groups:
    """Return what of each member's money is used for nothing on a day."""
    rows: Any = ReceiptShare.objects.unused(on, restated=restated)
    rows = rows.filter(receipt__currency=currency)
    return Groups(rows, "organization", on_account=sum_of("unapplied"))


def name_of(bucket: Bucket) -> str:
    """Return the name of the column that holds a bucket of a member."""
    return f"owed_{bucket.name.lower()}"


#: What is told of each member that owes, or that has cash on account.
SUMS = [*map(name_of, Bucket), "receivable", "in_dispute", "on_account"]


def by_member(
    rows: OrganizationQuerySet, on: date, *, restated: Restated, currency: str
) -> OrganizationQuerySet:
    """
    Keep members that owe something, or have cash on account, with what by age.

    ``receivable`` is the sum of the buckets, ``in_dispute`` a part of it; what is
    ``on_account`` stands beside, and is never taken off.
    """
    told = _with_aging(rows, on, restated, currency)
    return told.filter(Q(receivable__gt=0) | Q(on_account__gt=0))


def _with_aging(
    rows: OrganizationQuerySet, on: date, restated: Restated, currency: str
) -> OrganizationQuerySet:
    owing, money = _owing(on, restated, currency), _on_account(on, restated, currency)
    rows = join_groups(rows, "owing", owing, nothing=NOTHING)
    return join_groups(rows, "money", money, nothing=NOTHING)


def untied(*, currency: str) -> OrganizationQuerySet:
    """
    Keep members of whom aging, statement and ledger do not say the same today.

    The buckets make up what is receivable, and the statement closes with that less
    the cash on account.
    """
    today = timezone.localdate()
    rows = _with_aging(Organization.objects.all(), today, False, currency)
    books = stated(today, currency=currency)
    rows = join_groups(rows, "books", books, nothing=NOTHING)
    buckets: Any = sum(map(F, map(name_of, Bucket)), NOTHING)
    owed_in_all: Any = F("receivable") - F("on_account")
    return rows.annotate(in_buckets=buckets, owed_in_all=owed_in_all).exclude(
        in_buckets=F("in_books"),
        receivable=F("in_books"),
        on_account=F("held"),
        closing=F("owed_in_all"),
    )
