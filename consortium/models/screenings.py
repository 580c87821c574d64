"""Whether a company stands on a list of parties with whom MIT may not deal."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import HOLDING, ScreeningResult
from .organizations import Organization

#: Results that a person decided, and gives a reason for.
DECIDED = [ScreeningResult.CLEARED, ScreeningResult.REFUSED]


class ScreeningQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep the latest of each organization."""
        later = Screening.objects.filter(organization=OuterRef("organization"))
        return self.filter(pk=Subquery(later.order_by("-pk").values("pk")[:1]))

    def holding(self) -> Self:
        """Keep those that stand in the way of signing and inviting."""
        return self.standing().filter(result__in=HOLDING)


class Screening(AppendOnlyModel):
    """
    What came of screening a company, or of deciding about a hit.

    The latest one counts. A hit is seen by directors, and by whoever else
    holds that right; nobody else learns more than that something holds.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="screenings"
    )
    screened_name = models.CharField(_("name that was screened"), max_length=200)
    result = models.CharField(_("result"), max_length=8, choices=ScreeningResult)
    screened_on = models.DateField(_("on"))
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = ScreeningQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("screening")
        constraints = [
            models.CheckConstraint(
                name="screening_that_somebody_decided_has_a_reason",
                condition=~Q(result__in=DECIDED) | ~Q(note=""),
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="screening_latest")
        ]

    def __str__(self) -> str:
        return f"{self.screened_name}: {self.result_label}"

    def get_absolute_url(self) -> str:
        return f"{self.organization.get_absolute_url()}#screenings"

    @property
    def result_label(self) -> str:
        return str(ScreeningResult(self.result).label)

    @property
    def result_tone(self) -> str:
        return ScreeningResult(self.result).tone
