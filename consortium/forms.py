"""What people type about members, contacts and agreements."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
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
from inm_portal.kernel.money import CENT, AmountField

from .documents import AGREEMENT, APPRAISAL, EVIDENCE
from .models import (
    IN_CASH,
    IN_KIND,
    MOST_YEARS,
    Agreement,
    Amendment,
    ApprovingOffice,
    Category,
    CommitmentYear,
    Contact,
    ContactMerge,
    ContactRole,
    ContributionCredit,
    Deviation,
    DisputeOutcome,
    Evidence,
    InKindItem,
    Interest,
    Organization,
    Screening,
    Site,
    Valuation,
    ValuationDispute,
)
from .services import Paper, Part, YearTerms

#: Rows for years on the page; an agreement with more shows one more than it has.
YEARS_SHOWN = 5

#: Rows on the page for years by which an amendment extends the term.
FURTHER_SHOWN = 3

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


class LinkForm(forms.Form):
    other = forms.ModelChoiceField(
        label=_("Company"), queryset=Organization.objects.none()
    )
    from_on = DayField(label=_("Since"), initial=timezone.localdate)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organization.objects.exclude(pk=organization.pk).order_by("name")
        self.fields["other"].queryset = others  # type: ignore[attr-defined]


class PeopleField(forms.ModelMultipleChoiceField):
    """People of a company, of whom two may have one name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.email}"


class SpinOffForm(forms.Form):
    from_on = DayField(label=_("Since"), initial=timezone.localdate)
    name = forms.CharField(
        label=_("Name of this member from then on"),
        max_length=200,
        help_text=_("Of the legal entity that signed the agreement."),
    )
    legal_name = forms.CharField(
        label=_("Legal name of this member from then on"), max_length=200
    )
    rest_name = forms.CharField(label=_("Name of the other company"), max_length=200)
    rest_legal_name = forms.CharField(
        label=_("Legal name of the other company"), max_length=200
    )
    contacts = PeopleField(
        label=_("People who are at the other company"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(organization=organization)
        self.fields["contacts"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]
        self.initial.update(name=organization.name, legal_name=organization.legal_name)


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


class ScreeningForm(RecordForm):
    class Meta:
        model = Screening
        fields = ["result", "screened_name", "screened_on", "note"]
        widgets = {"screened_on": DATE, "note": forms.Textarea(attrs={"rows": 3})}


class SignatureForm(FileForm, VersionForm):
    kind = AGREEMENT
    field_order = ["signed_on", "signed_for_member_by", "signed_for_mit_by", "file"]

    signed_on = DayField(
        label=_("Signed on"),
        initial=timezone.localdate,
        help_text=_("The day of the last signature."),
    )
    signed_for_member_by = forms.CharField(
        label=_("Signed for the member by"), max_length=200
    )
    signed_for_mit_by = forms.CharField(label=_("Signed for MIT by"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Executed version")


class AgreementFileForm(FileForm):
    kind = AGREEMENT


#: Rows for the parts of one claim; a document over more is claimed on again.
PARTS_SHOWN = 3


class ForeignAmountField(AmountField):
    """An amount in whichever currency a document is in."""

    symbol = ""


def foreign_amount() -> forms.Field:
    field = Evidence._meta.get_field("foreign_amount")
    return field.formfield(form_class=ForeignAmountField, min_value=CENT)


class PaperFields(forms.ModelForm):
    """A document, its file, and whether earlier claims on it were seen."""

    amount = Evidence._meta.get_field("amount").formfield(min_value=CENT)
    foreign_amount = foreign_amount()
    foreign_currency = Evidence._meta.get_field("foreign_currency").formfield()
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": EVIDENCE.accept}),
        help_text=EVIDENCE.help_text,
    )
    contributed_on = DayField(
        label=_("Contributed on"), help_text=_("The day of payment or delivery.")
    )
    knows_earlier = forms.BooleanField(
        label=_("I have seen the earlier claims; this one is for something else."),
        required=False,
    )

    def paper(self, data: dict[str, Any]) -> Paper:
        return Paper(*(data.pop(name, None) for name in Paper._fields))


def years_of(organization: Organization) -> Any:
    """Return the commitment years that something can be claimed toward."""
    years = CommitmentYear.objects.filter(agreement__organization=organization)
    return years.select_related("agreement").order_by("starts_on")


class YearField(forms.ModelChoiceField):
    """A commitment year, told apart from that of another term by its first day."""

    def label_from_instance(self, obj: Any) -> str:
        return _("Year %(number)s, from %(day)s") % {
            "number": obj.number,
            "day": date_format(obj.starts_on, "M j, Y"),
        }


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


class EvidenceFileForm(FileForm):
    kind = EVIDENCE


class EvidenceForm(EditForm):
    amount = Evidence._meta.get_field("amount").formfield(min_value=CENT)
    foreign_amount = foreign_amount()

    class Meta:
        model = Evidence
        fields = ["amount", "foreign_amount", "foreign_currency", "dated_on"]
        widgets = {"dated_on": DATE}


class AskForm(forms.Form):
    asked_for = forms.CharField(
        label=_("What is missing"),
        max_length=500,
        help_text=_("Stands in the mail to whoever claimed."),
    )


class OpinionForm(forms.Form):
    text = forms.CharField(label=_("Opinion"), max_length=500)


class DecisionForm(forms.Form):
    accepted = AmountField(
        label=_("Accepted"), min_value=0, help_text=_("0 rejects the claim.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_(
            "Needed if less is accepted than was claimed. It stands in the mail to "
            "the company."
        ),
    )


class ReductionForm(forms.Form):
    amount = AmountField(label=_("Reduce by"), min_value=CENT)
    reason = forms.CharField(label=_("Reason"), max_length=500)


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


class InterestForm(RecordForm):
    class Meta:
        model = Interest
        fields = ["person", "reason", "from_on", "until_on"]
        widgets = {"from_on": DATE, "until_on": DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", timezone.localdate())
        self.fields["person"].queryset = User.objects.at_inm().order_by("name")  # type: ignore[attr-defined]


class EndInterestForm(forms.Form):
    until_on = DayField(
        label=_("Ends on"),
        initial=timezone.localdate,
        help_text=_("The first day without it."),
    )
