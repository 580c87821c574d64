"""What people type about a call: what it says, when it takes what, and from whom."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, EditForm, ReasonForm, RecordForm
from inm_portal.kernel.money import CENT, AmountField

from ..models import (
    USUAL_COSTS,
    Call,
    CallStage,
    CostCategory,
    DateKind,
    EligibilityRule,
    FormVersion,
    ProblemStatement,
    RubricVersion,
    StageKind,
    Track,
)
from .instants import InstantField, ZonedForm
from .people import PersonField

FIELDS = [
    *["title", "slug", "summary", "narrative", "themes", "pillars"],
    *["contact_name", "contact_email", "eligibility", "terms"],
    *["ceiling", "year_ceiling", "pot", "expected_awards", "months"],
    *["cost_categories", "indirect_rule", "indirect_rate"],
    *["most_as_pi", "most_in_all", "zone", "grace_minutes"],
    *["blind_mode", "reviews_wanted", "is_previewed", "is_sealed"],
]
WIDGETS = {
    "summary": forms.Textarea(attrs={"rows": 3}),
    "narrative": forms.Textarea(attrs={"rows": 10}),
    "eligibility": forms.Textarea(attrs={"rows": 4}),
    "terms": forms.Textarea(attrs={"rows": 6}),
    "themes": forms.CheckboxSelectMultiple,
    "pillars": forms.CheckboxSelectMultiple,
}

#: The parts of the form of a call, each with its fields.
PARTS = [
    (_("What is asked for"), ["title", "slug", "summary", "narrative"]),
    (_("About"), ["themes", "pillars"]),
    (_("Who answers"), ["contact_name", "contact_email"]),
    (_("Who may apply, and on what terms"), ["eligibility", "terms"]),
    (
        _("Money"),
        [
            *["ceiling", "year_ceiling", "pot", "expected_awards", "months"],
            *["cost_categories", "indirect_rule", "indirect_rate"],
        ],
    ),
    (_("Limits and deadlines"), ["most_as_pi", "most_in_all", "zone", "grace_minutes"]),
    (
        _("Review"),
        ["blind_mode", "reviews_wanted", "is_previewed", "is_sealed"],
    ),
]


def costs() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Costs allowed"),
        choices=CostCategory.choices,
        initial=USUAL_COSTS,
        widget=forms.CheckboxSelectMultiple,
    )


class DraftCallForm(RecordForm):
    cost_categories = costs()

    class Meta:
        model = Call
        fields = FIELDS
        widgets = WIDGETS


class ChangeCallForm(EditForm):
    cost_categories = costs()

    class Meta:
        model = Call
        fields = FIELDS
        widgets = WIDGETS


def in_parts(form: Any) -> list[dict[str, Any]]:
    """Return the sections of the form of a call, as its page shows them."""
    return [
        {"title": title, "fields": [form[name] for name in names]}
        for title, names in PARTS
    ]


class CopyCallForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name"), max_length=60, help_text=_("As in ai-2028.")
    )
    shift_days = forms.IntegerField(
        label=_("Days later"),
        min_value=0,
        max_value=3660,
        help_text=_("364 days later is the same day of the week a year on."),
    )


class VersionField(forms.ModelChoiceField):
    """A version of a form or rubric; a draft says that it is one."""

    def label_from_instance(self, obj: Any) -> str:
        words = "{} ({})".format(obj, _("draft"))
        return str(obj) if obj.is_published else words


def form_versions() -> Any:
    rows = FormVersion.objects.select_related("form")
    return rows.order_by("form__title", "-number")


class StageForm(ZonedForm):
    kind = forms.ChoiceField(label=_("Stage"), choices=StageKind.choices)
    opens_at = InstantField(label=_("Opens"))
    closes_at = InstantField(label=_("Deadline"), is_last=True)
    form = VersionField(label=_("Form"), queryset=FormVersion.objects.none())
    is_by_invitation = forms.BooleanField(
        label=_("Only who was invited after the stage before"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields["form"]
        told.queryset = form_versions()


class DateForm(ZonedForm):
    kind = forms.ChoiceField(label=_("Date"), choices=DateKind.choices)
    at = InstantField(label=_("When"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class TrackForm(RecordForm):
    class Meta:
        model = Track
        fields = ["name", "description", "ceiling"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    ceiling = AmountField(
        label=_("Most for one project"),
        min_value=CENT,
        required=False,
        help_text=_("Where it is less than that of the call."),
    )


class RuleForm(RecordForm):
    class Meta:
        model = EligibilityRule
        fields = ["statement", "kind"]


class OfCall(forms.Form):
    """A form that offers what belongs to a call."""

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        for name, rows in self.rows_of(call).items():
            told[name].queryset = rows
        if "person" in told:
            told["person"].offer(call)

    def rows_of(self, call: Call) -> dict[str, Any]:
        raise NotImplementedError


class ExceptionForm(OfCall):
    rule = forms.ModelChoiceField(
        label=_("Rule"), queryset=EligibilityRule.objects.none()
    )
    person = PersonField(label=_("For"))
    until_on = DayField(label=_("Until"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def rows_of(self, call: Call) -> dict[str, Any]:
        return {"rule": call.rules.all()}


class RubricForm(forms.Form):
    rubric = VersionField(label=_("Rubric"), queryset=RubricVersion.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields["rubric"]
        rows = RubricVersion.objects.select_related("rubric")
        rows = rows.filter(published_at__isnull=False)
        told.queryset = rows.order_by("rubric__title", "-number")


class ReplaceFormForm(OfCall):
    stage = forms.ModelChoiceField(
        label=_("Stage"), queryset=CallStage.objects.none(), empty_label=None
    )
    form = VersionField(label=_("Form"), queryset=FormVersion.objects.none())

    def rows_of(self, call: Call) -> dict[str, Any]:
        published = form_versions().filter(published_at__isnull=False)
        return {"stage": call.stages.all(), "form": published}


class ReopenForm(OfCall, ZonedForm):
    stage = forms.ModelChoiceField(
        label=_("Stage"), queryset=CallStage.objects.none(), empty_label=None
    )
    until_at = InstantField(label=_("New deadline"), is_last=True)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Those who hear of the new deadline read it."),
    )

    def rows_of(self, call: Call) -> dict[str, Any]:
        return {"stage": call.stages.all()}


class ExtendForm(ReopenForm):
    person = PersonField(
        label=_("For"),
        required=False,
        help_text=_("The e-mail of one person; everybody, if it is empty."),
    )
    field_order = ["stage", "person", "until_at", "reason"]


class CancelForm(ReasonForm):
    pass


class UseProblemForm(forms.Form):
    statement = forms.ModelChoiceField(
        label=_("Problem"), queryset=ProblemStatement.objects.none()
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields["statement"]
        rows = ProblemStatement.objects.standing().exclude(uses__call=call)
        told.queryset = rows.order_by("title", "pk")
