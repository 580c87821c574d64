"""What finance looks at of dues: where the ladder did not get through."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from .invoices import Invoice
from .organizations import Organization


class DuesExceptionKind(models.TextChoices):
    NOT_DELIVERED = "not_delivered", _("Reminder not delivered")
    NOBODY = "nobody", _("Nobody to write to")
    BREAKER = "breaker", _("Stopped: too many at once")
    HOLD_OVER = "hold_over", _("Hold over, nothing sent since")
    PROMISE_BROKEN = "promise_broken", _("Promise not kept")
    NO_BILLING = "no_billing", _("No billing contact")


class DuesExceptionQuerySet(PortalQuerySet):
    def by(self, day: date) -> Self:
        """Keep what is one on a day; a hold or a promise may end later."""
        return self.filter(noted_on__lte=day)

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        told = models.Q(invoice__number__icontains=text)
        return self.filter(told | models.Q(organization__in=members))


class DuesException(models.Model):
    """
    One of them, read from the rows that make it one.

    A view of the database: nothing is kept here, and what is mended is gone.
    """

    kind = models.CharField(_("kind"), max_length=14, choices=DuesExceptionKind)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
    )
    noted_on = models.DateField(_("since"))
    what = models.TextField(_("what"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)

    objects = DuesExceptionQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "consortium_duesexception"
        verbose_name = _("exception of dues")
        verbose_name_plural = _("exceptions of dues")

    def __str__(self) -> str:
        return self.kind_label

    def get_absolute_url(self) -> Any:
        return (self.invoice or self.organization).get_absolute_url()

    @property
    def kind_label(self) -> str:
        return str(DuesExceptionKind(self.kind).label)
