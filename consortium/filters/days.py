"""How a day and a month are read from an address, a form or a filter."""

import re
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.money import CURRENCIES

from ..models import (
    fiscal_year_of,
)
from ..models.issued import FISCAL_YEAR_STARTS_IN

#: A day as addresses write it; a person's browser writes it so, too.
ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


#: A month as addresses write it.
ISO_MONTH = re.compile("[0-9]{4}-[0-9]{2}")


#: How an address asks for a day with what is known of it now.
RESTATED = "1"


class IsoDayField(forms.DateField):
    """A day as in 2025-12-31, written in no other way."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    default_error_messages = {"invalid": _("Write the day as in 2025-12-31.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            if ISO_DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # there is no such day
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class IsoDayFilter(django_filters.DateFilter):
    field_class = IsoDayField


def not_ahead(day: date) -> None:
    """Refuse a day on which nothing can be known yet."""
    if day > timezone.localdate():
        raise ValidationError(_("This day lies ahead; nothing is known of it yet."))


def read_day(query: Any, name: str = "on") -> tuple[date, str]:
    """
    Return the day as known on which something is asked for, and what is wrong with it.

    It is today without one, and in the place of one that is wrong.
    """
    field = IsoDayField(required=False, validators=[not_ahead])
    try:
        return field.clean(query.get(name, "")) or timezone.localdate(), ""
    except ValidationError as error:
        return timezone.localdate(), " ".join(error.messages)


def day_asked(query: Any, name: str = "on") -> date:
    """Return the same day where a filter says what is wrong with it."""
    return read_day(query, name)[0]


def is_restated(query: Any) -> bool:
    """Return whether a day is asked for with what is known of it now."""
    return query.get("restated") == RESTATED


class DayForm(forms.Form):
    """The day as known on which a report is told."""

    on = IsoDayField(label=_("As known on"), required=False, validators=[not_ahead])


class PeriodForm(forms.Form):
    """The days of a statement, and the one as known on which it is told."""

    since = IsoDayField(label=_("From"), required=False)
    until = IsoDayField(label=_("To"), required=False, validators=[not_ahead])
    on = IsoDayField(label=_("As known on"), required=False, validators=[not_ahead])
    currency = forms.ChoiceField(
        label=_("Currency"), choices=CURRENCIES, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Fill in what is not asked for: this fiscal year until today, as known now."""
        data: dict[str, Any] = super().clean() or {}
        until = data.get("until") or timezone.localdate()
        starts_in = fiscal_year_of(until) - 1
        since = data.get("since") or date(starts_in, FISCAL_YEAR_STARTS_IN, 1)
        if since > until:
            self.add_error("since", _("The period ends before it begins."))
        known_on = data.get("on") or timezone.localdate()
        if known_on < until:
            self.add_error("on", _("On this day, the period was not over."))
        currency = data.get("currency") or CURRENCIES[0][0]
        told = {"since": since, "until": until, "known_on": known_on}
        return told | {"currency": currency}


def period_asked(query: Any) -> dict[str, Any]:
    """Return the period that an address asks for; this fiscal year if it is wrong."""
    form = PeriodForm(query)
    if not form.is_valid():
        form = PeriodForm({})
        form.full_clean()
    data: dict[str, Any] = form.cleaned_data
    return data


class MonthField(forms.DateField):
    """A month as in 2026-07, read as its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    default_error_messages = {"invalid": _("Write the month as in 2026-07.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if first := read_month(value):
            return first
        raise ValidationError(self.error_messages["invalid"], code="invalid")


def read_month(text: str) -> date | None:
    """Return the first day of a month as addresses write it, if there is one."""
    if ISO_MONTH.fullmatch(text):
        year, month = int(text[:4]), int(text[5:])
        is_month = MINYEAR <= year < MAXYEAR and 1 <= month <= 12
        return date(year, month, 1) if is_month else None
    return None


class MonthFilter(django_filters.DateFilter):
    """Rows of a month, by a column that holds a day."""

    field_class = MonthField

    def filter(self, queryset, month):
        if not month:
            return queryset
        until = month + relativedelta(months=1)
        days = {f"{self.field_name}__gte": month, f"{self.field_name}__lt": until}
        return queryset.filter(**days)
