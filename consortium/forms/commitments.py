"""The commitment years that something can be claimed toward."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import CommitmentYear, Organization


def years_of(organization: Organization) -> Any:
    """Return those that something can be claimed toward: they ask for something."""
    years = CommitmentYear.objects.filter(agreement__organization=organization)
    return years.asking().select_related("agreement").order_by("starts_on")


class YearField(forms.ModelChoiceField):
    """A commitment year, told apart from that of another term by its first day."""

    def label_from_instance(self, obj: Any) -> str:
        return _("Year %(number)s, from %(day)s") % {
            "number": obj.number,
            "day": date_format(obj.starts_on, "M j, Y"),
        }
