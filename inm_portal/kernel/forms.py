"""Forms that say what input looks like, and leave the rules to the use cases."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from .documents import Kind

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A calendar date, entered with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": DATE} | kwargs)


class ReasonForm(forms.Form):
    """Why somebody does what the rules leave to people."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class RecordForm(forms.ModelForm):
    """
    The fields of a model, with the model's words and bounds; never saves.

    Whether a name is free or a term overlaps is for the service to say, in
    words that help; the database has the last word.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._meta.fields or []:
            if isinstance(self.fields[name], forms.TypedChoiceField):
                continue  # what is chosen is bound by the choices, and still text
            known = self.fields[name].validators
            bounds = self._meta.model._meta.get_field(name).validators
            known += [bound for bound in bounds if bound not in known]

    def _post_clean(self) -> None:
        """Leave the instance as it was read."""


class VersionForm(forms.Form):
    """A form about a row as it was when the page was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class EditForm(RecordForm):
    """A form about a row that others may be editing too."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version


class FileForm(forms.Form):
    """One file of a kind of document; the browser offers only its types."""

    kind: ClassVar[Kind]

    file = forms.FileField(label=_("File"), widget=forms.FileInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.widget.attrs["accept"] = self.kind.accept
        file.help_text = self.kind.help_text
