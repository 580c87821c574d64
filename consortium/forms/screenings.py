"""What people type about the screening of a company."""

from django import forms

from inm_portal.kernel.forms import DATE, RecordForm

from ..models import Screening


class ScreeningForm(RecordForm):
    class Meta:
        model = Screening
        fields = ["result", "screened_name", "screened_on", "note"]
        widgets = {"screened_on": DATE, "note": forms.Textarea(attrs={"rows": 3})}
