"""What was done with proposals: seen, undone, done to several at once, appealed."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import CreateView, RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import AppealFilter, MoveFilter
from ..models import (
    Appeal,
    Ground,
    MoveBatch,
    MoveKind,
    ScreenedProposal,
    ScreeningMove,
)
from .screening import QUEUE

MOVES = (_("Moves"), reverse_lazy("seed_projects:screening_moves"))


class MoveRows(Rows):
    """What was done, and stands."""

    queryset = ScreeningMove.objects.standing().select_related(
        *["snapshot__proposal__call", "moved_by", "appeal__decision"]
    )
    filter_class = MoveFilter
    default_sort = "-moved"
    columns = [
        Column("proposal", _("Proposal"), ("snapshot__proposal__title",)),
        Column("kind", _("Move"), ("kind",)),
        Column("ground", _("Rule"), ("ground",)),
        Column("until", _("Until"), ("until_at",)),
        Column("by", _("By"), ("moved_by__name",)),
        Column("moved", _("When"), ("moved_at",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("snapshot__content")


class MoveList(MoveRows, RecordList):
    template_name = "seed_projects/screeningmove_list.html"
    noun = (_("move"), _("moves"))
    export_url = reverse_lazy("seed_projects:export_screening_moves")
    extra_context = {
        "heading": _("Moves"),
        "empty_title": _("Nothing was moved yet"),
        "empty_text": _("What is accepted, returned or sent back stands here."),
    }


class ExportMoves(MoveRows, RecordExport):
    name = "screening_moves"
    export_columns = {
        "id": "pk",
        "proposal": "snapshot__proposal",
        "call": exports.text("snapshot__proposal__call__title"),
        "kind": "kind",
        "kind_words": exports.words("kind", MoveKind.choices),
        "ground": "ground",
        "ground_words": exports.words("ground", Ground.choices),
        "until_at": "until_at",
        "moved_by": exports.text("moved_by__name"),
        "moved_at": "moved_at",
    }


class MoveDetail(RecordDetail):
    """What was done with a proposal: for the office, and for its people once told."""

    queryset = ScreeningMove.objects.select_related(
        *["snapshot__proposal__call", "moved_by", "undo__undone_by"],
        *["appeal__made_by", "appeal__decision__decided_by"],
    )
    template_name = "seed_projects/screeningmove_detail.html"
    buttons = ("undo", "appeal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        move = self.object
        proposal = move.snapshot.proposal
        appeal = getattr(move, "appeal", None)
        may_decide = appeal is not None and self.user.has_perm(
            "seed_projects.decide_appeal", appeal
        )
        until = move.until_at and services.in_zone(move.until_at, proposal.call)
        return super().get_context_data(
            heading=move.kind_label,
            pretitle=proposal.number,
            breadcrumbs=[QUEUE] if self.at_inm else [],
            move=move,
            proposal=proposal,
            appeal=appeal,
            decision=getattr(appeal, "decision", None),
            may_decide=may_decide,
            at_inm=self.at_inm,
            until=until,
            title=move.snapshot.content["title"],
            **kwargs,
        )

    @property
    def at_inm(self) -> bool:
        return bool(self.user.has_perm("seed_projects.view_proposal"))


class UndoMove(StepView):
    queryset = ScreeningMove.objects.select_related("snapshot__proposal")
    action = "undo"
    done = _("Undone; nobody heard of it.")

    def perform(self, move: ScreeningMove, /) -> Any:
        return services.undo_move(move, at=timezone.now(), by=self.user)


class MoveTogether(CreateView):
    """See of several proposals who would be moved, then move them."""

    permission = "seed_projects.change_proposal"
    form_class = forms.MoveForm
    template_name = "seed_projects/move_together.html"
    done = _("Moved. You can undo it for ten minutes, before their people hear of it.")
    extra_context = {
        "heading": _("Move several proposals"),
        "submit_label": _("Move those that are ticked"),
        "breadcrumbs": [QUEUE],
        "cancel_url": QUEUE[1],
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", MoveKind.ACCEPTED.value)
        return {"kind": kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        kind, keys = self.asked(context["form"])
        rows = ScreenedProposal.objects.permitted(self.user, "view")
        chosen = rows.filter(pk__in=keys).select_related("call")
        looks = services.preview_moves(chosen, kind=kind, by=self.user)
        moved = sum(look.is_moved for look in looks)
        return context | {"looks": looks, "moved": moved, "kind": kind}

    def asked(self, form: Any) -> tuple[str, list[int]]:
        """Return what was chosen, as typed or as the queue leads here."""
        asked = form.data if form.is_bound else self.request.GET
        kinds = [MoveKind.ACCEPTED.value, MoveKind.RETURNED.value]
        kind = asked.get("kind")
        keys = [key_of(text) for text in asked.getlist("proposals")]
        known = [key for key in keys if key is not None]
        return kind if kind in kinds else kinds[0], known

    def perform(self, **data: Any) -> MoveBatch:
        return services.move_together(
            data.pop("proposals"), **data, at=timezone.now(), by=self.user
        )


class BatchDetail(RecordDetail):
    queryset = MoveBatch.objects.select_related("made_by")
    template_name = "seed_projects/movebatch_detail.html"
    buttons = ("undo",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.object
        left = {row["proposal"]: row["words"] for row in batch.refused}
        seen = ScreenedProposal.objects.permitted(self.user, "view")
        stayed = [(row, left[row.pk]) for row in seen.filter(pk__in=left)]
        moves = ScreeningMove.objects.permitted(self.user, "view").filter(batch=batch)
        rows = moves.select_related("snapshot__proposal", "undo")
        return super().get_context_data(
            heading=batch.kind_label,
            pretitle=_("Several proposals"),
            breadcrumbs=[QUEUE],
            batch=batch,
            moves=rows.defer("snapshot__content").order_by("pk"),
            stayed=stayed,
            **kwargs,
        )


class UndoBatch(StepView):
    queryset = MoveBatch.objects.all()
    action = "undo"
    done = _("Undone; nobody heard of it.")

    def perform(self, batch: MoveBatch, /) -> Any:
        services.undo_together(batch, at=timezone.now(), by=self.user)
        return batch


class AppealReturn(UseCaseView):
    """The PI says why a returned proposal should be reviewed."""

    queryset = ScreeningMove.objects.select_related("snapshot__proposal__call")
    action = "appeal"
    form_class = forms.AppealForm
    done = _("Sent. Somebody decides who did not return it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        move = self.object
        return super().get_context_data(
            heading=_("Appeal against the return"),
            pretitle=move.snapshot.proposal.number,
            intro=_("You can appeal once. What you write is not changed later."),
            submit_label=_("Appeal"),
            cancel_url=move.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Appeal:
        return services.appeal(self.object, **data, at=timezone.now(), by=self.user)


class AppealRows(Rows):
    queryset = Appeal.objects.select_related(
        *["move__snapshot__proposal__call", "made_by", "decision__decided_by"]
    )
    filter_class = AppealFilter
    default_sort = "-made"
    columns = [
        Column("proposal", _("Proposal"), ("move__snapshot__proposal__title",)),
        Column("ground", _("Returned for"), ("move__ground",)),
        Column("by", _("By"), ("made_by__name",)),
        Column("made", _("When"), ("made_at",)),
        Column("decision", _("Decision"), ("decision__is_upheld",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("move__snapshot__content")


class AppealList(AppealRows, RecordList):
    template_name = "seed_projects/appeal_list.html"
    noun = (_("appeal"), _("appeals"))
    export_url = reverse_lazy("seed_projects:export_appeals")
    extra_context = {
        "heading": _("Appeals"),
        "empty_title": _("No appeals"),
        "empty_text": _("What PIs say against returns stands here."),
    }


class ExportAppeals(AppealRows, RecordExport):
    name = "appeals"
    export_columns = {
        "id": "pk",
        "proposal": "move__snapshot__proposal",
        "call": exports.text("move__snapshot__proposal__call__title"),
        "ground": "move__ground",
        "text": exports.text("text"),
        "made_by": exports.text("made_by__name"),
        "made_at": "made_at",
        "is_upheld": "decision__is_upheld",
        "words": exports.text("decision__words"),
        "decided_by": exports.text("decision__decided_by__name"),
        "decided_at": "decision__decided_at",
    }


class DecideAppeal(UseCaseView):
    queryset = Appeal.objects.select_related("move__snapshot__proposal__call")
    action = "decide"
    form_class = forms.DecideAppealForm
    done = _("Decided, and told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal = self.object
        return super().get_context_data(
            heading=_("Decide of the appeal"),
            pretitle=appeal.move.snapshot.proposal.number,
            intro=appeal.text,
            submit_label=_("Decide"),
            breadcrumbs=[QUEUE],
            cancel_url=appeal.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Appeal:
        services.decide_appeal(self.object, **data, at=timezone.now(), by=self.user)
        return self.object
