"""What people type about forms and rubrics."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import RecordForm

from ..models import Criterion, FormVersion, Question, QuestionKind, Section


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)


class SectionForm(RecordForm):
    class Meta:
        model = Section
        fields = ["title", "help_text"]
        widgets = {"help_text": forms.Textarea(attrs={"rows": 3})}


class LinesField(forms.CharField):
    """Lines of text, each one thing; what is empty or told twice is left out."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> Any:
        lines = (
            line.strip()[:200] for line in (super().to_python(value) or "").split("\n")
        )
        return list(dict.fromkeys(line for line in lines if line))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """Leave it to the use case whether there must be one."""

    def run_validators(self, value: Any) -> None:
        """Lines have no bounds but those of their number."""


class QuestionForm(RecordForm):
    """A question; what its kind has no use for is left out."""

    options = LinesField(
        label=_("Choices or columns"),
        required=False,
        help_text=_("For a choice or a table: each on a line of its own."),
    )

    class Meta:
        model = Question
        fields = [
            *["section", "kind", "label", "help_text", "is_required", "word_limit"],
            *["page_limit", "options", "is_many", "asked_if", "asked_if_is"],
            "is_public",
        ]
        widgets = {"help_text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, of: FormVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        told["section"].queryset = of.sections.all()
        told["section"].empty_label = None
        choices = of.questions.filter(kind=QuestionKind.CHOICE)
        own = self.instance.pk
        told["asked_if"].queryset = choices.exclude(pk=own).in_order()
        told["word_limit"].help_text = _("For texts.")
        told["page_limit"].help_text = _("For files.")
        told["asked_if"].help_text = _("A choice that is asked before this one.")


class CriterionForm(RecordForm):
    class Meta:
        model = Criterion
        fields = [
            *["title", "guidance", "weight", "lowest", "highest", "needs_comment"]
        ]
        widgets = {"guidance": forms.Textarea(attrs={"rows": 4})}
