"""Who pays at a member: its profile, purchase orders and announced payments."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Value, When
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, exports
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    slice_of,
)
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.prepared import prepared
from inm_portal.kernel.timeline import SHOWN
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..documents import PURCHASE_ORDER, REMITTANCE_ADVICE
from ..filters import PurchaseOrderFilter, RemittanceAdviceFilter
from ..models import (
    Instalment,
    Organization,
    PayerProfile,
    PurchaseOrder,
    ReminderCopy,
    RemittanceAdvice,
)
from ..states import AdviceStanding, OrderStanding
from ..verbs import Verb
from .organizations import OfOrganization
from .pages import member_crumbs

ORDERS = (_("Purchase orders"), reverse_lazy("consortium:purchase_orders"))
ADVICES = (_("Announced payments"), reverse_lazy("consortium:remittance_advices"))

#: What the journal says of who pays, among all that it says of a member.
ABOUT_PAYING = [
    *[Verb.PAYER_KEPT, Verb.ORDER_RECORDED, Verb.ORDER_CHANGED, Verb.ORDER_ENDED],
    *[Verb.PAYMENT_ANNOUNCED, Verb.ADVICE_WITHDRAWN],
]

#: The finance side writes down all of a profile, a member what is its own to say.
KEEP = "consortium.change_payerprofile"


def payer_crumbs(organization: Organization) -> list[tuple[Any, Any]]:
    """Return the way to the page on which stands how a member pays."""
    page = reverse("consortium:payer", args=[organization.pk])
    return [*member_crumbs(organization), (_("Billing"), page)]


def first(*standings: str) -> Case:
    """Return an order by standing: these first, as they are given."""
    ranks = [When(standing=one, then=Value(rank)) for rank, one in enumerate(standings)]
    return Case(*ranks, default=Value(len(standings)))


def readers() -> Any:
    """Return the names of those whom a member added to who reads its reminders."""
    rows = ReminderCopy.objects.filter(organization=OuterRef("pk"))
    rows = rows.filter(contact__departed_on=None).order_by("contact__name")
    return rows.values("contact__name")


class PayerDetail(RecordDetail):
    """How a member pays: what is asked for next, and what is missing for it."""

    queryset = Organization.objects.select_related(
        "payer_profile", "reminder_preference"
    ).annotate(readers=ArraySubquery(readers()))
    template_name = "consortium/payer_detail.html"
    action = "view_payer"
    buttons = (
        *("describe_payer", "record_order", "advise_payment", "see_statement"),
        *("choose_reminders", "give_ladder"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization, query = self.object, self.request.GET
        profile = getattr(organization, "payer_profile", None)
        today = timezone.localdate()
        instalments = slice_of(to_invoice(organization.pk), "upcoming", query)
        orders = slice_of(orders_of(organization.pk, on=today), "orders", query)
        entries = JournalEntry.objects.about(organization).told_to(self.user)
        return super().get_context_data(
            heading=_("How %(member)s pays") % {"member": organization.name},
            pretitle=_("Billing"),
            breadcrumbs=member_crumbs(organization),
            organization=organization,
            profile=profile,
            today=today,
            checks=services.checklist(profile),
            upcoming=services.upcoming(
                organization,
                instalments.rows,
                profile=profile,
                on=today,
                orders=orders.rows if orders.is_all else None,
            ),
            instalments=instalments,
            orders=orders,
            advices=slice_of(advices_of(organization.pk), "payments", query),
            entries=entries.filter(verb__in=ABOUT_PAYING)[:SHOWN],
            **kwargs,
        )


@prepared
def to_invoice(organization: Any) -> Any:
    """Return what of a member is still to be invoiced, the next first."""
    member = {"commitment_year__agreement__organization": organization}
    rows = Instalment.objects.to_invoice().with_issue_by().filter(**member)
    rows = rows.select_related("commitment_year__agreement")
    return rows.order_by("due_on", "pk")


@prepared
def orders_of(organization: Any, *, on: date) -> Any:
    """Return the orders of a member, those first that can be used."""
    rows = PurchaseOrder.objects.with_standing(on=on)
    rows = rows.filter(organization=organization).select_related("document")
    usable = [OrderStanding.ENDING, OrderStanding.IN_FORCE]
    return rows.order_by(first(*usable), "-ends_on", "-pk")


@prepared
def advices_of(organization: Any) -> Any:
    """Return what a member announced, the newest first."""
    rows = RemittanceAdvice.objects.filter(organization=organization)
    return rows.with_standing().order_by("-paid_on", "-pk")


class OfPaying(OfOrganization):
    """A form about how a member pays."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = reverse("consortium:payer", args=[self.object.pk])
        return context | {
            "breadcrumbs": payer_crumbs(self.object),
            "cancel_url": page,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}


