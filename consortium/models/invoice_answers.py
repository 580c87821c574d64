"""What becomes of an issued invoice at the member: rows written once, beside it."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.utils.translation import gettext as _

from inm_portal.kernel.computed import View, add_up, join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import DisputeStanding, PromiseStanding
from .allocations import Allocation
from .contacts import Contact
from .credit_notes import CreditNote
from .invoices import Invoice
from .organizations import Organization
from .payers import Channel
from .positions import sum_of

OF_AN_ISSUED = """
IF NOT EXISTS (
    SELECT FROM consortium_invoice WHERE id = NEW.invoice_id AND state = 'issued'
) THEN
    RAISE EXCEPTION 'this is about an issued invoice'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


def of_invoice(name: str) -> models.ForeignKey:
    """Return the key of the invoice, which knows its rows by a name."""
    return models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        related_name=name,
    )


class Recorded(AppendOnlyModel):
    """Something that somebody wrote down at a moment."""

    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta(AppendOnlyModel.Meta):
        abstract = True


class OfInvoice(Recorded):
    """Something that is recorded about an issued invoice."""

    class Meta(Recorded.Meta):
        abstract = True
        ordering = ["pk"]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="of_an_issued",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_AN_ISSUED,
            ),
        ]


class InvoiceDelivery(OfInvoice):
    """That an invoice was handed over; before, the member cannot know of it."""

    invoice = of_invoice("deliveries")
    channel = models.CharField(_("by"), max_length=6, choices=Channel)
    delivered_on = models.DateField(_("delivered"))
    reference = models.CharField(
        _("reference"),
        max_length=200,
        blank=True,
        help_text=_("Of the upload or the letter, as its system names it."),
    )

    objects = PortalQuerySet.as_manager()

    class Meta(OfInvoice.Meta):
        verbose_name = _("delivery of an invoice")

    def __str__(self) -> str:
        return f"{self.invoice}: {self.get_channel_display()}"


