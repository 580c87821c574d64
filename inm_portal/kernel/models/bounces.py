"""Addresses that refused mail."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.querysets import PortalQuerySet

from .append_only import AppendOnlyModel


class BounceKind(models.TextChoices):
    HARD = "hard", _("Refused for good")
    SOFT = "soft", _("Refused for now")
    CLEARED = "cleared", _("Cleared")


class BounceQuerySet(PortalQuerySet):
    def current(self) -> Self:
        """Keep the marks for good that nobody has cleared since."""
        return self.with_standing().filter(is_standing=True)

    def with_standing(self) -> Self:
        """Annotate ``is_standing``: a mark for good that nobody has cleared since."""
        cleared = Bounce._base_manager.filter(
            address=OuterRef("address"), kind=BounceKind.CLEARED, pk__gt=OuterRef("pk")
        )
        return self.annotate(is_standing=Q(kind=BounceKind.HARD) & ~Exists(cleared))

    def last_kind(self, address: Any) -> Any:
        """Return what counts for an address of the query around: its last word."""
        words = self.filter(address=address).exclude(kind=BounceKind.SOFT)
        return words.order_by("-pk").values("kind")[:1]

    def of(self, addresses: Iterable[str]) -> Self:
        """Keep what is known of any of these addresses."""
        return self.filter(address__in={address.lower() for address in addresses})


class Bounce(AppendOnlyModel):
    """
    What became known of an address: it refused mail, or somebody cleared it.

    Only codes are kept of what a server said; its words may quote the mail.
    """

    address = models.EmailField(_("address"))
    kind = models.CharField(_("kind"), max_length=7, choices=BounceKind)
    at = models.DateTimeField(_("at"))
    codes = models.CharField(_("what the server said"), max_length=100, blank=True)
    message = models.ForeignKey(
        "kernel.Message",
        verbose_name=_("message"),
        on_delete=models.PROTECT,
        null=True,
        related_name="bounces",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = BounceQuerySet.as_manager()

    is_standing: bool  # annotated by with_standing()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        constraints = [
            models.CheckConstraint(
                name="bounce_address_is_lower_case",
                condition=Q(address=Lower("address")),
            ),
            models.CheckConstraint(
                name="bounce_by_iff_cleared",
                condition=iff(
                    Q(kind=BounceKind.CLEARED), Q(by__isnull=False) & ~Q(reason="")
                ),
            ),
        ]
        indexes = [models.Index(fields=["address", "-id"], name="bounce_by_address")]

    def __str__(self) -> str:
        return f"{self.address} {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("bounces")
