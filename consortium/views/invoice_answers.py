"""What a member says of an invoice: forms about it, and the lists of what is open."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import StepView, UseCaseView

from .. import forms, services
from ..documents import INVOICE
from ..filters import InvoiceDisputeFilter, PaymentPromiseFilter
from ..models import Invoice, InvoiceDispute, PaymentPromise
from ..services.invoice_answers import SETTLED_WITHIN
from ..states import DisputeStanding, PromiseStanding
from .invoices import INVOICES
from .payers import first

RELATED = ["invoice__number", "invoice__currency", "invoice__organization__name"]


class OfInvoice(UseCaseView):
    """A form about an issued invoice."""

    queryset = Invoice.objects.select_related("organization")
    heading: Any

    @property
    def is_of_finance(self) -> bool:
        return self.user.has_perm("consortium.change_invoice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice = self.object
        return super().get_context_data(
            heading=self.heading % {"number": invoice},
            pretitle=invoice.organization.name,
            breadcrumbs=[INVOICES, (str(invoice), invoice.get_absolute_url())],
            cancel_url=invoice.get_absolute_url(),
            **kwargs,
        )

    @property
    def now(self) -> dict[str, Any]:
        """When and by whom."""
        return {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}


class DeliverInvoice(OfInvoice):
    action = "deliver"
    form_class = forms.DeliveryOfInvoiceForm
    heading = _("Record the delivery of %(number)s")
    done = _("Delivery recorded.")

    def get_initial(self) -> dict[str, Any]:
        return {"channel": self.object.channel}

    def perform(self, **data: Any) -> Invoice:
        services.deliver_invoice(self.object, **data, **self.now)
        return self.object


class NoteNumber(OfInvoice):
    action = "note_number"
    form_class = forms.NumberForm
    heading = _("Number of %(number)s at MIT AR")
    done = _("Number noted.")

    def get_initial(self) -> dict[str, Any]:
        return {"external_number": self.object.external_number}

    def perform(self, **data: Any) -> Invoice:
        return services.note_number(self.object, **data, by=self.user)


class AttachToInvoice(OfInvoice):
    action = "attach"
    form_class = forms.PaperForm
    heading = _("Add a document to %(number)s")
    done = _("Document added.")
    extra_context = {
        "submit_label": _("Add document"),
        "intro": _(
            "What accounts payable wants beside it, as a W-9 or a page of the "
            "agreement. Whoever pays at the member can download it."
        ),
    }

    def perform(self, **data: Any) -> Invoice:
        documents.upload(
            **data, kind=INVOICE, subject=self.object, at=timezone.now(), by=self.user
        )
        return self.object


class AnswerInvoice(OfInvoice):
    action = "answer"
    form_class = forms.AnswerForm
    heading = _("Answer to %(number)s")
    done = _("Answer recorded.")
    extra_context = {
        "intro": _(
            "What accounts payable say of it: that it is on its way to be paid, or "
            "why not."
        ),
    }

    def perform(self, **data: Any) -> Invoice:
        services.answer_invoice(self.object, **data, **self.now)
        return self.object


class DisputeInvoice(OfInvoice):
    action = "dispute"
    heading = _("Dispute %(number)s")
    done = _("Dispute recorded; somebody at INM sees to it.")
    extra_context = {
        "submit_label": _("Dispute"),
        "intro": _("Say what is not right. What is not disputed stays due as it was."),
    }

    def get_form_class(self) -> Any:
        if self.is_of_finance:
            return forms.DisputeByFinanceForm
        return forms.DisputeOfInvoiceForm

    def get_initial(self) -> dict[str, Any]:
        return {"settle_by": timezone.localdate() + SETTLED_WITHIN}

    def perform(self, **data: Any) -> InvoiceDispute:
        now = timezone.now()
        return services.dispute_invoice(self.object, **data, at=now, by=self.user)


class PromisePayment(OfInvoice):
    queryset = Invoice.objects.select_related("organization").with_open()
    action = "promise"
    heading = _("Promise to pay %(number)s")
    done = _("Promise recorded.")
    extra_context = {
        "submit_label": _("Promise"),
        "intro": _("The last promise counts; it moves no due date."),
    }

    def get_form_class(self) -> Any:
        return forms.PromiseToFinanceForm if self.is_of_finance else forms.PromiseForm

    def get_form_kwargs(self) -> dict[str, Any]:
        about = {"invoice": self.object} if self.is_of_finance else {}
        return super().get_form_kwargs() | about

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.object.open_amount}

    def perform(self, **data: Any) -> PaymentPromise:
        return services.promise_payment(self.object, **data, **self.now)


class OfDispute(UseCaseView):
    """A form that ends a dispute."""

    queryset = InvoiceDispute.objects.select_related("invoice__organization", "owner")
    template_name = "consortium/dispute_form.html"
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice = self.object.invoice
        return super().get_context_data(
            heading=self.heading % {"number": invoice.number},
            pretitle=invoice.organization.name,
            breadcrumbs=[INVOICES, (str(invoice), invoice.get_absolute_url())],
            cancel_url=self.object.get_absolute_url(),
            dispute=self.object,
            invoice=invoice,
            **kwargs,
        )


class SettleInvoiceDispute(OfDispute):
    action = "settle"
    form_class = forms.SettlementForm
    heading = _("Settle the dispute of %(number)s")
    done = _("Dispute settled; the member is told.")
    extra_context = {"submit_label": _("Settle")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"invoice": self.object.invoice}

    def perform(self, **data: Any) -> InvoiceDispute:
        now = timezone.now()
        services.settle_invoice_dispute(self.object, **data, at=now, by=self.user)
        return self.object


class WithdrawInvoiceDispute(OfDispute):
    action = "withdraw"
    form_class = ReasonForm
    heading = _("Withdraw the dispute of %(number)s")
    done = _("Dispute withdrawn; all of it is due.")
    extra_context = {"submit_label": _("Withdraw")}

    def perform(self, **data: Any) -> InvoiceDispute:
        now = timezone.now()
        services.withdraw_dispute(self.object, **data, at=now, by=self.user)
        return self.object


class WithdrawPromise(StepView):
    queryset = PaymentPromise.objects.select_related("invoice__organization")
    action = "withdraw"
    done = _("Promise withdrawn.")

    def perform(self, promise: PaymentPromise, /) -> PaymentPromise:
        return services.withdraw_promise(promise, at=timezone.now(), by=self.user)


class DisputeRows(Rows):
    """What members do not accept; what waits longest comes first."""

    queryset = InvoiceDispute.objects.with_related(
        *RELATED, "owner__name"
    ).with_standing()
    filter_class = InvoiceDisputeFilter
    default_sort = "standing"
    columns = [
        Column("invoice", _("Invoice"), ("invoice__number",)),
        Column("organization", _("Member"), ("invoice__organization__name",)),
        Column(
            "standing", _("Standing"), (first(DisputeStanding.DISPUTED), "settle_by")
        ),
        Column("settle_by", _("To be settled by"), ("settle_by",)),
        Column("owner", _("Who sees to it"), ("owner__name",)),
        Column("amount", _("Disputed"), ("amount",), is_numeric=True),
    ]


class DisputeList(DisputeRows, RecordList):
    template_name = "consortium/dispute_list.html"
    keys_first = True
    noun = (_("dispute"), _("disputes"))
    export_url = reverse_lazy("consortium:export_disputes")
    extra_context = {
        "heading": _("Disputes of invoices"),
        "empty_title": _("No disputes"),
        "empty_text": _("What a member does not accept of an invoice stands here."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        return super().get_context(page) | {"today": timezone.localdate()}


class ExportDisputes(DisputeRows, RecordExport):
    name = "disputes"
    export_columns = {
        "id": "pk",
        "invoice": "invoice__number",
        "organization": exports.text("invoice__organization__name"),
        "standing": "standing",
        "amount": "amount",
        "currency": "invoice__currency",
        "reason": exports.text("reason"),
        "owner": exports.text("owner__name"),
        "settle_by": "settle_by",
        "outcome": exports.text("resolution__reason"),
    }


class PromiseRows(Rows):
    """What members promised to pay; what was not kept comes first."""

    queryset = PaymentPromise.objects.with_related(*RELATED, "contact__name")
    filter_class = PaymentPromiseFilter
    default_sort = "standing"
    columns = [
        Column("invoice", _("Invoice"), ("invoice__number",)),
        Column("organization", _("Member"), ("invoice__organization__name",)),
        Column(
            *("standing", _("Standing")),
            (first(PromiseStanding.BROKEN, PromiseStanding.PROMISED), "pay_on"),
        ),
        Column("pay_on", _("By the day"), ("pay_on",)),
        Column("contact", _("Promised by"), ("contact__name",)),
        Column("amount", _("Promised"), ("amount",), is_numeric=True),
        Column("paid", _("Paid since"), ("paid",), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())


class PromiseList(PromiseRows, RecordList):
    template_name = "consortium/promise_list.html"
    keys_first = True
    noun = (_("promise"), _("promises"))
    export_url = reverse_lazy("consortium:export_promises")
    extra_context = {
        "heading": _("Promises to pay"),
        "empty_title": _("No promises"),
        "empty_text": _("By which day a member said that it pays stands here."),
    }


class ExportPromises(PromiseRows, RecordExport):
    name = "promises"
    export_columns = {
        "id": "pk",
        "invoice": "invoice__number",
        "organization": exports.text("invoice__organization__name"),
        "standing": "standing",
        "pay_on": "pay_on",
        "amount": "amount",
        "paid": "paid",
        "currency": "invoice__currency",
        "contact": exports.text("contact__name"),
    }
