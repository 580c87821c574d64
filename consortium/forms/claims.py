"""What people claim on one document."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, RecordForm
from inm_portal.kernel.money import CENT, AmountField

from ..models import IN_CASH, ContributionCredit, Evidence, Organization
from ..services import Part
from .commitments import years_of
from .evidence import PaperFields

#: Rows for the parts of one claim; a document over more is claimed on again.
PARTS_SHOWN = 3


class ClaimForm(PaperFields, RecordForm):
    """What is claimed on one document, toward up to three years or categories."""

    what_for = ContributionCredit._meta.get_field("what_for").formfield()

    class Meta:
        model = Evidence
        fields = ["payer", "number", "amount", "dated_on"]
        widgets = {"dated_on": DATE}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = {str(year.pk): year for year in years_of(organization)}
        named = [("", "---------"), *((key, str(year)) for key, year in years.items())]
        for number in range(1, PARTS_SHOWN + 1):
            is_first = number == 1
            of_part = "" if is_first else _(" of part %(number)s") % {"number": number}
            self.fields[f"year_{number}"] = forms.TypedChoiceField(
                choices=named,
                coerce=years.__getitem__,
                empty_value=None,
                required=is_first,
                label=_("Commitment year%(of_part)s") % {"of_part": of_part},
            )
            self.fields[f"category_{number}"] = forms.ChoiceField(
                choices=[("", "---------"), *((c.value, c.label) for c in IN_CASH)],
                required=is_first,
                label=_("Category%(of_part)s") % {"of_part": of_part},
            )
            self.fields[f"amount_{number}"] = AmountField(
                required=is_first,
                min_value=CENT,
                label=_("Amount claimed%(of_part)s") % {"of_part": of_part},
            )
        parts = [field.name for row in self.part_rows() for field in row]
        self.order_fields(["what_for", *parts, "contributed_on"])

    def part_rows(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{one}_{number}"] for one in PART_FIELDS]
            for number in range(1, PARTS_SHOWN + 1)
        ]

    def has_more(self) -> bool:
        """Say whether something stands in a row after the first."""
        return any(field.value() for row in self.part_rows()[1:] for field in row)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = []
        for number in range(1, PARTS_SHOWN + 1):
            row = [data.pop(f"{one}_{number}", None) for one in PART_FIELDS]
            if all(row):
                parts.append(Part(*row))
            elif any(row) and not self.errors:
                words = _("Say the year, the category and the amount.")
                self.add_error(f"year_{number}", words)
        return data | {"paper": self.paper(data), "parts": parts}


PART_FIELDS = ["year", "category", "amount"]
