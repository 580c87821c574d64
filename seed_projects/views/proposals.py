"""Proposals as their authors work on them: one's own, and each with its parts."""

from dataclasses import asdict, dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from inm_portal.kernel import exports
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.exports.papers import pdf_file
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    slice_of,
)
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import (
    PermittedMixin,
    RecordDetail,
    StepView,
    UseCaseView,
)

from .. import forms, services
from ..filters import ProposalFilter
from ..models import (
    Answer,
    AsideText,
    AuthorRole,
    BudgetLine,
    CallStage,
    Proposal,
    ProposalPerson,
    ProposalSnapshot,
    QuestionKind,
    as_told,
)
from ..states import ProposalState
from .calls import OfCall

MINE = (_("My proposals"), reverse_lazy("seed_projects:proposals"))


class ProposalRows(Rows):
    """Those in which the visitor has a part, whatever else they may read."""

    queryset = Proposal.objects.select_related("call", "stage", "track")
    filter_class = ProposalFilter
    default_sort = "-id"
    columns = [
        Column("title", _("Proposal"), ("title",)),
        Column("call", _("Call"), ("call__title",)),
        Column("state", _("State"), ("told_state",)),
        Column("deadline", _("Deadline")),
        Column("id", _("Number"), ("pk",)),
    ]

    def get_queryset(self) -> Any:
        return one_s_own(super().get_queryset(), self.user)


def one_s_own(rows: Any, user: Any) -> Any:
    """Keep those in which somebody has a part, as its people know them by now."""
    parts = ProposalPerson.objects.filter(person=user)
    mine = rows.filter(pk__in=parts.values("proposal"))
    return as_told(mine, at=timezone.now())


