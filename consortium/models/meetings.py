"""Meetings of bodies: what is on the agenda, who came, and what came of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import MEETING_STEPS, MeetingState
from .bodies import Body, Sitting

#: What is adopted as minutes is of the meeting.
ADOPTS_ITS_OWN = """
    IF NEW.adopted_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_minutes m
        WHERE m.id = NEW.adopted_id AND m.meeting_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'A meeting adopts minutes of its own.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""

#: The record of a meeting ends when its minutes are adopted.
BEFORE_ADOPTION = """
    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;
    IF EXISTS (
        SELECT FROM consortium_meeting m
        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The minutes of this meeting were adopted.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


def before_adoption() -> pgtrigger.Trigger:
    """Return the trigger that keeps the record of a meeting from its adoption on."""
    return pgtrigger.Trigger(
        name="before_adoption",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=BEFORE_ADOPTION,
    )


class Meeting(LifecycleModel):
    """
    A meeting of a body, called ahead; held or cancelled.

    Once its minutes are adopted, nothing of its record changes.
    """

    State = MeetingState
    steps = MEETING_STEPS

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="meetings"
    )
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=MeetingState,
        default=MeetingState.CALLED,
        editable=False,
    )
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    called_at = models.DateTimeField(_("called"))
    cancelled_because = models.CharField(
        _("cancelled because"), max_length=500, blank=True, editable=False
    )
    adopted = models.OneToOneField(
        "Minutes",
        verbose_name=_("adopted minutes"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        constraints = [
            models.CheckConstraint(
                name="meeting_has_a_title_and_a_place",
                condition=~Q(title="") & ~Q(place=""),
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_iff_it_says_why",
                condition=iff(
                    Q(state=MeetingState.CANCELLED), ~Q(cancelled_because="")
                ),
            ),
            models.CheckConstraint(
                name="meeting_adopts_minutes_once_held",
                condition=Q(adopted=None) | Q(state=MeetingState.HELD),
            ),
        ]
        indexes = [
            models.Index(fields=["body", "-starts_at"], name="meeting_of_body"),
            models.Index(fields=["-starts_at", "-id"], name="meeting_by_day"),
        ]
        triggers = [
            *lifecycle_triggers(MEETING_STEPS, initial=MeetingState.CALLED),
            pgtrigger.Trigger(
                name="adopts_its_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=ADOPTS_ITS_OWN,
            ),
            pgtrigger.Protect(
                name="adopted_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__adopted__isnull=False),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("consortium:meeting", self.pk)

    @property
    def state_label(self) -> str:
        return str(MeetingState(self.state).label)

    @property
    def state_tone(self) -> str:
        return MeetingState(self.state).tone


class AgendaItem(models.Model):
    """One thing on the agenda; ``length`` is in minutes."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="agenda"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    presenter = models.CharField(_("presented by"), max_length=200, blank=True)
    length = models.PositiveSmallIntegerField(_("minutes"))
    is_closed = models.BooleanField(
        _("closed session"), default=False, help_text=_("Of those who sit, alone.")
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_position_is_unique"
            ),
            models.CheckConstraint(
                name="agenda_item_has_a_title_and_takes_time",
                condition=~Q(title="") & Q(position__gte=1, length__gte=1),
            ),
        ]
        triggers = [
            before_adoption(),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Presence(models.TextChoices):
    PRESENT = "present", _("Present")
    REMOTE = "remote", _("By call")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class Attendance(models.Model):
    """Whether somebody who sits on the body came, or which guest did."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="attendance"
    )
    sitting = models.ForeignKey(
        Sitting, on_delete=models.PROTECT, null=True, related_name="attendance"
    )
    guest = models.CharField(_("guest"), max_length=200, blank=True)
    presence = models.CharField(_("presence"), max_length=7, choices=Presence)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        constraints = [
            models.CheckConstraint(
                name="attendance_is_of_who_sits_or_of_a_guest",
                condition=iff(Q(sitting=None), ~Q(guest="")),
            ),
            models.UniqueConstraint(
                fields=["meeting", "sitting"], name="attendance_is_told_once"
            ),
        ]
        triggers = [
            before_adoption(),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.guest or str(self.sitting)


class OfMeeting(AppendOnlyModel):
    """A row of the record of a meeting: written once, before its adoption."""

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = True
        triggers = [*AppendOnlyModel.Meta.triggers, before_adoption()]


class PaperAudience(models.TextChoices):
    SITTING = "sitting", _("Who sits on the body, and INM")
    CLOSED = "closed", _("Who sits on the body, alone")
    MEMBERS = "members", _("Everybody at a member")
    INM = "inm", _("INM alone")


class MeetingPaper(OfMeeting):
    """A file that is read for a meeting, by its audience alone."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="papers"
    )
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("agenda item"),
        on_delete=models.PROTECT,
        null=True,
        related_name="papers",
    )
    title = models.CharField(_("title"), max_length=200)
    audience = models.CharField(
        _("read by"),
        max_length=10,
        choices=PaperAudience,
        default=PaperAudience.SITTING,
    )
    document = models.OneToOneField(
        Document, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta(OfMeeting.Meta):
        verbose_name = _("paper")
        constraints = [
            models.CheckConstraint(name="paper_has_a_title", condition=~Q(title=""))
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("consortium:meeting", self.meeting_id)

    @property
    def audience_label(self) -> str:
        return str(PaperAudience(self.audience).label)


class ConflictDeclared(OfMeeting):
    """What somebody who sits declared as a conflict, and whether they left the room."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="conflicts"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, related_name="conflicts"
    )
    sitting = models.ForeignKey(
        Sitting, on_delete=models.PROTECT, related_name="conflicts"
    )
    what = models.CharField(_("what"), max_length=500)
    left_the_room = models.BooleanField(_("left the room"))

    class Meta(OfMeeting.Meta):
        verbose_name = _("declared conflict")
        constraints = [
            models.CheckConstraint(name="conflict_says_what", condition=~Q(what=""))
        ]

    def __str__(self) -> str:
        return f"{self.sitting}: {self.what}"


class Minutes(OfMeeting):
    """One version of the minutes; a meeting adopts one, for good."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="minutes"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=50000)

    class Meta(OfMeeting.Meta):
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="minutes_number_is_unique"
            ),
            models.CheckConstraint(
                name="minutes_say_something", condition=~Q(text="") & Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return _("Minutes, version %(number)s") % {"number": self.number}


class Decision(OfMeeting):
    """What a body decided at a meeting, in words."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="decisions"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    text = models.TextField(_("decision"), max_length=2000)

    class Meta(OfMeeting.Meta):
        verbose_name = _("decision")
        constraints = [
            models.CheckConstraint(name="decision_says_what", condition=~Q(text=""))
        ]

    def __str__(self) -> str:
        return self.text


class Action(OfMeeting):
    """
    Something that somebody does after a meeting.

    Who does it by when, and what came of it, stands in its task.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="actions"
    )
    what = models.CharField(_("what"), max_length=200)

    class Meta(OfMeeting.Meta):
        verbose_name = _("action")
        constraints = [
            models.CheckConstraint(name="action_says_what", condition=~Q(what=""))
        ]

    def __str__(self) -> str:
        return self.what
