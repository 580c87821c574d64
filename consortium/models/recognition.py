"""What finance said that it recognized."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from .ledger import LedgerEntry, PostedQuerySet
from .organizations import Organization


class RecognitionImport(AppendOnlyModel):
    """A file in which finance told what it recognized."""

    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    imported_at = models.DateTimeField(_("imported"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("import of recognized amounts")
        verbose_name_plural = _("imports of recognized amounts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        listed = reverse("consortium:recognized_amounts")
        return f"{listed}?source={self.pk}"


class RecognisedAmount(AppendOnlyModel):
    """
    What finance recognized of a member's dues in a month; less than nothing corrects.

    The portal does not reckon it: it says what finance said.
    """

    label = _("As finance recognized")

    source = models.ForeignKey(
        RecognitionImport, on_delete=models.PROTECT, related_name="amounts"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="recognized_amounts",
    )
    month = models.DateField(_("month"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="recognized"
    )

    objects = PostedQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("recognized amount")
        ordering = ["month", "organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "organization", "month"],
                name="recognised_amount_is_told_once_a_file",
            ),
            models.CheckConstraint(
                name="recognised_amount_is_of_a_month", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="recognised_amount_is_something", condition=~Q(amount=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.month:%Y-%m}: {self.amount}"
