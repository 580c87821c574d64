"""The lines of the sidebar: where they lead, and who finds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Line:
    """A page of the sidebar, for those whose group holds ``permission``."""

    label: Any
    icon: str
    page: str
    permission: str


#: The lists of those at INM, by what they are about.
SECTIONS: list[tuple[Any, list[Line]]] = [
    (
        _("Consortium"),
        [
            Line(
                _("Members"),
                "building-factory-2",
                "consortium:members",
                "consortium.view_organization",
            ),
            Line(
                _("Agreements"),
                "contract",
                "consortium:agreements",
                "consortium.view_agreement",
            ),
            Line(
                _("Commitments"),
                "target",
                "consortium:commitments",
                "consortium.view_commitmentyear",
            ),
            Line(
                _("Credits"),
                "receipt",
                "consortium:credits",
                "consortium.view_contributioncredit",
            ),
            Line(
                _("Exceptions"),
                "alert-triangle",
                "consortium:exceptions",
                "consortium.view_agreementexception",
            ),
            Line(
                _("Contacts"), "users", "consortium:contacts", "consortium.view_contact"
            ),
        ],
    ),
    (
        _("Receivables"),
        [
            Line(
                _("To issue"), "send", "consortium:to_draft", "consortium.view_invoice"
            ),
            Line(
                _("Invoices"),
                "file-invoice",
                "consortium:invoices",
                "consortium.view_invoice",
            ),
            Line(
                _("Credit notes"),
                "receipt-refund",
                "consortium:credit_notes",
                "consortium.view_creditnote",
            ),
            Line(
                _("Disputes"),
                "gavel",
                "consortium:disputes",
                "consortium.view_invoice",
            ),
            Line(
                _("Promises"),
                "calendar-due",
                "consortium:promises",
                "consortium.view_invoice",
            ),
            Line(
                _("Purchase orders"),
                "clipboard-check",
                "consortium:purchase_orders",
                "consortium.view_purchaseorder",
            ),
            Line(
                _("Announced payments"),
                "mail-forward",
                "consortium:remittance_advices",
                "consortium.view_invoice",
            ),
            Line(
                _("Receipts"),
                "cash",
                "consortium:receipts",
                "consortium.view_receipt",
            ),
            Line(
                _("To match"),
                "link",
                "consortium:to_match",
                "consortium.view_waitingmoney",
            ),
            Line(
                _("Bank files"),
                "building-bank",
                "consortium:bank_files",
                "consortium.view_bankfile",
            ),
            Line(
                _("Ledger"),
                "list",
                "consortium:ledger",
                "consortium.view_ledgerentry",
            ),
            Line(
                _("Months"),
                "calendar-stats",
                "consortium:months",
                "consortium.view_periodclose",
            ),
            Line(
                _("Exports"),
                "file-spreadsheet",
                "consortium:export_batches",
                "consortium.view_exportbatch",
            ),
            Line(
                _("Recognized"),
                "report-analytics",
                "consortium:recognized_amounts",
                "consortium.view_recognisedamount",
            ),
            Line(
                _("Call-backs"),
                "phone",
                "consortium:call_backs",
                "consortium.view_callback",
            ),
        ],
    ),
    (
        _("Work"),
        [
            Line(_("Tasks"), "checklist", "tasks", "kernel.view_task"),
            Line(_("Reminders"), "bell", "reminders", "kernel.view_reminderdelivery"),
            Line(_("Messages"), "mail", "messages", "kernel.view_message"),
            Line(_("Jobs"), "activity", "jobs", "kernel.view_job"),
        ],
    ),
    (
        _("People and record"),
        [
            Line(_("People"), "users-group", "people", "accounts.view_user"),
            Line(
                _("Requests"),
                "door-enter",
                "access_requests",
                "accounts.view_accessrequest",
            ),
            Line(
                _("Standing in"),
                "user-check",
                "delegations",
                "accounts.view_delegation",
            ),
            Line(_("Journal"), "history", "journal", "kernel.view_journalentry"),
        ],
    ),
]


@dataclass(frozen=True)
class Item:
    """One line of the sidebar, as a visitor sees it."""

    label: Any
    icon: str
    url: str
    is_active: bool


@dataclass(frozen=True)
class Section:
    label: Any
    items: list[Item]


def navigation(request: HttpRequest, place: Any) -> list[Section]:
    """Return what of the sidebar leads somewhere for this visitor."""
    found = [
        (label, [line for line in lines if is_open(line, request.user)])
        for label, lines in SECTIONS
    ]
    sections = [
        ("", list(_own(request, place))),
        *((label, [_address(line) for line in lines]) for label, lines in found),
    ]
    urls = [url for _label, lines in sections for _name, _icon, url in lines]
    present = active(urls, request.path)
    return [
        Section(label, [Item(*line, is_active=line[2] == present) for line in lines])
        for label, lines in sections
        if lines
    ]


def is_open(line: Line, user: Any) -> bool:
    """Say whether a line leads somewhere: requests come only from institutions."""
    needs_institutions = line.page == "access_requests"
    is_of_use = settings.INSTITUTIONS or not needs_institutions
    return bool(is_of_use and user.has_perm(line.permission))


def active(urls: list[str], path: str) -> str:
    """Return the line of the present page, or of the nearest one above it."""
    above = [
        url for url in urls if path == url or (url != "/" and path.startswith(url))
    ]
    return max(above, key=len, default="")


def _own(request: HttpRequest, place: Any) -> Iterator[tuple[Any, str, str]]:
    """Yield the lines above the sections: home, companies, and what programs use."""
    yield _("Home"), "home", reverse("home")
    for company in place.companies:
        yield company.name, "building-factory-2", company.get_absolute_url()
        if company in place.telling:
            way = reverse("consortium:member_commitment", args=[company.pk])
            yield _("Commitment"), "target", way
        if company in place.paying:
            way = reverse("consortium:payer", args=[company.pk])
            yield _("Billing"), "credit-card", way
    if place.paying:
        yield _("Invoices"), "file-invoice", reverse("consortium:invoices")
    user: Any = request.user
    if user.is_authenticated and user.really == user:
        yield _("API"), "code", reverse("api-docs")


def _address(line: Line) -> tuple[Any, str, str]:
    return line.label, line.icon, reverse(line.page)
