"""Reminders: what was promised to whom, what holds them back, when they were made."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, Steps, lifecycle_triggers
from inm_portal.kernel.querysets import PortalQuerySet

from .messages import Message
from .tasks import Task


class ReminderState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    STOPPED = "stopped", _("Needs a person")
    WRITTEN = "written", _("Written")
    TASK = "task", _("Became a task")
    FILLED = "filled", _("Seen to by hand")
    SKIPPED = "skipped", _("Skipped")
    CANCELLED = "cancelled", _("Cancelled")


REMINDER_STEPS: Steps = {
    ReminderState.PLANNED: [
        ReminderState.STOPPED,
        ReminderState.WRITTEN,
        ReminderState.TASK,
        ReminderState.FILLED,
        ReminderState.SKIPPED,
        ReminderState.CANCELLED,
    ],
    ReminderState.STOPPED: [
        ReminderState.PLANNED,
        ReminderState.FILLED,
        ReminderState.CANCELLED,
    ],
    ReminderState.WRITTEN: [
        ReminderState.PLANNED,  # held, or for somebody else, before it went out
        ReminderState.CANCELLED,
    ],
    ReminderState.TASK: [ReminderState.PLANNED],  # a stop closed it, and is over
    ReminderState.FILLED: [],
    ReminderState.SKIPPED: [],
    ReminderState.CANCELLED: [ReminderState.PLANNED],  # it holds again
}

#: Nothing has come of these yet.
PENDING = [ReminderState.PLANNED, ReminderState.STOPPED]


class ReminderReason(models.TextChoices):
    SUPERSEDED = "superseded", _("a later reminder took its place")
    TOO_OLD = "too_old", _("its time had passed")
    NOBODY = "nobody", _("there was nobody to send it to")
    NOT_TRUE = "not_true", _("what it asks for was no longer needed")
    MOVED = "moved", _("the date moved")
    PERSON = "person", _("a person cancelled it")
    POLICY = "policy", _("its policy leaves it out")
    NO_RULE = "no_rule", _("the rule is no longer there")


#: Cancelled by what holds in the database, and planned again when that turns.
REVIVED = [ReminderReason.NOT_TRUE, ReminderReason.MOVED, ReminderReason.POLICY]


def plainly(rule: str) -> str:
    """Return the name of a rule for people who know no more of it."""
    return rule.rpartition(".")[2].replace("_", " ")


class StopQuerySet(PortalQuerySet):
    def open(self) -> Self:
        return self.filter(decided_at=None)

    def with_count(self) -> Self:
        """Annotate ``count``: how many reminders wait for the decision."""
        waiting = Q(deliveries__state=ReminderState.STOPPED)
        return self.annotate(count=Count("deliveries", filter=waiting))


class ReminderStop(models.Model):
    """
    The circuit breaker of a rule: too many at once, so a person decides.

    While it is open, nothing of the rule goes out.
    """

    rule = models.CharField(_("rule"), max_length=100)
    stopped_at = models.DateTimeField(_("stopped"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    is_released = models.BooleanField(_("released"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = StopQuerySet.as_manager()

    count: int  # annotated by with_count()
    may_release: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("stop of a rule")
        verbose_name_plural = _("stops of rules")
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(decided_at=None),
                name="reminder_stop_is_open_once_a_rule",
            ),
            models.CheckConstraint(
                name="reminder_stop_is_decided_with_a_reason",
                condition=iff(Q(decided_at=None), Q(reason="")),
            ),
            models.CheckConstraint(
                name="reminder_stop_is_released_by_a_decision",
                condition=Q(is_released=False) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return plainly(self.rule)

    def get_absolute_url(self) -> str:
        return reverse("reminders")


class HoldQuerySet(PortalQuerySet):
    def in_force(self, *, on: date) -> Self:
        return self.filter(lifted_at=None, until_on__gte=on)


class ReminderHold(models.Model):
    """
    Reminders that a person holds back, up to and with a day, and why.

    What is left empty means any: of a rule, a rung, an object, a company.
    """

    rule = models.CharField(_("rule"), max_length=100, blank=True)
    rung = models.CharField(_("rung"), max_length=40, blank=True)
    subject_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    subject_id = models.BigIntegerField(_("object"), null=True)
    organization_key = models.BigIntegerField(_("organization"), null=True)
    reason = models.CharField(_("reason"), max_length=500)
    until_on = models.DateField(_("until"))
    held_at = models.DateTimeField(_("held"), db_default=Now(), editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("held by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = HoldQuerySet.as_manager()

    may_lift: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("hold of reminders")
        verbose_name_plural = _("holds of reminders")
        constraints = [
            models.CheckConstraint(
                name="reminder_hold_holds_something",
                condition=~Q(rule="")
                | Q(subject_id__isnull=False)
                | Q(organization_key__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_hold_of_a_rung_names_its_rule",
                condition=Q(rung="") | ~Q(rule=""),
            ),
            models.CheckConstraint(
                name="reminder_hold_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="reminder_hold_names_kind_and_key",
                condition=iff(Q(subject_type=""), Q(subject_id=None)),
            ),
        ]

    def __str__(self) -> str:
        return plainly(self.rule) or _("all rules")

    def get_absolute_url(self) -> str:
        return reverse("reminder_holds")


class DeliveryQuerySet(PortalQuerySet):
    def with_hold(self, *, on: date) -> Self:
        """Annotate ``held_until`` and ``held_because``, of the longest hold."""
        hold = holds_of_row(on).order_by("-until_on", "pk")
        return self.annotate(
            held_until=Subquery(hold.values("until_on")[:1]),
            held_because=Subquery(hold.values("reason")[:1]),
        )

    def unheld(self, *, on: date) -> Self:
        return self.exclude(Exists(holds_of_row(on)))

    def due(self, *, on: date) -> Self:
        """Keep what is planned for a day or before."""
        return self.filter(state=ReminderState.PLANNED, planned_on__lte=on)

    def about(self, subject: models.Model) -> Self:
        return self.filter(
            subject_type=subject._meta.label_lower, subject_id=subject.pk
        )


def holds_of_row(on: date) -> Any:
    """Return the holds in force on a day that cover a delivery of the outer query."""
    of_object = Q(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id")
    )
    return ReminderHold.objects.in_force(on=on).filter(
        Q(rule="") | Q(rule=OuterRef("rule")),
        Q(rung="") | Q(rung=OuterRef("rung")),
        Q(subject_id=None) | of_object,
        Q(organization_key=None) | Q(organization_key=OuterRef("organization_key")),
    )


class ReminderDelivery(LifecycleModel):
    """
    One rung of one rule about one object, planned once for each cycle.

    ``cycle`` is the date that the rungs count from, as it was when the first of
    them went out; a later date begins another, an earlier one does not.
    ``anchor_on`` is that date as it is now. Whether the mail went out is known
    by its message. ``variant`` is the version of the ladder by which it was planned
    last; it tells, and decides of nothing. ``wording`` is how its rule says it, where
    it knows more than one way. ``acted_by`` is who sent it by hand before the portal
    did, or saw to it otherwise.
    """

    State = ReminderState
    steps = REMINDER_STEPS

    rule = models.CharField(_("rule"), max_length=100)
    rung = models.CharField(_("rung"), max_length=40)
    days = models.SmallIntegerField(_("days after"))
    subject_type = models.CharField(_("kind of object"), max_length=100)
    subject_id = models.BigIntegerField(_("object"))
    organization_key = models.BigIntegerField(_("organization"), null=True)
    cycle = models.DateField(_("cycle"))
    anchor_on = models.DateField(_("counted from"))
    planned_on = models.DateField(_("planned for"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    address = models.EmailField(_("address"), blank=True)
    copies = ArrayField(
        models.EmailField(), verbose_name=_("copied"), default=list, db_default=[]
    )
    variant = models.BigIntegerField(_("version of the ladder"), null=True)
    wording = models.CharField(
        _("wording"), max_length=10, blank=True, default="", db_default=""
    )
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ReminderState,
        default=ReminderState.PLANNED,
        db_default=ReminderState.PLANNED,
        editable=False,
    )
    reason = models.CharField(
        _("why not"),
        max_length=10,
        choices=ReminderReason,
        blank=True,
        db_default="",
    )
    note = models.CharField(_("note"), max_length=500, blank=True, db_default="")
    settled_at = models.DateTimeField(_("settled"), null=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by hand"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    stop = models.ForeignKey(
        ReminderStop, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )

    objects = DeliveryQuerySet.as_manager()

    held_until: date | None  # annotated by with_hold()
    held_because: str | None  # annotated by with_hold()
    may_fill: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("reminder")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_id", "rung", "cycle"],
                name="reminder_is_planned_once_a_cycle",
            ),
            models.CheckConstraint(
                name="reminder_has_a_reason_iff_not_sent",
                condition=iff(
                    Q(state__in=[ReminderState.SKIPPED, ReminderState.CANCELLED]),
                    ~Q(reason=""),
                ),
            ),
            models.CheckConstraint(
                name="reminder_is_written_with_its_message",
                condition=~Q(state=ReminderState.WRITTEN) | Q(message__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_task_iff_it_became_one",
                condition=iff(Q(state=ReminderState.TASK), Q(task__isnull=False)),
            ),
            models.CheckConstraint(
                name="reminder_is_settled_iff_not_pending",
                condition=iff(Q(state__in=PENDING), Q(settled_at=None)),
            ),
            models.CheckConstraint(
                name="reminder_is_pending_or_acted_on",
                condition=~Q(state__in=PENDING) | Q(acted_by=None),
            ),
            models.CheckConstraint(
                name="reminder_is_stopped_by_a_stop",
                condition=~Q(state=ReminderState.STOPPED) | Q(stop__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["planned_on", "id"], name="reminder_by_day"),
            models.Index(
                fields=["rule", "planned_on"],
                condition=Q(state__in=PENDING),
                name="reminder_pending",
            ),
            models.Index(
                fields=["subject_type", "subject_id"], name="reminder_by_subject"
            ),
            models.Index(
                fields=["rule", "settled_at"],
                condition=Q(state__in=[ReminderState.WRITTEN, ReminderState.TASK]),
                name="reminder_written_lately",
            ),
            models.Index(fields=["address", "planned_on"], name="reminder_by_address"),
            models.Index(
                fields=["rule", "planned_on", "id"], name="reminder_of_rule_by_day"
            ),
            models.Index(
                fields=["organization_key", "planned_on", "id"],
                name="reminder_of_company_by_day",
            ),
        ]
        triggers = lifecycle_triggers(REMINDER_STEPS, initial=ReminderState.PLANNED)

    def __str__(self) -> str:
        return plainly(self.rule)

    def get_absolute_url(self) -> str:
        return reverse("reminder", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING


class ReminderSweep(models.Model):
    """The sweeps of one day: a day without one was missed."""

    on = models.DateField(_("day"), primary_key=True)
    first_at = models.DateTimeField(_("first completed"))
    last_at = models.DateTimeField(_("last completed"))

    class Meta:
        verbose_name = _("day of sweeps")
        constraints = [
            models.CheckConstraint(
                name="reminder_sweeps_follow_each_other",
                condition=Q(first_at__lte=F("last_at")),
            )
        ]

    def __str__(self) -> str:
        return self.on.isoformat()