class PayerFormPage:
    """Where invoices go: all of it for finance, for a member what is its to say."""

    user: Any

    @property
    def keeps(self) -> bool:
        return self.user.has_perm(KEEP)

    def keep(self, organization: Organization, **data: Any) -> Any:
        if self.keeps:
            return services.keep_payer(organization, **data, by=self.user)
        now: Any = {"today": timezone.localdate(), "at": timezone.now()}
        return services.describe_payer(organization, **data, **now, by=self.user)


class DescribePayer(PayerFormPage, OfOrganization):
    queryset = Organization.objects.select_related("payer_profile")
    action = "describe_payer"
    template_name = "consortium/payer_form.html"
    heading = _("Say where invoices go")
    done = _("Saved.")

    def get(self, *args: Any, **kwargs: Any) -> Any:
        if hasattr(self.object, "payer_profile"):
            return redirect("consortium:change_payer", self.object.pk)
        return super().get(*args, **kwargs)

    def get_form_class(self) -> Any:
        return forms.NewPayerByFinanceForm if self.keeps else forms.NewPayerForm

    def get_initial(self) -> dict[str, Any]:
        return {"bill_to_entity": self.object.legal_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = reverse("consortium:payer", args=[self.object.pk])
        crumbs = payer_crumbs(self.object)
        return context | {"breadcrumbs": crumbs, "cancel_url": page}

    def perform(self, **data: Any) -> Any:
        return self.keep(self.object, version=0, **data)


class ChangePayer(PayerFormPage, UseCaseView):
    queryset = PayerProfile.objects.select_related("organization")
    action = "change"
    slug_field, slug_url_kwarg, pk_url_kwarg = "organization", "pk", ""
    template_name = "consortium/payer_form.html"
    done = _("Saved. Drafts keep what they were made with.")

    def get_form_class(self) -> Any:
        return forms.PayerByFinanceForm if self.keeps else forms.PayerForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Change where invoices go"),
            breadcrumbs=payer_crumbs(self.object.organization),
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Any:
        return self.keep(self.object.organization, **data)


class RecordOrder(OfPaying):
    action = "record_order"
    form_class = forms.OrderForm
    heading = _("Record a purchase order")
    done = _("Purchase order recorded.")
    extra_context = {
        "submit_label": _("Record"),
        "intro": _("Invoices then quote its number, up to its amount."),
    }

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("instalment", "")
        member = "commitment_year__agreement__organization"
        rows = Instalment.objects.to_invoice().filter(**{member: self.object})
        found = rows.filter(pk=asked).first() if asked.isdecimal() else None
        return {"amount": found.amount} if found else {}

    def perform(self, **data: Any) -> Any:
        services.record_order(self.object, **data, at=timezone.now(), by=self.user)
        return reverse("consortium:payer", args=[self.object.pk])


class AdvisePayment(OfPaying):
    action = "advise_payment"
    form_class = forms.AdviceForm
    heading = _("Announce a payment")
    done = _("Payment announced; it counts once the money has arrived.")
    extra_context = {
        "submit_label": _("Announce"),
        "intro": _(
            "Say what was paid, and for what, so that the money is matched when it "
            "arrives. It changes nothing that is open."
        ),
    }

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("invoice", "")
        rows = self.object.invoices.issued().with_open()
        found = rows.filter(pk=asked).first() if asked.isdecimal() else None
        if found is None:
            return {"paid_on": timezone.localdate()}
        told = {"amount": found.open_amount, "invoices": [found.pk]}
        return {"paid_on": timezone.localdate(), "reference": found.number} | told

    def perform(self, **data: Any) -> Any:
        now: Any = {"today": timezone.localdate(), "at": timezone.now()}
        return services.advise_payment(self.object, **data, **now, by=self.user)


class OrderRows(Rows):
    queryset = PurchaseOrder.objects.select_related("organization")
    filter_class = PurchaseOrderFilter
    default_sort = "standing"
    columns = [
        Column("number", _("Purchase order"), ("number",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column(
            *("standing", _("Standing")),
            (first(OrderStanding.ENDING, OrderStanding.IN_FORCE), "ends_on"),
        ),
        Column("ends", _("Last day"), ("ends_on",)),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
        Column("used", _("Invoiced"), ("used",), is_numeric=True),
        Column("left", _("Left"), ("left",), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())


class OrderList(OrderRows, RecordList):
    template_name = "consortium/order_list.html"
    keys_first = True
    noun = (_("purchase order"), _("purchase orders"))
    export_url = reverse_lazy("consortium:export_purchase_orders")
    extra_context = {
        "heading": _("Purchase orders"),
        "empty_title": _("No purchase orders yet"),
        "empty_text": _("They are recorded on the billing page of a member."),
    }


class ExportOrders(OrderRows, RecordExport):
    name = "purchase-orders"
    export_columns = {
        "id": "pk",
        "number": exports.text("number"),
        "organization": exports.text("organization__name"),
        "standing": "standing",
        "ends_on": "ends_on",
        "amount": "amount",
        "invoiced": "used",
        "left": "left",
        "currency": "currency",
    }


class OrderDetail(RecordDetail):
    queryset = PurchaseOrder.objects.select_related(
        "organization", "recorded_by", "replaces", "replacement"
    )
    template_name = "consortium/order_detail.html"
    buttons = ("change", "end")

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        invoices = order.invoices.permitted(self.user, "view").with_open()
        return super().get_context_data(
            heading=order.number,
            pretitle=_("Purchase order of %(member)s") % {"member": order.organization},
            breadcrumbs=payer_crumbs(order.organization),
            order=order,
            invoices=slice_of(
                invoices.order_by("-issued_on", "-pk"), "invoices", self.request.GET
            ),
            documents=documents.listed(order, PURCHASE_ORDER),
            today=timezone.localdate(),
            **kwargs,
        )


class OfOrder(UseCaseView):
    """A form about a purchase order."""

    queryset = PurchaseOrder.objects.select_related("organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        way = payer_crumbs(order.organization)
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[*way, (order.number, order.get_absolute_url())],
            cancel_url=order.get_absolute_url(),
            **kwargs,
        )


class ChangeOrder(OfOrder):
    action = "change"
    form_class = forms.OrderChangeForm
    heading = _("Change a purchase order")
    done = _("Purchase order changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> PurchaseOrder:
        now = timezone.now()
        return services.change_order(self.object, **data, at=now, by=self.user)


class EndOrder(OfOrder):
    action = "end"
    form_class = forms.OrderEndForm
    heading = _("End a purchase order")
    done = _("Purchase order ended.")
    extra_context = {"submit_label": _("End it")}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version}

    def perform(self, **data: Any) -> PurchaseOrder:
        return services.end_order(self.object, **data, by=self.user)


class AdviceRows(Rows):
    queryset = RemittanceAdvice.objects.select_related("organization").with_standing()
    filter_class = RemittanceAdviceFilter
    default_sort = "standing"
    columns = [
        Column("number", _("Announced"), ("pk",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("standing", _("Standing"), (first(AdviceStanding.ANNOUNCED), "paid_on")),
        Column("paid", _("Paid"), ("paid_on",)),
        Column("method", _("Method"), ("method",)),
        Column("reference", _("Reference"), ("reference",)),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
    ]


class AdviceList(AdviceRows, RecordList):
    template_name = "consortium/advice_list.html"
    keys_first = True
    noun = (_("announced payment"), _("announced payments"))
    export_url = reverse_lazy("consortium:export_remittance_advices")
    extra_context = {
        "heading": _("Announced payments"),
        "empty_title": _("No payments announced"),
        "empty_text": _("Members say on their billing page what they have paid."),
    }


class ExportAdvices(AdviceRows, RecordExport):
    name = "announced-payments"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "standing": "standing",
        "paid_on": "paid_on",
        "method": "method",
        "reference": exports.text("reference"),
        "amount": "amount",
        "currency": "currency",
    }


class AdviceDetail(RecordDetail):
    queryset = RemittanceAdvice.objects.with_related(
        "organization__name", "recorded_by__name"
    ).with_standing()
    template_name = "consortium/advice_detail.html"
    buttons = ("withdraw", "attach")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        advice = self.object
        invoices = advice.invoices.permitted(self.user, "view").with_open()
        return super().get_context_data(
            heading=str(advice),
            pretitle=advice.organization.name,
            breadcrumbs=payer_crumbs(advice.organization),
            advice=advice,
            invoices=slice_of(
                invoices.order_by("due_on", "pk"), "invoices", self.request.GET
            ),
            documents=documents.listed(
                advice, REMITTANCE_ADVICE, with_superseded=advice.may_attach
            ),
            add_url=self.add_url,
            today=timezone.localdate(),
            **kwargs,
        )

    @property
    def add_url(self) -> str:
        """Where a document is added, for those who may."""
        advice: Any = self.object
        may = advice.may_attach
        return reverse("consortium:attach_advice", args=[advice.pk]) if may else ""


class AttachAdvice(UseCaseView):
    queryset = RemittanceAdvice.objects.select_related("organization")
    action = "attach"
    form_class = forms.AdviceFileForm
    done = _("Document added.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        advice = self.object
        way = payer_crumbs(advice.organization)
        return super().get_context_data(
            heading=_("Add a document"),
            pretitle=str(advice),
            intro=_("What says which invoices this payment is for."),
            submit_label=_("Add document"),
            breadcrumbs=[*way, (str(advice), advice.get_absolute_url())],
            cancel_url=advice.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> RemittanceAdvice:
        services.document_advice(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class WithdrawAdvice(StepView):
    queryset = RemittanceAdvice.objects.select_related("organization")
    action = "withdraw"
    done = _("Withdrawn; nobody waits for this payment.")

    def perform(self, advice: RemittanceAdvice, /) -> RemittanceAdvice:
        return services.withdraw_advice(advice, at=timezone.now(), by=self.user)
