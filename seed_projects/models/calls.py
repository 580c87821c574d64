"""Calls for seed proposals: what is asked for, from whom, and how much there is."""

from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.money import MoneyField, PercentField
from inm_portal.kernel.querysets import PortalQuerySet, of_number
from inm_portal.kernel.versions import VersionedModel

from ..states import CALL_STEPS, PUBLISHED, CallState, CallStatus
from .rubrics import RubricVersion
from .themes import Pillar, Theme
from .told import told_with

#: The zone of a deadline where a call says no other.
BOSTON = "America/New_York"


class BlindMode(models.TextChoices):
    OPEN = "open", _("Reviewers and applicants know each other's names")
    SINGLE = "single", _("Applicants do not learn who reviewed")
    DOUBLE = "double", _("Neither learns who the other is")


class IndirectRule(models.TextChoices):
    """Whether a budget adds indirect cost, at which rate."""

    FULL = "full", _("At the full rate of the institute")
    FIXED = "fixed", _("At a rate of the call")
    NONE = "none", _("None")


class CostCategory(models.TextChoices):
    """What a budget may spend on (MIT's objects of expense, in few words)."""

    SUMMER_SALARY = "summer_salary", _("Faculty summer salary")
    RESEARCH_STAFF = "research_staff", _("Research staff")
    POSTDOC = "postdoc", _("Postdoctoral associates")
    STUDENT_STIPEND = "student_stipend", _("Graduate student stipends")
    STUDENT_TUITION = "student_tuition", _("Graduate student tuition")
    UNDERGRADUATE = "undergraduate", _("Undergraduates (UROP)")
    BENEFITS = "benefits", _("Employee benefits")
    MATERIALS = "materials", _("Materials and supplies")
    COMPUTE = "compute", _("Computing and cloud")
    SERVICE_CENTERS = "service_centers", _("Service centers")
    EQUIPMENT = "equipment", _("Equipment")
    TRAVEL_DOMESTIC = "travel_domestic", _("Travel, domestic")
    TRAVEL_FOREIGN = "travel_foreign", _("Travel, foreign")
    PUBLICATION = "publication", _("Publication")
    PARTICIPANTS = "participants", _("Participant cost")
    SUBAWARD = "subaward", _("Subawards")
    OTHER = "other", _("Other")


#: What a call allows where nobody chooses: all but subawards, which are barred.
USUAL_COSTS = [one.value for one in CostCategory if one != CostCategory.SUBAWARD]


def known_zone(name: str) -> None:
    """
    :raises ValidationError: if nobody keeps time by a zone of that name.
    """
    if name not in available_timezones():
        raise ValidationError(_("Choose a zone such as America/New_York."))


class CallQuerySet(PortalQuerySet):
    def published(self) -> Self:
        """Keep those of which everybody may know."""
        return self.filter(state__in=PUBLISHED)

    def taking(self, *, at: datetime) -> Self:
        """Keep those that take proposals of all at an instant."""
        return self.with_closing().filter(
            state=CallState.OPEN, opens_at__lte=at, closes_at__gte=at
        )

    def not_over(self, *, at: datetime) -> Self:
        """Keep those that take proposals of all, or will; the next to end first."""
        rows = self.with_closing().filter(state=CallState.OPEN, closes_at__gte=at)
        return rows.order_by("closes_at", "pk")

    def with_closing(self) -> Self:
        """Annotate ``opens_at`` and ``closes_at``: of its first and its last stage."""
        stages = self._stages()
        first = stages.values(found=models.Min("opens_at"))
        last = stages.values(found=models.Max("closes_for_all_at"))
        moment = models.DateTimeField()
        return self.annotate(
            opens_at=models.Subquery(first, output_field=moment),
            closes_at=models.Subquery(last, output_field=moment),
        )

    def with_parts(self) -> Self:
        """Annotate ``dates_told``, ``rules_told`` and ``tracks_told``: its parts."""
        names = ["dates", "rules", "tracks"]
        parts: dict[str, Any] = {
            name: Call._meta.get_field(name).related_model for name in names
        }
        return self.annotate(
            **{
                f"{name}_told": told_with(model, "call")
                for name, model in parts.items()
            }
        )

    @staticmethod
    def _stages() -> Any:
        # Stages stand on calls, and are not imported here.
        stages: Any = Call._meta.get_field("stages").related_model
        rows = stages.objects.with_deadlines().filter(call=models.OuterRef("pk"))
        return rows.order_by().values("call")

    def matching(self, text: str) -> Self:
        found = Q(title__icontains=text) | Q(summary__icontains=text)
        return self.filter(found | of_number(text, "CA-"))


