"""
The office's side of proposals: checked, moved on, sent back, returned, appealed.

Each row is about one submission of a proposal, so that a further submission is
checked anew. What was wrong is put right by further rows.
"""

from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils.translation import gettext as _

from consortium.models import FacultyMember
from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import ProposalState, ScreeningState
from .proposals import (
    AuthorRole,
    Proposal,
    ProposalPerson,
    ProposalQuerySet,
    ProposalSnapshot,
)
from .themes import Theme
from .timeline import Extension


class CheckKind(models.TextChoices):
    """What a submission is checked for before anybody reviews it."""

    COMPLETE = "complete", _("Complete")
    ELIGIBLE = "eligible", _("Eligible")
    SCOPE = "scope", _("In scope")
    BUDGET = "budget", _("Budget within the limits")
    COMPLIANCE = "compliance", _("Compliance")


class MoveKind(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted into review")
    RETURNED = "returned", _("Returned without review")
    SENT_BACK = "sent_back", _("Sent back for more information")


class Ground(models.TextChoices):
    """The stated rule that a proposal breaks which is returned without review."""

    INCOMPLETE = "incomplete", _("Something that was asked for is missing")
    NOT_ELIGIBLE = "not_eligible", _("An investigator may not apply")
    OUT_OF_SCOPE = "out_of_scope", _("Not what the call asks for")
    OVER_BUDGET = "over_budget", _("The budget is above the limits of the call")
    COMPLIANCE = "compliance", _("Research that cannot be done this way")
    OTHER_TOPIC = "other_topic", _("Another topic than the one invited")
    DUPLICATE = "duplicate", _("Handed in twice")
    NOT_CONFIRMED = "not_confirmed", _("An investigator did not confirm")
    NOT_COMPLETED = "not_completed", _("What was asked for did not come in time")
    OTHER = "other", _("Another rule of the call")


#: Moves that can be undone for a while, before anybody hears of them.
UNDONE_FOR_A_WHILE = [MoveKind.ACCEPTED, MoveKind.RETURNED]


class ScreenedQuerySet(ProposalQuerySet):
    def with_screening(self) -> Self:
        """
        Annotate what the queue shows of each, as it was handed in last.

        ``last_number`` and ``shown_title`` are of the last submission, ``pi_name``,
        ``pi_email`` and ``department`` of its PI, ``passed`` and ``failed`` count its
        checks, ``theme`` is the one of the call that the office sees it in.
        """
        last = _last_snapshots()
        pis = ProposalPerson.objects.filter(
            proposal=OuterRef("pk"), role=AuthorRole.PI
        ).order_by()
        faculty = FacultyMember.objects.alias(address=Lower("email"))
        of_pi = faculty.filter(address=Lower(OuterRef("pi_email"))).order_by()
        checks = ScreeningCheck.objects.filter(
            snapshot__proposal=OuterRef("pk"), snapshot__number=OuterRef("last_number")
        ).standing()
        themed = checks.filter(kind=CheckKind.SCOPE).order_by()
        text = models.TextField()
        return self.annotate(
            last_number=Subquery(last.values("number")),
            shown_title=Case(
                When(
                    state=ProposalState.DRAFT,
                    then=Subquery(last.values(found=KT("content__title"))),
                ),
                default=F("title"),
                output_field=text,
            ),
            pi_name=Subquery(pis.values("name"), output_field=text),
            pi_email=Subquery(pis.values("email"), output_field=text),
            department=Subquery(of_pi.values("department"), output_field=text),
            passed=_count_of(checks.filter(passes=True)),
            failed=_count_of(checks.filter(passes=False)),
            theme=Subquery(themed.values("theme__name"), output_field=text),
        )

    def sent_back(self) -> Self:
        """Keep those that are out for more information, and not handed in again."""
        return self.filter(Exists(out_for_more()), state=ProposalState.DRAFT)

    def matching(self, text: str) -> Self:
        named = ProposalPerson.objects.filter(
            Q(name__icontains=text) | Q(email__icontains=text)
        )
        found = super().matching(text).order_by().values("pk")
        return self.filter(Q(pk__in=found) | Q(pk__in=named.values("proposal")))


def _count_of(rows: Any) -> Coalesce:
    each = rows.order_by().values("snapshot").annotate(found=Count("pk"))
    return Coalesce(Subquery(each.values("found")), Value(0))


def _last_snapshots() -> Any:
    rows = ProposalSnapshot.objects.filter(proposal=OuterRef("pk"))
    return rows.order_by("-number")[:1]


def out_for_more(proposal: Any = None) -> Any:
    """Return the moves that sent a proposal back, since when nothing was handed in."""
    later = ProposalSnapshot.objects.filter(
        proposal=OuterRef("snapshot__proposal"), number__gt=OuterRef("snapshot__number")
    )
    rows = ScreeningMove.objects.filter(
        ~Exists(later),
        kind=MoveKind.SENT_BACK,
        snapshot__proposal=OuterRef("pk") if proposal is None else proposal,
    )
    return rows.order_by("-until_at", "-pk")


def with_deadline(rows: Any) -> Any:
    """
    Annotate ``deadline_at``: that of the PI as extended, or what INM gave for more.

    It is `deadline_of` and `in_time` told of many at once.
    """
    leads = ProposalPerson.objects.filter(
        proposal=OuterRef(OuterRef("pk")), role=AuthorRole.PI
    )
    pi = Subquery(leads.values("person")[:1])
    longer = Extension.objects.filter(stage=OuterRef("stage")).order_by()
    longer = longer.filter(Q(person=None) | Q(person=pi) | Q(person__merged_into=pi))
    last = longer.values("stage").annotate(last=Max("until_at")).values("last")
    extended = Subquery(last, output_field=DateTimeField())
    out = Subquery(out_for_more().values("until_at")[:1])
    deadline = Coalesce(out, Greatest("stage__closes_at", extended))
    return rows.annotate(deadline_at=deadline)


def as_told(rows: Any, *, at: datetime) -> Any:
    """
    Annotate ``told_state``: that of a proposal as its people know it by now.

    What the office accepted or returned is submitted to them until they are told.
    """
    untold = ScreeningMove.objects.filter(
        snapshot__proposal=OuterRef("pk"), told_at__gt=at, undo=None
    )
    submitted = When(Exists(untold), then=Value(ProposalState.SUBMITTED))
    told = Case(submitted, default=F("state"), output_field=models.CharField())
    return rows.annotate(told_state=told)


class ScreenedProposal(Proposal):
    """
    A proposal as the office screens it: what was handed in, and nothing of drafts.

    While it is out for more information, the office reads the submission before.
    """

    objects = ScreenedQuerySet.as_manager()  # type: ignore[misc]

    #: Annotated by with_screening().
    last_number: int
    shown_title: str
    pi_name: str
    pi_email: str
    department: str | None
    passed: int
    failed: int
    theme: str | None

    class Meta:
        proxy = True
        verbose_name = _("proposal handed in")

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:screened", self.pk)

    @property
    def present(self) -> ScreeningState:
        return ScreeningState(self.state)


class CheckQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep the last one of each kind of each submission."""
        later = ScreeningCheck.objects.filter(
            snapshot=OuterRef("snapshot"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later))


class ScreeningCheck(AppendOnlyModel):
    """
    What somebody of the office found of one submission, on one line of the list.

    The last one of a kind holds. ``theme`` is the theme of the call that it is in.
    """

    snapshot = models.ForeignKey(
        ProposalSnapshot,
        verbose_name=_("submission"),
        on_delete=models.PROTECT,
        related_name="checks",
    )
    kind = models.CharField(_("checked for"), max_length=20, choices=CheckKind)
    passes = models.BooleanField(_("passes"))
    note = models.CharField(_("note"), max_length=1000, blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("checked"))

    objects = CheckQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("check of a submission")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="check_that_fails_says_why",
                condition=Q(passes=True) | ~Q(note=""),
            ),
            models.CheckConstraint(
                name="check_of_scope_has_the_theme",
                condition=Q(theme=None) | Q(kind=CheckKind.SCOPE),
            ),
        ]

    def __str__(self) -> str:
        return str(CheckKind(self.kind).label)

    @property
    def kind_label(self) -> str:
        return str(CheckKind(self.kind).label)


class MoveBatch(AppendOnlyModel):
    """
    Proposals that were moved together, and those that were not.

    ``refused`` holds of each that stayed its key and why, in words.
    """

    kind = models.CharField(_("move"), max_length=20, choices=MoveKind)
    refused = models.JSONField(_("refused"), default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("moved by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("moved"))
    told_at = models.DateTimeField(_("letters go out"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("move of several proposals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="batch_is_told_afterwards",
                condition=Q(told_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind_label

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:move_batch", self.pk)

    @property
    def kind_label(self) -> str:
        return str(MoveKind(self.kind).label)


class MoveQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep what was not undone."""
        return self.filter(undo=None)


class ScreeningMove(AppendOnlyModel):
    """
    What the office did with a submission, and why.

    ``until_at`` is the deadline of what follows: of the further information, or of
    the appeal. ``told_at`` is when its people hear of it; until then it can be undone.
    """

    snapshot = models.ForeignKey(
        ProposalSnapshot,
        verbose_name=_("submission"),
        on_delete=models.PROTECT,
        related_name="moves",
    )
    kind = models.CharField(_("move"), max_length=20, choices=MoveKind)
    ground = models.CharField(_("rule"), max_length=20, choices=Ground, blank=True)
    words = models.TextField(_("in words"), max_length=4000, blank=True)
    until_at = models.DateTimeField(_("until"), null=True)
    batch = models.ForeignKey(
        MoveBatch, on_delete=models.PROTECT, null=True, related_name="moves"
    )
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("moved by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    moved_at = models.DateTimeField(_("moved"))
    told_at = models.DateTimeField(_("told"))

    objects = MoveQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("move of a proposal")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="move_has_a_ground_iff_it_returns",
                condition=iff(Q(kind=MoveKind.RETURNED), ~Q(ground="")),
            ),
            models.CheckConstraint(
                name="move_says_why_and_until_unless_it_accepts",
                condition=Q(kind=MoveKind.ACCEPTED, until_at=None)
                | ~Q(kind=MoveKind.ACCEPTED) & ~Q(words="") & Q(until_at__isnull=False),
            ),
            models.CheckConstraint(
                name="move_is_told_afterwards",
                condition=Q(told_at__gte=F("moved_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind_label

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:screening_move", self.pk)

    @property
    def kind_label(self) -> str:
        return str(MoveKind(self.kind).label)

    @property
    def ground_label(self) -> str:
        return str(Ground(self.ground).label) if self.ground else ""


class MoveUndo(AppendOnlyModel):
    """A move that was undone before anybody heard of it."""

    move = models.OneToOneField(
        ScreeningMove, on_delete=models.PROTECT, related_name="undo"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("move undone")

    def __str__(self) -> str:
        return str(self.move)


class Appeal(AppendOnlyModel):
    """What the PI says against the return of a proposal, once."""

    move = models.OneToOneField(
        ScreeningMove,
        verbose_name=_("return"),
        on_delete=models.PROTECT,
        related_name="appeal",
    )
    text = models.TextField(_("why it should be reviewed"), max_length=4000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("appeal")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="appeal_has_a_text", condition=~Q(text="")),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="against_a_return_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
    IF NOT EXISTS (
        SELECT FROM seed_projects_screeningmove m
        WHERE m.id = NEW.move_id AND m.kind = 'returned' AND NEW.made_at <= m.until_at
    ) THEN
        RAISE EXCEPTION 'An appeal is made in time, against a return.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return _("Appeal")

    def get_absolute_url(self) -> str:
        return self.move.get_absolute_url()


class AppealDecision(AppendOnlyModel):
    """What a director decided of an appeal, who did not return the proposal."""

    appeal = models.OneToOneField(
        Appeal, on_delete=models.PROTECT, related_name="decision"
    )
    is_upheld = models.BooleanField(_("back into the queue"))
    words = models.CharField(_("in words"), max_length=1000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("decision of an appeal")
        constraints = [
            models.CheckConstraint(
                name="appeal_decision_says_why", condition=~Q(words="")
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="by_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
    IF EXISTS (
        SELECT FROM seed_projects_appeal a
        JOIN seed_projects_screeningmove m ON m.id = a.move_id
        WHERE a.id = NEW.appeal_id AND m.moved_by_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'Who returned a proposal does not decide of its appeal.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return _("Decision of an appeal")
