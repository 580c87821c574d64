"""How likely staff hold the renewal of a term: each estimate, the last one counts."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .agreements import Agreement


class RenewalEstimate(AppendOnlyModel):
    """A percentage of likelihood that a term is followed by another, and why."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="renewal_estimates",
    )
    probability = models.PositiveSmallIntegerField(
        _("probability"), validators=[MaxValueValidator(100)]
    )
    reason = models.CharField(_("reason"), max_length=500)
    estimated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("estimated by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    estimated_at = models.DateTimeField(_("estimated"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("estimate of a renewal")
        constraints = [
            models.CheckConstraint(
                name="renewal_estimate_is_a_percentage_with_a_reason",
                condition=Q(probability__lte=100) & ~Q(reason=""),
            )
        ]
        indexes = [
            models.Index(fields=["agreement", "-id"], name="renewal_estimate_latest")
        ]

    def __str__(self) -> str:
        return _("%(percent)s percent") % {"percent": self.probability}

    def get_absolute_url(self) -> str:
        return page_of("consortium:renewal", self.agreement_id)


def with_estimate(rows: Any) -> Any:
    """Annotate agreements with what was estimated last, if anything was."""
    latest = RenewalEstimate.objects.filter(agreement=OuterRef("pk")).order_by("-pk")
    names = {"probability": "probability", "reason": "why", "estimated_at": "told_at"}
    return rows.annotate(
        **{name: Subquery(latest.values(column)[:1]) for column, name in names.items()}
    )
