"""Problems that members state, and questions about calls."""

from typing import Any

from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.models import Organization
from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import ProblemFilter
from ..models import Call, CallQuestion, ProblemStatement
from ..policies import companies_that_state
from .calls import CALLS, OfCall

PROBLEMS = (_("Problems of members"), reverse_lazy("seed_projects:problems"))


class ProblemRows(Rows):
    queryset = ProblemStatement.objects.select_related("organization")
    filter_class = ProblemFilter
    default_sort = "-stated"
    columns = [
        Column("title", _("Problem"), (Lower("title"),)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("stated", _("Stated"), ("stated_at",)),
        Column("state", _("State")),
    ]


class ProblemList(ProblemRows, RecordList):
    template_name = "seed_projects/problemstatement_list.html"
    noun = (_("problem"), _("problems"))
    export_url = reverse_lazy("seed_projects:export_problems")
    extra_context = {
        "heading": _("Problems of members"),
        "empty_title": _("No problems yet"),
        "empty_text": _("Members state here what they would have researched."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        own = [] if self.user.has_perm("seed_projects.view_call") else self.own()
        return super().get_context(page) | {"companies": own}

    def own(self) -> Any:
        """Return the companies for which the visitor states problems."""
        keys = companies_that_state(self.user)
        return Organization.objects.filter(pk__in=keys).order_by("name")


class ExportProblems(ProblemRows, RecordExport):
    name = "problems"
    export_columns = {
        "id": "pk",
        "member": exports.text("organization__name"),
        "title": exports.text("title"),
        "problem": exports.text("text"),
        "is_named": "is_named",
        "stated_at": "stated_at",
        "withdrawn_at": "withdrawn_at",
    }


class ProblemDetail(RecordDetail):
    queryset = ProblemStatement.objects.select_related("organization")
    template_name = "seed_projects/problemstatement_detail.html"
    buttons = ("withdraw",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problem = self.object
        seen = Call.objects.permitted(self.user, "view")
        return super().get_context_data(
            heading=problem.title,
            pretitle=problem.organization.name,
            breadcrumbs=[PROBLEMS],
            problem=problem,
            calls=seen.filter(problem_uses__statement=problem),
            **kwargs,
        )


class StateProblem(UseCaseView):
    queryset = Organization.objects.all()
    action = "state_problem"
    form_class = forms.ProblemForm
    done = _("Stated. INM may put it into a call.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        company = self.object
        return super().get_context_data(
            heading=_("State a problem"),
            pretitle=company.name,
            intro=_("What would you have researched? Calls may ask for answers to it."),
            submit_label=_("State"),
            breadcrumbs=[(company.name, company.get_absolute_url()), PROBLEMS],
            cancel_url=PROBLEMS[1],
            **kwargs,
        )

    def perform(self, **data: Any) -> ProblemStatement:
        now = timezone.now()
        return services.state_problem(self.object, **data, at=now, by=self.user)


class WithdrawProblem(StepView):
    queryset = ProblemStatement.objects.all()
    action = "withdraw"
    done = _("Withdrawn.")

    def perform(self, problem: ProblemStatement, /) -> ProblemStatement:
        return services.withdraw_problem(problem, at=timezone.now(), by=self.user)


class UseProblem(OfCall):
    action = "use_problem"
    form_class = forms.UseProblemForm
    heading = _("Put a problem into the call")
    done = _("It stands in the call.")
    extra_context = {
        "submit_label": _("Put in"),
        "intro": _("Everybody who reads the call reads it; it cannot be taken out."),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object}

    def perform(self, **data: Any) -> Call:
        services.use_problem(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class AskAboutCall(OfCall):
    action = "ask"
    form_class = forms.AskForm
    heading = _("Ask about the call")
    done = _("Asked. You hear when it is answered.")
    extra_context = {"submit_label": _("Ask")}

    def perform(self, **data: Any) -> Call:
        services.ask_question(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class AnswerQuestion(UseCaseView):
    queryset = CallQuestion.objects.select_related("call")
    action = "answer"
    form_class = forms.AnswerForm
    done = _("Answered, for everybody to read.")

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.object.text, "answer": self.object.answer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object.call
        return super().get_context_data(
            heading=_("Answer a question"),
            pretitle=call.title,
            intro=_("Asked: %(words)s") % {"words": self.object.asked},
            submit_label=_("Publish"),
            breadcrumbs=[CALLS, (call.title, call.get_absolute_url())],
            cancel_url=call.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> CallQuestion:
        now = timezone.now()
        return services.answer_question(self.object, **data, at=now, by=self.user)