class ProposalList(ProposalRows, RecordList):
    template_name = "seed_projects/proposal_list.html"
    noun = (_("proposal"), _("proposals"))
    export_url = reverse_lazy("seed_projects:export_proposals")
    extra_context = {
        "heading": _("My proposals"),
        "empty_title": _("No proposals yet"),
        "empty_text": _("You begin one on the page of a call that is open."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        stages = CallStage.objects.filter(pk__in=[row.stage_id for row in page])
        rows = stages.with_deadlines(person=self.user)
        until = {stage.pk: stage.deadline_at for stage in rows} if page else {}
        for proposal in page:
            proposal.deadline_at = until.get(proposal.stage_id)
            proposal.told = ProposalState(proposal.told_state)
        asked = ProposalPerson.objects.filter(person=self.user, confirmed_at=None)
        waiting = asked.filter(role=AuthorRole.CO_PI).select_related("proposal")
        return super().get_context(page) | {"waiting": list(waiting[:20])}


class ExportProposals(ProposalRows, RecordExport):
    name = "proposals"
    export_columns = {
        "id": "pk",
        "title": exports.text("title"),
        "call": exports.text("call__title"),
        "track": exports.text("track__name"),
        "state": exports.words("told_state", ProposalState.choices),
        "starts_on": "starts_on",
        "smallest_budget": "smallest_budget",
    }


class BeginProposal(OfCall):
    action = "propose"
    form_class = forms.BeginForm
    heading = _("Begin a proposal")
    done = _("Begun. Nobody but its people reads it before it is submitted.")
    extra_context = {"submit_label": _("Begin")}

    def get_form_kwargs(self) -> dict[str, Any]:
        earlier = services.resubmittable(self.user, at=timezone.now())
        return super().get_form_kwargs() | {"call": self.object, "earlier": earlier}

    def perform(self, **data: Any) -> Proposal:
        return services.begin_at_call(
            self.object, pi=self.user, **data, at=timezone.now(), by=self.user
        )


class ProposalDetail(RecordDetail):
    queryset = Proposal.objects.select_related(
        "call", "stage", "track", "form", "former"
    )
    template_name = "seed_projects/proposal_detail.html"
    buttons = (
        *("change", "answer", "budget", "declare", "add_author", "submit"),
        *("take_back", "withdraw", "revive"),
    )

    def get_queryset(self) -> Any:
        return one_s_own(super().get_queryset(), self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal, now = self.object, timezone.now()
        stage = CallStage.objects.filter(pk=proposal.stage_id)
        until = stage.with_deadlines(person=services.pi_of(proposal)).get().deadline_at
        people = proposal.people.with_permissions(
            self.user, "change", "remove", "confirm", "decline"
        )
        asides = AsideText.objects.unsettled().filter(answer__proposal=proposal)
        comments = proposal.comments.select_related("written_by").order_by("-pk")
        return super().get_context_data(
            heading=proposal.title,
            pretitle=proposal.call.title,
            breadcrumbs=[MINE],
            proposal=proposal,
            state=ProposalState(proposal.told_state),
            is_told=proposal.told_state == proposal.state,
            deadline_at=until,
            is_over=until < now,
            people=list(people.order_by("pk")),
            sections=self.sections(),
            asides=list(asides.select_related("answer__question")),
            lines=list(proposal.budget_lines.order_by("year", "category", "pk")),
            budget=services.budget_of(proposal),
            comments=slice_of(comments, "comments", self.request.GET),
            comment_form=forms.CommentForm(),
            snapshots=list(proposal.snapshots.order_by("-number")[:20]),
            entries=history_of(proposal, user=self.user),
            **kwargs,
        )

    def sections(self) -> list[dict[str, Any]]:
        """Return the questions that are asked and their answers, by section."""
        found: dict[int, dict[str, Any]] = {}
        for question, answer in services.asked_of(self.object):
            section = found.setdefault(
                question.section_id, {"section": question.section, "rows": []}
            )
            section["rows"].append((question, answer))
        return list(found.values())


class CheckProposal(RecordDetail):
    """What a draft still lacks; once it lacks nothing it can be submitted here."""

    queryset = Proposal.objects.select_related("call", "stage", "track", "form")
    template_name = "seed_projects/proposal_check.html"
    buttons = ("submit",)

    def get_queryset(self) -> Any:
        return one_s_own(super().get_queryset(), self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal = self.object
        return super().get_context_data(
            heading=_("Check and submit"),
            pretitle=proposal.title,
            breadcrumbs=[MINE, (proposal.title, proposal.get_absolute_url())],
            proposal=proposal,
            lacks=[(lack, self.place_of(lack.where)) for lack in self.lacks],
            **kwargs,
        )

    @property
    def lacks(self) -> list[services.Lack]:
        return services.lacks_of_proposal(self.object, at=timezone.now())

    @cached_property
    def sections(self) -> dict[int, int]:
        """The section of each question, by their keys."""
        questions = self.object.form.questions.values_list("pk", "section")
        return dict(questions)

    def place_of(self, where: str) -> str:
        """Return the page on which that can be mended."""
        key, own = self.object.pk, f"{self.object.get_absolute_url()}#budget"
        kind, _sign, of = where.partition("-")
        match kind:
            case "question":
                args = [key, self.sections[int(of)]]
                return reverse("seed_projects:answer_section", args=args)
            case "rule":
                return reverse("seed_projects:declare", args=[key])
            case "budget":
                return own
        return reverse("seed_projects:change_proposal", args=[key])


class OfProposal(UseCaseView):
    queryset = Proposal.objects.select_related("call", "form")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=proposal.title,
            breadcrumbs=[MINE, (proposal.title, proposal.get_absolute_url())],
            cancel_url=proposal.get_absolute_url(),
            **kwargs,
        )

    @property
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}


class ChangeProposal(OfProposal):
    action = "change"
    form_class = forms.ChangeProposalForm
    heading = _("Title, abstract and start")
    done = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Proposal:
        data = {"track": self.object.track} | data
        return services.change_proposal(self.object, **data, **self.now)


class AnswerSection(OfProposal):
    """Each answer is kept by itself, upon the version of it that was read."""

    action = "answer"
    form_class = forms.AnswersForm
    template_name = "seed_projects/answer_section.html"
    done = _("Saved.")
    extra_context = {"submit_label": _("Save")}

    @property
    def heading(self) -> Any:
        return self.section.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(section=self.section, **kwargs)

    @cached_property
    def section(self) -> Any:
        return section_of(self.object, self.kwargs["section"])

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = asked_in(self.object, self.section)
        return super().get_form_kwargs() | {"asked": asked}

    def perform(self, **data: Any) -> Any:
        known = {q for q, answer in services.asked_of(self.object) if answer}
        written = [one for one in data["answers"] if one[1] or one[0] in known]
        for saved in services.save_answers(self.object, written, **self.now):
            if saved.aside is not None:
                messages.warning(self.request, saved.words)
        return self.object


def section_of(proposal: Proposal, key: int) -> Any:
    """
    Return a section of the form that a proposal answers.

    :raises Http404: if it has none of that key.
    """
    section = proposal.form.sections.filter(pk=key).first()
    if section is None:
        raise Http404
    return section


def asked_in(proposal: Proposal, section: Any) -> list[tuple[Any, Any]]:
    """Return the questions of a section that are asked, with their answers."""
    asked = services.asked_of(proposal)
    return [(question, a) for question, a in asked if question.section_id == section.pk]


class AutosaveSection(PermittedMixin, View):
    """
    Keep what is typed while it is typed, by the same form as the page of a section.

    It tells the version of each answer that was saved, where the texts are compared
    of each that met another, and in words what was not taken.
    """

    queryset = Proposal.objects.select_related("call", "form")
    action = "answer"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if words := getattr(request, "name_needed", ""):
            return JsonResponse({"words": words}, status=HTTPStatus.CONFLICT)
        proposal = self.object = self.get_object()
        asked = asked_in(proposal, section_of(proposal, kwargs["section"]))
        typed = [(q, a) for q, a in asked if f"v{q.pk}" in request.POST]
        form = forms.AnswersForm(request.POST, asked=typed)
        form.is_valid()
        told = Typed()
        for one in form.cleaned_data.get("answers", []):
            told.keep(proposal, *one, at=timezone.now(), by=self.user)
        return JsonResponse(asdict(told))


@dataclass
class Typed:
    """What became of answers that were typed, by their fields."""

    versions: dict[str, int] = field(default_factory=dict)
    met: dict[str, str] = field(default_factory=dict)
    words: str = ""

    def keep(
        self, proposal: Proposal, question: Any, value: Any, version: int, **now: Any
    ) -> None:
        """Save an answer by itself: another that is refused keeps none from it."""
        name, upon = f"q{question.pk}", {"value": value, "version": version}
        try:
            saved = services.save_answer(proposal, question, **upon, **now)
        except Refusal as refusal:
            self.words = f"{question.label}: {refusal}"
            return
        if saved.aside is None:
            self.versions[name] = saved.answer.version
        else:
            self.met[name] = reverse("seed_projects:settle_text", args=[saved.aside.pk])


class AttachFile(OfProposal):
    """A question that is answered by a PDF."""

    action = "attach"
    form_class = forms.AttachForm
    done = _("Attached.")
    extra_context = {"submit_label": _("Attach")}

    @property
    def heading(self) -> Any:
        return self.question.label

    @cached_property
    def question(self) -> Any:
        asked = self.object.form.questions.filter(kind=QuestionKind.FILE)
        found = asked.filter(pk=self.kwargs["question"]).first()
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"question": self.question}

    def perform(self, **data: Any) -> Proposal:
        services.attach_file(self.object, self.question, **data, **self.now)
        return self.object


class RemoveFile(StepView):
    queryset = Answer.objects.select_related("proposal")
    action = "remove_file"
    done = _("Removed.")

    def perform(self, answer: Answer, /) -> Proposal:
        return services.remove_file(answer, at=timezone.now(), by=self.user)


class SubmissionPaper(PermittedMixin, View):
    """What was handed in as one PDF, for its people; who took it is on record."""

    http_method_names = ["get"]
    queryset = ProposalSnapshot.objects.select_related("proposal")
    action = "take"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        snapshot = self.get_object()
        content = services.take_paper(snapshot, by=self.user)
        return pdf_file(content, f"{snapshot.proposal.number}-{snapshot.number}.pdf")


class SettleText(UseCaseView):
    """Two texts that met: both are shown, and one of the authors says what stands."""

    queryset = AsideText.objects.select_related("answer__question", "answer__proposal")
    action = "settle"
    form_class = forms.SettleForm
    template_name = "seed_projects/settle_text.html"
    done = _("Settled. The other text stays on file.")
    extra_context = {"submit_label": _("This stands")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"answer": self.object.answer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        aside = self.object
        proposal = aside.answer.proposal
        return super().get_context_data(
            heading=_("Two texts: %(question)s") % {"question": aside.answer.question},
            pretitle=proposal.title,
            aside=aside,
            breadcrumbs=[MINE, (proposal.title, proposal.get_absolute_url())],
            cancel_url=proposal.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Proposal:
        now = timezone.now()
        services.settle_texts(self.object, **data, at=now, by=self.user)
        return self.object.answer.proposal


class Declare(OfProposal):
    action = "declare"
    form_class = forms.DeclareForm
    heading = _("Who may apply")
    done = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        rules = list(self.object.call.rules.order_by("position"))
        return super().get_form_kwargs() | {"rules": rules}

    def get_initial(self) -> dict[str, Any]:
        said = self.object.declarations.values_list("rule", "is_met")
        return {f"rule_{rule}": is_met for rule, is_met in said}

    def perform(self, **data: Any) -> Proposal:
        services.declare(self.object, **data, **self.now)
        return self.object


class AddAuthor(OfProposal):
    action = "add_author"
    form_class = forms.AuthorForm
    heading = _("Ask somebody to take part")
    done = _("Asked. They are written to.")
    extra_context = {"submit_label": _("Ask")}

    def perform(self, **data: Any) -> Proposal:
        services.add_author(self.object, **data, **self.now)
        return self.object


class ChangeAuthor(UseCaseView):
    queryset = ProposalPerson.objects.select_related("proposal")
    action = "change"
    form_class = forms.ChangeAuthorForm
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal = self.object.proposal
        return super().get_context_data(
            heading=self.object.name,
            pretitle=proposal.title,
            breadcrumbs=[MINE, (proposal.title, proposal.get_absolute_url())],
            cancel_url=proposal.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Proposal:
        now = timezone.now()
        services.change_author(self.object, **data, at=now, by=self.user)
        return self.object.proposal


class RemoveAuthor(StepView):
    queryset = ProposalPerson.objects.select_related("proposal")
    action = "remove"
    done = _("Removed. They read nothing of it any more.")

    def perform(self, part: ProposalPerson, /) -> Proposal:
        return services.remove_author(part, at=timezone.now(), by=self.user)


class ConfirmPart(StepView):
    queryset = ProposalPerson.objects.select_related("proposal")
    action = "confirm"
    done = _("You take part.")

    def perform(self, part: ProposalPerson, /) -> Proposal:
        services.confirm_part(part, at=timezone.now(), by=self.user)
        return part.proposal


class DeclinePart(StepView):
    queryset = ProposalPerson.objects.select_related("proposal")
    action = "decline"
    done = _("You take no part; the PI is told.")

    def perform(self, part: ProposalPerson, /) -> str:
        services.decline_part(part, at=timezone.now(), by=self.user)
        return reverse("seed_projects:proposals")


class CommentProposal(OfProposal):
    action = "comment"
    form_class = forms.CommentForm
    heading = _("Among yourselves")
    done = _("Said. Only the people of this proposal read it.")
    extra_context = {"submit_label": _("Say it")}

    def perform(self, **data: Any) -> str:
        services.comment_on(self.object, **data, **self.now)
        return f"{self.object.get_absolute_url()}#comments"


class OfBudget(OfProposal):
    """A form about one line; the service replaces all lines at once."""

    action = "budget"
    form_class = forms.LineForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object.call}

    def keep(self, *, without: int | None = None, line: Any = None) -> Proposal:
        """Put a line into the budget, in the place of another if there is one."""
        names = [*forms.LineForm.Meta.fields]
        rows = self.object.budget_lines.exclude(pk=without).order_by("pk")
        lines = [{name: getattr(row, name) for name in names} for row in rows]
        lines += [line] if line else []
        services.set_budget(
            self.object, lines=lines, version=self.object.version, **self.now
        )
        return self.object


class AddBudgetLine(OfBudget):
    heading = _("Add a line to the budget")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    def perform(self, **data: Any) -> Proposal:
        return self.keep(line=data)


class ChangeBudgetLine(OfBudget):
    heading = _("Change a line of the budget")
    done = _("Changed.")

    @property
    def line(self) -> BudgetLine:
        found = self.object.budget_lines.filter(pk=self.kwargs["line"]).first()
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.line}

    def perform(self, **data: Any) -> Proposal:
        return self.keep(without=self.kwargs["line"], line=data)


class RemoveBudgetLine(StepView):
    queryset = Proposal.objects.select_related("call")
    action = "budget"
    done = _("Removed.")

    def perform(self, proposal: Proposal, /) -> Proposal:
        view = OfBudget()
        view.object, view.request = proposal, self.request
        return view.keep(without=self.kwargs["line"])


class SubmitProposal(StepView):
    queryset = Proposal.objects.select_related("call")
    action = "submit"
    done = _("Submitted. A receipt is on its way.")

    def perform(self, proposal: Proposal, /) -> Proposal:
        services.submit_proposal(proposal, at=timezone.now(), by=self.user)
        return proposal


class TakeBackProposal(StepView):
    queryset = Proposal.objects.select_related("call")
    action = "take_back"
    done = _("A draft again. Submit it anew before the deadline.")

    def perform(self, proposal: Proposal, /) -> Proposal:
        return services.take_back(proposal, at=timezone.now(), by=self.user)


class ReviveProposal(StepView):
    queryset = Proposal.objects.select_related("call")
    action = "revive"
    done = _("A draft again.")

    def perform(self, proposal: Proposal, /) -> Proposal:
        return services.revive(proposal, at=timezone.now(), by=self.user)


class WithdrawProposal(OfProposal):
    action = "withdraw"
    form_class = ReasonForm
    heading = _("Withdraw the proposal")
    done = _("Withdrawn.")
    extra_context = {"submit_label": _("Withdraw")}

    def perform(self, **data: Any) -> Any:
        services.withdraw_proposal(self.object, **data, **self.now)
        return reverse("seed_projects:proposals")
