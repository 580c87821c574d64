"""What people type about a thing in kind, from its offer to a dispute."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, FileForm, RecordForm
from inm_portal.kernel.money import CENT, AmountField

from ..documents import APPRAISAL
from ..models import (
    IN_KIND,
    ApprovingOffice,
    Category,
    CommitmentYear,
    DisputeOutcome,
    Evidence,
    InKindItem,
    Organization,
    Valuation,
    ValuationDispute,
)
from ..services import Part
from .commitments import YearField, years_of
from .evidence import PaperFields


class OfferForm(PaperFields, RecordForm):
    """A thing that a company offers, with the paper that says what it costs."""

    field_order = [
        *["name", "category", "serial", "condition", "site", "running_cost"],
        *["restrictions", "export_classification", "year", "claimed"],
        *["contributed_on", "donor_tax_value"],
    ]

    year = YearField(CommitmentYear.objects.none(), label=_("Commitment year"))
    category = forms.ChoiceField(
        label=_("Category"),
        choices=[(one, Category(one).label) for one in IN_KIND],
    )
    claimed = AmountField(
        label=_("Claimed"),
        min_value=CENT,
        help_text=_("What you think it counts for; its valuation may say less."),
    )
    payer = Evidence._meta.get_field("payer").formfield()
    number = Evidence._meta.get_field("number").formfield()
    dated_on = DayField(label=_("Dated"))

    class Meta:
        model = InKindItem
        fields = [
            *["name", "serial", "site", "condition", "restrictions", "running_cost"],
            *["export_classification", "donor_tax_value"],
        ]

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = years_of(organization)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        part = Part(*(data.pop(name, None) for name in ["year", "category", "claimed"]))
        return data | {"paper": self.paper(data), "part": part}


class AssessmentForm(RecordForm):
    class Meta:
        model = InKindItem
        fields = [
            *["needs_ehs_approval", "needs_space_approval", "site", "condition"],
            *["restrictions", "running_cost", "export_classification"],
        ]


class ApprovalForm(forms.Form):
    office = forms.ChoiceField(label=_("Office"), choices=ApprovingOffice.choices)
    approved_by = forms.CharField(label=_("Approved by"), max_length=200)
    approved_on = DayField(label=_("Approved on"), initial=timezone.localdate)
    note = forms.CharField(label=_("Conditions"), required=False, max_length=500)


class AppraisalForm(FileForm):
    kind = APPRAISAL
    field_order = ["appraiser", "appraised_on", "value", "cost", "file"]

    appraiser = forms.CharField(label=_("Appraiser"), max_length=200)
    appraised_on = DayField(label=_("Appraised on"))
    value = AmountField(label=_("Value"), min_value=0)
    cost = AmountField(label=_("Cost of the appraisal"), min_value=0)


class DeliveryForm(forms.Form):
    on = DayField(label=_("Delivered on"), initial=timezone.localdate)


class ValuationForm(RecordForm):
    class Meta:
        model = Valuation
        fields = ["method", "basis", "discount_percent", "months", "note"]
        help_texts = {
            "discount_percent": _("In percent, for a list price."),
            "months": _("For the lease value of a loan."),
            "note": _("Where the figures come from: offers, price lists, appraiser."),
        }


class BookingForm(forms.Form):
    booked_value = AmountField(label=_("Booked value"), min_value=0)


class DisputeForm(RecordForm):
    class Meta:
        model = ValuationDispute
        fields = ["figure", "method", "reason"]


class DisputeOutcomeForm(RecordForm):
    class Meta:
        model = DisputeOutcome
        fields = ["value", "reason", "appraiser", "appraisal_cost"]