class AnswerKind(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class CustomerAnswer(OfInvoice):
    """What the member's payables said to an invoice; the last one counts."""

    invoice = of_invoice("answers")
    kind = models.CharField(_("answer"), max_length=8, choices=AnswerKind)
    answered_on = models.DateField(_("answered"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = PortalQuerySet.as_manager()

    class Meta(OfInvoice.Meta):
        verbose_name = _("customer's answer")
        constraints = [
            models.CheckConstraint(
                name="answer_that_rejects_says_why",
                condition=~Q(kind=AnswerKind.REJECTED) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.get_kind_display()}"


def of_members_matching(text: str) -> Q:
    """Return the condition of rows whose invoice is found by a text."""
    members = Organization.objects.matching(text).values("pk")
    told = Q(invoice__number__icontains=text)
    return told | Q(invoice__organization__in=members)


def longest_promise() -> timedelta:
    """Return how far past the due date, or past its own day if later, a promise is."""
    return timedelta(days=settings.PROMISE_DAYS)


def promised_by_at_most(invoice: Invoice, *, on: date) -> date:
    """Return the last day by which an invoice may be promised on a day."""
    return max(invoice.due_on or on, on) + longest_promise()


def is_of_member(organization: str) -> Exists:
    """Return whether somebody of the member recorded it, and not INM for it."""
    own = Contact.objects.filter(
        user=OuterRef("recorded_by"), organization=OuterRef(organization)
    )
    return Exists(own)


class PaymentPromiseQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that still hold: not withdrawn, with no later one that holds."""
        rows: Self = self.filter(~Exists(_later()), withdrawal=None)
        return rows

    def pausing(self, *, on: date) -> Self:
        """
        Keep those that hold and whose day is not over, nor as far as one may be.

        A member that promised before, for a day that is over, and did not pay as
        much, stops reminders by a further promise only if INM writes it down.
        """
        since = on - longest_promise()
        in_reach = Q(invoice__due_on__gte=since) | Q(recorded_at__date__gte=since)
        before: Any = PaymentPromise.objects.filter(
            invoice=OuterRef("invoice"), pk__lt=OuterRef("pk"), withdrawal=None
        )
        not_kept = before.with_standing(on=on).filter(
            pay_on__lt=on, paid__lt=F("amount")
        )
        again = Q(Exists(not_kept)) & Q(is_of_member("invoice__organization"))
        return self.standing().filter(in_reach, pay_on__gte=on).exclude(again)

    def with_standing(self, *, on: date) -> Self:
        """
        Annotate ``paid``, what was applied to its invoice since, and its ``standing``.

        It is kept once so much was paid, or nothing of the invoice is open.
        """
        return join_view(self, "kept", _kept(on))

    def matching(self, text: str) -> Self:
        return self.filter(of_members_matching(text))


@lru_cache(maxsize=8)
def _kept(on: date) -> View:
    """Return how far each promise was kept by a day."""
    since = Allocation.objects.live().filter(
        line__invoice=OuterRef("invoice"),
        entry__recorded_at__gte=OuterRef("recorded_at"),
    )
    invoices: Any = Invoice.objects.with_open().filter(pk=OuterRef("invoice"))
    promises: Any = PaymentPromise.objects.all()
    rows = add_up(promises, "since", since, paid=sum_of("amount"))
    rows = add_up(rows, "of_invoice", invoices, _open=sum_of("open_amount"))
    standings = [
        (Q(withdrawal__isnull=False), PromiseStanding.WITHDRAWN),
        (Q(paid__gte=F("amount")), PromiseStanding.KEPT),
        (Q(_open=0), PromiseStanding.KEPT),
        (Exists(_later()), PromiseStanding.REPLACED),
        (Q(pay_on__lt=on), PromiseStanding.BROKEN),
    ]
    told = Case(
        *[When(condition, then=Value(standing)) for condition, standing in standings],
        default=Value(PromiseStanding.PROMISED),
        output_field=CharField(),
    )
    return View(rows.annotate(standing=told), "paid", "standing")


def _later() -> PaymentPromiseQuerySet:
    return PaymentPromise.objects.filter(
        invoice=OuterRef("invoice"), pk__gt=OuterRef("pk"), withdrawal=None
    )


class PaymentPromise(OfInvoice):
    """A day by which somebody at the member said that they pay; the last one counts."""

    invoice = of_invoice("promises")
    pay_on = models.DateField(_("by the day"))
    amount = MoneyField(_("amount"))
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("promised by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="payment_promises",
    )

    objects = PaymentPromiseQuerySet.as_manager()

    paid: Decimal  # annotated by with_standing()
    standing: str  # annotated by with_standing()

    class Meta(OfInvoice.Meta):
        verbose_name = _("promise to pay")
        constraints = [
            models.CheckConstraint(
                name="promise_is_of_an_amount", condition=Q(amount__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.pay_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{self.invoice.get_absolute_url()}#promises"

    @property
    def status(self) -> PromiseStanding:
        """What became of it, where it was read ``with_standing()``."""
        return PromiseStanding(self.standing)


class PromiseWithdrawal(Recorded):
    """That a promise to pay holds no more."""

    promise = models.OneToOneField(
        PaymentPromise, on_delete=models.PROTECT, related_name="withdrawal"
    )

    class Meta(Recorded.Meta):
        verbose_name = _("withdrawal of a promise to pay")

    def __str__(self) -> str:
        return str(self.promise)


class InvoiceDisputeQuerySet(PortalQuerySet):
    def open(self) -> Self:
        return self.filter(resolution=None)

    def with_standing(self) -> Self:
        """Annotate ``standing``: whether it is open, or how it ended."""
        kinds = [
            When(resolution__kind=kind, then=Value(DisputeStanding(kind)))
            for kind in ResolutionKind.values
        ]
        rows: Self = self.annotate(
            standing=Case(
                *kinds,
                default=Value(DisputeStanding.DISPUTED),
                output_field=CharField(),
            )
        )
        return rows

    def matching(self, text: str) -> Self:
        return self.filter(of_members_matching(text))


class InvoiceDispute(OfInvoice):
    """
    What of an invoice the member does not accept, why, and who at INM sees to it.

    The rest stays due as it was.
    """

    invoice = of_invoice("disputes")
    amount = MoneyField(_("disputed"))
    reason = models.CharField(_("reason"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    settle_by = models.DateField(_("settled by"))

    objects = InvoiceDisputeQuerySet.as_manager()

    standing: str  # annotated by with_standing()

    class Meta(OfInvoice.Meta):
        verbose_name = _("dispute of an invoice")
        constraints = [
            models.CheckConstraint(
                name="dispute_is_of_an_amount_with_a_reason",
                condition=Q(amount__gt=0) & ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.amount}"

    def get_absolute_url(self) -> str:
        return f"{self.invoice.get_absolute_url()}#disputes"

    @property
    def status(self) -> DisputeStanding:
        """How far it has come, where it was read ``with_standing()``."""
        return DisputeStanding(self.standing)


class ResolutionKind(models.TextChoices):
    KEPT = "kept", _("All of it is owed")
    CREDITED = "credited", _("A credit note takes it back")
    WITHDRAWN = "withdrawn", _("The member withdrew it")


class DisputeResolution(AppendOnlyModel):
    """
    How a dispute ended: the amount is owed, or a credit note takes it back.

    One that the member withdrew is owed as well.
    """

    dispute = models.OneToOneField(
        InvoiceDispute, on_delete=models.PROTECT, related_name="resolution"
    )
    kind = models.CharField(_("outcome"), max_length=9, choices=ResolutionKind)
    credit_note = models.OneToOneField(
        CreditNote,
        verbose_name=_("credit note"),
        on_delete=models.PROTECT,
        null=True,
        related_name="resolution",
    )
    reason = models.CharField(_("reason"), max_length=500)
    resolved_at = models.DateTimeField(_("resolved"))
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("resolution of a dispute")
        constraints = [
            models.CheckConstraint(
                name="resolution_names_its_credit_note",
                condition=iff(
                    Q(kind=ResolutionKind.CREDITED), Q(credit_note__isnull=False)
                )
                & ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute}: {self.get_kind_display()}"
