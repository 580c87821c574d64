"""Where one member's agreement differs from the template, in plain words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .agreements import Agreement, of_a_draft


class Deviation(models.Model):
    """
    A clause of an agreement that says something else than its template.

    Part of what is executed: from the signing on it stays as it is.
    """

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="deviations"
    )
    clause = models.CharField(
        _("clause"), max_length=200, help_text=_("As in 4.2, seats on the council.")
    )
    template_says = models.TextField(_("the template says"))
    agreement_says = models.TextField(_("this agreement says"))
    reason = models.TextField(_("reason"))

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("deviation")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="deviation_says_what_and_why",
                condition=~Q(clause="") & ~Q(agreement_says="") & ~Q(reason=""),
            )
        ]
        triggers = [of_a_draft()]

    def __str__(self) -> str:
        return self.clause

    def get_absolute_url(self) -> str:
        return f"{self.agreement.get_absolute_url()}#deviations"
