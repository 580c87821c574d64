"""What was granted to applicants: later deadlines, and leave to apply."""

from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows

from ..filters import ExceptionFilter, ExtensionFilter
from ..models import EligibilityException, Extension, StageKind


class ExtensionRows(Rows):
    queryset = Extension.objects.select_related("stage__call", "person", "granted_by")
    filter_class = ExtensionFilter
    default_sort = "-granted"
    columns = [
        Column("call", _("Call"), ("stage__call__title",)),
        Column("person", _("For"), ("person__name",)),
        Column("until", _("New deadline"), ("until_at",)),
        Column("reason", _("Reason")),
        Column("by", _("By"), ("granted_by__name",)),
        Column("granted", _("Granted"), ("granted_at",)),
    ]


class ExtensionList(ExtensionRows, RecordList):
    template_name = "seed_projects/extension_list.html"
    noun = (_("extension"), _("extensions"))
    export_url = reverse_lazy("seed_projects:export_extensions")
    extra_context = {
        "heading": _("Deadlines extended"),
        "empty_title": _("No deadline was extended"),
        "empty_text": _("Extend one on the page of its call."),
    }


class ExportExtensions(ExtensionRows, RecordExport):
    name = "extensions"
    export_columns = {
        "id": "pk",
        "call": exports.text("stage__call__title"),
        "stage": "stage__kind",
        "stage_words": exports.words("stage__kind", StageKind.choices),
        "person": exports.text("person__name"),
        "email": exports.text("person__email"),
        "until_at": "until_at",
        "reason": exports.text("reason"),
        "granted_by": exports.text("granted_by__name"),
        "granted_at": "granted_at",
    }


class ExceptionRows(Rows):
    queryset = EligibilityException.objects.select_related(
        "rule__call", "person", "granted_by"
    )
    filter_class = ExceptionFilter
    default_sort = "-granted"
    columns = [
        Column("person", _("For"), ("person__name",)),
        Column("call", _("Call"), ("rule__call__title",)),
        Column("rule", _("Rule")),
        Column("until", _("Until"), ("until_on",)),
        Column("reason", _("Reason")),
        Column("granted", _("Granted"), ("granted_at",)),
    ]


class ExceptionList(ExceptionRows, RecordList):
    template_name = "seed_projects/eligibilityexception_list.html"
    noun = (_("exception"), _("exceptions"))
    export_url = reverse_lazy("seed_projects:export_eligibility_exceptions")
    extra_context = {
        "heading": _("Exceptions of eligibility"),
        "empty_title": _("No exceptions"),
        "empty_text": _("Grant one on the page of its call."),
    }


class ExportExceptions(ExceptionRows, RecordExport):
    name = "eligibility_exceptions"
    export_columns = {
        "id": "pk",
        "person": exports.text("person__name"),
        "email": exports.text("person__email"),
        "call": exports.text("rule__call__title"),
        "rule": exports.text("rule__statement"),
        "until_on": "until_on",
        "reason": exports.text("reason"),
        "granted_by": exports.text("granted_by__name"),
        "granted_at": "granted_at",
    }
