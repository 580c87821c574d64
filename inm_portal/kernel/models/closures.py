"""Days on which the consortium's office is closed, beside the public holidays."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.querysets import PortalQuerySet


class Closure(models.Model):
    """
    A day without reminders; one that was withdrawn stays, for what followed from it.
    """

    on = models.DateField(_("day"))
    name = models.CharField(_("why"), max_length=100)
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = PortalQuerySet.as_manager()

    may_withdraw: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("closure")
        constraints = [
            models.UniqueConstraint(
                fields=["on"],
                condition=Q(withdrawn_at=None),
                name="closure_is_there_once_a_day",
            ),
            models.CheckConstraint(
                name="closure_is_withdrawn_at_a_moment",
                condition=iff(Q(withdrawn_at=None), Q(withdrawn_by=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("closures")
