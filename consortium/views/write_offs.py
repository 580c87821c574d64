"""What is given up of an invoice: proposed, decided, and taken back."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.money import written
from inm_portal.kernel.views import StepView, UseCaseView

from .. import forms, services
from ..models import Invoice, InvoiceLine, WriteOff, WriteOffKind
from ..states import ActState
from .invoices import INVOICES


class WriteOffLine(UseCaseView):
    queryset = InvoiceLine.objects.select_related(
        "invoice__organization", "commitment_year"
    ).with_open()
    action = "write_off"
    form_class = forms.WriteOffForm

    def get_initial(self) -> dict[str, Any]:
        """Start from what a payment is commonly short by, if that fits."""
        line = self.object
        paid = line.amount - line.open_amount
        short = services.explain_short(line.amount, paid, line.invoice.currency)
        return {"amount": line.open_amount, "kind": short.kind if short else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line, invoice = self.object, self.object.invoice
        facts = {
            "open": written(line.open_amount, invoice.currency),
            "amount": written(line.amount, invoice.currency),
            "most": written(settings.WRITE_OFF_TOLERANCE, invoice.currency),
            "what": line.description,
        }
        return super().get_context_data(
            heading=_("Write off"),
            pretitle=str(invoice.organization),
            breadcrumbs=[INVOICES, (str(invoice), invoice.get_absolute_url())],
            cancel_url=invoice.get_absolute_url(),
            intro=_(
                "%(open)s of %(amount)s is open of “%(what)s”. More than %(most)s of a "
                "line in all, and bad debt, waits for a second person."
            )
            % facts,
            submit_label=_("Write off"),
            **kwargs,
        )

    def perform(self, **data: Any) -> Invoice:
        row = services.write_off(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        waits = row.state == ActState.PROPOSED
        self.done = (
            _("Proposed: a second person is asked.") if waits else _("Written off.")
        )
        invoice: Invoice = self.object.invoice
        return invoice


RELATED = ["line__invoice__organization", "line__invoice__issued_by", "proposed_by"]


class ApproveWriteOff(StepView):
    queryset = WriteOff.objects.select_related(*RELATED)
    action = "approve"
    done = _("Written off.")

    def perform(self, row: WriteOff, /) -> Invoice:
        services.approve_write_off(
            row, today=timezone.localdate(), at=timezone.now(), by=self.user
        )
        return row.line.invoice


class RefuseWriteOff(StepView):
    queryset = WriteOff.objects.select_related(*RELATED)
    action = "refuse"
    done = _("Left open.")

    def perform(self, row: WriteOff, /) -> Invoice:
        services.refuse_write_off(row, at=timezone.now(), by=self.user)
        return row.line.invoice


class ReverseWriteOff(UseCaseView):
    queryset = WriteOff.objects.select_related(*RELATED)
    action = "reverse"
    form_class = ReasonForm
    done = _("Taken back: it is asked for again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, invoice = self.object, self.object.line.invoice
        facts = {
            "amount": written(row.amount, invoice.currency),
            "kind": WriteOffKind(row.kind).label.lower(),
            "invoice": invoice,
        }
        return super().get_context_data(
            heading=_("Take back a write-off"),
            pretitle=str(invoice.organization),
            breadcrumbs=[INVOICES, (str(invoice), invoice.get_absolute_url())],
            cancel_url=invoice.get_absolute_url(),
            intro=_("%(amount)s of %(invoice)s (%(kind)s) is asked for again.") % facts,
            submit_label=_("Take back"),
            **kwargs,
        )

    def perform(self, **data: Any) -> Invoice:
        row = self.object
        services.reverse_write_off(row, **data, at=timezone.now(), by=self.user)
        invoice: Invoice = row.line.invoice
        return invoice
