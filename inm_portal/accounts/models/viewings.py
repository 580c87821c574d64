"""When somebody at INM saw the portal as another person does."""

from datetime import datetime, timedelta
from math import ceil
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

LONGEST = timedelta(minutes=30)


class ViewingQuerySet(PortalQuerySet):
    def with_people(self) -> Self:
        return self.select_related("by", "person")

    def open(self) -> Self:
        """Keep those that nobody has ended, run out or not."""
        return self.filter(ended_at=None)

    def run_out(self, *, at: datetime) -> Self:
        """Keep those that are past their time and not ended yet."""
        return self.open().filter(until__lte=at)


class Viewing(models.Model):
    """
    A while in which somebody at INM sees what another person sees.

    Nothing can be changed in it; the reason is for those who may read it, and
    stands in no journal entry.
    """

    LONGEST = LONGEST

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("as whom"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500)
    started_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("at most until"))
    ended_at = models.DateTimeField(_("until"), null=True)

    objects = ViewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("viewing")
        constraints = [
            models.CheckConstraint(
                name="viewing_is_as_another_person", condition=~Q(by=F("person"))
            ),
            models.CheckConstraint(
                name="viewing_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="viewing_lasts_half_an_hour_at_most",
                condition=Q(until__gt=F("started_at"))
                & Q(until__lte=F("started_at") + LONGEST),
            ),
            models.CheckConstraint(
                name="viewing_ends_in_its_time",
                condition=Q(ended_at=None)
                | Q(ended_at__gte=F("started_at"), ended_at__lte=F("until")),
            ),
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(ended_at=None),
                name="viewing_is_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(F("started_at").desc(), F("id").desc(), name="viewing_latest")
        ]

    def __str__(self) -> str:
        return f"{self.by} as {self.person}"

    @property
    def minutes_left(self) -> int:
        """Return how many minutes are left, a begun one counted in full."""
        return ceil((self.until - timezone.now()) / timedelta(minutes=1))
