"""Interests in a member that somebody at INM disclosed, and what they bar."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .organizations import Organization


class InterestQuerySet(PortalQuerySet):
    def standing(self, *, on: date) -> Self:
        """Keep those that bar somebody on a day."""
        begun = self.filter(from_on__lte=on)
        return begun.filter(Q(until_on=None) | Q(until_on__gt=on))


class Interest(models.Model):
    """
    A disclosed interest of a person in a member, from a day up to another.

    While it stands, the person is barred from waivers, decisions on credits
    and approvals of agreements of that member (case 15).
    """

    #: What goes along when accounts are merged.
    moves_with_person = ("person",)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="interests",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="interests",
    )
    reason = models.CharField(_("what the interest is"), max_length=500)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without it.")
    )
    disclosed_at = models.DateTimeField(_("disclosed"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = InterestQuerySet.as_manager()

    may_end: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("disclosed interest")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="interest_does_not_end_before_it_starts",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="interest_has_a_reason", condition=~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["person", "organization"], name="interest_of_person")
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()
