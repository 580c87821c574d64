"""Workforce programs: the list, each with its members, and what they give."""

from typing import Any

from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.views import CreateView, RecordDetail, UseCaseView

from .. import forms, services
from ..filters import ProgramContributionFilter, ProgramFilter
from ..models import (
    ContributionKind,
    ProgramContribution,
    ProgramKind,
    ProgramPart,
    WorkforceProgram,
)

PROGRAMS = (_("Workforce programs"), reverse_lazy("consortium:programs"))


class ProgramRows(Rows):
    queryset = WorkforceProgram.objects.all()
    filter_class = ProgramFilter
    default_sort = "-starts"
    columns = [
        Column("name", _("Program"), (Lower("name"),)),
        Column("kind", _("Kind"), ("kind",)),
        Column("starts", _("Starts"), ("starts_on",)),
        Column("ends", _("Ends"), ("ends_on",)),
        Column("members", _("Members"), is_numeric=True),
        Column("seats", _("Seats"), ("seats",), is_numeric=True),
        Column("left", _("Left"), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_seats()


class ProgramList(ProgramRows, RecordList):
    template_name = "consortium/program_list.html"
    noun = (_("program"), _("programs"))
    export_url = reverse_lazy("consortium:export_programs")
    extra_context = {
        "heading": _("Workforce programs"),
        "empty_title": _("No program yet"),
        "empty_text": _("Programs that train people, in which members take part."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_workforceprogram")
        return super().get_context(page) | {"may_add": may_add}


class ExportPrograms(ProgramRows, RecordExport):
    name = "workforce-programs"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "kind": "kind",
        "kind_words": exports.words("kind", ProgramKind.choices),
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "members": "members",
        "seats": "seats",
        "taken": "taken",
        "left": "left",
    }


class ContributionRows(Rows):
    """What stands of what members gave."""

    queryset = ProgramContribution.objects.standing().select_related(
        *["part__program", "part__organization", "credit"]
    )
    filter_class = ProgramContributionFilter
    default_sort = "-day"
    columns = [
        Column("what", _("What"), ("what",)),
        Column("program", _("Program"), ("part__program__name",)),
        Column("organization", _("Member"), ("part__organization__name",)),
        Column("kind", _("Kind"), ("kind",)),
        Column("day", _("Day"), ("contributed_on",)),
        Column("amount", _("Worth"), ("amount",), is_numeric=True),
    ]


class ContributionList(ContributionRows, RecordList):
    template_name = "consortium/program_contribution_list.html"
    noun = (_("contribution"), _("contributions"))
    export_url = reverse_lazy("consortium:export_program_contributions")
    extra_context = {
        "heading": _("Contributions to programs"),
        "empty_title": _("No contribution yet"),
        "empty_text": _("What members give to a program is recorded on its page."),
    }


class ExportContributions(ContributionRows, RecordExport):
    name = "program-contributions"
    export_columns = {
        "id": "pk",
        "program": exports.text("part__program__name"),
        "organization": exports.text("part__organization__name"),
        "kind": "kind",
        "kind_words": exports.words("kind", ContributionKind.choices),
        "what": exports.text("what"),
        "amount": "amount",
        "currency": "currency",
        "contributed_on": "contributed_on",
        "credit": "credit_id",
    }


class ProgramDetail(RecordDetail):
    queryset = WorkforceProgram.objects.with_seats()
    template_name = "consortium/program_detail.html"
    buttons = ("change", "join")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        program: Any = self.object
        parts = program.parts.permitted(self.user, "view")
        parts = parts.with_permissions(self.user, "change")
        parts = parts.select_related("organization")
        present_first = F("left_on").desc(nulls_first=True)
        parts = parts.order_by(present_first, "organization__name", "pk")
        given: Any = ProgramContribution.objects.filter(part__program=program)
        given = given.standing().permitted(self.user, "view")
        given = given.with_permissions(self.user, "take_back")
        given = given.select_related("part__organization", "credit")
        given = given.order_by("-contributed_on", "-pk")
        return super().get_context_data(
            heading=program.name,
            pretitle=program.kind_label,
            breadcrumbs=[PROGRAMS],
            program=program,
            parts=slice_of(parts, "parts", self.request.GET),
            given=slice_of(given, "given", self.request.GET),
            **kwargs,
        )


class AddProgram(CreateView):
    permission = "consortium.add_workforceprogram"
    form_class = forms.ProgramForm
    done = _("Added.")
    extra_context = {
        "heading": _("Add a program"),
        "submit_label": _("Add"),
        "breadcrumbs": [PROGRAMS],
        "cancel_url": reverse_lazy("consortium:programs"),
    }

    def perform(self, **data: Any) -> WorkforceProgram:
        return services.add_program(**data, at=timezone.now(), by=self.user)


class OfProgram(UseCaseView):
    queryset: Any = WorkforceProgram.objects.all()
    heading: Any

    @property
    def program(self) -> WorkforceProgram:
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        program = self.program
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[PROGRAMS, (str(program), program.get_absolute_url())],
            cancel_url=program.get_absolute_url(),
            **kwargs,
        )


class ChangeProgram(OfProgram):
    action = "change"
    form_class = forms.ChangeProgramForm
    heading = _("Change the program")
    done = _("Changed.")
    extra_context = {"submit_label": _("Save")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> WorkforceProgram:
        return services.change_program(self.object, **data, by=self.user)


class JoinProgram(OfProgram):
    action = "join"
    form_class = forms.JoinProgramForm
    heading = _("Add a member")
    done = _("The member takes part.")
    extra_context = {"submit_label": _("Add member")}

    def perform(self, **data: Any) -> ProgramPart:
        now = timezone.now()
        return services.join_program(self.object, **data, at=now, by=self.user)


class OfPart(OfProgram):
    queryset = ProgramPart.objects.select_related("program", "organization")

    @property
    def program(self) -> WorkforceProgram:
        return self.object.program

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        company = self.object.organization.name
        return super().get_context_data(pretitle=company, **kwargs)


class ChangeSeats(OfPart):
    action = "change"
    form_class = forms.SeatsForm
    heading = _("Change the seats")
    done = _("Seats changed.")
    extra_context = {"submit_label": _("Save")}

    def get_initial(self) -> dict[str, Any]:
        return {"seats": self.object.seats, "version": self.object.version}

    def perform(self, **data: Any) -> ProgramPart:
        return services.change_seats(self.object, **data, by=self.user)


class LeaveProgram(OfPart):
    action = "leave"
    form_class = forms.LeaveProgramForm
    heading = _("End the part of a member")
    done = _("Its seats are free for others.")
    extra_context = {"submit_label": _("End it")}

    def perform(self, **data: Any) -> ProgramPart:
        return services.leave_program(self.object, **data, by=self.user)


class ContributeToProgram(OfPart):
    action = "contribute"
    form_class = forms.ProgramContributionForm
    heading = _("Record a contribution")
    done = _("Recorded.")
    extra_context = {"submit_label": _("Record")}

    def get_initial(self) -> dict[str, Any]:
        return {"contributed_on": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"part": self.object}

    def perform(self, **data: Any) -> ProgramContribution:
        now = timezone.now()
        return services.contribute(self.object, **data, at=now, by=self.user)


class TakeBackContribution(OfProgram):
    queryset = ProgramContribution.objects.select_related(
        *["part__program", "part__organization"]
    )
    action = "take_back"
    form_class = ReasonForm
    heading = _("Take back a contribution")
    done = _("Taken back.")
    extra_context = {"submit_label": _("Take back")}

    @property
    def program(self) -> WorkforceProgram:
        return self.object.part.program

    def perform(self, **data: Any) -> ProgramContribution:
        now = timezone.now()
        return services.take_back_contribution(
            self.object, **data, at=now, by=self.user
        )
