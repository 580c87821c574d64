"""
When a call takes what: stages with deadlines, extensions, and the dates around them.

A deadline is one instant. What was set before the opening stays; it moves by further
rows alone, for all or for one person, and only to a later instant.
"""

from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .calls import Call
from .forms import FormVersion


class StageKind(models.TextChoices):
    INTEREST = "interest", _("Expression of interest")
    PRE_PROPOSAL = "pre_proposal", _("Pre-proposal")
    FULL = "full", _("Full proposal")


#: The order in which stages follow one another.
STAGE_ORDER = {kind: place for place, kind in enumerate(StageKind)}

#: What belongs to a call is set while it is a draft.
SET_IN_DRAFT = """
    IF EXISTS (
        SELECT FROM seed_projects_call c
        WHERE c.id IN (OLD.call_id, NEW.call_id) AND c.state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'An open call keeps what applicants rely on.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


def set_in_draft(*fields: str) -> list[pgtrigger.Trigger]:
    """Return triggers: rows come and go, and ``fields`` change, only in a draft."""
    changes = pgtrigger.AnyChange(*fields)
    shared: dict[str, Any] = {"when": pgtrigger.Before, "func": SET_IN_DRAFT}
    return [
        pgtrigger.Trigger(
            name="comes_and_goes_in_draft",
            operation=pgtrigger.Insert | pgtrigger.Delete,
            **shared,
        ),
        pgtrigger.Trigger(
            name="changes_in_draft",
            operation=pgtrigger.Update,
            condition=changes,
            **shared,
        ),
    ]


class StageQuerySet(PortalQuerySet):
    def with_deadlines(self, *, person: Any = None) -> Self:
        """
        Annotate ``closes_for_all_at``, and of a person their own ``deadline_at``.

        Each is the latest of what was set and of what it was extended to. This is
        the one place where deadlines are computed.
        """
        longer = Extension.objects.filter(stage=OuterRef("pk")).order_by()
        for_all = _latest(longer.filter(person=None))
        rows = self.annotate(closes_for_all_at=Greatest("closes_at", for_all))
        if person is None:
            return rows.annotate(deadline_at=F("closes_for_all_at"))
        theirs = Q(person=None) | of_person(person)
        for_them = _latest(longer.filter(theirs))
        return rows.annotate(deadline_at=Greatest("closes_at", for_them))


def of_person(person: Any) -> Q:
    """Return the condition of what was granted to somebody, by whichever account."""
    return Q(person=person) | Q(person__merged_into=person)


def _latest(rows: Any) -> Subquery:
    last = rows.values("stage").annotate(last=Max("until_at")).values("last")
    return Subquery(last, output_field=models.DateTimeField())


class CallStage(models.Model):
    """
    A step of a call at which applicants hand something in, by a deadline.

    ``form`` is the version that new drafts answer; a proposal keeps the version that
    it was begun with.
    """

    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.CASCADE, related_name="stages"
    )
    kind = models.CharField(_("stage"), max_length=20, choices=StageKind)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("deadline"))
    form = models.ForeignKey(
        FormVersion,
        verbose_name=_("form"),
        on_delete=models.PROTECT,
        related_name="stages",
    )
    is_by_invitation = models.BooleanField(
        _("by invitation alone"),
        default=False,
        help_text=_("Only who was invited after the stage before it."),
    )

    objects = StageQuerySet.as_manager()

    #: Annotated by with_deadlines().
    closes_for_all_at: datetime
    deadline_at: datetime

    class Meta:
        verbose_name = _("stage of a call")
        ordering = ["closes_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "kind"], name="call_has_each_stage_once"
            ),
            models.CheckConstraint(
                name="stage_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
            ),
            models.CheckConstraint(
                name="stage_first_is_for_all",
                condition=Q(is_by_invitation=False) | ~Q(kind=StageKind.INTEREST),
            ),
        ]
        triggers = set_in_draft(
            *["call", "kind", "opens_at", "closes_at", "is_by_invitation"]
        )

    def __str__(self) -> str:
        return self.kind_label

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()

    @property
    def kind_label(self) -> str:
        return str(StageKind(self.kind).label)


class Extension(AppendOnlyModel):
    """
    A later deadline of a stage, for all or for one person, and why.

    Never taken back: who relied on it would be late.
    """

    stage = models.ForeignKey(
        CallStage,
        verbose_name=_("stage"),
        on_delete=models.PROTECT,
        related_name="extensions",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    until_at = models.DateTimeField(_("new deadline"))
    reason = models.CharField(_("reason"), max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    granted_at = models.DateTimeField(_("granted"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("extension")
        ordering = ["granted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_has_a_reason", condition=~Q(reason="")
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="later_than_the_deadline",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
    IF EXISTS (
        SELECT FROM seed_projects_callstage s
        WHERE s.id = NEW.stage_id AND s.closes_at >= NEW.until_at
    ) THEN
        RAISE EXCEPTION 'A deadline moves to a later instant.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return _("Extension of %(stage)s") % {"stage": self.stage}


class DateKind(models.TextChoices):
    """The instants of a call beside the deadlines of its stages."""

    ANNOUNCED = "announced", _("Announced")
    INFO_SESSION = "info_session", _("Information session")
    INVITATIONS = "invitations", _("Invitations to full proposals")
    CONFLICTS_DUE = "conflicts_due", _("Conflicts declared")
    REVIEWS_DUE = "reviews_due", _("Reviews due")
    FEEDBACK_FROM = "feedback_from", _("Members' feedback begins")
    FEEDBACK_UNTIL = "feedback_until", _("Members' feedback ends")
    PANEL = "panel", _("Panel meets")
    STEERING = "steering", _("Steering committee meets")
    NOTICE = "notice", _("Applicants hear")
    START = "start", _("Projects start")


#: What everybody reads of the dates of a call; the others are INM's own.
PUBLIC_DATES = [
    *[DateKind.ANNOUNCED, DateKind.INFO_SESSION, DateKind.INVITATIONS],
    *[DateKind.NOTICE, DateKind.START],
]


class CallDate(models.Model):
    """An instant of a call's timeline; it may move as long as the call goes on."""

    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.CASCADE, related_name="dates"
    )
    kind = models.CharField(_("date"), max_length=20, choices=DateKind)
    at = models.DateTimeField(_("when"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of a call")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "kind"], name="call_has_each_date_once"
            ),
        ]

    def __str__(self) -> str:
        return self.kind_label

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()

    @property
    def kind_label(self) -> str:
        return str(DateKind(self.kind).label)
