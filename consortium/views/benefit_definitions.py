"""What every member gets in a year: the list of rates, and what changes them."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, UseCaseView

from .. import forms, services
from ..filters import BenefitRateFilter
from ..models import Benefit, BenefitRate
from .benefits import BENEFITS

DEFINITIONS = (_("What every member gets"), reverse_lazy("consortium:benefit_rates"))


class BenefitRateRows(Rows):
    queryset = BenefitRate.objects.select_related("benefit")
    filter_class = BenefitRateFilter
    default_sort = "benefit"
    columns = [
        Column("benefit", _("Benefit"), ("benefit__name", "from_on")),
        Column("from", _("From"), ("from_on",)),
        Column("quantity", _("Each year gets"), ("quantity",), is_numeric=True),
        Column("larger", _("Larger years get"), is_numeric=True),
        Column("carries_over", _("Carries over")),
    ]


class BenefitRateList(BenefitRateRows, RecordList):
    template_name = "consortium/benefitrate_list.html"
    noun = (_("rate"), _("rates"))
    export_url = reverse_lazy("consortium:export_benefit_rates")
    extra_context = {
        "heading": _("What every member gets"),
        "empty_title": _("No benefits yet"),
        "empty_text": _("Define a benefit, and each year of each member has it."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_benefit")
        return super().get_context(page) | {"may_add": may_add}


class ExportBenefitRates(BenefitRateRows, RecordExport):
    name = "benefit_rates"
    export_columns = {
        "id": "pk",
        "benefit": exports.text("benefit__name"),
        "unit": exports.text("benefit__unit"),
        "from_on": "from_on",
        "quantity": "quantity",
        "larger_from": "larger_from",
        "larger_quantity": "larger_quantity",
        "carries_over": "benefit__carries_over",
        "reason": exports.text("reason"),
    }


class BenefitDetail(RecordDetail):
    queryset = Benefit.objects.all()
    template_name = "consortium/benefit_detail.html"
    buttons = ("change", "end")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        benefit = self.object
        rates = benefit.rates.order_by("-from_on")
        return super().get_context_data(
            heading=benefit.name,
            breadcrumbs=[BENEFITS, DEFINITIONS],
            benefit=benefit,
            rates=slice_of(rates, "rates", self.request.GET),
            entries=history_of(benefit, user=self.user),
            **kwargs,
        )


class DefineBenefit(CreateView):
    permission = "consortium.add_benefit"
    form_class = forms.DefineBenefitForm
    done = _("Defined. Each member has it from now on.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Define a benefit"),
            intro=_("Every member gets it in each year of its agreement."),
            breadcrumbs=[BENEFITS, DEFINITIONS],
            cancel_url=DEFINITIONS[1],
            submit_label=_("Define"),
            **kwargs,
        )

    def perform(self, **data: Any) -> Benefit:
        return services.define_benefit(**data, at=timezone.now(), by=self.user)


class OfBenefit(UseCaseView):
    queryset = Benefit.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        benefit = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=benefit.name,
            breadcrumbs=[
                *[BENEFITS, DEFINITIONS],
                (benefit.name, benefit.get_absolute_url()),
            ],
            cancel_url=benefit.get_absolute_url(),
            **kwargs,
        )

    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "today": timezone.localdate(), "by": self.user}


class ChangeBenefit(OfBenefit):
    action = "change"
    form_class = forms.ChangeBenefitForm
    heading = _("Change how much a year gets")
    done = _("Changed.")

    def get_initial(self) -> dict[str, Any]:
        return forms.rate_typed(self.object.rates.latest("from_on"))

    def perform(self, **data: Any) -> Benefit:
        services.change_benefit(self.object, **data, **self.now())
        return self.object


class EndBenefit(OfBenefit):
    action = "end"
    form_class = forms.EndBenefitForm
    heading = _("End this benefit")
    done = _("Ended.")
    extra_context = {"submit_label": _("End")}

    def perform(self, **data: Any) -> Benefit:
        services.end_benefit(self.object, **data, **self.now())
        return self.object
