"""What finance looks at of dues, of all members in one list."""

from typing import Any

from django.db.models import Count
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows

from ..filters import DuesExceptionFilter
from ..models import DuesException, DuesExceptionKind


class DuesExceptionRows(Rows):
    queryset = DuesException.objects.select_related("organization", "invoice")
    filter_class = DuesExceptionFilter
    default_sort = "-since"
    columns = [
        Column("since", _("Since"), ("noted_on",)),
        Column("kind", _("Kind"), ("kind",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("invoice", _("Invoice"), ("invoice__number",)),
        Column("what", _("What")),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().by(timezone.localdate())


class DuesExceptionList(DuesExceptionRows, RecordList):
    template_name = "consortium/dues_exception_list.html"
    noun = (_("exception"), _("exceptions"))
    export_url = reverse_lazy("consortium:export_dues_exceptions")
    extra_context = {
        "heading": _("Exceptions of dues"),
        "empty_title": _("No exceptions"),
        "empty_text": _(
            "Reminders that did not get through, holds that are over and promises "
            "that were not kept appear here."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        return super().get_context(page) | {"counts": self.counts()}

    def counts(self) -> list[tuple[str, str, int]]:
        """Return how many there are of each kind, whatever the list is narrowed by."""
        rows = self.get_queryset().order_by().values_list("kind")
        found = dict(rows.annotate(count=Count("pk")))
        return [
            (kind.value, str(kind.label), found[kind.value])
            for kind in DuesExceptionKind
            if kind.value in found
        ]


class ExportDuesExceptions(DuesExceptionRows, RecordExport):
    name = "dues-exceptions"
    export_columns = {
        "id": "pk",
        "since": "noted_on",
        "kind": "kind",
        "organization": exports.text("organization__name"),
        "invoice": "invoice__number",
        "what": exports.text("what"),
        "amount": "amount",
        "currency": "currency",
    }
