"""Calls for seed proposals: the list, the page of each, and what it says."""

from typing import Any

from django.db.models import F
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.ties import companies_of
from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, UseCaseView

from .. import forms, services
from ..filters import CallFilter
from ..models import (
    PUBLIC_DATES,
    Call,
    CallDate,
    EligibilityRule,
    Track,
    rows_told,
)
from ..states import CallState

CALLS = (_("Calls"), reverse_lazy("seed_projects:calls"))


class CallRows(Rows):
    queryset = Call.objects.with_closing()
    filter_class = CallFilter
    default_sort = "-deadline"
    columns = [
        Column("title", _("Call"), ("title",)),
        Column("state", _("State"), ("state",)),
        Column("opens", _("Opens"), (F("opens_at").asc(nulls_last=True),)),
        Column("deadline", _("Last deadline"), (F("closes_at").asc(nulls_last=True),)),
        Column("ceiling", _("Most for one"), ("ceiling",), is_numeric=True),
        Column("pot", _("Pot"), ("pot",), is_numeric=True),
    ]


class CallList(CallRows, RecordList):
    template_name = "seed_projects/call_list.html"
    noun = (_("call"), _("calls"))
    export_url = reverse_lazy("seed_projects:export_calls")
    extra_context = {
        "heading": _("Calls"),
        "empty_title": _("No calls yet"),
        "empty_text": _("Calls for seed proposals stand here once they are published."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("seed_projects.add_call")
        return super().get_context(page) | {"may_add": may_add}


class ExportCalls(CallRows, RecordExport):
    name = "calls"
    export_columns = {
        "id": "pk",
        "title": exports.text("title"),
        "short_name": "slug",
        "state": "state",
        "opens_at": "opens_at",
        "closes_at": "closes_at",
        "ceiling": "ceiling",
        "pot": "pot",
        "expected_awards": "expected_awards",
        "months": "months",
        "opened_at": "opened_at",
    }


class CallDetail(RecordDetail):
    """The page of a call: all of it for INM, what is public for everybody else."""

    queryset = Call.objects.with_closing().select_related("rubric__rubric")
    template_name = "seed_projects/call_detail.html"
    buttons = (
        *["change", "prepare", "date", "open", "close", "reopen", "review", "decide"],
        *["archive", "cancel", "extend", "except", "reform", "copy", "preview"],
        *["ask", "use_problem", "dashboard"],
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        at_inm = self.user.has_perm("seed_projects.view_call")
        return super().get_context_data(
            heading=call.title,
            pretitle=call.number,
            breadcrumbs=[CALLS],
            call=call,
            at_inm=at_inm,
            may_propose=not at_inm and self.may_propose(),
            lacks=self.lacks(),
            entries=history_of(call, user=self.user) if at_inm else [],
            **parts_of(call, self.user, at_inm=at_inm),
            **kwargs,
        )

    def get_queryset(self) -> Any:
        return super().get_queryset().with_parts()

    def may_propose(self) -> bool:
        """Say whether somebody who comes from no company can begin a proposal."""
        is_open = self.object.state == CallState.OPEN
        return is_open and not companies_of(self.user)

    def lacks(self) -> list[str]:
        call = self.object
        return services.lacks_of(call, at=timezone.now()) if call.is_draft else []


def parts_of(call: Call, user: Any, *, at_inm: bool) -> dict[str, Any]:
    """Return the timeline of a call and what was asked, as somebody may read it."""
    person = user if user.is_authenticated else None
    stages = call.stages.with_deadlines(person=person).select_related("form__form")
    dates = rows_told(CallDate, call.dates_told)
    if not at_inm:
        dates = [day for day in dates if day.kind in PUBLIC_DATES]
    questions = call.questions.all() if at_inm else call.questions.answered()
    return {
        "stages": [(s, services.in_zone(s.deadline_at, call)) for s in stages],
        "dates": [(day, services.in_zone(day.at, call)) for day in dates],
        "rules": rows_told(EligibilityRule, call.rules_told),
        "tracks": rows_told(Track, call.tracks_told),
        "problems": list(call.problem_statements.select_related("organization")),
        "questions": list(questions),
    }


class DraftCall(CreateView):
    permission = "seed_projects.add_call"
    form_class = forms.DraftCallForm
    done = _("Drafted. Nobody outside INM sees it before it opens.")

    def get_initial(self) -> dict[str, Any]:
        return {"contact_name": self.user.name, "contact_email": self.user.email}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            heading=_("Draft a call"),
            intro=_("Deadlines, forms and the rubric follow on its page."),
            breadcrumbs=[CALLS],
            cancel_url=CALLS[1],
            submit_label=_("Draft"),
            **kwargs,
        )
        return context | {"sections": forms.in_parts(context["form"])}

    def perform(self, **data: Any) -> Call:
        return services.draft_call(**data, at=timezone.now(), by=self.user)


class OfCall(UseCaseView):
    """A form about a call."""

    queryset = Call.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=call.title,
            breadcrumbs=[CALLS, (call.title, call.get_absolute_url())],
            cancel_url=call.get_absolute_url(),
            **kwargs,
        )


class ChangeCall(OfCall):
    action = "change"
    form_class = forms.ChangeCallForm
    heading = _("Change the call")
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.object.is_draft:
            words = _(
                "Ceilings, limits, costs, the zone and who learns whose name stay as "
                "they were when the call opened."
            )
            context["intro"] = words
        return context | {"sections": forms.in_parts(context["form"])}

    def perform(self, **data: Any) -> Call:
        return services.change_call(self.object, **data, by=self.user)


class CopyCall(OfCall):
    action = "copy"
    form_class = forms.CopyCallForm
    heading = _("Copy the call")
    done = _("Copied. Look through the dates, and open it.")
    extra_context = {
        "submit_label": _("Copy"),
        "intro": _(
            "Stages, dates, tracks and rules come along, each so many days later at "
            "the same time of day. Questions, problems and extensions stay."
        ),
    }

    def get_initial(self) -> dict[str, Any]:
        first = self.object.stages.order_by("opens_at").first()
        days = services.days_of_a_year(first.opens_at) if first else 364
        return {"title": self.object.title, "shift_days": days}

    def perform(self, **data: Any) -> Call:
        return services.copy_call(self.object, **data, at=timezone.now(), by=self.user)


class PreviewCall(RecordDetail):
    """The forms of a call as applicants see them; nothing can be sent."""

    queryset = Call.objects.all()
    action = "preview"
    template_name = "seed_projects/call_preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        stages = call.stages.select_related("form__form").prefetch_related(
            "form__sections__questions__asked_if"
        )
        return super().get_context_data(
            heading=_("As applicants see it"),
            pretitle=call.title,
            breadcrumbs=[CALLS, (call.title, call.get_absolute_url())],
            call=call,
            stages=[(s, services.in_zone(s.closes_at, call)) for s in stages],
            rules=call.rules.all(),
            **kwargs,
        )