#: What applicants rely on stays as it was when the call opened.
FIXED_ONCE_OPEN = [
    *["slug", "zone", "blind_mode", "is_sealed", "grace_minutes"],
    *["ceiling", "year_ceiling", "cost_categories"],
    *["indirect_rule", "indirect_rate", "most_as_pi", "most_in_all"],
]


class Call(LifecycleModel, VersionedModel):
    """
    An invitation to propose seed projects, within a pot and by a deadline.

    A draft is the program office's own. From its opening on everybody may read what
    is public of it, and what applicants rely on (`FIXED_ONCE_OPEN`) stays; deadlines
    move by `Extension` alone. Amounts are US dollars.
    """

    State = CallState
    steps = CALL_STEPS

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=CallState,
        default=CallState.DRAFT,
        editable=False,
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("short name"),
        max_length=60,
        unique=True,
        help_text=_("Part of the public address, as in ai-2027."),
    )
    summary = models.TextField(
        _("summary"), max_length=1000, help_text=_("Two or three sentences, public.")
    )
    narrative = models.TextField(
        _("what is asked for"), max_length=20_000, blank=True, help_text=_("Public.")
    )
    eligibility = models.TextField(
        _("who may apply"), max_length=4000, blank=True, help_text=_("Public.")
    )
    terms = models.TextField(
        _("terms"),
        max_length=20_000,
        blank=True,
        help_text=_("What those who are funded agree to; public."),
    )
    contact_name = models.CharField(_("who answers questions"), max_length=200)
    contact_email = models.EmailField(_("their e-mail"))
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), related_name="+")
    pillars = models.ManyToManyField(
        Pillar, verbose_name=_("pillars"), related_name="+", blank=True
    )
    zone = models.CharField(
        _("time zone of its deadlines"),
        max_length=60,
        default=BOSTON,
        validators=[known_zone],
    )
    pot = MoneyField(_("pot"), null=True, blank=True)
    expected_awards = models.PositiveSmallIntegerField(
        _("awards expected"), null=True, blank=True
    )
    ceiling = MoneyField(_("most for one project"))
    year_ceiling = MoneyField(_("most for one project a year"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("months of a project"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    cost_categories = ArrayField(
        models.CharField(max_length=30, choices=CostCategory.choices),
        verbose_name=_("costs allowed"),
        default=list,
    )
    indirect_rule = models.CharField(
        _("indirect cost"),
        max_length=10,
        choices=IndirectRule,
        default=IndirectRule.NONE,
    )
    indirect_rate = PercentField(
        _("rate of indirect cost"),
        null=True,
        blank=True,
        help_text=_("In percent; only where the call sets one."),
    )
    most_as_pi = models.PositiveSmallIntegerField(
        _("most proposals of one PI"), null=True, blank=True
    )
    most_in_all = models.PositiveSmallIntegerField(
        _("most proposals of one person, as PI or co-PI"), null=True, blank=True
    )
    blind_mode = models.CharField(
        _("who learns whose name"),
        max_length=10,
        choices=BlindMode,
        default=BlindMode.SINGLE,
    )
    reviews_wanted = models.PositiveSmallIntegerField(
        _("reviews of each proposal"), default=3
    )
    is_previewed = models.BooleanField(
        _("members preview the finalists"), default=False
    )
    is_sealed = models.BooleanField(
        _("sealed until it closes"),
        default=False,
        help_text=_("Nobody at INM reads a proposal before the deadline."),
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace after a deadline"),
        default=0,
        validators=[MaxValueValidator(15)],
        help_text=_("In minutes, the same for all and not announced; 15 at most."),
    )
    rubric = models.ForeignKey(
        RubricVersion,
        verbose_name=_("rubric"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    drafted_at = models.DateTimeField(_("drafted"), editable=False)
    opened_at = models.DateTimeField(_("published"), null=True, editable=False)
    cancel_reason = models.CharField(
        _("reason of the cancellation"), max_length=500, blank=True, editable=False
    )

    objects = CallQuerySet.as_manager()

    #: Annotated by with_closing().
    opens_at: datetime | None
    closes_at: datetime | None
    #: Annotated by with_parts().
    dates_told: list[dict[str, Any]]
    rules_told: list[dict[str, Any]]
    tracks_told: list[dict[str, Any]]

    class Meta:
        verbose_name = _("call")
        constraints = [
            models.CheckConstraint(
                name="call_has_a_title_and_a_summary",
                condition=~Q(title="") & ~Q(summary="") & ~Q(slug=""),
            ),
            models.CheckConstraint(
                name="call_ceilings_are_amounts",
                condition=Q(ceiling__gt=0)
                & (Q(year_ceiling=None) | Q(year_ceiling__gt=0))
                & (Q(year_ceiling=None) | Q(year_ceiling__lte=F("ceiling"))),
            ),
            models.CheckConstraint(
                name="call_pot_holds_one_project",
                condition=Q(pot=None) | Q(pot__gte=F("ceiling")),
            ),
            models.CheckConstraint(
                name="call_has_months", condition=Q(months__gte=1, months__lte=60)
            ),
            models.CheckConstraint(
                name="call_rate_iff_it_sets_one",
                condition=iff(
                    Q(indirect_rule=IndirectRule.FIXED), Q(indirect_rate__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="call_rate_is_a_percentage",
                condition=Q(indirect_rate=None)
                | Q(indirect_rate__gte=0, indirect_rate__lte=100),
            ),
            models.CheckConstraint(
                name="call_grace_is_short", condition=Q(grace_minutes__lte=15)
            ),
            models.CheckConstraint(
                name="call_limits_leave_one",
                condition=(Q(most_as_pi=None) | Q(most_as_pi__gte=1))
                & (Q(most_in_all=None) | Q(most_in_all__gte=1)),
            ),
            models.CheckConstraint(
                name="call_reason_iff_cancelled",
                condition=iff(Q(state=CallState.CANCELLED), ~Q(cancel_reason="")),
            ),
            models.CheckConstraint(
                name="call_opened_at_iff_it_was",
                condition=Q(state=CallState.CANCELLED)
                | iff(Q(state=CallState.DRAFT), Q(opened_at=None)),
            ),
            models.CheckConstraint(
                name="call_has_a_rubric_once_reviewed",
                condition=~Q(state__in=[CallState.IN_REVIEW, CallState.DECIDED])
                | Q(rubric__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="call_by_state"),
        ]
        triggers = [
            *lifecycle_triggers(CALL_STEPS, initial=CallState.DRAFT),
            pgtrigger.Protect(
                name="fixed_once_open",
                operation=pgtrigger.Update,
                condition=ChangedAfter(CallState.DRAFT, *FIXED_ONCE_OPEN),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:call", self.pk)

    @property
    def number(self) -> str:
        return f"CA-{self.pk:05}"

    @property
    def is_draft(self) -> bool:
        return bool(self.state == CallState.DRAFT)

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def present(self) -> CallStatus:
        """What it is now; read `with_closing` before."""
        return self.status(at=timezone.now())

    def status(self, *, at: datetime) -> CallStatus:
        """Return what it is at an instant; read `with_closing` before."""
        if self.state != CallState.OPEN or self.opens_at is None:
            return CallStatus(self.state)
        if at < self.opens_at:
            return CallStatus.SCHEDULED
        is_over = self.closes_at is not None and at > self.closes_at
        return CallStatus.CLOSED if is_over else CallStatus.OPEN
