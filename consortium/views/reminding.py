"""The reminders of an invoice: hold them, and send the next one by hand."""

from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.views import StepView

from .. import forms, services
from ..models import Invoice
from ..services import NextReminder
from .invoice_answers import OfInvoice


class HoldDues(OfInvoice):
    action = "hold_reminders"
    form_class = forms.HoldDuesForm
    heading = _("Hold the reminders of %(number)s")
    done = _("Held.")
    extra_context = {
        "submit_label": _("Hold"),
        "intro": _(
            "Nothing goes out, and no task opens, up to and with that day. A hold is "
            "about reminders alone: the money stays due, and ages."
        ),
    }

    def perform(self, **data: Any) -> Invoice:
        today = timezone.localdate()
        services.hold_dues(self.object, **data, today=today, by=self.user)
        return self.object


class ReleaseDues(StepView):
    queryset = Invoice.objects.select_related("organization")
    action = "release_reminders"
    done = _("The hold was lifted.")

    def perform(self, invoice: Invoice, /) -> Invoice:
        today, now = timezone.localdate(), timezone.now()
        return services.release_dues(invoice, today=today, at=now, by=self.user)


class SendReminder(OfInvoice):
    """Read the next mail of the ladder as it would go out, and send it."""

    action = "remind"
    form_class = forms.SendReminderForm
    template_name = "consortium/send_reminder.html"
    heading = _("Send a reminder of %(number)s")
    done = _("Written: it goes out now, and the portal sends this rung no more.")

    @cached_property
    def next(self) -> NextReminder:
        return services.next_reminder(self.object, on=timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=self.next, invoice=self.object, **kwargs)

    def perform(self, **data: Any) -> Invoice:
        today, now = timezone.localdate(), timezone.now()
        services.send_reminder(self.object, **data, on=today, at=now, by=self.user)
        return self.object
