"""Motions: put to the vote, voted on, counted and certified."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import MotionFilter
from ..models import Cast, Elector, Motion, PassRule, Proxy, WeightRule
from ..states import MotionOutcome, MotionState
from ..ties import seats_of
from .bodies import BODIES, OfBody

MOTIONS = (_("Motions"), reverse_lazy("consortium:motions"))


class MotionRows(Rows):
    queryset = Motion.objects.select_related("body")
    filter_class = MotionFilter
    default_sort = "-id"
    columns = [
        Column("title", _("Motion"), ("title",)),
        Column("body", _("Body"), ("body__name",)),
        Column("state", _("State"), ("state",)),
        Column("closes", _("Votes until"), ("closes_at",)),
        Column("outcome", _("Outcome"), ("outcome",)),
        Column("id", _("Number"), ("pk",)),
    ]


class MotionList(MotionRows, RecordList):
    template_name = "consortium/motion_list.html"
    noun = (_("motion"), _("motions"))
    export_url = reverse_lazy("consortium:export_motions")
    extra_context = {
        "heading": _("Motions"),
        "empty_title": _("No motions"),
        "empty_text": _("What bodies on which you sit vote on stands here."),
    }


class ExportMotions(MotionRows, RecordExport):
    name = "motions"
    export_columns = {
        "id": "pk",
        "body": exports.text("body__name"),
        "title": exports.text("title"),
        "text": exports.text("text"),
        "weight_rule": exports.words("weight_rule", WeightRule.choices),
        "quorum_percent": "quorum",
        "pass_rule": exports.words("pass_rule", PassRule.choices),
        "is_secret": "is_secret",
        "state": exports.words("state", MotionState.choices),
        "opened_at": "opened_at",
        "closes_at": "closes_at",
        "in_favor": "in_favor",
        "against": "against",
        "abstaining": "abstaining",
        "all_votes": "electorate",
        "outcome": exports.words("outcome", MotionOutcome.choices),
        "certified_at": "certified_at",
    }


class MotionDetail(RecordDetail):
    queryset = Motion.objects.select_related(
        *["body", "meeting", "certified_by", "opened_by"]
    )
    template_name = "consortium/motion_detail.html"
    buttons = ("open", "close", "certify")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        motion = self.object
        now = timezone.now()
        is_over = motion.closes_at is not None and motion.closes_at <= now
        return super().get_context_data(
            heading=motion.title,
            pretitle=motion.body.name,
            breadcrumbs=[BODIES, MOTIONS],
            motion=motion,
            electors=self.electors(),
            is_over=is_over,
            weight=WeightRule(motion.weight_rule).label,
            carried_by=PassRule(motion.pass_rule).label,
            entries=history_of(motion, user=self.user),
            **kwargs,
        )

    def electors(self) -> list[Any]:
        """Return who may vote; of each its choice, where the reader may know it."""
        rows: list[Any] = list(
            Elector.objects.filter(motion=self.object)
            .select_related("seat__organization", "motion")
            .with_permissions(self.user, "vote", "give_proxy")
            .order_by("seat__name", "pk")
        )
        keys = [row.pk for row in rows]
        casts = Cast.objects.filter(elector__in=keys).permitted(self.user, "view")
        said = {cast.elector_id: cast for cast in casts.order_by("pk")}
        held = Proxy.objects.in_force().filter(elector__in=keys)
        given = {one.elector_id: one for one in held.select_related("to__seat")}
        mine = set(seats_of(self.user))
        for row in rows:
            row.said = said.get(row.pk)
            is_mine = row.seat_id in mine
            row.proxy = given.get(row.pk) if is_mine or row.may_vote else None
        return rows


class DraftMotion(OfBody):
    action = "draft_motion"
    form_class = forms.MotionForm
    heading = _("Draft a motion")
    done = _("Drafted. Nobody votes before it is opened.")
    extra_context = {"submit_label": _("Draft")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"body": self.object}

    def perform(self, **data: Any) -> Motion:
        return services.draft_motion(self.object, **data, by=self.user)


class OpenMotion(UseCaseView):
    queryset = Motion.objects.select_related("body")
    action = "open"
    form_class = forms.OpenMotionForm
    done = _("Open. Everybody who sits there is written to.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        motion = self.object
        return super().get_context_data(
            heading=_("Open the vote"),
            pretitle=motion.title,
            intro=_(
                "Who may vote is kept as it is now. Text and rules cannot change then."
            ),
            submit_label=_("Open the vote"),
            breadcrumbs=[MOTIONS, (motion.title, motion.get_absolute_url())],
            cancel_url=motion.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Motion:
        now = timezone.now()
        return services.open_motion(self.object, **data, at=now, by=self.user)


class CloseMotion(StepView):
    queryset = Motion.objects.all()
    action = "close"
    done = _("Closed, and counted.")

    def perform(self, motion: Motion, /) -> Motion:
        return services.close_motion(motion, at=timezone.now(), by=self.user)


class CertifyMotion(StepView):
    queryset = Motion.objects.all()
    action = "certify"
    done = _("Certified.")

    def perform(self, motion: Motion, /) -> Motion:
        return services.certify_motion(motion, at=timezone.now(), by=self.user)


class OfElector(UseCaseView):
    queryset = Elector.objects.select_related("motion__body", "seat")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        elector = self.object
        motion = elector.motion
        return super().get_context_data(
            heading=self.heading,
            pretitle=f"{motion.title}: {elector.seat.name}",
            breadcrumbs=[MOTIONS, (motion.title, motion.get_absolute_url())],
            cancel_url=motion.get_absolute_url(),
            **kwargs,
        )


class Vote(OfElector):
    action = "vote"
    form_class = forms.VoteForm
    heading = _("Vote")
    done = _("Your vote is cast. It can be cast anew until the motion closes.")
    extra_context = {"submit_label": _("Cast the vote")}

    def perform(self, **data: Any) -> Motion:
        services.cast_vote(self.object, **data, at=timezone.now(), by=self.user)
        return self.object.motion


class GiveProxy(OfElector):
    action = "give_proxy"
    form_class = forms.ProxyForm
    heading = _("Let another vote")
    done = _("Noted.")
    extra_context = {"submit_label": _("Save")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"elector": self.object}

    def perform(self, **data: Any) -> Motion:
        services.give_proxy(self.object, **data, at=timezone.now(), by=self.user)
        return self.object.motion
