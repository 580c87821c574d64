"""The entries of the ledger: the list, and the page of each."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import RecordDetail

from ..filters import LedgerEntryFilter
from ..models import LedgerEntry, PostingKind

ENTRIES = (_("Ledger"), reverse_lazy("consortium:ledger"))

#: The rows that have an entry, by the name under which they find it.
SOURCES = {
    "invoice": "invoice",
    "creditnote": "creditnote__invoice",
    "receipt": "receipt",
    "share": "share__receipt",
    "allocation": "allocation__line__invoice",
    "write_off": "write_off__line__invoice",
    "refund": "refund__share__receipt",
    "recognized": "recognized__source",
}


class EntryRows(Rows):
    queryset = LedgerEntry.objects.with_member()
    filter_class = LedgerEntryFilter
    default_sort = "-posted"
    columns = [
        Column("number", _("Entry"), ("pk",)),
        Column("posted", _("Posted"), ("posted_on",)),
        Column("kind", _("What happened"), ("kind",)),
        Column("member", _("Member")),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
    ]


class LedgerList(EntryRows, RecordList):
    queryset = LedgerEntry.objects.with_member().annotate(
        is_reversed=Exists(LedgerEntry.objects.filter(reverses=OuterRef("pk")))
    )
    template_name = "consortium/ledgerentry_list.html"
    keys_first = True
    noun = (_("entry"), _("entries"))
    export_url = reverse_lazy("consortium:export_ledger")
    extra_context = {
        "heading": _("Ledger"),
        "empty_title": _("Nothing is posted yet"),
        "empty_text": _("What is invoiced, received and applied is posted here."),
    }


class ExportLedger(EntryRows, RecordExport):
    name = "ledger"
    export_columns = {
        "id": "pk",
        "kind": "kind",
        "what_happened": exports.words("kind", PostingKind.choices),
        "posted_on": "posted_on",
        "value_on": "value_on",
        "member": exports.text("member"),
        "amount": "amount",
        "currency": "currency",
        "reverses": "reverses_id",
        "reason": exports.text("reason"),
        "recorded_at": "recorded_at",
    }


class LedgerEntryDetail(RecordDetail):
    queryset = LedgerEntry.objects.with_related(
        *["recorded_by__name", "reversal__posted_on", "reverses__posted_on"],
        "exported__batch__made_at",
    )
    template_name = "consortium/ledgerentry_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.object
        lines = entry.lines.with_related("organization__name").order_by("pk")
        return super().get_context_data(
            heading=entry.get_kind_display(),
            pretitle=entry.number,
            breadcrumbs=[ENTRIES],
            entry=entry,
            lines=list(lines),
            source=source_of(entry.reverses_id or entry.pk),
            reversal=getattr(entry, "reversal", None),
            exported=getattr(entry, "exported", None),
            **kwargs,
        )


def source_of(key: int) -> Any:
    """Return what an entry was posted for: a row that has a page, if it has any."""
    ways = SOURCES.values()
    entry = LedgerEntry.objects.select_related(*ways).get(pk=key)
    for name, way in SOURCES.items():
        if row := getattr(entry, name, None):
            for step in way.split("__")[1:]:
                row = getattr(row, step)
            return row
    return None
