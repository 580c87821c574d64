"""Write forms in the browser: sections and questions, until a version is published."""

from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.lists import Column, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import FormFilter
from ..models import FormDefinition, FormVersion, Question, Section

FORMS = (_("Forms"), reverse_lazy("seed_projects:forms"))

#: How many versions there are, and the last one that is out.
COUNTED = {
    "count": Count("versions"),
    "last": Max("versions__number", filter=Q(versions__published_at__isnull=False)),
}
COLUMNS = [
    Column("title", _("Title"), (Lower("title"),)),
    Column("versions", _("Versions"), ("count",), is_numeric=True),
    Column("last", _("Last published"), is_numeric=True),
]


class FormRows(Rows):
    queryset = FormDefinition.objects.annotate(**COUNTED)
    filter_class = FormFilter
    default_sort = "title"
    columns = COLUMNS


class FormList(FormRows, RecordList):
    template_name = "seed_projects/definition_list.html"
    noun = (_("form"), _("forms"))
    extra_context = {
        "heading": _("Forms"),
        "empty_title": _("No forms yet"),
        "empty_text": _("Write the form that applicants fill in."),
        "add_url": reverse_lazy("seed_projects:add_form"),
        "add_label": _("Write a form"),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("seed_projects.add_formdefinition")
        return super().get_context(page) | {"may_add": may_add}


class AddForm(CreateView):
    permission = "seed_projects.add_formdefinition"
    form_class = forms.TitleForm
    done = _("Begun. Add its sections.")
    extra_context = {
        "heading": _("Write a form"),
        "submit_label": _("Begin"),
        "breadcrumbs": [FORMS],
        "cancel_url": FORMS[1],
    }

    def perform(self, **data: Any) -> FormVersion:
        return services.add_form(**data, at=timezone.now(), by=self.user)


class FormDetail(RecordDetail):
    queryset = FormDefinition.objects.all()
    template_name = "seed_projects/definition_detail.html"
    buttons = ("begin_version",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.object.title,
            breadcrumbs=[FORMS],
            thing=self.object,
            begin="seed_projects:begin_form_version",
            versions=self.object.versions.select_related("form"),
            entries=history_of(self.object, user=self.user),
            **kwargs,
        )


class BeginFormVersion(StepView):
    queryset = FormDefinition.objects.all()
    action = "begin_version"
    done = _("Begun as a copy of the last one.")

    def perform(self, form: FormDefinition, /) -> FormVersion:
        now = timezone.now()
        return services.begin_form_version(form, at=now, by=self.user)


class FormVersionDetail(RecordDetail):
    """The editor while a version is a draft; once it is out, the form to be read."""

    queryset = FormVersion.objects.select_related("form")
    template_name = "seed_projects/formversion_detail.html"
    buttons = ("change", "publish")

    def get_queryset(self) -> Any:
        return super().get_queryset().distinct()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.object
        form = version.form
        return super().get_context_data(
            heading=str(version),
            breadcrumbs=[FORMS, (form.title, form.get_absolute_url())],
            version=version,
            sections=version.sections.prefetch_related("questions__asked_if"),
            **kwargs,
        )


class PublishForm(StepView):
    queryset = FormVersion.objects.select_related("form")
    action = "publish"
    done = _("Published. It stays as it is.")

    def perform(self, version: FormVersion, /) -> FormVersion:
        return services.publish_form(version, at=timezone.now(), by=self.user)


class OfVersion(UseCaseView):
    """A form about a part of a version; ``version`` is where one comes back to."""

    heading: Any

    @property
    def version(self) -> Any:
        return self.object.version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.version
        return super().get_context_data(
            heading=self.heading,
            pretitle=str(version),
            breadcrumbs=[(str(version), version.get_absolute_url())],
            cancel_url=version.get_absolute_url(),
            **kwargs,
        )


class AddSection(OfVersion):
    queryset = FormVersion.objects.select_related("form")
    action = "change"
    form_class = forms.SectionForm
    heading = _("Add a section")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    @property
    def version(self) -> Any:
        return self.object

    def perform(self, **data: Any) -> Section:
        return services.add_section(self.object, **data, by=self.user)


SECTIONS = Section.objects.select_related("version__form")
QUESTIONS = Question.objects.select_related("version__form", "section", "asked_if")


class ChangeSection(OfVersion):
    queryset = SECTIONS
    action = "change"
    form_class = forms.SectionForm
    heading = _("Change a section")
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Section:
        return services.change_section(self.object, **data, by=self.user)


class MoveSection(StepView):
    queryset = SECTIONS
    action = "move"
    done = _("Moved.")

    def perform(self, section: Section, /) -> Section:
        up = self.request.POST.get("up") == "yes"
        return services.move_section(section, up=up, by=self.user)


class RemoveSection(StepView):
    queryset = SECTIONS
    action = "remove"
    done = _("Removed.")

    def perform(self, section: Section, /) -> FormVersion:
        return services.remove_section(section, by=self.user)


class AddQuestion(OfVersion):
    """Ask something in a section; it comes last there."""

    queryset = SECTIONS
    action = "change"
    form_class = forms.QuestionForm
    heading = _("Add a question")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    def get_initial(self) -> dict[str, Any]:
        return {"section": self.object.pk}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"of": self.version}

    def perform(self, **data: Any) -> Question:
        section = data.pop("section")
        return services.add_question(section, **data, by=self.user)


class ChangeQuestion(OfVersion):
    queryset = QUESTIONS
    action = "change"
    form_class = forms.QuestionForm
    heading = _("Change a question")
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        told = {"of": self.version, "instance": self.object}
        return super().get_form_kwargs() | told

    def perform(self, **data: Any) -> Question:
        return services.change_question(self.object, **data, by=self.user)


class MoveQuestion(StepView):
    queryset = QUESTIONS
    action = "move"
    done = _("Moved.")

    def perform(self, question: Question, /) -> Question:
        up = self.request.POST.get("up") == "yes"
        return services.move_question(question, up=up, by=self.user)


class RemoveQuestion(StepView):
    queryset = QUESTIONS
    action = "remove"
    done = _("Removed.")

    def perform(self, question: Question, /) -> FormVersion:
        return services.remove_question(question, by=self.user)
