"""Why a draft invoice came back to whoever made it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .invoices import Invoice


class InvoiceReturn(AppendOnlyModel):
    """
    That an invoice was sent back before it was issued, and what is to be changed.

    It waits for that as long as the invoice has the version that it was left at.
    """

    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        related_name="returns",
    )
    version = models.PositiveIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=500)
    returned_at = models.DateTimeField(_("sent back"))
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("return of an invoice")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="invoice_return_has_a_reason", condition=~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.reason}"

    def keeps_from(self, person: Any) -> bool:
        """Say whether somebody waits for a change; who sent it back need not."""
        is_own = person is not None and person.is_same_person(self.returned_by)
        return self.version == self.invoice.version and not is_own
