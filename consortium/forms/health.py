"""What people type about how a member is."""

from inm_portal.kernel.forms import DATE, RecordForm

from ..models import HealthNote


class HealthForm(RecordForm):
    class Meta:
        model = HealthNote
        fields = ["health", "noted_on", "reason"]
        widgets = {"noted_on": DATE}
