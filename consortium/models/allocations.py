"""What settles a line of an invoice: cash that is applied, and what is written off."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.money import MoneyField

from ..states import ActState
from . import receivables
from .commitment_years import CommitmentYear
from .invoices import InvoiceLine
from .ledger import LedgerEntry, PostedQuerySet
from .receipts import ReceiptShare
from .two_people import TwoPeople, two_people_triggers

OF_ONE_MEMBER = """
IF NOT EXISTS (
    SELECT FROM consortium_receiptshare s
    JOIN consortium_receipt r ON r.id = s.receipt_id
    JOIN consortium_invoiceline l ON l.id = NEW.line_id
    JOIN consortium_invoice i ON i.id = l.invoice_id
    WHERE s.id = NEW.share_id AND i.state = 'issued'
        AND s.organization_id = i.organization_id AND r.currency = i.currency
) THEN
    RAISE EXCEPTION 'cash is applied to an issued invoice of its member and currency'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class SettlingQuerySet(PostedQuerySet):
    """Rows that settle a line of an invoice."""

    def to_count(self, *, on: date) -> Self:
        """Keep what counts toward a year that has begun, and is not credited there."""
        begun = CommitmentYear.objects.asking().filter(starts_on__lte=on)
        paid = self.live().filter(line__commitment_year__in=begun)
        return paid.filter(entry__fee_credit=None)


class Allocation(AppendOnlyModel):
    """So much of a member's share of a receipt, applied to a line of its invoice."""

    share = models.ForeignKey(
        ReceiptShare, on_delete=models.PROTECT, related_name="allocations"
    )
    line = models.ForeignKey(
        InvoiceLine, on_delete=models.PROTECT, related_name="allocations"
    )
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="allocation"
    )

    objects = SettlingQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("allocation")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="allocation_has_an_amount", condition=Q(amount__gt=0)
            )
        ]
        triggers: list[Any] = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="of_one_member",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_ONE_MEMBER,
            ),
            receivables.settled_once(pgtrigger.Insert),
            receivables.used_once("share_id", on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.share} → {self.line}"

    @property
    def paid_on(self) -> date:
        """Return the day on which the money arrived."""
        return self.share.receipt.received_on


class WriteOffKind(models.TextChoices):
    BANK_CHARGE = "bank_charge", _("Bank charge")
    TAX_WITHHELD = "tax_withheld", _("Tax withheld")
    EXCHANGE_DIFFERENCE = "exchange_difference", _("Exchange difference")
    BAD_DEBT = "bad_debt", _("Bad debt")


class WriteOffQuerySet(SettlingQuerySet):
    def to_count(self, *, on: date) -> Self:
        """Keep what the member bore of the fee: what a bank or a state took of it."""
        return super().to_count(on=on).exclude(kind=WriteOffKind.BAD_DEBT)


class WriteOff(TwoPeople):
    """
    What is given up of a line: by one person up to the tolerance, else by two.

    Tax that was withheld is shown by its certificate; bad debt always takes two.
    """

    line = models.ForeignKey(
        InvoiceLine, on_delete=models.PROTECT, related_name="write_offs"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=WriteOffKind)
    amount = MoneyField(_("amount"))
    certificate = models.ForeignKey(
        Document,
        verbose_name=_("certificate"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="write_off"
    )

    objects = WriteOffQuerySet.as_manager()

    class Meta(TwoPeople.Meta):
        abstract = False
        verbose_name = _("write-off")
        ordering = ["-pk"]
        permissions = [("approve_writeoff", "Can record a write-off of somebody else")]
        constraints = [
            *TwoPeople.Meta.constraints,
            models.CheckConstraint(
                name="write_off_has_an_amount", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="write_off_is_posted_iff_recorded",
                condition=iff(Q(state=ActState.RECORDED), Q(entry__isnull=False)),
            ),
            models.CheckConstraint(
                name="write_off_of_bad_debt_takes_two",
                condition=~Q(kind=WriteOffKind.BAD_DEBT) | Q(takes_two=True),
            ),
            models.CheckConstraint(
                name="write_off_of_tax_has_its_certificate",
                condition=~Q(kind=WriteOffKind.TAX_WITHHELD)
                | ~Q(state=ActState.RECORDED)
                | Q(certificate__isnull=False),
            ),
        ]
        triggers: list[Any] = [
            *two_people_triggers("line", "kind", "amount"),
            receivables.settled_once(pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"

    @property
    def paid_on(self) -> date:
        """Return the day from which it counts as paid."""
        return self.entry.value_on if self.entry else self.proposed_at.date()
