"""Terms that end, how likely each is renewed, and what that was estimated by."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.views import RecordDetail

from .. import forms, services
from ..filters import RenewalFilter
from ..models import Agreement, with_estimate
from .agreements import OfAgreement

RENEWALS = (_("Renewals"), reverse_lazy("consortium:renewals"))


class RenewalRows(Rows):
    """The terms in force after which nothing is signed yet."""

    queryset = Agreement.objects.select_related("organization")
    filter_class = RenewalFilter
    default_sort = "ends_on"
    columns = [
        Column("organization", _("Member"), ("organization__name",)),
        Column("agreement", _("Agreement")),
        Column("ends_on", _("Term ends"), ("ends_on",)),
        Column("notice_on", _("Notice by")),
        Column("probability", _("Renews"), ("probability",), is_numeric=True),
        Column("why", _("Reason")),
    ]

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        rows = self.queryset.permitted(self.user, "view_renewal")
        rows = rows.in_force(on=today).without_successor()
        return with_estimate(rows.with_terms(on=today))


class RenewalList(RenewalRows, RecordList):
    template_name = "consortium/renewal_list.html"
    noun = (_("term"), _("terms"))
    export_url = reverse_lazy("consortium:export_renewals")
    extra_context = {
        "heading": _("Renewals"),
        "empty_title": _("No term in force"),
        "empty_text": _("Terms after which nothing is signed yet stand here."),
    }


class ExportRenewals(RenewalRows, RecordExport):
    name = "renewals"
    export_columns = {
        "agreement": "pk",
        "organization": exports.text("organization__name"),
        "effective_on": "effective_on",
        "ends_on": "ends_on",
        "probability_percent": "probability",
        "reason": exports.text("why"),
        "estimated_at": "told_at",
    }


class RenewalDetail(RecordDetail):
    queryset = Agreement.objects.select_related("organization")
    action = "view_renewal"
    template_name = "consortium/renewal_detail.html"
    buttons = ("estimate_renewal",)

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        return super().get_queryset().with_terms(on=today).with_successor()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.object
        estimates = agreement.renewal_estimates.select_related("estimated_by")
        is_open = agreement.ends_on >= timezone.localdate()
        return super().get_context_data(
            heading=_("Renewal of %(agreement)s") % {"agreement": agreement.number},
            pretitle=agreement.organization.name,
            breadcrumbs=[RENEWALS],
            agreement=agreement,
            estimates=slice_of(
                estimates.order_by("-pk"), "estimates", self.request.GET
            ),
            is_open=is_open and not agreement.is_followed,
            **kwargs,
        )


class EstimateRenewal(OfAgreement):
    action = "estimate_renewal"
    form_class = forms.RenewalEstimateForm
    heading = _("Estimate the renewal")
    done = _("Estimate saved; the cash forecast weighs the next term by it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("consortium:renewal", args=[self.object.pk])
        return super().get_context_data(**kwargs) | {
            "pretitle": self.object.organization.name,
            "breadcrumbs": [RENEWALS, (self.object.number, url)],
            "cancel_url": url,
        }

    def perform(self, **data: Any) -> Any:
        return services.estimate_renewal(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
