"""What people type about members, contacts and agreements."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import (
    DATE,
    DayField,
    EditForm,
    FileForm,
    RecordForm,
    VersionForm,
)
from inm_portal.kernel.money import AmountField

from .documents import AGREEMENT
from .models import Agreement, Contact, ContactMerge, ContactRole, Organization, Site
from .services import YearTerms

#: Rows for years on the page; an agreement with more shows one more than it has.
YEARS_SHOWN = 5
MOST_YEARS = 10

ZERO = Decimal()

#: The two amounts of each year, and how messages call them.
PARTS = [
    ("required", _("Required in year %(number)s")),
    ("fee_part", _("Membership fee in year %(number)s")),
]


class DetailsFields(forms.ModelForm):
    """Fields that adding and changing an organization share."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    owner = forms.ModelChoiceField(
        label=_("Relationship owner"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Who at INM looks after this company."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.at_inm().order_by("name")  # type: ignore[attr-defined]


class OrganizationForm(DetailsFields, RecordForm):
    class Meta:
        model = Organization
        fields = [
            "name",
            "legal_name",
            "named_since_on",
            "sector",
            "website",
            "owner",
            "is_founding",
        ]
        widgets = {"named_since_on": DATE}


class OrganizationDetailsForm(DetailsFields, EditForm):
    class Meta:
        model = Organization
        fields = ["sector", "website", "owner", "is_founding"]


class RenameForm(RecordForm):
    from_on = DayField(
        label=_("New name from"),
        help_text=_("What was issued earlier keeps the old name."),
    )

    class Meta:
        model = Organization
        fields = ["name", "legal_name"]


class SiteForm(RecordForm):
    class Meta:
        model = Site
        fields = ["name", "kind", "city", "region", "country"]


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields = ["name", "email", "job_title", "phone", "is_shared_mailbox"]
        help_texts = {
            "is_shared_mailbox": _(
                "Several people read it, as ap@…: it may hold the billing role, and"
                " whoever signs in with it is asked for their name at each action."
            )
        }


class ContactDetailsForm(EditForm):
    class Meta(ContactForm.Meta):
        pass


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ContactRole.choices)
    from_on = DayField(label=_("From"), initial=timezone.localdate)


class EndRoleForm(forms.Form):
    until_on = DayField(
        label=_("Ends on"),
        initial=timezone.localdate,
        help_text=_("The first day without the role."),
    )


class DepartureForm(forms.Form):
    on = DayField(
        label=_("Left on"),
        initial=timezone.localdate,
        help_text=_("Roles and access end on this day; history stays."),
    )


class MergeForm(forms.Form):
    """Which contact goes; for each value in which they differ, which one stands."""

    merged = forms.ModelChoiceField(
        queryset=Contact.objects.none(), widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, survivor: Contact, merged: Contact | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = Contact.objects.resembling(survivor)
        self.fields["merged"].queryset = others  # type: ignore[attr-defined]
        self.initial["merged"] = merged
        for name in ContactMerge.FIELDS if merged else ():
            values = [getattr(contact, name) for contact in (survivor, merged)]
            if values[0] != values[1]:
                self.fields[name] = self.choice_of(name, *values)

    def choice_of(self, name: str, stays: str, comes: str) -> forms.ChoiceField:
        label = Contact._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        nothing = _("nothing")
        return forms.ChoiceField(
            label=str(label).capitalize(),
            choices=[("keep", stays or nothing), ("take", comes or nothing)],
            initial="keep" if stays else "take",
            widget=forms.RadioSelect,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = {name: data.pop(name, "keep") for name in ContactMerge.FIELDS}
        data["take"] = [name for name, which in chosen.items() if which == "take"]
        return data


class AgreementForm(RecordForm):
    """An agreement with a row of two amounts for each year of its term."""

    class Meta:
        model = Agreement
        fields = [
            "contracting_entity",
            "effective_on",
            "currency",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
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


class SignatureForm(VersionForm):
    signed_on = DayField(
        label=_("Signed on"),
        initial=timezone.localdate,
        help_text=_("The day of the last signature."),
    )
    signed_for_member_by = forms.CharField(
        label=_("Signed for the member by"), max_length=200
    )
    signed_for_mit_by = forms.CharField(label=_("Signed for MIT by"), max_length=200)


class AgreementFileForm(FileForm):
    kind = AGREEMENT
