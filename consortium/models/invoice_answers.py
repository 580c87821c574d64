"""What becomes of an issued invoice at the member: rows written once, beside it."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from .contacts import Contact
from .credit_notes import CreditNote
from .invoices import Invoice
from .payers import Channel

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


class OfInvoice(AppendOnlyModel):
    """Something that is recorded about an issued invoice."""

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

    objects = PortalQuerySet.as_manager()

    class Meta(OfInvoice.Meta):
        verbose_name = _("promise to pay")
        constraints = [
            models.CheckConstraint(
                name="promise_is_of_an_amount", condition=Q(amount__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.pay_on:%Y-%m-%d}"


class InvoiceDisputeQuerySet(PortalQuerySet):
    def open(self) -> Self:
        return self.filter(resolution=None)


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


class ResolutionKind(models.TextChoices):
    KEPT = "kept", _("All of it is owed")
    CREDITED = "credited", _("A credit note takes it back")


class DisputeResolution(AppendOnlyModel):
    """How a dispute ended: the amount is owed, or a credit note takes it back."""

    dispute = models.OneToOneField(
        InvoiceDispute, on_delete=models.PROTECT, related_name="resolution"
    )
    kind = models.CharField(_("outcome"), max_length=8, choices=ResolutionKind)
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
