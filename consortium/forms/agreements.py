"""What people type about an agreement: its terms, its years, its signing."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import (
    DATE,
    DayField,
    EditForm,
    FileForm,
    RecordForm,
    VersionForm,
)
from inm_portal.kernel.money import AmountField

from ..documents import AGREEMENT
from ..models import EARLIEST, MOST_YEARS, Agreement, Deviation
from ..services import YearTerms

#: Rows for years on the page; an agreement with more shows one more than it has.
YEARS_SHOWN = 5

ZERO = Decimal()

#: The two amounts of each year, and how messages call them.
PARTS = [
    ("required", _("Required in year %(number)s")),
    ("fee_part", _("Membership fee in year %(number)s")),
]


class AgreementForm(RecordForm):
    """An agreement with a row of two amounts for each year of its term."""

    class Meta:
        model = Agreement
        fields = [
            "template_version",
            "contracting_entity",
            "entity_country",
            "entity_tax_number",
            "effective_on",
            "currency",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
            "in_kind_cap_percent",
            "carries_forward",
            "cure_days",
        ]
        widgets = {"effective_on": DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = list(self.instance.years.all()) if self.instance.pk else []
        self.shown = min(max(YEARS_SHOWN, len(written) + 1), MOST_YEARS)
        for number in range(1, self.shown + 1):
            for part, label in PARTS:
                self.fields[f"{part}_{number}"] = AmountField(
                    required=False, min_value=0, label=label % {"number": number}
                )
        for year in written:
            self.initial[f"required_{year.number}"] = year.required
            self.initial[f"fee_part_{year.number}"] = year.fee_part

    def details(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.Meta.fields)

    def year_rows(self) -> Iterator[tuple[int, forms.BoundField, forms.BoundField]]:
        for number in range(1, self.shown + 1):
            yield number, self[f"required_{number}"], self[f"fee_part_{number}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amounts = [self._amounts(data, number) for number in range(1, self.shown + 1)]
        while amounts and amounts[-1] == (None, None):
            amounts.pop()
        if not amounts:
            self.add_error("required_1", _("Say what is committed in the first year."))
        for number, (required, _fee) in enumerate(amounts, start=1):
            if not required and f"required_{number}" not in self.errors:
                self.add_error(
                    f"required_{number}", _("Say what is committed in this year.")
                )
        data["years"] = [
            YearTerms(required or ZERO, fee or ZERO) for required, fee in amounts
        ]
        return data

    def _amounts(self, data: dict[str, Any], number: int) -> tuple[Any, Any]:
        return (
            data.pop(f"required_{number}", None),
            data.pop(f"fee_part_{number}", None),
        )


class AgreementDraftForm(AgreementForm, EditForm):
    class Meta(AgreementForm.Meta):
        pass


class WaiverForm(VersionForm):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stands in the exception report and in the journal."),
    )


class DeviationForm(RecordForm):
    class Meta:
        model = Deviation
        fields = ["clause", "template_says", "agreement_says", "reason"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("template_says", "agreement_says", "reason")
        }


class SignatureForm(FileForm, VersionForm):
    kind = AGREEMENT
    field_order = ["signed_on", "signed_for_member_by", "signed_for_mit_by", "file"]

    signed_on = DayField(
        label=_("Signed on"),
        initial=timezone.localdate,
        help_text=_("The day of the last signature."),
        validators=[MinValueValidator(EARLIEST)],
    )
    signed_for_member_by = forms.CharField(
        label=_("Signed for the member by"), max_length=200
    )
    signed_for_mit_by = forms.CharField(label=_("Signed for MIT by"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Executed version")


class TerminationForm(FileForm, VersionForm):
    kind = AGREEMENT
    field_order = ["notice_received_on", "last_on", "reason", "file"]

    notice_received_on = DayField(
        label=_("Notice received on"), initial=timezone.localdate
    )
    last_on = DayField(
        label=_("Last day"),
        help_text=_("Count the days of notice that the agreement asks for."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Those who see the agreement read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Notice")
        self.fields["file"].required = False


class AgreementFileForm(FileForm):
    kind = AGREEMENT
