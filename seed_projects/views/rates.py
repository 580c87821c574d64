"""The rates that budgets are worked out with, and how they are recorded."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import CreateView

from .. import forms, services
from ..filters import RateFilter
from ..models import CostRate, RateKind

RATES = (_("Rates of budgets"), reverse_lazy("seed_projects:rates"))


class RateRows(Rows):
    queryset = CostRate.objects.select_related("recorded_by")
    filter_class = RateFilter
    default_sort = "-starts"
    columns = [
        Column("kind", _("Rate"), ("kind",)),
        Column("starts", _("From"), ("starts_on", "pk")),
        Column("value", _("Value"), is_numeric=True),
        Column("by", _("Recorded by"), ("recorded_by__name",)),
        Column("recorded", _("Recorded"), ("recorded_at",)),
    ]


class RateList(RateRows, RecordList):
    template_name = "seed_projects/costrate_list.html"
    noun = (_("rate"), _("rates"))
    export_url = reverse_lazy("seed_projects:export_rates")
    extra_context = {
        "heading": RATES[0],
        "empty_title": _("No rates yet"),
        "empty_text": _(
            "Nobody can submit salaries, tuition or indirect cost of a year whose "
            "rates nobody recorded."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("seed_projects.add_costrate")
        return super().get_context(page) | {"may_add": may_add}


class ExportRates(RateRows, RecordExport):
    name = "rates"
    export_columns = {
        "id": "pk",
        "kind": "kind",
        "kind_words": exports.words("kind", RateKind.choices),
        "starts_on": "starts_on",
        "percent": "percent",
        "amount": "amount",
        "recorded_by": exports.text("recorded_by__name"),
        "recorded_at": "recorded_at",
    }


class RecordRate(CreateView):
    """Record a rate from a day on; what was submitted keeps the one it used."""

    permission = "seed_projects.add_costrate"
    form_class = forms.RateForm
    done = _("Recorded. Drafts are worked out with it at once.")
    extra_context = {
        "heading": _("Record a rate"),
        "intro": _("A wrong one is put right by another one of the same day."),
        "submit_label": _("Record"),
        "breadcrumbs": [RATES],
        "cancel_url": RATES[1],
    }

    def perform(self, **data: Any) -> Any:
        services.record_rate(**data, at=timezone.now(), by=self.user)
        return RATES[1]
