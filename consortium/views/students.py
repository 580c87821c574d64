"""Students who can be found: the list, each profile, and who looked at whom."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.documents import HeldBack
from inm_portal.kernel.exports.papers import given_file
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import FormPage, RecordDetail, StepView, Visited

from .. import forms, services
from ..filters import ProfileOpeningFilter, StudentFilter
from ..models import LooksFor, ProfileOpening, StudentProfile
from ..services.students import NoResume

STUDENTS = (_("Students"), reverse_lazy("consortium:students"))


class StudentRows(Rows):
    """Without names: who wants one opens the profile, and that is on record."""

    queryset = StudentProfile.objects.all()
    filter_class = StudentFilter
    default_sort = "graduates"
    columns = [
        Column("degree", _("Degree"), ("degree",)),
        Column("department", _("Department"), ("department",)),
        Column("graduates", _("Graduates"), ("graduates_on",)),
        Column("looks_for", _("Looks for"), ("looks_for",)),
        Column("resume", _("Résumé")),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_consent()


class StudentList(StudentRows, RecordList):
    template_name = "consortium/student_list.html"
    noun = (_("student"), _("students"))
    export_url = reverse_lazy("consortium:export_students")
    extra_context = {
        "heading": _("Students"),
        "empty_title": _("Nobody to be found"),
        "empty_text": _(
            "Students who let members find them stand here, for the people of a "
            "member with the recruiting role."
        ),
    }


class ExportStudents(StudentRows, RecordExport):
    name = "students"
    export_columns = {
        "id": "pk",
        "degree": exports.text("degree"),
        "department": exports.text("department"),
        "graduates_on": "graduates_on",
        "looks_for": "looks_for",
        "looks_for_words": exports.words("looks_for", LooksFor.choices),
        "skills": exports.text("skills"),
        "is_shared": "is_shared",
        "consent_at": "consent_at",
    }


class StudentDetail(RecordDetail):
    queryset = StudentProfile.objects.with_consent().select_related("person", "resume")
    template_name = "consortium/student_detail.html"
    buttons = ("share", "stop_sharing")
    http_method_names = ["get"]  # a HEAD would be recorded, and show nothing

    def get_object(self, queryset: Any = None) -> Any:
        profile = super().get_object(queryset)
        services.look_at_profile(profile, at=timezone.now(), by=self.user)
        return profile

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        profile = self.object
        openings = ProfileOpening.objects.filter(profile=profile)
        is_mine = profile.person_id == self.user.pk
        return super().get_context_data(
            heading=profile.person.name,
            pretitle=str(profile),
            breadcrumbs=[STUDENTS],
            profile=profile,
            is_mine=is_mine,
            openings=openings.count() if is_mine else None,
            **kwargs,
        )


class TakeResume(RecordDetail):
    queryset = StudentProfile.objects.select_related("resume")
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        profile = self.get_object()
        try:
            found = services.take_resume(profile, at=timezone.now(), by=self.user)
        except (HeldBack, NoResume) as refusal:
            context = {"heading": str(profile), "refusal": refusal}
            status = HTTPStatus.CONFLICT
            return render(request, "documents/held_back.html", context, status=status)
        return given_file(found.file, found.name, found.content_type)


class MyProfile(Visited, FormPage):
    """Each person's own profile; nobody sees it before they share it."""

    form_class = forms.ProfileForm
    done = _("Saved.")
    extra_context = {
        "heading": _("Your profile as a student"),
        "submit_label": _("Save"),
        "intro": _("Members that recruit see it while you share it, and never before."),
        "cancel_url": reverse_lazy("home"),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        mine = StudentProfile.objects.filter(person=self.user)
        self.object = mine.first()
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = self.object
        ways = {}
        if mine is not None:
            page = mine.get_absolute_url()
            ways = {"breadcrumbs": [(_("Your page"), page)], "cancel_url": page}
        return super().get_context_data(**ways, **kwargs)

    def perform(self, **data: Any) -> StudentProfile:
        return services.keep_profile(self.user, **data, at=timezone.now())


class ShareProfile(StepView):
    queryset = StudentProfile.objects.all()
    action = "share"
    done = _("Members that recruit can find you from now on.")

    def perform(self, profile: StudentProfile, /) -> StudentProfile:
        now = timezone.now()
        services.say_about_profile(profile.person, is_given=True, at=now)
        return profile


class StopSharingProfile(StepView):
    queryset = StudentProfile.objects.all()
    action = "stop_sharing"
    done = _("Nobody else sees your profile any more.")

    def perform(self, profile: StudentProfile, /) -> StudentProfile:
        now = timezone.now()
        services.say_about_profile(profile.person, is_given=False, at=now)
        return profile


class LookRows(Rows):
    """Staff see all, a student who looked at them, each what they looked at."""

    queryset = ProfileOpening.objects.select_related(
        *["profile__person", "person", "organization"]
    )
    filter_class = ProfileOpeningFilter
    default_sort = "-opened"
    columns = [
        Column("student", _("Student"), ("profile__person__name",)),
        Column("person", _("Looked at by"), ("person__name",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("what", _("What")),
        Column("opened", _("When"), ("opened_at",)),
    ]


class LookList(LookRows, RecordList):
    template_name = "consortium/profile_opening_list.html"
    noun = (_("look"), _("looks"))
    export_url = reverse_lazy("consortium:export_profile_openings")
    extra_context = {
        "heading": _("Looks at profiles"),
        "empty_title": _("Nobody looked yet"),
        "empty_text": _("Who looked at which profile stands here."),
    }


class ExportLooks(LookRows, RecordExport):
    name = "profile-openings"
    export_columns = {
        "id": "pk",
        "student": exports.text("profile__person__name"),
        "person": exports.text("person__name"),
        "organization": exports.text("organization__name"),
        "is_resume": "is_resume",
        "opened_at": "opened_at",
    }
