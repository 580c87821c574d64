"""
What is known of the renewal of a term: how likely it is, and what the member said.

Of estimates and answers the last one counts. An answer later than the day for notice
is told as late; whether that is accepted a director says, and the portal never.
"""

from datetime import timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import RenewalAnswerKind
from .agreements import Agreement
from .contacts import Contact

#: No goodwill lasts longer after a term.
LONGEST_GOODWILL = timedelta(days=60)


class RenewalEstimate(AppendOnlyModel):
    """A percentage of likelihood that a term is followed by another, and why."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="renewal_estimates",
    )
    probability = models.PositiveSmallIntegerField(
        _("probability"), validators=[MaxValueValidator(100)]
    )
    reason = models.CharField(_("reason"), max_length=500)
    estimated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("estimated by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    estimated_at = models.DateTimeField(_("estimated"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("estimate of a renewal")
        constraints = [
            models.CheckConstraint(
                name="renewal_estimate_is_a_percentage_with_a_reason",
                condition=Q(probability__lte=100) & ~Q(reason=""),
            )
        ]
        indexes = [
            models.Index(fields=["agreement", "-id"], name="renewal_estimate_latest")
        ]

    def __str__(self) -> str:
        return _("%(percent)s percent") % {"percent": self.probability}

    def get_absolute_url(self) -> str:
        return page_of("consortium:renewal", self.agreement_id)


def with_estimate(rows: Any) -> Any:
    """Annotate agreements with what was estimated last, if anything was."""
    latest = RenewalEstimate.objects.filter(agreement=OuterRef("pk")).order_by("-pk")
    names = {"probability": "probability", "reason": "why", "estimated_at": "told_at"}
    return rows.annotate(
        **{name: Subquery(latest.values(column)[:1]) for column, name in names.items()}
    )


class OfTerm(AppendOnlyModel):
    """Something that is written once about a term, by somebody."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="%(class)s_rows",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = True

    def get_absolute_url(self) -> str:
        return page_of("consortium:renewal", self.agreement_id)


class RenewalAnswer(OfTerm):
    """What a member said of the renewal of a term, and when that was received."""

    answer = models.CharField(_("answer"), max_length=10, choices=RenewalAnswerKind)
    received_on = models.DateField(_("received"))
    notice_on = models.DateField(
        _("notice by"), help_text=_("The last day in time, by the terms of then.")
    )
    words = models.TextField(
        _("in its own words"), max_length=2000, blank=True, default=""
    )

    class Meta(OfTerm.Meta):
        verbose_name = _("answer about a renewal")
        indexes = [
            models.Index(fields=["agreement", "-id"], name="renewal_answer_latest")
        ]

    def __str__(self) -> str:
        return str(RenewalAnswerKind(self.answer).label)

    @property
    def tone(self) -> str:
        return RenewalAnswerKind(self.answer).tone

    @property
    def days_late(self) -> int:
        """By how many days a notice came too late; an answer that renews never does."""
        if self.answer != RenewalAnswerKind.LEAVES:
            return 0
        return max((self.received_on - self.notice_on).days, 0)

    @property
    def is_accepted(self) -> bool | None:
        """Whether it was accepted though it came too late; None while nobody said."""
        ruling = getattr(self, "ruling", None)
        return ruling.is_accepted if ruling else None


class LateNoticeRuling(AppendOnlyModel):
    """Whether a director accepts a notice that came too late, and why."""

    answer = models.OneToOneField(
        RenewalAnswer, on_delete=models.PROTECT, related_name="ruling"
    )
    is_accepted = models.BooleanField(_("accepted"))
    reason = models.CharField(_("reason"), max_length=500)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    ruled_at = models.DateTimeField(_("decided"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("decision about a late notice")
        constraints = [
            models.CheckConstraint(
                name="late_notice_is_ruled_with_a_reason", condition=~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return _("Accepted") if self.is_accepted else _("Refused")


#: Goodwill begins when a term is over, and is of no more days than it may be.
WITHIN_THE_LONGEST = f"""
    IF NEW.until_on > (
        SELECT a.ends_on + {LONGEST_GOODWILL.days} FROM consortium_agreement a
        WHERE a.id = NEW.agreement_id
    ) OR NEW.until_on <= (
        SELECT a.ends_on FROM consortium_agreement a WHERE a.id = NEW.agreement_id
    ) THEN
        RAISE EXCEPTION 'goodwill lasts no longer after a term than it may'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - a number of our own


class GoodwillAccess(OfTerm):
    """
    Benefits and papers of members, for a while after a term without a next one.

    It ends by itself, and gives no vote; of several the last one counts.
    """

    until_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)

    class Meta(OfTerm.Meta):
        verbose_name = _("goodwill access")
        constraints = [
            models.CheckConstraint(
                name="goodwill_has_a_reason", condition=~Q(reason="")
            )
        ]
        triggers = [
            *OfTerm.Meta.triggers,
            pgtrigger.Trigger(
                name="within_the_longest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=WITHIN_THE_LONGEST,
            ),
        ]

    def __str__(self) -> str:
        return _("Goodwill access")


class ExitReason(models.TextChoices):
    """Why a member leaves, as it says itself."""

    BUDGET = "budget", _("Its budget")
    STRATEGY = "strategy", _("Its strategy changed")
    PEOPLE = "people", _("Its people who cared left")
    RESEARCH = "research", _("The research did not fit")
    BENEFITS = "benefits", _("It used too little of its benefits")
    SERVICE = "service", _("How it was looked after")
    OTHER = "other", _("Something else")


class ExitInterview(OfTerm):
    """What a member that leaves says about why, and whether it might come back."""

    held_on = models.DateField(_("day"))
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("spoken with"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reasons = ArrayField(
        models.CharField(max_length=20, choices=ExitReason), verbose_name=_("reasons")
    )
    words = models.TextField(_("what was said"), max_length=4000)
    may_return = models.BooleanField(_("might come back"))

    class Meta(OfTerm.Meta):
        verbose_name = _("exit interview")
        constraints = [
            models.CheckConstraint(
                name="exit_interview_says_why",
                condition=~Q(words="") & Q(reasons__len__gt=0),
            )
        ]

    def __str__(self) -> str:
        return _("Exit interview")

    @property
    def reason_labels(self) -> list[str]:
        return [str(ExitReason(one).label) for one in self.reasons]


def with_answer(rows: Any) -> Any:
    """Annotate agreements with what the member said last, if it said anything."""
    latest = RenewalAnswer.objects.filter(agreement=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        answer=Subquery(latest.values("answer")[:1]),
        answered_on=Subquery(latest.values("received_on")[:1]),
    )
