"""What becomes of an invoice, step by step: changed, approved, issued, given up."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import key_of
from inm_portal.kernel.views import StepView, UseCaseView

from .. import forms, services
from ..models import Invoice
from ..services.offers import OfferGone
from .invoices import INVOICES

OF_MEMBER = Invoice.objects.select_related("organization")


class OfInvoice(UseCaseView):
    """A form about an invoice."""

    queryset = OF_MEMBER
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice = self.object
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[INVOICES, (str(invoice), invoice.get_absolute_url())],
            cancel_url=invoice.get_absolute_url(),
            **kwargs,
        )


class ChangeInvoice(OfInvoice):
    action = "change"
    form_class = forms.ChangeInvoiceForm
    heading = _("Change the draft")
    done = _("Draft changed.")
    extra_context = {
        "intro": _(
            "To whom it goes, and on which terms, is taken anew from how the member "
            "wants to be invoiced."
        )
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Invoice:
        return services.change_invoice(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class ApproveInvoice(StepView):
    queryset = OF_MEMBER
    action = "approve"
    done = _("Approved. It can be issued.")

    def perform(self, invoice: Invoice, /) -> Invoice:
        """Approve what the page showed, if it says which version that was."""
        version = key_of(self.request.POST.get("version", ""))
        return services.approve_invoice(
            invoice,
            version=version,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class SendBackInvoice(OfInvoice):
    action = "send_back"
    form_class = forms.SendBackForm
    heading = _("Send the invoice back")
    done = _("Sent back; whoever drafted it was told why.")
    extra_context = {"submit_label": _("Send back")}

    def perform(self, **data: Any) -> Invoice:
        return services.send_back_invoice(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class IssueInvoice(StepView):
    queryset = OF_MEMBER
    action = "issue"
    done = _("Issued, with its number and PDF. The member was written to.")

    def perform(self, invoice: Invoice, /) -> Invoice:
        today, now = timezone.localdate(), timezone.now()
        return services.issue_invoice(invoice, today=today, at=now, by=self.user)


class VoidInvoice(OfInvoice):
    action = "void"
    form_class = forms.VoidForm
    heading = _("Void the invoice")
    done = _("Voided. Its instalments can be invoiced again.")
    extra_context = {"submit_label": _("Void"), "submit_tone": "danger"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intro = _("Nothing is owed of it any more. A number that it took stays taken.")
        return super().get_context_data(intro=intro, **kwargs)

    def perform(self, **data: Any) -> Invoice:
        return services.void_invoice(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class ReplaceInvoice(OfInvoice):
    action = "replace"
    form_class = forms.ReplaceForm
    heading = _("Issue it anew")
    done = _("Drafted. Once it is issued, the old invoice is credited in whole.")
    extra_context = {
        "submit_label": _("Draft the new invoice"),
        "intro": _(
            "This drafts an invoice in its place, with what the payer profile and the "
            "purchase order say now, and a credit note over all of the old one. Both "
            "count at once, when somebody else approves and issues the new one."
        ),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        member = self.object.organization
        return super().get_form_kwargs() | {"organization": member}

    def perform(self, **data: Any) -> Invoice:
        return services.draft_anew(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class ApplyOffer(StepView):
    queryset = OF_MEMBER
    action = "apply_offer"
    done = _("Applied. What is left of either stays open.")

    def perform(self, invoice: Invoice, /) -> Invoice:
        """
        Apply what the page offered, and a person confirmed.

        :raises OfferGone: if the form does not say what was offered.
        """
        form = forms.OfferedForm(self.request.POST)
        if not form.is_valid():
            raise OfferGone(_("This is not what was offered."))
        services.apply_offer(
            invoice, **form.cleaned_data, at=timezone.now(), by=self.user
        )
        return invoice
