"""What was spoken with members: the list, each, and what follows of it."""

from typing import Any

from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import CreateView, RecordDetail, UseCaseView

from .. import forms, services
from ..filters import FacultyFilter, InteractionFilter
from ..models import (
    FacultyMember,
    FollowUp,
    Interaction,
    InteractionKind,
    with_one_to_ones_taken,
)
from .organizations import OfOrganization

INTERACTIONS = (_("Interactions"), reverse_lazy("consortium:interactions"))
FACULTY = (_("Faculty"), reverse_lazy("consortium:faculty"))


class InteractionRows(Rows):
    """What stands; a link leads from there to what it was corrected from."""

    queryset = Interaction.objects.standing().select_related("organization")
    filter_class = InteractionFilter
    default_sort = "-day"
    columns = [
        Column("kind", _("What"), ("kind",)),
        Column("day", _("Day"), ("held_on",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("people", _("People")),
        Column("shared", _("Read by"), ("is_shared",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_people()


class InteractionList(InteractionRows, RecordList):
    template_name = "consortium/interaction_list.html"
    noun = (_("interaction"), _("interactions"))
    export_url = reverse_lazy("consortium:export_interactions")
    extra_context = {
        "heading": _("Interactions"),
        "empty_title": _("Nothing was written down yet"),
        "empty_text": _(
            "Meetings, calls and visits are recorded on the page of their member."
        ),
    }


class ExportInteractions(InteractionRows, RecordExport):
    name = "interactions"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "kind": "kind",
        "kind_words": exports.words("kind", InteractionKind.choices),
        "held_on": "held_on",
        "people": exports.text("people"),
        "summary": exports.text("summary"),
        "is_shared": "is_shared",
        "recorded_at": "recorded_at",
    }


class InteractionDetail(RecordDetail):
    queryset = Interaction.objects.select_related(
        *["organization", "corrects", "correction", "recorded_by"]
    )
    template_name = "consortium/interaction_detail.html"
    buttons = ("correct", "take_back", "follow_up")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        at_inm = self.user.has_perm("consortium.view_interaction")
        return super().get_context_data(
            heading=one.kind_label,
            pretitle=one.organization.name,
            breadcrumbs=[INTERACTIONS],
            interaction=one,
            at_inm=at_inm,
            participants=one.participants.select_related(
                *["contact", "faculty", "person"]
            ).order_by("pk"),
            follow_ups=self.follow_ups() if at_inm else [],
            **kwargs,
        )

    def follow_ups(self) -> list[Any]:
        """Return what follows of it, each with its last ``task``."""
        tasks = services.tasks_of(self.object).select_related("person")
        last = {task.subject_id: task for task in tasks}
        rows = FollowUp.objects.filter(self.object.of_it_all)
        found = list(rows.with_permissions(self.user, "reopen").order_by("pk"))
        return [(row, last[row.pk]) for row in found]


class RecordInteraction(OfOrganization):
    action = "record_interaction"
    form_class = forms.InteractionForm
    heading = _("Record an interaction")
    done = _("Recorded.")
    extra_context = {"submit_label": _("Record")}

    def get_initial(self) -> dict[str, Any]:
        return {"held_on": timezone.localdate(), "people": [self.user.pk]}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}

    def perform(self, **data: Any) -> Interaction:
        return services.record_interaction(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class OfInteraction(UseCaseView):
    queryset = Interaction.objects.select_related("organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[INTERACTIONS, (str(one), one.get_absolute_url())],
            cancel_url=one.get_absolute_url(),
            **kwargs,
        )


class CorrectInteraction(OfInteraction):
    action = "correct"
    form_class = forms.CorrectInteractionForm
    heading = _("Correct what was recorded")
    done = _("Corrected.")
    extra_context = {
        "submit_label": _("Correct"),
        "intro": _("What was written before stays to be read at INM."),
    }

    def get_initial(self) -> dict[str, Any]:
        one, fields = self.object, ["kind", "held_on", "summary", "is_shared"]
        named = list(one.participants.all())
        took_part = {
            "contacts": [row.contact_id for row in named if row.contact_id],
            "faculty": [row.faculty_id for row in named if row.faculty_id],
            "people": [row.person_id for row in named if row.person_id],
        }
        return {name: getattr(one, name) for name in fields} | took_part

    def get_form_kwargs(self) -> dict[str, Any]:
        company = self.object.organization
        return super().get_form_kwargs() | {"organization": company}

    def perform(self, **data: Any) -> Interaction:
        return services.correct_interaction(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class TakeBackInteraction(OfInteraction):
    action = "take_back"
    form_class = ReasonForm
    heading = _("Take it back")
    done = _("Taken back.")
    extra_context = {
        "submit_label": _("Take back"),
        "intro": _("It was written down by mistake; it stays to be read at INM."),
    }

    def perform(self, **data: Any) -> Interaction:
        return services.take_back_interaction(
            self.object, **data, at=timezone.now(), by=self.user
        )


class FollowUpInteraction(OfInteraction):
    action = "follow_up"
    form_class = forms.FollowUpForm
    heading = _("Follow it up")
    done = _("Asked for; it waits in the list of tasks.")
    extra_context = {"submit_label": _("Ask for it")}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.user.pk}

    def perform(self, **data: Any) -> FollowUp:
        return services.follow_up(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class ReopenFollowUp(UseCaseView):
    queryset = FollowUp.objects.select_related("interaction__organization")
    action = "reopen"
    form_class = forms.ReopenForm
    done = _("Asked for again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        spoken = self.object.interaction
        return super().get_context_data(
            heading=_("Ask for it again"),
            intro=self.object.what,
            submit_label=_("Ask again"),
            breadcrumbs=[INTERACTIONS, (str(spoken), spoken.get_absolute_url())],
            cancel_url=spoken.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> FollowUp:
        today = timezone.localdate()
        services.reopen_follow_up(self.object, **data, today=today, by=self.user)
        return self.object


class FacultyRows(Rows):
    """Each of the faculty, with what they did with members in the days asked for."""

    queryset = FacultyMember.objects.all()
    filter_class = FacultyFilter
    default_sort = "name"
    columns = [
        Column("name", _("Faculty"), (Lower("name"),)),
        Column("department", _("Department"), ("department",)),
        Column("interactions", _("Interactions"), ("interactions",), is_numeric=True),
        Column("one_to_ones", _("One-to-ones"), ("one_to_ones",), is_numeric=True),
        Column("room", _("Agreed this half-year"), ("taken",), is_numeric=True),
        Column("members", _("Members"), ("members",), is_numeric=True),
        Column("last", _("Last"), (F("last_on").asc(nulls_first=True),)),
    ]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return with_one_to_ones_taken(rows, on=timezone.localdate())


class FacultyList(FacultyRows, RecordList):
    template_name = "consortium/faculty_list.html"
    noun = (_("member of the faculty"), _("members of the faculty"))
    export_url = reverse_lazy("consortium:export_faculty")
    extra_context = {
        "heading": _("Faculty"),
        "empty_title": _("Nobody of the faculty yet"),
        "empty_text": _("Add those who speak with members."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_facultymember")
        asked = self.filter.form.cleaned_data if self.filter.form.is_valid() else {}
        days = {name: asked.get(name) for name in ("since", "until")}
        return super().get_context(page) | {"may_add": may_add, "days": days}


class ExportFaculty(FacultyRows, RecordExport):
    name = "faculty"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "email": exports.text("email"),
        "department": exports.text("department"),
        "interactions": "interactions",
        "one_to_ones": "one_to_ones",
        "one_to_ones_agreed": "taken",
        "one_to_one_cap": "one_to_one_cap",
        "members": "members",
        "last_on": "last_on",
    }


class AddFaculty(CreateView):
    permission = "consortium.add_facultymember"
    form_class = forms.FacultyForm
    done = _("Added.")
    extra_context = {
        "heading": _("Add somebody of the faculty"),
        "submit_label": _("Add"),
        "breadcrumbs": [FACULTY],
        "cancel_url": reverse_lazy("consortium:faculty"),
    }

    def perform(self, **data: Any) -> FacultyMember:
        return services.add_faculty(**data, by=self.user)
