"""What finance is to see to today, on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from inm_portal.kernel.views import ForGroups

from .. import services
from ..services.aging import CURRENCY
from ..states import ForecastKind


class Cockpit(ForGroups, View):
    """The work of the day, what is open by age, and the cash to come."""

    permission = "consortium.view_receipt"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "heading": _("Receivables today"),
            "cockpit": services.cockpit(on=timezone.localdate()),
            "currency": CURRENCY,
            "kinds": list(ForecastKind),
        }
        return render(request, "consortium/cockpit.html", context)
