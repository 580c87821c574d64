"""The list of exceptions of all members."""

from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows

from ..filters import ExceptionFilter
from ..models import AgreementException


class ExceptionRows(Rows):
    queryset = AgreementException.objects.select_related(
        "organization", "agreement", "amendment", "commitment_year"
    ).in_words()
    filter_class = ExceptionFilter
    default_sort = "-since"
    columns = [
        Column("since", _("Day"), ("noted_on",)),
        Column("kind", _("Kind"), ("kind",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("paper", _("Agreement"), ("agreement", "amendment", "commitment_year")),
        Column("what", _("What")),
    ]


class ExceptionList(ExceptionRows, RecordList):
    queryset = ExceptionRows.queryset.only(
        *["kind", "noted_on", "what", "amount", "currency", "organization__name"],
        *["agreement__id", "amendment__number", "commitment_year__number"],
    )
    template_name = "consortium/exception_list.html"
    noun = (_("exception"), _("exceptions"))
    export_url = reverse_lazy("consortium:export_exceptions")
    extra_context = {
        "heading": _("Exceptions"),
        "empty_title": _("No exceptions"),
        "empty_text": _(
            "Waivers, deviations, foreign entities and late signatures appear here."
        ),
    }


class ExportExceptions(ExceptionRows, RecordExport):
    name = "exceptions"
    export_columns = {
        "id": "pk",
        "since": "noted_on",
        "kind": "kind",
        "organization": exports.text("organization__name"),
        "agreement": "agreement_id",
        "amendment": "amendment__number",
        "year": "commitment_year__number",
        "what": exports.text("words"),
        "amount": "amount",
        "currency": "currency",
    }
