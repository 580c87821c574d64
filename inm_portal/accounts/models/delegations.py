"""Who may act for whom, in what, and until when."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel import delegation
from inm_portal.kernel.querysets import PortalQuerySet

LONGEST = timedelta(days=365)


class DelegationQuerySet(PortalQuerySet):
    def with_people(self) -> Self:
        return self.select_related("principal", "delegate")

    def of(self, user: Any) -> Self:
        """Keep those that somebody gave or received."""
        return self.filter(Q(principal_id=user.pk) | Q(delegate_id=user.pk))

    def matching(self, text: str) -> Self:
        found = Q()
        for person in ("principal", "delegate"):
            found |= Q(**{f"{person}__name__icontains": text})
            found |= Q(**{f"{person}__email__icontains": text})
        return self.filter(found)

    def open(self, *, on: date) -> Self:
        """Keep those that nobody took back, and that have not run out."""
        return self.filter(revoked_at=None, ends_on__gte=on)

    def in_force(self, *, on: date) -> Self:
        """Keep those by which somebody may act on a day."""
        return self.open(on=on).filter(
            starts_on__lte=on, principal__is_active=True, delegate__is_active=True
        )


class Delegation(models.Model):
    """
    A person's leave for another to act in their place: in some things, for a while.

    It holds from its first day to the end of its last, unless it is taken back;
    the journal names both.
    """

    LONGEST = LONGEST

    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        on_delete=models.PROTECT,
        related_name="delegations",
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who acts"),
        on_delete=models.PROTECT,
        related_name="standing_in",
    )
    scopes = ArrayField(models.CharField(max_length=50), verbose_name=_("in what"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    granted_at = models.DateTimeField(_("given"))
    revoked_at = models.DateTimeField(_("taken back"), null=True)
    ended_because = models.CharField(
        _("why INM ended it"), max_length=500, blank=True, default="", db_default=""
    )

    may_end: bool  # annotated by with_permissions()

    objects = DelegationQuerySet.as_manager()

    may_revoke: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("delegation")
        constraints = [
            models.CheckConstraint(
                name="delegation_is_to_another_person",
                condition=~Q(principal=F("delegate")),
            ),
            models.CheckConstraint(
                name="delegation_ends_within_a_year",
                condition=Q(ends_on__gte=F("starts_on"))
                & Q(ends_on__lte=F("starts_on") + LONGEST),
            ),
            models.CheckConstraint(
                name="delegation_is_of_something", condition=~Q(scopes=[])
            ),
            models.CheckConstraint(
                name="delegation_by_another_has_a_reason",
                condition=Q(granted_by=F("principal")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="delegation_that_is_open_was_not_ended",
                condition=Q(revoked_at__isnull=False) | Q(ended_because=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["delegate", "ends_on"],
                condition=Q(revoked_at=None),
                name="delegation_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.principal}"

    @property
    def scope_titles(self) -> list[str]:
        return delegation.titles_of(self.scopes)

    @property
    def permissions(self) -> frozenset[str]:
        return delegation.permissions_of(self.scopes)
