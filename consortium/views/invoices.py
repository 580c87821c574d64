"""Invoices: the list, the page of each, and its PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import CharField, Exists, F, Model, OuterRef, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, exports
from inm_portal.kernel.exports.papers import pdf_file
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    Slice,
    slice_of,
)
from inm_portal.kernel.models import Document
from inm_portal.kernel.money import written
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import RecordDetail

from .. import services
from ..documents import INVOICE
from ..filters import InvoiceFilter
from ..models import (
    AdvisedInvoice,
    Allocation,
    AnswerKind,
    Channel,
    CreditNote,
    CustomerAnswer,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    InvoiceLine,
    PaymentPromise,
    RemittanceAdvice,
    WriteOff,
)
from ..states import NOT_ISSUED, InvoiceState
from .last_rungs import holds_told, notes_told, steps_told, with_last_rungs

INVOICES = (_("Invoices"), reverse_lazy("consortium:invoices"))


class InvoiceRows(Rows):
    queryset = Invoice.objects.select_related("organization").with_open()
    filter_class = InvoiceFilter
    default_sort = "-issued"
    columns = [
        Column("number", _("Invoice"), ("number",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("standing", _("Standing"), ("standing",)),
        Column("issued", _("Issued"), ("issued_on",)),
        Column("due", _("Due"), ("due_on",)),
        Column("asked", _("Amount"), ("asked",), is_numeric=True),
        Column("open", _("Open"), ("open_amount",), is_numeric=True),
    ]


class InvoiceList(InvoiceRows, RecordList):
    template_name = "consortium/invoice_list.html"
    keys_first = True
    noun = (_("invoice"), _("invoices"))
    export_url = reverse_lazy("consortium:export_invoices")
    extra_context = {
        "heading": _("Invoices"),
        "empty_title": _("No invoices yet"),
        "empty_text": _("An invoice asks for instalments of the fee of a member."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        return super().get_context(page) | {"today": timezone.localdate()}


class ExportInvoices(InvoiceRows, RecordExport):
    name = "invoices"
    export_columns = {
        "id": "pk",
        "number": "number",
        "organization": exports.text("organization__name"),
        "bill_to_entity": exports.text("bill_to_entity"),
        "external_number": exports.text("external_number"),
        "order_number": exports.text("order_number"),
        "state": "state",
        "standing": "standing",
        "issued_on": "issued_on",
        "due_on": "due_on",
        "asked": "asked",
        "allocated": "allocated",
        "written_off": "written_off",
        "credited": "credited",
        "open": "open_amount",
        "currency": "currency",
    }


@dataclass(frozen=True)
class Said:
    """What became of an invoice at the member: one line of it, in words."""

    what: str
    on: date
    words: str


#: What a delivery or an answer says, as rows of one kind.
TOLD = ["kind_of", "day", "code", "said", "recorded_at"]


def told_of(invoice: Invoice, *, user: Any) -> Any:
    """Return what is recorded of an invoice, the newest first, in one statement."""
    advices = RemittanceAdvice.objects.permitted(user, "view").filter(withdrawal=None)
    announced = AdvisedInvoice.objects.filter(advice__in=advices.values("pk")).annotate(
        **{"kind_of": Value("announced"), "day": F("advice__paid_on")},
        **{"code": Cast("advice__amount", CharField())},
        **{"said": F("advice__reference"), "recorded_at": F("advice__recorded_at")},
    )
    deliveries = InvoiceDelivery.objects.annotate(
        **{"kind_of": Value("delivery"), "day": F("delivered_on")},
        **{"code": F("channel"), "said": F("reference")},
    )
    answers = CustomerAnswer.objects.annotate(
        **{"kind_of": Value("answer"), "day": F("answered_on")},
        **{"code": F("kind"), "said": F("reason")},
    )
    parts = [
        rows.filter(invoice=invoice).order_by().values(*TOLD)
        for rows in (deliveries, answers, announced)
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-recorded_at")


def in_words(rows: Slice, currency: str) -> Iterator[Said]:
    for row in rows.rows:
        match row["kind_of"]:
            case "delivery":
                what = _("Delivered: %(how)s") % {"how": Channel(row["code"]).label}
            case "announced":
                amount = written(Decimal(row["code"]), currency)
                what = _("Payment announced: %(amount)s") % {"amount": amount}
            case _answer:
                what = AnswerKind(row["code"]).label
        yield Said(what, row["day"], row["said"])


def there_is(model: type[Model], of: str = "invoice") -> Exists:
    """Return whether there are rows of an invoice: what is not there is not asked."""
    return Exists(model._default_manager.filter(**{of: OuterRef("pk")}))


class InvoiceDetail(RecordDetail):
    queryset = (
        Invoice.objects.with_open()
        .select_related(
            *["organization", "replaces", "order", "drafted_by", "approved_by"],
            *["issued_by", "voided_by", "credit_note"],
        )
        .annotate(
            was_told=there_is(InvoiceDelivery)
            | there_is(CustomerAnswer)
            | there_is(AdvisedInvoice),
            has_documents=Exists(
                Document.objects.filter(kind=INVOICE.name, subject_id=OuterRef("pk"))
            ),
            has_disputes=there_is(InvoiceDispute),
            has_promises=there_is(PaymentPromise),
            has_notes=there_is(CreditNote),
            was_paid=there_is(Allocation, "line__invoice"),
            was_given_up=there_is(WriteOff, "line__invoice"),
        )
    )
    template_name = "consortium/invoice_detail.html"
    buttons = (
        *("change", "approve", "send_back", "issue", "void"),
        *("credit", "replace", "apply_offer"),
        *("deliver", "answer", "dispute", "promise", "note_number", "attach"),
        *("give_ladder", "remind", "hold_reminders", "release_reminders"),
        *("hand_over", "decide_dues"),
    )

    def get_queryset(self) -> Any:
        return with_last_rungs(super().get_queryset(), on=timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice, query = self.object, self.request.GET
        lines = slice_of(self.lines(), "lines", query)
        for line in lines.rows:
            line.invoice = invoice
        is_draft = invoice.state in NOT_ISSUED
        return super().get_context_data(
            heading=str(invoice),
            pretitle=invoice.organization.name,
            breadcrumbs=[INVOICES],
            today=timezone.localdate(),
            is_issued=invoice.state == InvoiceState.ISSUED,
            is_draft=is_draft,
            lines=lines,
            documents=self.papers(),
            entries=history_of(invoice, user=self.user),
            **self.before_issue(lines) if is_draft else self.since_issue(lines),
            **kwargs,
        )

    def papers(self) -> list[Document]:
        """Return what accounts payable wants beside it."""
        invoice = self.object
        if not invoice.has_documents:
            return []
        is_managed = invoice.may_attach
        return documents.listed(invoice, INVOICE, with_superseded=is_managed)

    @cached_property
    def tells_ladders(self) -> bool:
        """Whether the ladders of its lines are told: of what is asked for, to staff."""
        is_asked = self.object.state == InvoiceState.ISSUED
        return is_asked and self.user.has_perm("kernel.view_reminderdelivery")

    def lines(self) -> Any:
        """Return its lines with what is open, and with what is reminded of if told."""
        invoice = self.object
        rows: Any = InvoiceLine.objects.with_open().filter(invoice=invoice)
        if self.tells_ladders:
            rows = services.lines_reminded_of(invoice, on=timezone.localdate())
        rows = rows.select_related(
            "commitment_year__agreement", "instalment__cancellation"
        )
        return rows.with_permissions(self.user, "write_off")

    def settled(self) -> dict[str, Slice]:
        """Return what paid it, and what of it is given up."""
        of = {"line__invoice": self.object}
        paid = Allocation.objects.filter(**of).permitted(self.user, "view")
        given = WriteOff.objects.filter(**of).permitted(self.user, "view")
        paid = paid.if_any(self.object.was_paid).with_related(
            "share__receipt__id", "line__description", "entry__value_on"
        )
        given = given.if_any(self.object.was_given_up).with_related(
            *["line__description", "line__invoice__issued_by", "certificate__name"],
            *["proposed_by__name", "decided_by__name"],
        )
        paid = paid.with_permissions(self.user, "reverse").with_reversal()
        given = given.with_permissions(self.user, "approve", "refuse", "reverse")
        query = self.request.GET
        return {
            "payments": slice_of(paid.order_by("-pk"), "payments", query),
            "write_offs": slice_of(
                given.with_reversal().order_by("-pk"), "write-offs", query
            ),
        }

    def before_issue(self, lines: Slice) -> dict[str, Any]:
        """Return what is missing, and why it was sent back if it was."""
        invoice, today = self.object, timezone.localdate()
        returns = invoice.returns.permitted(self.user, "view")
        read = lines.rows if lines.is_all else None
        sent_back = returns.select_related("returned_by").last()
        return {
            "is_returned": sent_back and sent_back.keeps_from(self.user),
            "lacks": services.lacks_of_invoice(invoice, on=today, lines=read),
            "sent_back": sent_back,
        }

    def since_issue(self, lines: Slice) -> dict[str, Any]:
        """Return what became of it, and what cash on account would pay it."""
        invoice, query = self.object, self.request.GET
        disputes = invoice.disputes.if_any(invoice.has_disputes)
        disputes = disputes.select_related("owner", "resolution__credit_note")
        disputes = disputes.with_permissions(self.user, "settle", "withdraw")
        disputes = disputes.with_standing().order_by("-pk")
        promises = invoice.promises.if_any(invoice.has_promises)
        promises = promises.with_related("contact__name")
        promises = promises.with_standing(on=timezone.localdate())
        promises = promises.with_permissions(self.user, "withdraw").order_by("-pk")
        notes = invoice.credit_notes.if_any(invoice.has_notes)
        notes = notes.permitted(self.user, "view").with_total()
        notes = notes.select_related("replacement").order_by("-pk")
        said: Any = (
            told_of(invoice, user=self.user)
            if invoice.was_told
            else Invoice.objects.none()
        )
        told = slice_of(said, "told", query)
        return {
            "told": told,
            "said": list(in_words(told, invoice.currency)),
            "disputes": slice_of(disputes, "disputes", query),
            "promises": slice_of(promises, "promises", query),
            "credit_notes": slice_of(notes, "credits", query),
            "offers": services.offers_for(invoice) if invoice.may_apply_offer else [],
            **self.reminders(lines),
            **self.settled(),
        }

    def reminders(self, lines: Slice) -> dict[str, Any]:
        """Return the ladder of each line to staff, to others what they were sent."""
        if self.object.state != InvoiceState.ISSUED:
            return {}
        if not self.tells_ladders:
            return {"reminders": services.sent_about(self.object)}
        today = timezone.localdate()
        holds = holds_told(self.object)
        return {
            "ladders": services.ladders_of(self.object, lines.rows, on=today),
            "holds": holds,
            "is_held": any(not hold.rung for hold in holds),
            **self.last_rungs(today),
        }

    def last_rungs(self, today: date) -> dict[str, Any]:
        """Return what people did, or may do, once it is long overdue."""
        invoice = self.object
        if not self.user.has_perm("consortium.view_duesstep"):
            return {}
        late = bool(invoice.open_amount and invoice.due_on and invoice.due_on < today)
        steps, notes = steps_told(invoice), notes_told(invoice)
        may_act = invoice.may_hand_over or invoice.may_decide_dues
        return {
            "is_overdue": late,
            "dues_steps": steps,
            "sponsor_notes": notes,
            "show_steps": steps or notes or (late and may_act),
        }


class InvoicePaper(RecordDetail):
    queryset = Invoice.objects.select_related("pdf")
    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invoice = self.get_object()
        if not invoice.number:
            raise Http404
        paper = services.fetch_pdf(invoice, by=self.user)
        return pdf_file(paper.content, str(paper))
