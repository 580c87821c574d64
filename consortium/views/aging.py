"""How old what is owed is: by member, and invoice by invoice."""

from functools import cached_property
from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows

from .. import services
from ..filters import AgingFilter, MemberAgingFilter, day_asked, is_restated
from ..models import Invoice, Organization
from ..models.aging import by_member, days_late, name_of, owed, with_care
from ..services.aging import CURRENCY
from ..states import Bucket


class AsOf(Rows):
    """Rows of a day: as it was known then, or restated by what is known now."""

    @cached_property
    def day(self) -> Any:
        return day_asked(self.request.GET)

    @property
    def restated(self) -> bool:
        return is_restated(self.request.GET)

    @property
    def as_of(self) -> str:
        """Return what keeps a page at the day, at the end of its address."""
        restated = "&restated=1" if self.restated else ""
        return f"on={self.day}{restated}"

    @property
    def told(self) -> dict[str, Any]:
        return {"on": self.day, "is_restated": self.restated, "as_of": self.as_of}


class MemberAgingRows(AsOf):
    queryset = Organization.objects.all()
    filter_class = MemberAgingFilter
    default_sort = "-receivable"
    columns = [
        Column("organization", _("Member"), ("name",)),
        *[Column(b.value, b.label, (name_of(b),), is_numeric=True) for b in Bucket],
        Column("receivable", _("Open"), ("receivable",), is_numeric=True),
        Column("on_account", _("On account"), ("on_account",), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        seen = self.queryset.permitted(self.user, "see_aging")
        return by_member(seen, self.day, restated=self.restated, currency=CURRENCY)


class MemberAging(MemberAgingRows, RecordList):
    template_name = "consortium/member_aging.html"
    told_by_rows = "members"
    noun = (_("member"), _("members"))
    export_url = reverse_lazy("consortium:export_aging")
    extra_context = {
        "heading": _("Aging"),
        "empty_title": _("Nobody owes anything"),
        "empty_text": _("What is open on issued invoices is told here by its age."),
    }

    def rows(self) -> Any:
        return services.with_totals(super().rows())

    def get_context(self, page: Any) -> dict[str, Any]:
        totals = services.totals_of(page)
        sees_all = self.user.has_perm("consortium.view_invoice")
        for member in page:
            member.owed = [(b, getattr(member, name_of(b))) for b in Bucket]
        return (
            super().get_context(page)
            | self.told
            | {
                "currency": CURRENCY,
                "totals": totals,
                "plot": totals.plot,
                "unidentified": services.unidentified(self.day, restated=self.restated)
                if sees_all
                else None,
            }
        )


class ExportMemberAging(MemberAgingRows, RecordExport):
    name = "aging"
    export_columns = {
        "id": "pk",
        "organization": exports.text("name"),
        **{b.value: name_of(b) for b in Bucket},
        "open": "receivable",
        "disputed": "in_dispute",
        "on_account": "on_account",
    }


class AgingRows(AsOf):
    queryset = Invoice.objects.all()
    filter_class = AgingFilter
    default_sort = "due"
    columns = [
        Column("number", _("Invoice"), ("number",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("due", _("Due"), ("due_on",)),
        Column("age", _("Age"), ("-due_on",)),
        Column("asked", _("Amount"), ("asked",), is_numeric=True),
        Column("settled", _("Settled"), (), is_numeric=True),
        Column("open", _("Open"), ("open_amount",), is_numeric=True),
        Column("care", _("Last contact and next step")),
    ]

    def get_queryset(self) -> Any:
        rows = owed(self.day, restated=self.restated)
        rows = rows.permitted(self.user, "see_aging").filter(currency=CURRENCY)
        return rows.select_related("organization__owner")


class AgingList(AgingRows, RecordList):
    template_name = "consortium/aging_list.html"
    keys_first = looks_ahead = True
    noun = (_("open invoice"), _("open invoices"))
    export_url = reverse_lazy("consortium:export_open_invoices")
    extra_context = {
        "heading": _("Open invoices"),
        "empty_title": _("Nothing is open"),
        "empty_text": _("What is open on issued invoices is listed here."),
    }

    def derived(self, keys: list[int]) -> Any:
        return with_care(self.seen.filter(pk__in=keys), on=self.day)

    def get_context(self, page: Any) -> dict[str, Any]:
        for invoice in page:
            invoice.days = (self.day - invoice.due_on).days
            invoice.step = services.next_step(invoice, on=self.day)
        return super().get_context(page) | self.told | {"money": self.money}

    @property
    def money(self) -> Any:
        """What a member has on account, where the list is of one member."""
        key = self.filter.form.cleaned_data.get("organization")
        if not key:
            return None
        seen = Organization.objects.permitted(self.user, "see_aging")
        return by_member(
            seen.filter(pk=key), self.day, restated=self.restated, currency=CURRENCY
        ).first()


class ExportAging(AgingRows, RecordExport):
    name = "open-invoices"

    def get_queryset(self) -> Any:
        rows = with_care(super().get_queryset(), on=self.day)
        return rows.annotate(days_late=days_late(self.day))

    export_columns = {
        "id": "pk",
        "number": "number",
        "organization": exports.text("organization__name"),
        "order_number": exports.text("order_number"),
        "issued_on": "issued_on",
        "terms_days": "terms_days",
        "due_on": "due_on",
        "days_late": "days_late",
        "bucket": "bucket",
        "original": "asked",
        "paid": "allocated",
        "credited": "credited",
        "written_off": "written_off",
        "open": "open_amount",
        "disputed": "disputed",
        "currency": "currency",
        "last_contact_on": "last_contact_on",
        "promised_on": "promised_on",
        "dispute_settled_by": "settle_by",
        "next_reminder_on": "next_on",
        "next_reminder": "next_rung",
        "task": exports.text("task"),
        "task_on": "task_on",
        "owner": exports.text("organization__owner__name"),
    }
