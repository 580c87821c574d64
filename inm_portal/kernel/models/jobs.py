"""Long work as rows."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, Steps, lifecycle_triggers
from inm_portal.kernel.querysets import PortalQuerySet


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PARKED = "parked", _("Parked")
    CANCELLED = "cancelled", _("Cancelled")


JOB_STEPS: Steps = {
    JobState.QUEUED: [JobState.RUNNING, JobState.CANCELLED],
    JobState.RUNNING: [
        JobState.DONE,
        JobState.QUEUED,  # it failed, was put off, or its worker was killed
        JobState.PARKED,
        JobState.CANCELLED,
    ],
    JobState.DONE: [],
    JobState.PARKED: [JobState.QUEUED, JobState.CANCELLED],
    JobState.CANCELLED: [],
}

OVER = [JobState.DONE, JobState.CANCELLED]


class Job(LifecycleModel):
    """
    Work too long for a page, asked for in the transaction that needs it.

    A worker holds it by a lease, which each word of progress renews. ``args``
    holds keys, and is forgotten once the job is over.
    """

    State = JobState
    steps = JOB_STEPS

    kind = models.CharField(_("kind"), max_length=100)
    title = models.CharField(_("what"), max_length=200)
    args: Any = models.JSONField(_("asked with"), default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"))
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=JobState,
        default=JobState.QUEUED,
        editable=False,
    )
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(_("lease"), null=True)
    heard_at = models.DateTimeField(_("last heard of"), null=True)
    done = models.PositiveIntegerField(_("done so far"), default=0)
    total = models.PositiveIntegerField(_("of"), null=True)
    words = models.CharField(_("at work on"), max_length=200, blank=True)
    error = models.CharField(_("kind of error"), max_length=100, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    result = models.ForeignKey(
        "kernel.Document",
        verbose_name=_("result"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        constraints = [
            models.CheckConstraint(
                name="job_has_a_lease_iff_running",
                condition=iff(Q(state=JobState.RUNNING), Q(lease__isnull=False))
                & (Q(lease=None) | Q(heard_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="job_ended_at_iff_over",
                condition=iff(Q(state__in=OVER), Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="job_result_only_of_done",
                condition=Q(state=JobState.DONE) | Q(result=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state=JobState.QUEUED),
                name="job_due",
            ),
            models.Index(
                fields=["heard_at"],
                condition=Q(state=JobState.RUNNING),
                name="job_running",
            ),
            models.Index(fields=["asked_by", "-id"], name="job_by_who_asked"),
        ]
        triggers = lifecycle_triggers(JOB_STEPS, initial=JobState.QUEUED)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Say whether nothing more happens by itself."""
        return self.state in [*OVER, JobState.PARKED]

    @property
    def state_tone(self) -> str:
        return TONES[self.state]


TONES: dict[str, str] = {
    JobState.QUEUED: "gray",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.PARKED: "red",
    JobState.CANCELLED: "gray",
}
