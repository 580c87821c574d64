"""What people type when entries are handed on, and what finance recognized comes in."""

from base64 import b64decode
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField

from ..filters import PeriodForm
from ..states import Stated, StatementForm

#: A file that a form carries from its trial to its import.
MOST_CARRIED = 2 * 1024 * 1024


class IssueStatementsForm(PeriodForm):
    """Whose statements of a period are issued, and how."""

    whom = forms.ChoiceField(label=_("Members"), choices=Stated.choices)
    form = forms.ChoiceField(
        label=_("How"),
        choices=StatementForm.choices,
        widget=forms.RadioSelect,
        help_text=_("A statement that was sent already is sent to nobody again."),
    )

    def clean(self) -> dict[str, Any]:
        data = {name: self.cleaned_data.get(name) for name in ("whom", "form")}
        return super().clean() | data


class ExportEntriesForm(forms.Form):
    posted_until = DayField(
        label=_("Posted up to"),
        help_text=_("Everything up to that day that no earlier file has."),
    )


class RecognitionFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        help_text=_("CSV with the columns member, month, amount and currency."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_CARRIED:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file


class RecognitionForm(forms.Form):
    """What was tried, to the byte: it is imported without choosing it again."""

    name = forms.CharField(max_length=200, widget=forms.HiddenInput)
    content = forms.CharField(widget=forms.HiddenInput)

    def clean_content(self) -> bytes:
        try:
            return b64decode(self.cleaned_data["content"], validate=True)
        except ValueError:
            raise forms.ValidationError(_("Choose the file again.")) from None
