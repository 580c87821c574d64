"""Receipts: the list, the page of each, and how one is recorded."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, exports
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    Slice,
    slice_of,
)
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..documents import REMITTANCE
from ..filters import ReceiptFilter
from ..models import Allocation, Receipt, Refund
from ..services.receipts import MayBeRecorded
from ..states import ActState

RECEIPTS = (_("Receipts"), reverse_lazy("consortium:receipts"))
#: Receipts that may be the same money, as many as a person looks at.
ALIKE_SHOWN = 10


class ReceiptRows(Rows):
    queryset = Receipt.objects.with_members().with_left()
    filter_class = ReceiptFilter
    default_sort = "-received"
    columns = [
        Column("number", _("Receipt"), ("pk",)),
        Column("received", _("Received"), ("received_on",)),
        Column("payer", _("Payer"), ("payer_name",)),
        Column("organization", _("Member"), ("members",)),
        Column("state", _("State")),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
        Column("unapplied", _("Not applied"), ("unapplied",), is_numeric=True),
    ]


class ReceiptList(ReceiptRows, RecordList):
    queryset = (
        Receipt.objects.with_related("organization__name").with_members().with_left()
    )
    template_name = "consortium/receipt_list.html"
    keys_first = True
    noun = (_("receipt"), _("receipts"))
    export_url = reverse_lazy("consortium:export_receipts")
    extra_context = {
        "heading": _("Receipts"),
        "empty_title": _("No receipts yet"),
        "empty_text": _("Money is recorded here as it stands on the line of the bank."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_receipt")
        return super().get_context(page) | {"may_add": may_add}


class ExportReceipts(ReceiptRows, RecordExport):
    name = "receipts"
    export_columns = {
        "id": "pk",
        "received_on": "received_on",
        "payer_name": exports.text("payer_name"),
        "members": exports.text("members"),
        "method": "method",
        "bank_account": exports.text("bank_account"),
        "bank_reference": exports.text("bank_reference"),
        "external_id": exports.text("external_id"),
        "state": "state",
        "amount": "amount",
        "standing": "standing",
        "shared": "shared",
        "unidentified": "unidentified",
        "unapplied": "unapplied",
        "currency": "currency",
    }


class ReceiptDetail(RecordDetail):
    queryset = (
        Receipt.objects.with_related(
            *["organization__name", "proposed_by__name", "decided_by__name"],
            "replaces__id",
        )
        .with_left()
        .with_refunds()
    )
    template_name = "consortium/receipt_detail.html"
    buttons = ("approve", "refuse", "attach", "share", "bounce", "replace")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = self.object
        is_managed = receipt.may_attach
        return super().get_context_data(
            heading=str(receipt),
            pretitle=receipt.payer_name,
            breadcrumbs=[RECEIPTS],
            receipt=receipt,
            shares=self.shares(),
            allocations=self.allocations(),
            refunds=self.refunds(),
            alike=self.alike(),
            documents=documents.listed(receipt, REMITTANCE, with_superseded=is_managed),
            entries=history_of(receipt, user=self.user),
            **kwargs,
        )

    def shares(self) -> Slice:
        """Return whose money it is, and was taken to be."""
        rows = self.object.shares.if_any(self.object.entry_id).with_unapplied()
        rows = rows.with_permissions(self.user, "allocate", "refund", "reverse")
        rows = rows.with_related("organization__name").order_by("pk")
        return slice_of(rows, "shares", self.request.GET)

    def allocations(self) -> Slice:
        """Return to what it is applied, and was before that was taken back."""
        rows = Allocation.objects.filter(share__receipt=self.object)
        rows = rows.if_any(self.object.entry_id).with_related(
            *["share__organization__name", "line__description"],
            *["line__invoice__number", "entry__value_on"],
        )
        rows = rows.with_permissions(self.user, "reverse").with_reversal()
        return slice_of(rows.order_by("pk"), "allocations", self.request.GET)

    def refunds(self) -> Slice:
        """Return what of it was paid back, or is proposed to be."""
        rows = Refund.objects.filter(share__receipt=self.object)
        rows = rows.if_any(self.object.has_refunds).with_related(
            *["share__organization__name", "proposed_by__name", "decided_by__name"]
        )
        rows = rows.with_permissions(self.user, "approve", "refuse", "reverse")
        rows = rows.with_reversal().order_by("-pk")
        return slice_of(rows, "refunds", self.request.GET)

    def alike(self) -> list[Receipt]:
        """Return what it may be the same as, while a second person looks at it."""
        receipt = self.object
        if receipt.state != ActState.PROPOSED:
            return []
        found = services.alike(
            amount=receipt.amount,
            received_on=receipt.received_on,
            payer_name=receipt.payer_name,
            organization=receipt.organization,
            bank_reference=receipt.bank_reference,
        )
        return look_alikes(found.exclude(pk=receipt.pk))


def look_alikes(found: QuerySet[Receipt]) -> list[Receipt]:
    """Return receipts that may be the same money, as a card shows them."""
    rows: Any = found
    return list(rows.with_related("organization__name").with_left()[:ALIKE_SHOWN])


#: What a receipt says again when it is recorded anew.
SAID = [
    *["received_on", "amount", "currency", "foreign_amount", "foreign_currency"],
    *["method", "payer_name", "organization", "bank_account", "bank_reference"],
    *["external_id", "note"],
]


class RecordReceipt(CreateView):
    permission = "consortium.add_receipt"
    template_name = "consortium/receipt_form.html"
    form_class = forms.ReceiptForm
    done = _("Receipt saved.")
    alike: list[Receipt] = []

    def get_initial(self) -> dict[str, Any]:
        """Start from the receipt that is recorded anew, if it is one."""
        again = self.replaced
        if again is None:
            return {"received_on": timezone.localdate()}
        return {"replaces": again} | {name: getattr(again, name) for name in SAID}

    @cached_property
    def replaced(self) -> Receipt | None:
        key = key_of(self.request.GET.get("replaces", ""))
        rows = Receipt.objects.permitted(self.user, "replace")
        return rows.filter(pk=key).first() if key else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_again = bool(self.alike)
        return super().get_context_data(
            heading=_("Record a receipt"),
            breadcrumbs=[RECEIPTS],
            cancel_url=reverse_lazy("consortium:receipts"),
            submit_label=_("Record anyway") if is_again else _("Record"),
            alike=self.alike,
            intro=self.replaced
            and _("In the place of %(receipt)s, which was reversed.")
            % {"receipt": self.replaced},
            **kwargs,
        )

    def perform(self, **data: Any) -> Receipt:
        try:
            return services.record_receipt(
                **data, today=timezone.localdate(), at=timezone.now(), by=self.user
            )
        except MayBeRecorded as refusal:
            self.alike = look_alikes(refusal.receipts)
            raise


class ApproveReceipt(StepView):
    queryset = Receipt.objects.all()
    action = "approve"
    done = _("Receipt recorded.")

    def perform(self, receipt: Receipt, /) -> Receipt:
        return services.approve_receipt(receipt, at=timezone.now(), by=self.user)


class RefuseReceipt(StepView):
    queryset = Receipt.objects.all()
    action = "refuse"
    done = _("Left out: it is there already.")

    def perform(self, receipt: Receipt, /) -> Receipt:
        return services.refuse_receipt(receipt, at=timezone.now(), by=self.user)


class OfReceipt(UseCaseView):
    """A form about a receipt."""

    queryset = Receipt.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = self.object
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[RECEIPTS, (str(receipt), receipt.get_absolute_url())],
            cancel_url=receipt.get_absolute_url(),
            **kwargs,
        )


class AttachRemittance(OfReceipt):
    action = "attach"
    form_class = forms.RemittanceForm
    heading = _("Add a remittance advice")
    done = _("Document added.")
    extra_context = {
        "submit_label": _("Add document"),
        "intro": _("What the payer says which invoices this money is for."),
    }

    def perform(self, **data: Any) -> Receipt:
        documents.upload(
            **data,
            kind=REMITTANCE,
            subject=self.object,
            at=timezone.now(),
            by=self.user,
        )
        return self.object
