"""What members get in each year: the list, each with its uses, and what changes it."""

from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.prepared import KeyIn, prepared
from inm_portal.kernel.views import PreparedDetail, UseCaseView

from .. import forms, services
from ..filters import EntitlementFilter
from ..models import YEARS_APART, BenefitGrant, BenefitUse, DuesStep, Entitlement

BENEFITS = (_("Benefits"), reverse_lazy("consortium:entitlements"))
RELATED = ("organization", "benefit", "commitment_year__agreement")


class EntitlementRows(Rows):
    queryset = Entitlement.objects.select_related(*RELATED)
    filter_class = EntitlementFilter
    default_sort = "-year"
    columns = [
        Column("benefit", _("Benefit"), ("benefit__name",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("year", _("Year"), ("commitment_year__starts_on",)),
        Column("quantity", _("Entitled"), is_numeric=True),
        Column("used", _("Used"), is_numeric=True),
        Column("left", _("Left"), is_numeric=True),
    ]


class EntitlementList(EntitlementRows, RecordList):
    keys_first = True
    template_name = "consortium/entitlement_list.html"
    noun = (_("entitlement"), _("entitlements"))
    export_url = reverse_lazy("consortium:export_entitlements")
    extra_context = {
        "heading": _("Benefits"),
        "empty_title": _("No benefits yet"),
        "empty_text": _(
            "What a member gets in each year of its agreement stands here, with what "
            "was used of it."
        ),
    }

    def derived(self, keys: list[int]) -> Any:
        years = [key // YEARS_APART for key in keys]
        return entitlements_of(keys, years, on=timezone.localdate())


@prepared
def entitlements_of(keys: Any, years: Any, *, on: date) -> Any:
    """Return what a list shows of entitlements; an index leads to their years."""
    rows = Entitlement.objects.select_related(*RELATED).standing(on=on)
    return rows.filter(KeyIn(years, of="commitment_year"), KeyIn(keys))


class ExportEntitlements(EntitlementRows, RecordExport):
    name = "benefits"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "agreement": "commitment_year__agreement_id",
        "year": "commitment_year__number",
        "starts_on": "commitment_year__starts_on",
        "ends_on": "commitment_year__ends_on",
        "benefit": exports.text("benefit__name"),
        "unit": exports.text("benefit__unit"),
        "by_tier": "by_tier",
        "granted": "granted",
        "entitled": "quantity",
        "used": "used",
        "left": F("left"),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().standing(on=timezone.localdate())


class EntitlementDetail(PreparedDetail):
    queryset = Entitlement.objects.select_related(*RELATED)
    template_name = "consortium/entitlement_detail.html"
    buttons = ("use", "grant")

    @classmethod
    def rows(cls, **known: Any) -> Any:
        return super().rows().standing(**known)

    @property
    def known(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        of_it = {"commitment_year": one.commitment_year, "benefit": one.benefit}
        uses = BenefitUse.objects.filter(**of_it).select_related("reversal")
        uses = uses.with_permissions(self.user, "reverse").order_by("-used_on", "-pk")
        grants = BenefitGrant.objects.filter(**of_it).select_related("deviation")
        return super().get_context_data(
            heading=one.benefit.name,
            pretitle=one.organization.name,
            breadcrumbs=[BENEFITS],
            entitlement=one,
            limits=list(
                DuesStep.objects.limiting(
                    one.organization_id, on=timezone.localdate()
                ).select_related("invoice")
            ),
            uses=slice_of(uses, "uses", self.request.GET),
            grants=slice_of(grants.order_by("pk"), "grants", self.request.GET),
            **kwargs,
        )


class OfEntitlement(UseCaseView):
    queryset = Entitlement.objects.select_related(*RELATED)
    heading: Any

    def get_queryset(self) -> Any:
        return super().get_queryset().standing(on=timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        facts = {"company": one.organization.name, "left": one.left}
        facts |= {"unit": one.benefit.unit, "number": one.commitment_year.number}
        facts |= {"benefit": one.benefit.name, "quantity": one.quantity}
        words = _(
            "%(benefit)s of %(company)s in year %(number)s: %(left)s of %(quantity)s "
            "%(unit)s left."
        )
        return super().get_context_data(
            heading=self.heading,
            intro=words % facts,
            breadcrumbs=[BENEFITS, (one.benefit.name, one.get_absolute_url())],
            cancel_url=one.get_absolute_url(),
            **kwargs,
        )

    def now(self) -> dict[str, Any]:
        return {
            "at": timezone.now(),
            "today": timezone.localdate(),
            "by": self.user,
        }


class UseBenefit(OfEntitlement):
    action = "use"
    form_class = forms.UseBenefitForm
    heading = _("Record a use")
    done = _("Use recorded.")
    extra_context = {"submit_label": _("Record")}

    def perform(self, **data: Any) -> Entitlement:
        services.use_benefit(self.object, **data, **self.now())
        return self.object


class GrantBenefit(OfEntitlement):
    action = "grant"
    form_class = forms.GrantBenefitForm
    heading = _("Grant more")
    done = _("Granted.")
    extra_context = {"submit_label": _("Grant")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"entitlement": self.object}

    def perform(self, **data: Any) -> Entitlement:
        services.grant_benefit(self.object, **data, **self.now())
        return self.object


class ReverseUse(UseCaseView):
    queryset = BenefitUse.objects.select_related(
        "benefit", "commitment_year__agreement__organization"
    )
    action = "reverse"
    form_class = ReasonForm
    done = _("Taken back.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.object.get_absolute_url()
        return super().get_context_data(
            heading=_("Take a use back"),
            intro=f"{self.object.quantity} {self.object.benefit.unit}: "
            f"{self.object.what}",
            submit_label=_("Take back"),
            breadcrumbs=[BENEFITS, (self.object.benefit.name, url)],
            cancel_url=url,
            **kwargs,
        )

    def perform(self, **data: Any) -> BenefitUse:
        return services.reverse_use(
            self.object, **data, at=timezone.now(), by=self.user
        )
