"""What waits of money: the queue, whose it is, and what it pays."""

import re
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.money import typed, written
from inm_portal.kernel.views import UseCaseView

from .. import forms, services
from ..filters import WaitingMoneyFilter
from ..models import (
    Allocation,
    InvoiceDispute,
    InvoiceLine,
    Receipt,
    ReceiptShare,
    WaitingMoney,
    WaitsFor,
)
from ..services.matching import Fit
from .receipts import RECEIPTS, OfReceipt

TO_MATCH = (_("To match"), reverse_lazy("consortium:to_match"))
#: Lines of one member that a form shows; whoever has more pays the oldest first.
LINES_SHOWN = 50


class WaitingRows(Rows):
    queryset = WaitingMoney.objects.select_related("organization")
    filter_class = WaitingMoneyFilter
    default_sort = "since"
    columns = [
        Column("since", _("Since"), ("waits_since",)),
        Column("kind", _("Waits for"), ("kind",)),
        Column("payer", _("Payer"), ("payer_name",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("amount", _("Amount"), ("amount",), is_numeric=True),
        Column("best", _("What may fit")),
    ]


class ToMatch(WaitingRows, RecordList):
    queryset = WaitingMoney.objects.select_related("receipt", "share").with_related(
        *["organization__name", "write_off__kind", "write_off__line__invoice__number"],
    )
    template_name = "consortium/to_match_list.html"
    noun = (_("thing to see to"), _("things to see to"))
    export_url = reverse_lazy("consortium:export_to_match")
    extra_context = {
        "heading": _("To match"),
        "empty_title": _("All money is matched"),
        "empty_text": _("What is nobody's yet, or not applied, appears here."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        rows = list(page)
        best = services.best_of(rows)
        for row in rows:
            row.best = best.get(row.pk) or Fit(row.reason)
        page.object_list = rows
        may_keep = self.user.has_perm("consortium.add_receipt")
        return super().get_context(page) | {"may_keep": may_keep}


class ExportToMatch(WaitingRows, RecordExport):
    name = "to-match"
    export_columns = {
        "id": "pk",
        "since": "waits_since",
        "waits_for": "kind",
        "waits_for_words": exports.words("kind", WaitsFor.choices),
        "receipt": "receipt_id",
        "payer_name": exports.text("payer_name"),
        "reference": exports.text("reference"),
        "organization": exports.text("organization__name"),
        "amount": "amount",
        "currency": "currency",
        "reason": exports.text("reason"),
    }


class ShareReceipt(OfReceipt):
    queryset = Receipt.objects.with_related(
        "proposed_by__name", "decided_by__name"
    ).with_left()
    action = "share"
    form_class = forms.ShareForm
    template_name = "consortium/share_form.html"
    heading = _("Say whose money it is")
    done = _("Given to its member.")

    def get_initial(self) -> dict[str, Any]:
        """Start from the suggestion that was chosen, and from all that is left."""
        query = self.request.GET
        amount = typed(query.get("amount", "")) or self.object.unidentified
        member = query.get("member", "")
        return {"member_1": member, "amount_1": amount}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = self.object.unidentified
        matcher = services.Matcher(nobodys=[(self.object, left)])
        return super().get_context_data(
            receipt=self.object,
            suggestions=matcher.of_receipt(self.object, left),
            submit_label=_("Give to them"),
            **kwargs,
        )

    def perform(self, **data: Any) -> Any:
        shares = services.share_receipt(
            self.object, **data, at=timezone.now(), by=self.user
        )
        if len(shares) > 1:
            return self.object
        return reverse("consortium:allocate_share", args=[shares[0].pk])


class OfShare(UseCaseView):
    """A form about a share of a receipt."""

    queryset = ReceiptShare.objects.select_related(
        "receipt", "organization"
    ).with_unapplied()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = self.object.receipt
        return super().get_context_data(
            heading=self.heading,
            pretitle=str(self.object.organization),
            breadcrumbs=[RECEIPTS, (str(receipt), receipt.get_absolute_url())],
            cancel_url=receipt.get_absolute_url(),
            share=self.object,
            receipt=receipt,
            **kwargs,
        )


class AllocateShare(OfShare):
    """
    The open lines of a member, and how much of its money goes to each.

    What comes of it is told by "Check", before anything is posted.
    """

    action = "allocate"
    form_class = forms.AllocationForm
    template_name = "consortium/allocation_form.html"
    heading = _("Apply to invoices")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.check() if self.is_check else super().post(request, *args, **kwargs)

    @property
    def is_check(self) -> bool:
        return "check" in self.request.POST

    def check(self) -> HttpResponse:
        """Say what would come of it; nothing is done."""
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, checked=True))

    @cached_property
    def matcher(self) -> services.Matcher:
        return services.Matcher(shares=[self.object])

    def get_form_kwargs(self) -> dict[str, Any]:
        suggested = self.matcher.of_share(self.object)
        return super().get_form_kwargs() | {
            "share": self.object,
            "lines": self.lines,
            "suggested": services.spread(suggested, self.object.unapplied),
            "why": {one.line.pk: one.why for one in suggested},
            "needs_all": not self.is_check,
        }

    @cached_property
    def lines(self) -> list[InvoiceLine]:
        """What is open of the member, the oldest first, and what was typed about."""
        named = [re.fullmatch("amount_([0-9]{1,18})", name) for name in self.typed_for]
        keys = [int(one[1]) for one in named if one]
        share = self.object
        lines: Any = InvoiceLine.objects.issued().filter(
            invoice__organization=share.organization_id,
            invoice__currency=share.receipt.currency,
        )
        rows = lines.with_open().filter(Q(open_amount__gt=0) | Q(pk__in=keys))
        rows = rows.annotate(disputed=DISPUTED).with_permissions(self.user, "write_off")
        rows = rows.select_related("invoice__organization", "commitment_year")
        return list(rows.order_by("invoice__due_on", "pk")[:LINES_SHOWN])

    @property
    def typed_for(self) -> list[str]:
        """Return the fields in which something was typed."""
        return [name for name, text in self.request.POST.items() if text]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            today=timezone.localdate(),
            is_all=len(self.lines) < LINES_SHOWN,
            announced=self.matcher.announced_for(self.object),
            **kwargs,
        )

    def perform(self, **data: Any) -> Receipt:
        settled = services.settle(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        self.done = self.words_of(settled)
        receipt: Receipt = self.object.receipt
        return receipt

    def words_of(self, settled: services.Settlement) -> str:
        applied = sum((one.amount for one in settled.allocations), Decimal())
        currency = self.object.receipt.currency
        facts = {
            "applied": written(applied, currency),
            "left": written(self.object.unapplied - applied, currency),
        }
        return _("%(applied)s applied; %(left)s stays on account.") % facts


#: What of the invoice of a line its member does not accept, and is not settled.
DISPUTED = Coalesce(
    InvoiceDispute.objects.open()
    .filter(invoice=OuterRef("invoice"))
    .order_by()
    .values("invoice")
    .values(sum=Sum("amount")),
    Decimal(),
)


class ReverseShare(OfShare):
    action = "reverse"
    form_class = ReasonForm
    heading = _("Take it back from the member")
    done = _("It is nobody's again.")
    extra_context = {
        "submit_label": _("Take back"),
        "intro": _("The money is nobody's then, from the day on which it arrived."),
    }

    def perform(self, **data: Any) -> Receipt:
        services.reverse_share(self.object, **data, at=timezone.now(), by=self.user)
        receipt: Receipt = self.object.receipt
        return receipt


class ReverseAllocation(UseCaseView):
    queryset = Allocation.objects.select_related(
        "entry", "share__receipt", "share__organization", "line__invoice"
    )
    action = "reverse"
    form_class = forms.TakeBackForm
    done = _("Taken back: it is open again, and the money is on account.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        allocation, receipt = self.object, self.object.share.receipt
        facts = {
            "amount": written(allocation.amount, receipt.currency),
            "invoice": allocation.line.invoice,
            "member": allocation.share.organization,
        }
        return super().get_context_data(
            heading=_("Take back what was applied"),
            pretitle=str(allocation.share.organization),
            breadcrumbs=[RECEIPTS, (str(receipt), receipt.get_absolute_url())],
            cancel_url=receipt.get_absolute_url(),
            intro=_(
                "%(amount)s is open again of %(invoice)s, with its own due date; the "
                "money stays with %(member)s."
            )
            % facts,
            submit_label=_("Take back"),
            **kwargs,
        )

    def perform(self, **data: Any) -> Any:
        allocation, anew = self.object, data.pop("anew")
        services.reverse_allocation(allocation, **data, at=timezone.now(), by=self.user)
        if not anew:
            return allocation.share.receipt
        return reverse("consortium:allocate_share", args=[allocation.share_id])


class BounceReceipt(OfReceipt):
    queryset = Receipt.objects.with_left()
    action = "bounce"
    form_class = forms.BounceForm
    heading = _("The payment came back")
    done = _("Reversed, with all that was made of it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = self.object
        applied = receipt.shared - receipt.unapplied
        return super().get_context_data(
            intro=_(
                "All of %(receipt)s is reversed in one act: what it paid, %(applied)s, "
                "is open again with its own due date, and whoever looks after a member "
                "is asked to tell it."
            )
            % {
                "receipt": receipt,
                "applied": written(applied, receipt.currency),
            },
            submit_label=_("Reverse all of it"),
            submit_tone="danger",
            **kwargs,
        )

    def perform(self, **data: Any) -> Receipt:
        return services.bounce_receipt(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
