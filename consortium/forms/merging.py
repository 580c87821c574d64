"""What people choose when two contacts are one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from ..models import Contact, ContactMerge


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
