"""People who came in by an institution, and wait for a place here."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.querysets import PortalQuerySet

from ..sso.institutions import label_of


class Outcome(models.TextChoices):
    WELCOMED = "welcomed", _("Welcomed")
    DECLINED = "declined", _("Declined")


class AccessRequestQuerySet(PortalQuerySet):
    def open(self) -> Self:
        """Keep those that nobody answered yet."""
        return self.filter(outcome="")

    def matching(self, text: str) -> Self:
        return self.filter(Q(user__name__icontains=text) | Q(user__email=text.lower()))


class AccessRequest(models.Model):
    """
    A newcomer's request: an account without any place, until staff give one.

    An address that an institution verified says who somebody is, and gives no
    right here.
    """

    Outcome = Outcome

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="access_request",
    )
    institution = models.SlugField(_("signed in at"))
    asked_at = models.DateTimeField(_("asked"))
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome, blank=True, editable=False
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = AccessRequestQuerySet.as_manager()

    may_welcome: bool  # annotated by with_permissions()
    may_decline: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("access request")
        constraints = [
            models.CheckConstraint(
                name="access_request_answered_iff_outcome",
                condition=iff(~Q(outcome=""), Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="request_by_time")]

    def __str__(self) -> str:
        return self.user.name

    def get_absolute_url(self) -> str:
        return reverse("access_requests")

    @property
    def institution_label(self) -> str:
        return label_of(self.institution)

    @property
    def welcome_url(self) -> str:
        return reverse("welcome_request", args=[self.pk])

    @property
    def decline_url(self) -> str:
        return reverse("decline_request", args=[self.pk])
