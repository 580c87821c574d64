"""What finance has to issue: instalments to draft, drafts, and what was approved."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.prepared import prepared
from inm_portal.kernel.views import CreateView, ForGroups

from .. import forms, services
from ..filters import ToDoFilter, WaitingFilter
from ..models import CreditNote, Instalment, Invoice, PurchaseOrder
from ..models.instalments import due_by
from ..states import CreditNoteState, InvoiceState

TO_ISSUE = (_("To issue"), reverse_lazy("consortium:to_draft"))
MEMBER = "commitment_year__agreement__organization"
PAYER = f"{MEMBER}__payer_profile"


@dataclass(frozen=True)
class Tab:
    """A part of the work: how much of it waits, and whether this is its page."""

    label: Any
    url: str
    count: int
    is_here: bool


#: The parts of the work.
PARTS = {
    "to_draft": _("To draft"),
    "to_approve": _("To approve"),
    "to_issue": _("To issue"),
    "credit_notes": _("Credit notes to issue"),
}


def tabs(here: str, count: int | None) -> list[Tab]:
    """
    Return the parts of the work with what waits in each, by one statement.

    ``count`` is how much there is of the part that is shown, if its list told.
    """
    today = timezone.localdate()
    counts = dict(waiting(today, due_by(today), but="" if count is None else here))
    counts[here] = counts.get(here, 0) if count is None else count
    queries = {"credit_notes": f"?state={CreditNoteState.DRAFT}"}
    return [
        Tab(
            label,
            reverse(f"consortium:{name}") + queries.get(name, ""),
            counts.get(name, 0),
            name == here,
        )
        for name, label in PARTS.items()
    ]


@prepared
def waiting(today: Any, due: Any, *, but: str) -> Any:
    """Return how much waits of each part that has something, of all ``but`` one."""
    todo: Any = Instalment.objects.to_do().with_issue_by()
    parts = {
        "to_draft": todo.to_issue(by=today, due_by=due),
        "to_approve": invoices_in(InvoiceState.DRAFT),
        "to_issue": invoices_in(InvoiceState.APPROVED),
        "credit_notes": CreditNote.objects.filter(
            state=CreditNoteState.DRAFT, replacement=None
        ),
    }
    first, *others = [
        rows.order_by().values(part=Value(name)).annotate(count=Count("pk"))
        for name, rows in parts.items()
        if name != but
    ]
    return first.union(*others, all=True).values_list("part", "count")


def invoices_in(state: InvoiceState) -> Any:
    return Invoice.objects.filter(state=state)


def reaching() -> Any:
    """Return the orders that reach for an instalment today, the first to end first."""
    orders: Any = PurchaseOrder.objects.filter(organization=OuterRef(MEMBER))
    found = (
        orders.with_left()
        .valid(on=timezone.localdate())
        .filter(left__gte=OuterRef("amount"))
    )
    return found.order_by(F("ends_on").asc(nulls_last=True), "pk")


class ToDraftRows(ForGroups, Rows):
    permission = "consortium.view_invoice"
    queryset = (
        Instalment.objects.to_do()
        .with_issue_by()
        .with_related(
            *["commitment_year__number", "commitment_year__currency"],
            *["commitment_year__agreement__organization_id", f"{MEMBER}__name"],
        )
    )
    filter_class = ToDoFilter
    default_sort = "issue_by"
    columns = [
        Column("organization", _("Member"), (f"{MEMBER}__name",)),
        Column("year", _("Commitment year")),
        Column("issue_by", _("Issue by"), ("issue_by",)),
        Column("due", _("Due"), ("due_on",)),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
        Column("missing", _("Missing")),
        Column("act", ""),
    ]


class ToDraft(ToDraftRows, RecordList):
    template_name = "consortium/to_draft_list.html"
    noun = (_("instalment"), _("instalments"))
    export_url = reverse_lazy("consortium:export_to_draft")
    extra_context = {
        "heading": _("To issue"),
        "empty_title": _("Nothing is to be drafted by now"),
        "empty_text": _(
            "An instalment stands here once its invoice is to go out: 30 days before "
            "it is due, or as long before as the terms of its member."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        today = timezone.localdate()
        services.tell_lacks(page.object_list, on=today)
        return super().get_context(page) | {
            "today": today,
            "tabs": tabs("to_draft", self.count_of_all(page.paginator)),
            "may_draft": self.user.has_perm("consortium.add_invoice"),
            "may_credit": self.user.has_perm("consortium.add_creditnote"),
        }


class ExportToDraft(ToDraftRows, RecordExport):
    name = "to-issue"

    def get_queryset(self) -> Any:
        order = reaching().values("number")[:1]
        return super().get_queryset().annotate(order_number=Subquery(order))

    export_columns = {
        "id": "pk",
        "organization": exports.text(f"{MEMBER}__name"),
        "commitment_year": "commitment_year__number",
        "issue_by": "issue_by",
        "due_on": "due_on",
        "amount": "amount",
        "currency": "commitment_year__currency",
        "bill_to_entity": exports.text(f"{PAYER}__bill_to_entity"),
        "terms_days": f"{PAYER}__terms_days",
        "needs_order": f"{PAYER}__needs_order",
        "order_that_reaches": exports.text("order_number"),
        "entity_confirmed_on": f"{PAYER}__entity_confirmed_on",
        "vendor_form_on": f"{PAYER}__vendor_form_on",
        "tax_form_on": f"{PAYER}__tax_form_on",
        "portal_set_up_on": f"{PAYER}__portal_set_up_on",
    }


class Waiting(ForGroups, RecordList):
    """Invoices of one state, with the button for their next step."""

    permission = "consortium.view_invoice"
    queryset = (
        Invoice.objects.with_related(
            "organization__name", "drafted_by__name", "approved_by__name"
        )
        .with_total()
        .with_return()
    )
    filter_class = WaitingFilter
    template_name = "consortium/waiting_list.html"
    default_sort = "drafted"
    noun = (_("invoice"), _("invoices"))
    columns = [
        Column("number", _("Invoice"), ("pk",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("drafted", _("Drafted"), ("drafted_at",)),
        Column("order", _("Purchase order"), ("order_number",)),
        Column("amount", _("Amount"), ("total",), is_numeric=True),
        Column("act", ""),
    ]
    state: InvoiceState
    page_name: str

    def get_queryset(self) -> Any:
        rows = super().get_queryset().filter(state=self.state)
        return rows.with_permissions(self.user, "approve", "issue")

    def get_context(self, page: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query["standing"] = self.state.value
        url = reverse("consortium:export_invoices")
        return super().get_context(page) | {
            "tabs": tabs(self.page_name, self.count_of_all(page.paginator)),
            "export_url": f"{url}?{query.urlencode()}",
            "excel_url": f"{url}?{query.urlencode()}&format=xlsx",
        }


class ToApprove(Waiting):
    state, page_name = InvoiceState.DRAFT, "to_approve"
    extra_context = {
        "heading": _("To approve"),
        "empty_title": _("No draft waits for approval"),
        "empty_text": _("What one person drafts stands here until another approves."),
    }


class ToIssue(Waiting):
    state, page_name = InvoiceState.APPROVED, "to_issue"
    extra_context = {
        "heading": _("Approved, to be issued"),
        "empty_title": _("Nothing approved waits to be issued"),
        "empty_text": _("What was approved stands here until it takes its number."),
    }


class DraftInvoices(CreateView):
    """Shows what would be drafted of the instalments that were chosen, then does it."""

    permission = "consortium.add_invoice"
    template_name = "consortium/draft_form.html"
    form_class = forms.DraftForm
    done = _("Drafted; whoever approves was told.")
    #: The same may be drafted again, once a draft of it was given up.
    asks_again = False

    @property
    def rows(self) -> Any:
        rows = Instalment.objects.permitted(self.user, "view").to_invoice()
        return rows.select_related(MEMBER)

    @cached_property
    def planned(self) -> list[services.PlannedInvoice]:
        """What the address, or the form, asks for; each member and currency once."""
        asks = self.request.method == "GET"
        sent = self.request.GET if asks else self.request.POST
        keys = [key for key in map(key_of, sent.getlist("instalment")) if key]
        rows = self.rows.filter(pk__in=keys[: forms.MOST]).order_by("due_on", "pk")
        return services.plan_invoices(rows, on=timezone.localdate())

    @property
    def ready(self) -> list[services.PlannedInvoice]:
        return [one for one in self.planned if one.profile]

    def get_form_kwargs(self) -> dict[str, Any]:
        one = self.ready[0].organization if len(self.ready) == 1 else None
        return super().get_form_kwargs() | {"rows": self.rows, "organization": one}

    def get_initial(self) -> dict[str, Any]:
        return {"instalment": [row.pk for one in self.ready for row in one.rows]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = len(self.ready)
        several = _("Draft %(count)s invoices") % {"count": count}
        return super().get_context_data(
            heading=several if count > 1 else _("Draft an invoice"),
            breadcrumbs=[TO_ISSUE],
            cancel_url=TO_ISSUE[1],
            submit_label=several if count > 1 else _("Draft the invoice"),
            planned=self.planned,
            ready=self.ready,
            **kwargs,
        )

    def perform(self, **data: Any) -> Any:
        invoices = services.draft_invoices(
            data.pop("instalment"),
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return invoices[0] if len(invoices) == 1 else "consortium:to_approve"
