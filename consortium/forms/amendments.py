"""What people type about a change of an agreement."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, EditForm, RecordForm
from inm_portal.kernel.money import CENT, AmountField

from ..models import MOST_YEARS, Amendment, CommitmentYear
from ..services import YearTerms
from .agreements import PARTS, ZERO

#: Rows on the page for years by which an amendment extends the term.
FURTHER_SHOWN = 3


class AmendmentForm(RecordForm):
    """A change of an agreement, with the amounts of each year of its term."""

    class Meta:
        model = Amendment
        fields = [
            "effective_on",
            "reason",
            "counting",
            "contracting_entity",
            "entity_country",
            "entity_tax_number",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
            "other_terms",
        ]
        widgets = {
            "effective_on": DATE,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "other_terms": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self, *args: Any, in_force: Mapping[int, CommitmentYear], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.in_force = in_force
        for name in ["billing_frequency", "entity_country"]:
            field: Any = self.fields[name]
            field.choices = [("", _("As it is")), *list(field.choices)[1:]]
        told = (
            {y.number: y for y in self.instance.years.all()} if self.instance.pk else {}
        )
        for number, year in in_force.items():
            amounts = [year.required_now, year.fee_now]
            if number in told:
                amounts = [told[number].required, told[number].fee_part]
            for (part, label), amount in zip(PARTS, amounts, strict=True):
                self.fields[f"{part}_{number}"] = AmountField(
                    min_value=CENT if part == "required" else 0,
                    label=label % {"number": number},
                )
                self.initial[f"{part}_{number}"] = amount
        written = max(told, default=0)
        last = max(len(in_force) + FURTHER_SHOWN, written)
        self.further = range(len(in_force) + 1, min(last, MOST_YEARS) + 1)
        for number in self.further:
            for part, label in PARTS:
                self.fields[f"{part}_{number}"] = AmountField(
                    required=False, min_value=0, label=label % {"number": number}
                )
            if number in told:
                self.initial[f"required_{number}"] = told[number].required
                self.initial[f"fee_part_{number}"] = told[number].fee_part

    def year_rows(self) -> Iterator[tuple[Any, ...]]:
        """Return number, year if there is one yet, and the fields of both amounts."""
        for number in [*self.in_force, *self.further]:
            fields = [self[f"{part}_{number}"] for part, _label in PARTS]
            yield number, self.in_force.get(number), *fields

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rows = {
            number: [data.pop(f"{part}_{number}", None) for part, _label in PARTS]
            for number in [*self.in_force, *self.further]
        }
        data["years"] = {
            number: YearTerms(required or ZERO, fee or ZERO)
            for number, (required, fee) in rows.items()
            if (required, fee) != (None, None)
        }
        return data


class AmendmentDraftForm(AmendmentForm, EditForm):
    class Meta(AmendmentForm.Meta):
        pass


class AbandonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3})
    )
