"""How members are: what somebody at INM noted about each, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .organizations import Organization


class Health(models.TextChoices):
    GOOD = "good", _("Good")
    WATCH = "watch", _("To watch")
    AT_RISK = "at_risk", _("At risk")

    @property
    def tone(self) -> str:
        return {"good": "green", "watch": "yellow", "at_risk": "red"}[self.value]


class HealthNote(AppendOnlyModel):
    """
    How a member is from a day on, and why; the latest one holds.

    For INM alone: no member sees what is noted about it.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="health_notes",
    )
    health = models.CharField(_("health"), max_length=10, choices=Health)
    reason = models.CharField(_("reason"), max_length=500)
    noted_on = models.DateField(_("day"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("note of health")
        constraints = [
            models.CheckConstraint(
                name="health_note_has_a_reason", condition=~Q(reason="")
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "-noted_on", "-id"], name="health_note_latest"
            )
        ]

    def __str__(self) -> str:
        return str(Health(self.health).label)

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()
