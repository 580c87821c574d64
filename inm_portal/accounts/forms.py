"""What people enter about their own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.delegation import scopes
from inm_portal.kernel.forms import DayField

from .delegations import stand_ins
from .models import TokenScope, User
from .models.people import time_zones

DAYS = [(7, _("A week")), (30, _("30 days")), (90, _("90 days")), (365, _("A year"))]


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("New e-mail address"), max_length=254)


def zone_label(name: str) -> str:
    """Return a time zone as people say it: by a city."""
    city = name.partition("/")[2].replace("_", " ").replace("/", ", ")
    return _("Boston, New York") if name == settings.TIME_ZONE else city


def zone_choices() -> list[tuple[str, Any]]:
    """Return Boston, then every other time zone under its part of the world."""
    here = settings.TIME_ZONE
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in time_zones():
        if name != here:
            choice = (name, zone_label(name))
            areas.setdefault(name.partition("/")[0], []).append(choice)
    return [(here, zone_label(here)), *areas.items()]


class PreferencesForm(forms.Form):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("Reminders come in the working hours there."),
    )


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What for"),
        max_length=100,
        help_text=_("Such as the program that will use it."),
    )
    scope = forms.ChoiceField(
        label=_("What it may do"), choices=TokenScope.choices, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int)


class DelegationForm(forms.Form):
    delegate = forms.ModelChoiceField(
        label=_("Who acts"),
        queryset=User.objects.none(),
        help_text=_("A colleague who signs in here."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("In what"), widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=_("From"), initial=timezone.localdate)
    ends_on = DayField(label=_("Until"), help_text=_("A year at most."))

    def __init__(self, *args: Any, principal: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = stand_ins(principal).order_by("name")
        choices = [(scope.key, scope.title) for scope in scopes()]
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class DelegationForAnotherForm(DelegationForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as who asked, and when.")
    )
