"""What people type when they record a rate of the institute."""

from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, RecordForm

from ..models import CostRate


class RateForm(RecordForm):
    """A percentage or an amount; which of them it is, the kind says."""

    class Meta:
        model = CostRate
        fields = ["kind", "starts_on", "percent", "amount"]
        widgets = {"starts_on": DATE}
        help_texts = {
            "starts_on": _("Until another one of its kind begins."),
            "percent": _("Of benefits and of indirect cost."),
            "amount": _("Of tuition, in US dollars a year."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("percent", "amount"):
            self.fields[name].required = False
