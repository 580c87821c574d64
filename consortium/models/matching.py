"""What waits of money: nobody's yet, not applied, or for a second person."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.money import MoneyField, typed
from inm_portal.kernel.querysets import PortalQuerySet, of_number

from .allocations import WriteOff
from .organizations import Organization
from .receipts import Receipt, ReceiptShare, Refund


class WaitsFor(models.TextChoices):
    """What somebody is to do about it."""

    MEMBER = "member", _("Nobody's yet")
    INVOICE = "invoice", _("Not applied")
    RECEIPT = "receipt", _("May be there already")
    WRITE_OFF = "write_off", _("Write-off to approve")
    REFUND = "refund", _("Refund to approve")

    @property
    def tone(self) -> str:
        return TONES.get(self.value, "yellow")


TONES = {WaitsFor.MEMBER.value: "orange", WaitsFor.INVOICE.value: "azure"}


class WaitingMoneyQuerySet(PortalQuerySet):
    def matching(self, text: str) -> Self:
        """Keep what a payer, a reference, a member, a number or an amount names."""
        members = Organization.objects.matching(text).values("pk")
        told = Q(payer_name__icontains=text) | Q(reference__icontains=text)
        found = told | Q(organization__in=members)
        numbered = of_number(text, "RC-")
        receipts = Receipt.objects.filter(numbered).values("pk")
        found |= Q(receipt__in=receipts)
        amount = typed(text)
        return self.filter(found if amount is None else found | Q(amount=amount))


class WaitingMoney(models.Model):
    """
    One thing of money that somebody is to see to, read from the rows that make it so.

    A view of the database: nothing is kept here, and what was seen to is gone.
    """

    kind = models.CharField(_("waits for"), max_length=9, choices=WaitsFor)
    receipt = models.ForeignKey(
        Receipt, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    share = models.ForeignKey(
        ReceiptShare, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    write_off = models.ForeignKey(
        WriteOff, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
    )
    payer_name = models.CharField(_("payer"), max_length=200)
    reference = models.CharField(_("reference"), max_length=100)
    waits_since = models.DateField(_("since"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=500)

    objects = WaitingMoneyQuerySet.as_manager()

    class Meta:
        managed = False
        verbose_name = _("money to match")

    def __str__(self) -> str:
        return f"{self.waits_for.label}: {self.amount}"

    def get_absolute_url(self) -> str:
        """Return the page on which it is seen to."""
        about: Any = self.receipt
        if self.write_off is not None:
            about = self.write_off.line.invoice
        return str(about.get_absolute_url())

    @property
    def waits_for(self) -> WaitsFor:
        return WaitsFor(self.kind)

    @property
    def number(self) -> str:
        """Return the number of the receipt or the invoice that it is about."""
        about = self.write_off.line.invoice if self.write_off else self.receipt
        return str(about)
