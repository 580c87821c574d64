"""Write in the browser what proposals are scored by."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.lists import RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, StepView

from .. import forms, services
from ..filters import RubricFilter
from ..models import Criterion, Rubric, RubricVersion
from .definitions import COLUMNS, COUNTED, OfVersion

RUBRICS = (_("Rubrics"), reverse_lazy("seed_projects:rubrics"))


class RubricRows(Rows):
    queryset = Rubric.objects.annotate(**COUNTED)
    filter_class = RubricFilter
    default_sort = "title"
    columns = COLUMNS


class RubricList(RubricRows, RecordList):
    template_name = "seed_projects/definition_list.html"
    noun = (_("rubric"), _("rubrics"))
    extra_context = {
        "heading": _("Rubrics"),
        "empty_title": _("No rubrics yet"),
        "empty_text": _("Write what reviewers score, and on which scale."),
        "add_url": reverse_lazy("seed_projects:add_rubric"),
        "add_label": _("Write a rubric"),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("seed_projects.add_rubric")
        return super().get_context(page) | {"may_add": may_add}


class AddRubric(CreateView):
    permission = "seed_projects.add_rubric"
    form_class = forms.TitleForm
    done = _("Begun. Add its criteria.")
    extra_context = {
        "heading": _("Write a rubric"),
        "submit_label": _("Begin"),
        "breadcrumbs": [RUBRICS],
        "cancel_url": RUBRICS[1],
    }

    def perform(self, **data: Any) -> RubricVersion:
        return services.add_rubric(**data, at=timezone.now(), by=self.user)


class RubricDetail(RecordDetail):
    queryset = Rubric.objects.all()
    template_name = "seed_projects/definition_detail.html"
    buttons = ("begin_version",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.object.title,
            breadcrumbs=[RUBRICS],
            thing=self.object,
            begin="seed_projects:begin_rubric_version",
            versions=self.object.versions.select_related("rubric"),
            entries=history_of(self.object, user=self.user),
            **kwargs,
        )


class BeginRubricVersion(StepView):
    queryset = Rubric.objects.all()
    action = "begin_version"
    done = _("Begun as a copy of the last one.")

    def perform(self, rubric: Rubric, /) -> RubricVersion:
        now = timezone.now()
        return services.begin_rubric_version(rubric, at=now, by=self.user)


class RubricVersionDetail(RecordDetail):
    queryset = RubricVersion.objects.select_related("rubric")
    template_name = "seed_projects/rubricversion_detail.html"
    buttons = ("change", "publish")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rubric = self.object.rubric
        return super().get_context_data(
            heading=str(self.object),
            breadcrumbs=[RUBRICS, (rubric.title, rubric.get_absolute_url())],
            version=self.object,
            criteria=self.object.criteria.all(),
            **kwargs,
        )


class PublishRubric(StepView):
    queryset = RubricVersion.objects.select_related("rubric")
    action = "publish"
    done = _("Published. It stays as it is.")

    def perform(self, version: RubricVersion, /) -> RubricVersion:
        return services.publish_rubric(version, at=timezone.now(), by=self.user)


class AddCriterion(OfVersion):
    queryset = RubricVersion.objects.select_related("rubric")
    action = "change"
    form_class = forms.CriterionForm
    heading = _("Add a criterion")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    @property
    def version(self) -> Any:
        return self.object

    def perform(self, **data: Any) -> Criterion:
        return services.add_criterion(self.object, **data, by=self.user)


CRITERIA = Criterion.objects.select_related("version__rubric")


class ChangeCriterion(OfVersion):
    queryset = CRITERIA
    action = "change"
    form_class = forms.CriterionForm
    heading = _("Change a criterion")
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Criterion:
        return services.change_criterion(self.object, **data, by=self.user)


class MoveCriterion(StepView):
    queryset = CRITERIA
    action = "move"
    done = _("Moved.")

    def perform(self, criterion: Criterion, /) -> Criterion:
        up = self.request.POST.get("up") == "yes"
        return services.move_criterion(criterion, up=up, by=self.user)


class RemoveCriterion(StepView):
    queryset = CRITERIA
    action = "remove"
    done = _("Removed.")

    def perform(self, criterion: Criterion, /) -> RubricVersion:
        return services.remove_criterion(criterion, by=self.user)
