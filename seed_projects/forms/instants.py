"""Instants as people type them: a day and a time of the zone that a call keeps."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

PICKER = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class InstantField(forms.DateTimeField):
    """
    A day and a time of a zone; a time that clocks skip or repeat is refused.

    What ``is_last`` is typed to the minute and lasts until its end, as 23:59 does.
    """

    def __init__(self, *, is_last: bool = False, **kwargs: Any) -> None:
        self.zone = ZoneInfo("America/New_York")
        self.is_last = is_last
        super().__init__(**{"widget": PICKER} | kwargs)

    def to_python(self, value: Any) -> Any:
        with timezone.override(self.zone):
            found = super().to_python(value)
        if found is not None and self.is_last and found.second == 0:
            return found.replace(second=59)
        return found

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)


class ZonedForm(forms.Form):
    """A form whose instants are of one zone, and say so."""

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, InstantField):
                field.zone = zone
                field.help_text = _("In the time of %(zone)s.") % {"zone": zone.key}
