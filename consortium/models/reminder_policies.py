"""Ladders of reminders of dues: the portal's own by versions, and who has another."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import ActState, LadderStanding
from .contacts import Contact
from .invoices import Invoice
from .organizations import Organization
from .two_people import TwoPeople, two_people_triggers

#: How many days before and after the due date a rung may be.
MOST_BEFORE, MOST_AFTER = 60, 365

#: People that a member may add to those who read its reminders.
MOST_COPIES = 5


class Copied(models.TextChoices):
    """Who reads a mail beside the one who is asked to pay."""

    BILLING = "billing", _("other billing contacts")
    EXTRA = "extra", _("those the member added")
    LEAD = "lead", _("technical leads")
    SPONSOR = "sponsor", _("executive sponsor")


class Wording(models.TextChoices):
    """How a mail says what it asks for."""

    PLAIN = "", _("Plain")
    GENTLE = "gentle", _("Gentle")
    FIRM = "firm", _("Firm")


class PolicyQuerySet(PortalQuerySet):
    def recorded(self) -> Self:
        return self.filter(state=ActState.RECORDED)

    def default(self) -> Self:
        """Keep the versions of the ladder of all who have none of their own."""
        return self.filter(organization=None, invoice=None)

    def of_some(self) -> Self:
        """Keep the ladders of one member, or of one invoice."""
        return self.filter(Q(organization__isnull=False) | Q(invoice__isnull=False))

    def in_force(self, *, on: date) -> Self:
        """Keep what counts on a day: of the versions of all, the last that began."""
        return self.of_days(first=on, last=on)

    def of_days(self, *, first: date, last: date) -> Self:
        """Keep what is recorded and counts on a day from a first to a last."""
        begun = self.recorded().filter(first_on__lte=last)
        later = ReminderPolicy.objects.recorded().default()
        later = later.filter(first_on__lte=first, first_on__gt=OuterRef("first_on"))
        is_default = Q(organization=None, invoice=None) & ~Exists(later)
        return begun.filter(is_default | Q(until_on__gte=first, end=None))

    def with_standing(self, *, on: date) -> Self:
        """Annotate ``standing``: whether each counts on a day, and why not."""
        later = ReminderPolicy.objects.recorded().default()
        later = later.filter(first_on__lte=on, first_on__gt=OuterRef("first_on"))
        is_default = Q(organization=None, invoice=None)
        told = [
            (Q(state=ActState.PROPOSED), LadderStanding.PROPOSED),
            (Q(state=ActState.REFUSED), LadderStanding.REFUSED),
            (Q(end__isnull=False), LadderStanding.ENDED),
            (Q(first_on__gt=on), LadderStanding.AHEAD),
            (is_default & Exists(later), LadderStanding.OVER),
            (Q(until_on__lt=on), LadderStanding.OVER),
        ]
        return self.annotate(
            standing=Case(
                *[When(when, then=Value(one.value)) for when, one in told],
                default=Value(LadderStanding.IN_FORCE.value),
                output_field=CharField(),
            )
        )

    def with_rungs(self) -> Self:
        """Annotate ``ladder``: what is on of it, in short."""
        day = Concat(F("key"), Value(" "), Cast("days", CharField()))
        own = PolicyRung.objects.filter(policy=OuterRef("pk"), is_on=True)
        told = own.order_by().annotate(all=Value(1), said=day).values("all")
        words = told.annotate(
            words=StringAgg("said", delimiter="; ", order_by=("days", "pk"))
        )
        return self.annotate(ladder=Subquery(words.values("words")))


class ReminderPolicy(TwoPeople):
    """
    A ladder of reminders of dues, from a day on: of all, of a member, of an invoice.

    That of all has versions: each counts until the next begins, and two people put it
    in force. That of a member or an invoice has a last day and a reason; of several
    the last one counts. What was proposed or recorded never changes.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        null=True,
        related_name="reminder_policies",
    )
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        null=True,
        related_name="reminder_policies",
    )
    first_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"), null=True)
    based_on = models.ForeignKey(
        "self",
        verbose_name=_("changes"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = PolicyQuerySet.as_manager()

    standing: str  # annotated by with_standing()
    ladder: str  # annotated by with_rungs()
    may_approve: bool  # annotated by with_permissions()
    may_refuse: bool  # annotated by with_permissions()
    may_end: bool  # annotated by with_permissions()

    class Meta(TwoPeople.Meta):
        abstract = False
        verbose_name = _("ladder of reminders")
        verbose_name_plural = _("ladders of reminders")
        ordering = ["-pk"]
        permissions = [
            ("approve_reminderpolicy", "Can put a ladder of somebody else in force")
        ]
        constraints = [
            *TwoPeople.Meta.constraints,
            models.CheckConstraint(
                name="ladder_is_of_one_thing",
                condition=Q(organization=None) | Q(invoice=None),
            ),
            models.CheckConstraint(
                name="ladder_of_all_takes_two_and_has_no_end",
                condition=iff(Q(organization=None, invoice=None), Q(until_on=None))
                & iff(Q(until_on=None), Q(takes_two=True)),
            ),
            models.CheckConstraint(
                name="ladder_begins_before_it_ends",
                condition=Q(until_on=None) | Q(until_on__gte=F("first_on")),
            ),
            models.CheckConstraint(name="ladder_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["first_on"],
                condition=Q(organization=None, invoice=None, state=ActState.RECORDED),
                name="ladder_of_all_begins_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["takes_two"],
                condition=Q(takes_two=True, state=ActState.PROPOSED),
                name="ladder_of_all_is_proposed_once",
            ),
        ]
        triggers: list[Any] = two_people_triggers(
            "organization", "invoice", "first_on", "until_on", "based_on"
        )

    def __str__(self) -> str:
        if self.invoice:
            return _("Ladder of %(invoice)s") % {"invoice": self.invoice}
        if self.organization:
            return _("Ladder of %(member)s") % {"member": self.organization}
        return _("Ladder of all, version %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("consortium:reminder_policy", args=[self.pk])

    @property
    def standing_badge(self) -> LadderStanding:
        return LadderStanding(self.standing)

    @property
    def is_of_all(self) -> bool:
        return self.organization_id is None and self.invoice_id is None


#: A ladder that was recorded has the rungs that it had.
WHILE_PROPOSED = """
IF NOT EXISTS (
    SELECT FROM consortium_reminderpolicy
    WHERE id = NEW.policy_id AND state = 'proposed'
) THEN
    RAISE EXCEPTION 'the rungs of a ladder stay as they were proposed'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class PolicyRung(AppendOnlyModel):
    """
    One rung of a ladder: whether it is climbed, when, and who reads it, how said.

    ``days`` count from the due date. What is a mail by itself may be a task instead.
    """

    policy = models.ForeignKey(
        ReminderPolicy, on_delete=models.PROTECT, related_name="rungs"
    )
    key = models.CharField(_("rung"), max_length=40)
    is_on = models.BooleanField(_("on"), default=True)
    days = models.SmallIntegerField(_("days after it is due"))
    is_task = models.BooleanField(_("a task"), default=False)
    copied = ArrayField(
        models.CharField(max_length=10, choices=Copied),
        verbose_name=_("copied"),
        default=list,
        blank=True,
    )
    wording = models.CharField(
        _("wording"), max_length=10, choices=Wording, blank=True, default=""
    )

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("rung of a ladder")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "key"], name="ladder_has_a_rung_once"
            ),
            models.CheckConstraint(
                name="rung_is_within_reach",
                condition=Q(days__gte=-MOST_BEFORE, days__lte=MOST_AFTER),
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="while_proposed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=WHILE_PROPOSED,
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PolicyEnd(AppendOnlyModel):
    """That the ladder of a member or an invoice was ended before its last day."""

    policy = models.OneToOneField(
        ReminderPolicy, on_delete=models.PROTECT, related_name="end"
    )
    reason = models.CharField(_("reason"), max_length=500)
    ended_at = models.DateTimeField(_("ended"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("end of a ladder")

    def __str__(self) -> str:
        return str(self.policy)


class FirstNotice(models.IntegerChoices):
    """How long before its due date a member may ask to be told of an invoice."""

    WEEK = 7, _("1 week before")
    TWO_WEEKS = 14, _("2 weeks before")
    THREE_WEEKS = 21, _("3 weeks before")
    MONTH = 30, _("30 days before")


class ReminderPreference(VersionedModel):
    """What a member chose of its reminders: earlier, and more who read them."""

    organization = models.OneToOneField(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="reminder_preference",
    )
    first_notice = models.PositiveSmallIntegerField(
        _("first notice"), choices=FirstNotice, default=FirstNotice.WEEK
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of reminders")
        constraints = [
            models.CheckConstraint(
                name="first_notice_is_known",
                condition=Q(first_notice__in=FirstNotice.values),
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)


class ReminderCopy(models.Model):
    """A contact that a member added to those who read its reminders."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="reminder_copies"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="reminder_copies"
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("further reader of reminders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], name="reminders_are_read_once_by_each"
            )
        ]

    def __str__(self) -> str:
        return str(self.contact)


def earlier_than_all() -> Q:
    """Return the condition that a preference asks for an earlier notice."""
    return Q(first_notice__gt=FirstNotice.WEEK)
