"""What authors type into a proposal: its head, answers, people and budget."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.kernel.forms import DATE, EditForm, RecordForm

from ..models import (
    Answer,
    AuthorRole,
    BudgetLine,
    Call,
    CostCategory,
    Proposal,
    ProposalPerson,
    Question,
    QuestionKind,
)

#: What is not answered by a text of its own.
ELSEWHERE = [QuestionKind.BUDGET, QuestionKind.FILE]
#: What stands between the cells of a row of a table, as typed.
STROKE = "|"


class BeginForm(RecordForm):
    former = forms.ModelChoiceField(
        queryset=Proposal.objects.none(),
        required=False,
        label=_("Resubmission of"),
        empty_label=_("None, it is new"),
        help_text=_("Its abstract and answers are taken over; you can change them."),
    )

    class Meta:
        model = Proposal
        fields = ["title", "track"]

    def __init__(
        self, *args: Any, call: Call, earlier: QuerySet[Proposal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        of_tracks(self, call)
        former: Any = self.fields["former"]
        former.queryset = earlier.order_by("-pk")
        former.label_from_instance = lambda row: f"{row.number}, {row.title}"
        if not former.queryset:
            del self.fields["former"]


def of_tracks(form: Any, call: Call) -> None:
    """Offer the tracks of a call; none where it has none."""
    tracks = call.tracks.order_by("name", "pk")
    form.fields["track"].queryset = tracks
    if not tracks:
        del form.fields["track"]


class ChangeProposalForm(EditForm):
    class Meta:
        model = Proposal
        fields = ["title", "abstract", "track", "starts_on", "smallest_budget"]
        widgets = {"abstract": forms.Textarea(attrs={"rows": 8}), "starts_on": DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_tracks(self, self.instance.call)


def field_for(question: Question) -> forms.Field:
    """Return the field in which a question is answered; an empty one is no fault."""
    told: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help_text,
        "required": False,
    }
    kind = question.kind
    options = [(one, one) for one in question.options]
    if kind == QuestionKind.CHOICE and question.is_many:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=options, widget=widget, **told)
    if kind == QuestionKind.CHOICE:
        return forms.ChoiceField(choices=[("", _("Not answered")), *options], **told)
    if kind == QuestionKind.TABLE:
        columns = f" {STROKE} ".join(question.options)
        row = _("A row on each line, as in: %(columns)s") % {"columns": columns}
        told["help_text"] = " ".join(filter(None, [question.help_text, row]))
    if question.word_limit:
        most = _("At most %(count)s words.") % {"count": question.word_limit}
        told["help_text"] = " ".join(filter(None, [question.help_text, most]))
    if kind in (QuestionKind.LONG_TEXT, QuestionKind.TABLE):
        rows = 12 if kind == QuestionKind.LONG_TEXT else 6
        attrs = {"rows": rows, "data-words": question.word_limit or ""}
        told["widget"] = forms.Textarea(attrs=attrs)
    if kind == QuestionKind.DATE:
        told["widget"] = DATE
    return forms.CharField(strip=False, **told)


def typed(question: Question, value: Any) -> Any:
    """Return a kept value as it stands in its field."""
    if question.kind == QuestionKind.TABLE:
        return "\n".join(f" {STROKE} ".join(cells) for cells in value or [])
    if question.kind == QuestionKind.CHOICE and not question.is_many:
        return next(iter(value or []), "")
    return value


def told_by(question: Question, value: Any) -> Any:
    """Return what was typed as a value to keep."""
    if question.kind == QuestionKind.TABLE:
        lines = [line for line in value.splitlines() if line.strip()]
        return [[cell.strip() for cell in line.split(STROKE)] for line in lines]
    if question.kind == QuestionKind.CHOICE and not question.is_many:
        return [value] if value else []
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class AnswersForm(forms.Form):
    """A field for each question, and the version of its answer that was read."""

    def __init__(
        self,
        *args: Any,
        asked: Iterable[tuple[Question, Answer | None]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [(q, a) for q, a in asked if q.kind not in ELSEWHERE]
        for question, answer in self.asked:
            value = typed(question, answer.value if answer else None)
            self.fields[f"q{question.pk}"] = field_for(question)
            self.fields[f"v{question.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput(attrs={"autocomplete": "off"}), min_value=0
            )
            self.initial[f"q{question.pk}"] = value
            self.initial[f"v{question.pk}"] = answer.version if answer else 0

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        answers = [
            (q, told_by(q, told[f"q{q.pk}"]), told[f"v{q.pk}"])
            for q, _a in self.asked
            if f"q{q.pk}" in told and f"v{q.pk}" in told
        ]
        return {"answers": answers}


class SettleForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = answer.question
        self.fields["value"] = field_for(answer.question)
        self.initial["value"] = typed(answer.question, answer.value)
        self.initial["version"] = answer.version

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if "value" in told:
            told["value"] = told_by(self.question, told["value"])
        return told


class AuthorForm(RecordForm):
    class Meta:
        model = ProposalPerson
        fields = ["name", "email", "role", "right"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [one for one in AuthorRole.choices if one[0] != AuthorRole.PI]


class ChangeAuthorForm(AuthorForm):
    class Meta(AuthorForm.Meta):
        fields = ["role", "right"]


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".pdf"})
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = _("A PDF without a password, up to 25 MB.")
        if question.page_limit:
            count = question.page_limit
            pages = ngettext(
                "At most %(count)s page.", "At most %(count)s pages.", count
            )
            pages %= {"count": count}
            most = f"{most} {pages}"
        told = filter(None, [question.help_text, most])
        self.fields["file"].help_text = " ".join(told)


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LineForm(RecordForm):
    class Meta:
        model = BudgetLine
        fields = [
            *["year", "category", "what", "payee", "quantity", "unit_amount"],
            "justification",
        ]
        widgets = {"justification": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [
            (one.value, one.label)
            for one in CostCategory
            if one in call.cost_categories and one != CostCategory.BENEFITS
        ]


class DeclareForm(forms.Form):
    """A box for each rule that the investigators say they meet."""

    def __init__(self, *args: Any, rules: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = list(rules)
        for rule in self.rules:
            self.fields[f"rule_{rule.pk}"] = forms.BooleanField(
                label=rule.statement, required=False
            )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        return {"met": {rule: told[f"rule_{rule.pk}"] for rule in self.rules}}
