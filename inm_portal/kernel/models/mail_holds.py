"""The switch that stops all mail."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .append_only import AppendOnlyModel


class MailHoldQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep the hold that stands now; nothing when mail goes out."""
        latest = MailHold._base_manager.order_by("-pk").values("pk")[:1]
        return self.filter(pk=models.Subquery(latest), is_held=True)


class MailHold(AppendOnlyModel):
    """Somebody stopped all mail, or let it go again; the last row counts."""

    is_held = models.BooleanField(_("held"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500)

    objects = MailHoldQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("hold on all mail")
        verbose_name_plural = _("holds on all mail")
        constraints = [
            models.CheckConstraint(
                name="mailhold_has_a_reason", condition=~models.Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return _("Held") if self.is_held else _("Released")

    def get_absolute_url(self) -> str:
        return reverse("messages")
