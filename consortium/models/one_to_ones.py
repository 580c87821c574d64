"""Talks of a member with one of the faculty alone: asked for, agreed, and held."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import ONE_TO_ONE_STEPS, OneToOneState
from .contacts import Contact
from .engagement import FacultyMember, Interaction
from .organizations import Organization

#: States in which a talk takes one of those that a member of the faculty gives.
TAKEN = [OneToOneState.AGREED, OneToOneState.HELD]
#: States in which no talk comes of it, for a reason that is kept.
CAME_TO_NOTHING = [OneToOneState.DECLINED, OneToOneState.WITHDRAWN]


def half_year_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the half-year in which ``day`` lies."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def with_one_to_ones_taken(faculty: Any, *, on: date) -> Any:
    """Annotate ``taken``: the talks agreed or held in the half-year of a day."""
    rows = OneToOneRequest.objects.taking(on=on).filter(faculty=OuterRef("pk"))
    count = rows.order_by().values("faculty").annotate(found=Count("pk"))
    found = Subquery(count.values("found"), output_field=IntegerField())
    return faculty.annotate(taken=Coalesce(found, 0))


class OneToOneQuerySet(PortalQuerySet):
    def taking(self, *, on: date) -> Self:
        """Keep those that count towards the cap in the half-year of a day."""
        return self.filter(state__in=TAKEN, meets_on__range=half_year_of(on))

    def open(self) -> Self:
        """Keep those of which a talk may still come."""
        return self.filter(state__in=[OneToOneState.ASKED, OneToOneState.AGREED])

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        people = Q(faculty__name__icontains=text) | Q(contact__name__icontains=text)
        return self.filter(
            people | Q(topic__icontains=text) | Q(organization__in=members)
        )


class OneToOneRequest(LifecycleModel):
    """What somebody of a member asks to speak of with one of the faculty."""

    State = OneToOneState
    steps = ONE_TO_ONE_STEPS

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="one_to_one_requests",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("for"),
        on_delete=models.PROTECT,
        related_name="one_to_one_requests",
    )
    faculty = models.ForeignKey(
        FacultyMember,
        verbose_name=_("faculty"),
        on_delete=models.PROTECT,
        related_name="one_to_one_requests",
    )
    topic = models.TextField(
        _("what about"),
        max_length=2000,
        help_text=_("Who it is asked of reads it, INM, and everybody of your company."),
    )
    suits = models.CharField(
        _("when it suits"),
        max_length=300,
        help_text=_("Days or weeks that suit you, in a sentence."),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.ASKED, editable=False
    )
    meets_on = models.DateField(_("day"), null=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    interaction = models.OneToOneField(
        Interaction,
        verbose_name=_("what was spoken"),
        on_delete=models.PROTECT,
        null=True,
        related_name="request",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"))

    objects = OneToOneQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-to-one")
        verbose_name_plural = _("one-to-ones")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "faculty"],
                condition=Q(state__in=[OneToOneState.ASKED, OneToOneState.AGREED]),
                name="one_to_one_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                name="one_to_one_is_agreed_for_a_day",
                condition=(~Q(state__in=TAKEN) | Q(meets_on__isnull=False))
                & (~Q(state=OneToOneState.ASKED) | Q(meets_on=None)),
            ),
            models.CheckConstraint(
                name="one_to_one_reason_iff_nothing_came_of_it",
                condition=iff(Q(state__in=CAME_TO_NOTHING), ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="one_to_one_is_held_iff_written_down",
                condition=iff(
                    Q(state=OneToOneState.HELD), Q(interaction__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="one_to_one_says_of_what_and_when",
                condition=~Q(topic="") & ~Q(suits=""),
            ),
        ]
        indexes = [
            models.Index(fields=["faculty", "meets_on"], name="one_to_one_of_faculty"),
            models.Index(fields=["-asked_at", "-id"], name="one_to_one_by_day"),
        ]
        triggers = [
            *lifecycle_triggers(ONE_TO_ONE_STEPS, initial=OneToOneState.ASKED),
            pgtrigger.Protect(
                name="as_it_was_asked",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *["organization", "faculty", "topic", "suits", "asked_at"]
                ),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        facts = {"company": self.organization.name, "faculty": self.faculty.name}
        return _("One-to-one of %(company)s with %(faculty)s") % facts

    def get_absolute_url(self) -> str:
        return page_of("consortium:one_to_one", self.pk)

    @property
    def state_label(self) -> str:
        return str(OneToOneState(self.state).label)

    @property
    def state_tone(self) -> str:
        return OneToOneState(self.state).tone
