"""Invitations: how people come in."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, Steps, lifecycle_triggers
from inm_portal.kernel.querysets import PortalQuerySet


class InvitationKind(models.TextChoices):
    """Where somebody is invited to."""

    INM = "inm", _("To a role at INM")
    CAMPUS = "campus", _("On campus")
    COMPANY = "company", _("To a company")


class InvitationState(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Revoked")


INVITATION_STEPS: Steps = {
    InvitationState.PENDING: [InvitationState.ACCEPTED, InvitationState.REVOKED],
    InvitationState.ACCEPTED: [],
    InvitationState.REVOKED: [],
}


class InvitationStatus(models.TextChoices):
    """What pages say: the state, or that nobody came in time."""

    SENT = "sent", _("Sent")
    EXPIRED = "expired", _("Expired")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Revoked")

    @property
    def tone(self) -> str:
        return {"sent": "blue", "accepted": "green", "expired": "orange"}.get(
            self.value, "gray"
        )


def digest_of(token: str) -> str:
    """Return what is kept of a token: it cannot be turned back."""
    return sha256(token.encode()).hexdigest()


class InvitationQuerySet(PortalQuerySet):
    def pending(self) -> Self:
        return self.filter(state=InvitationState.PENDING)

    def open(self, *, at: datetime) -> Self:
        """Keep those that can be accepted at a moment."""
        return self.pending().filter(expires_at__gt=at)

    def with_status(self, *, at: datetime) -> Self:
        """Annotate ``status``: the state, but expired once nobody came in time."""
        waiting = Case(
            When(expires_at__gt=at, then=Value(InvitationStatus.SENT.value)),
            default=Value(InvitationStatus.EXPIRED.value),
        )
        return self.annotate(
            status=Case(
                When(state=InvitationState.PENDING, then=waiting),
                default="state",
                output_field=models.CharField(),
            )
        )

    def matching(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))


class Invitation(LifecycleModel):
    """
    A link to one address, good once and for 14 days, to what it says and no more.

    Of the token only a digest is kept; the token itself stands in the mail.
    Sending again makes a new token, and the one before opens nothing any more.
    """

    LIFETIME = timedelta(days=14)

    Kind = InvitationKind
    State = InvitationState
    steps = INVITATION_STEPS

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=7, choices=InvitationKind)
    role = models.ForeignKey(
        Group,
        verbose_name=_("role at INM"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    place = models.CharField(_("where"), max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=InvitationState,
        default=InvitationState.PENDING,
        editable=False,
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="invitations",
    )

    objects = InvitationQuerySet.as_manager()

    status: str  # annotated by with_status()
    may_resend: bool  # annotated by with_permissions()
    may_revoke: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            models.CheckConstraint(
                name="invitation_email_is_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="invitation_has_role_iff_to_inm",
                condition=iff(Q(kind=InvitationKind.INM), Q(role__isnull=False)),
            ),
            models.CheckConstraint(
                name="invitation_accepted_at_iff_accepted",
                condition=iff(
                    Q(state=InvitationState.ACCEPTED), Q(accepted_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_iff_accepted",
                condition=iff(
                    Q(state=InvitationState.ACCEPTED), Q(accepted_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="invitation_lasts_for_14_days",
                condition=Q(expires_at__lte=models.F("sent_at") + timedelta(days=14)),
            ),
            models.UniqueConstraint(
                fields=["email", "kind"],
                condition=Q(state=InvitationState.PENDING)
                & ~Q(kind=InvitationKind.COMPANY),
                name="invitation_by_inm_is_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="invitation_by_time"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=InvitationState.PENDING),
                name="invitation_pending",
            ),
        ]
        triggers = lifecycle_triggers(INVITATION_STEPS, initial=InvitationState.PENDING)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.pk])

    def is_open(self, *, at: datetime) -> bool:
        """Say whether it can be accepted at a moment."""
        return self.state == InvitationState.PENDING and at < self.expires_at

    @property
    def shown_status(self) -> InvitationStatus:
        """Return the annotated status with its words and color."""
        return InvitationStatus(self.status)
