"""The lines of the sidebar: where they lead, and who finds them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consortium.policies.students import recruits
from consortium.ties import sits_somewhere


@dataclass(frozen=True)
class Line:
    """
    A page of the sidebar, for those whose group holds ``permission``.

    Lists that belong together share a line: ``also`` are tabs on each of them.
    """

    label: Any
    icon: str
    page: str
    permission: str
    also: tuple["Line", ...] = ()


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
                *(_("Renewals"), "refresh"),
                *("consortium:renewals", "consortium.view_renewalestimate"),
                also=(
                    Line(
                        *(_("Relationships"), "heart-handshake"),
                        *("consortium:relationships", "consortium.view_healthnote"),
                    ),
                    Line(
                        *(_("Exit interviews"), "logout"),
                        *("consortium:exits", "consortium.view_exitinterview"),
                    ),
                ),
            ),
            Line(
                *(_("Prospects"), "rocket"),
                *("consortium:prospects", "consortium.view_prospect"),
                also=(
                    Line(
                        *(_("Inquiries"), "inbox"),
                        *("consortium:inquiries", "consortium.view_inquiry"),
                    ),
                ),
            ),
            Line(
                _("Credits"),
                "receipt",
                "consortium:credits",
                "consortium.view_contributioncredit",
            ),
            Line(
                _("Benefits"),
                "checklist",
                "consortium:entitlements",
                "consortium.view_entitlement",
                also=(
                    Line(
                        *(_("What every member gets"), "list-check"),
                        *("consortium:benefit_rates", "consortium.view_entitlement"),
                    ),
                ),
            ),
            Line(
                _("Interactions"),
                "messages",
                "consortium:interactions",
                "consortium.view_interaction",
                also=(
                    Line(
                        *(_("One-to-ones"), "message-circle"),
                        *("consortium:one_to_ones", "consortium.view_interaction"),
                    ),
                ),
            ),
            Line(
                _("Faculty"),
                "school",
                "consortium:faculty",
                "consortium.view_facultymember",
            ),
            Line(
                *(_("Bodies"), "gavel", "consortium:bodies", "consortium.view_body"),
                also=(
                    Line(
                        *(_("Meetings"), "calendar-due"),
                        *("consortium:meetings", "consortium.view_meeting"),
                    ),
                    Line(
                        *(_("Motions"), "list-check"),
                        *("consortium:motions", "consortium.view_motion"),
                    ),
                    Line(
                        *(_("Papers"), "file-text"),
                        *("consortium:papers", "consortium.view_meeting"),
                    ),
                    Line(
                        *(_("Antitrust statement"), "shield"),
                        *("consortium:antitrust", "consortium.view_body"),
                    ),
                ),
            ),
            Line(
                *(_("Library"), "bookmark"),
                *("consortium:library", "consortium.view_libraryitem"),
                also=(
                    Line(
                        *(_("Opened"), "eye"),
                        *(
                            "consortium:library_openings",
                            "consortium.view_libraryopening",
                        ),
                    ),
                ),
            ),
            Line(
                *(_("Workforce"), "tools"),
                *("consortium:programs", "consortium.view_workforceprogram"),
                also=(
                    Line(
                        *(_("Contributions"), "heart-handshake"),
                        "consortium:program_contributions",
                        "consortium.view_workforceprogram",
                    ),
                    Line(
                        *(_("Students"), "school"),
                        *("consortium:students", "consortium.view_studentprofile"),
                    ),
                    Line(
                        *(_("Looks at profiles"), "eye"),
                        "consortium:profile_openings",
                        "consortium.view_profileopening",
                    ),
                ),
            ),
            Line(
                _("Exceptions"),
                "alert-triangle",
                "consortium:exceptions",
                "consortium.view_agreementexception",
                also=(
                    Line(
                        *(_("Of dues"), "cash"),
                        *(
                            "consortium:dues_exceptions",
                            "consortium.view_duesexception",
                        ),
                    ),
                ),
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
                *(_("Today"), "layout-dashboard"),
                *("consortium:cockpit", "consortium.view_receipt"),
            ),
            Line(
                _("To issue"), "send", "consortium:to_draft", "consortium.view_invoice"
            ),
            Line(
                *(_("To match"), "link"),
                *("consortium:to_match", "consortium.view_waitingmoney"),
            ),
            Line(
                *(_("Invoices"), "file-invoice"),
                *("consortium:invoices", "consortium.view_invoice"),
                also=(
                    Line(
                        *(_("Credit notes"), "receipt-refund"),
                        *("consortium:credit_notes", "consortium.view_creditnote"),
                    ),
                    Line(
                        *(_("Disputes"), "gavel"),
                        *("consortium:disputes", "consortium.view_invoice"),
                    ),
                    Line(
                        *(_("Promises"), "calendar-due"),
                        *("consortium:promises", "consortium.view_invoice"),
                    ),
                    Line(
                        _("Purchase orders"),
                        "clipboard-check",
                        "consortium:purchase_orders",
                        "consortium.view_purchaseorder",
                    ),
                ),
            ),
            Line(
                *(_("Receipts"), "cash"),
                *("consortium:receipts", "consortium.view_receipt"),
                also=(
                    Line(
                        *(_("Announced payments"), "mail-forward"),
                        *("consortium:remittance_advices", "consortium.view_invoice"),
                    ),
                    Line(
                        *(_("Bank files"), "building-bank"),
                        *("consortium:bank_files", "consortium.view_bankfile"),
                    ),
                    Line(
                        *(_("Call-backs"), "phone"),
                        *("consortium:call_backs", "consortium.view_callback"),
                    ),
                ),
            ),
            Line(
                *(_("Aging"), "hourglass"),
                *("consortium:aging", "consortium.view_invoice"),
                also=(
                    Line(
                        *(_("Open invoices"), "list-check"),
                        *("consortium:open_invoices", "consortium.view_invoice"),
                    ),
                    Line(
                        *(_("Statements"), "file-text"),
                        *("consortium:statements", "consortium.view_invoice"),
                    ),
                    Line(
                        *(_("Dunning log"), "bell"),
                        *("consortium:dunning", "kernel.view_reminderdelivery"),
                    ),
                    Line(
                        *(_("Decisions"), "gavel"),
                        *("consortium:dues_steps", "consortium.view_duesstep"),
                    ),
                    Line(
                        *(_("Notes to sponsors"), "mail"),
                        *("consortium:sponsor_notes", "consortium.view_sponsornote"),
                    ),
                    Line(
                        *(_("Cash forecast"), "chart-line"),
                        *("consortium:forecast", "consortium.view_receipt"),
                    ),
                    Line(
                        *(_("Sources and uses"), "coins"),
                        *("consortium:sources_and_uses", "consortium.view_receipt"),
                    ),
                    Line(
                        *(_("Recognized against committed"), "scale"),
                        "consortium:recognized_against_committed",
                        "consortium.view_receipt",
                    ),
                ),
            ),
            Line(
                *(_("Months"), "calendar-stats"),
                *("consortium:months", "consortium.view_periodclose"),
                also=(
                    Line(
                        *(_("Ledger"), "list"),
                        *("consortium:ledger", "consortium.view_ledgerentry"),
                    ),
                    Line(
                        *(_("Exports"), "file-spreadsheet"),
                        *("consortium:export_batches", "consortium.view_exportbatch"),
                    ),
                    Line(
                        _("Recognized"),
                        "report-analytics",
                        "consortium:recognized_amounts",
                        "consortium.view_recognisedamount",
                    ),
                ),
            ),
        ],
    ),
    (
        _("Seed projects"),
        [
            Line(
                *(_("Calls"), "speakerphone"),
                *("seed_projects:calls", "seed_projects.view_call"),
                also=(
                    Line(
                        *(_("Forms"), "file-text"),
                        *("seed_projects:forms", "seed_projects.view_formdefinition"),
                    ),
                    Line(
                        *(_("Rubrics"), "list-check"),
                        *("seed_projects:rubrics", "seed_projects.view_rubric"),
                    ),
                    Line(
                        *(_("Problems of members"), "bulb"),
                        "seed_projects:problems",
                        "seed_projects.view_problemstatement",
                    ),
                    Line(
                        *(_("Rates"), "percentage"),
                        *("seed_projects:rates", "seed_projects.view_costrate"),
                    ),
                    Line(
                        *(_("Extensions"), "clock"),
                        *("seed_projects:extensions", "seed_projects.view_extension"),
                    ),
                    Line(
                        *(_("Exceptions"), "user-check"),
                        "seed_projects:eligibility_exceptions",
                        "seed_projects.view_eligibilityexception",
                    ),
                ),
            ),
            Line(
                *(_("Screening"), "checklist"),
                *("seed_projects:screening", "seed_projects.view_proposal"),
                also=(
                    Line(
                        *(_("Moves"), "arrows-sort"),
                        *(
                            "seed_projects:screening_moves",
                            "seed_projects.view_proposal",
                        ),
                    ),
                    Line(
                        *(_("Letters"), "mail"),
                        *("seed_projects:letters", "seed_projects.view_proposal"),
                    ),
                    Line(
                        *(_("Appeals"), "gavel"),
                        *("seed_projects:appeals", "seed_projects.view_proposal"),
                    ),
                ),
            ),
        ],
    ),
    (
        _("Work"),
        [
            Line(
                *(_("Tasks"), "checklist", "tasks", "kernel.view_task"),
                also=(Line(_("Today"), "calendar-due", "today", "kernel.view_task"),),
            ),
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
    """One line of the sidebar, or one tab of a list, as a visitor sees it."""

    label: Any
    icon: str
    url: str
    is_active: bool


@dataclass(frozen=True)
class Section:
    label: Any
    items: tuple[Item, ...]


#: Whoever may open the same sees the same sidebar; so many are kept as they are drawn.
DRAWN = 128


@lru_cache(maxsize=DRAWN)
def draw(sections: tuple[Section, ...]) -> SafeString:
    """Return the sections of a sidebar as HTML."""
    return render_to_string("frame/sections.html", {"sections": sections})


@dataclass(frozen=True)
class Navigation:
    """What of the sidebar leads somewhere, and the tabs of the present list."""

    sections: tuple[Section, ...]
    tabs: list[Item]

    @property
    def drawn(self) -> SafeString:
        return draw(self.sections)


#: A label, an icon and an address, of each page that shares a line.
Pages = list[tuple[Any, str, str]]


def navigation(request: HttpRequest, place: Any) -> Navigation:
    """Return the ways from this page that are open to its visitor."""
    rights = request.user.get_all_permissions()
    sections: list[tuple[Any, list[Pages]]] = [
        ("", list(_own(request, place))),
        *(
            (label, [pages for line in lines if (pages := _pages(line, rights))])
            for label, lines in SECTIONS
        ),
    ]
    lines = [pages for _label, found in sections for pages in found]
    present = active([page[2] for pages in lines for page in pages], request.path)
    return Navigation(
        tuple(
            Section(label, tuple(_item(pages, present) for pages in found))
            for label, found in sections
            if found
        ),
        next((tabs for pages in lines if (tabs := _tabs(pages, request.path))), []),
    )


def _pages(line: Line, rights: Collection[str]) -> Pages:
    """Return those of the pages of a line that are open; the first names it."""
    return [_address(one) for one in (line, *line.also) if is_open(one, rights)]


def _item(pages: Pages, present: str) -> Item:
    is_active = any(url == present for _label, _icon, url in pages)
    return Item(*pages[0], is_active=is_active)


def _tabs(pages: Pages, path: str) -> list[Item]:
    """Return the pages that share a line, on each of them."""
    if len(pages) == 1 or all(url != path for _label, _icon, url in pages):
        return []
    return [Item(*page, is_active=page[2] == path) for page in pages]


def is_open(line: Line, rights: Collection[str]) -> bool:
    """Say whether a line leads somewhere: requests come only from institutions."""
    needs_institutions = line.page == "access_requests"
    is_of_use = settings.INSTITUTIONS or not needs_institutions
    return bool(is_of_use) and line.permission in rights


def active(urls: list[str], path: str) -> str:
    """Return the line of the present page, or of the nearest one above it."""
    above = [
        url for url in urls if path == url or (url != "/" and path.startswith(url))
    ]
    return max(above, key=len, default="")


#: What those who pay at a company read of its invoices.
OF_PAYERS = {
    _("Invoices"): ("file-invoice", "consortium:invoices"),
    _("Credit notes"): ("receipt-refund", "consortium:credit_notes"),
    _("Disputes"): ("gavel", "consortium:disputes"),
    _("Promises"): ("calendar-due", "consortium:promises"),
}


def _own(request: HttpRequest, place: Any) -> Iterator[Pages]:
    """Yield the lines above the sections: home, companies, and what programs use."""
    user: Any = request.user
    yield [(_("Home"), "home", reverse("home"))]
    for company in place.companies:
        yield from _company(company, place)
    if place.paying:
        yield [(name, icon, reverse(page)) for name, (icon, page) in OF_PAYERS.items()]
    if user.is_authenticated:
        yield from _for_all(user, place)


def _company(company: Any, place: Any) -> Iterator[Pages]:
    """Yield what somebody of a company finds of it."""
    yield [(company.name, "building-factory-2", company.get_absolute_url())]
    if company in place.telling:
        way = reverse("consortium:member_commitment", args=[company.pk])
        yield [(_("Commitment"), "target", way)]
    if company in place.paying:
        way = reverse("consortium:payer", args=[company.pk])
        yield [(_("Billing"), "credit-card", way)]


def _for_all(user: Any, place: Any) -> Iterator[Pages]:
    """Yield what is there for whoever signs in: calls, the library, the programs."""
    if place.companies:
        yield _with_inm()
        yield [(_("Problems"), "bulb", reverse("seed_projects:problems"))]
    else:
        mine = (_("My proposals"), "file-text", reverse("seed_projects:proposals"))
        if not user.has_perm("seed_projects.view_call"):
            calls = (_("Calls"), "speakerphone", reverse("seed_projects:calls"))
            yield [calls, mine]
    if not user.is_at_inm and user.delegate is None and sits_somewhere(user):
        yield _of_bodies()
    if not user.is_at_inm:
        opened = (_("Opened"), "eye", reverse("consortium:library_openings"))
        yield [(_("Library"), "bookmark", reverse("consortium:library")), opened]
        yield from _workforce(user, place)
    if user.really == user:
        yield [(_("API"), "code", reverse("api-docs"))]


def _of_bodies() -> Pages:
    """Return what those find who sit on a body."""
    return [
        (_("Bodies"), "gavel", reverse("consortium:bodies")),
        (_("Meetings"), "calendar-due", reverse("consortium:meetings")),
        (_("Motions"), "list-check", reverse("consortium:motions")),
        (_("Papers"), "file-text", reverse("consortium:papers")),
        (_("Antitrust statement"), "shield", reverse("consortium:antitrust")),
    ]


def _with_inm() -> Pages:
    """Return what companies find of their talks with INM and the faculty."""
    return [
        (_("One-to-ones"), "message-circle", reverse("consortium:one_to_ones")),
        (_("Interactions"), "messages", reverse("consortium:interactions")),
        (_("Benefits"), "checklist", reverse("consortium:entitlements")),
    ]


def _workforce(user: Any, place: Any) -> Iterator[Pages]:
    """Yield programs and students to companies, and to others their own profile."""
    looks = (_("Looks at profiles"), "eye", reverse("consortium:profile_openings"))
    if place.companies:
        given = reverse("consortium:program_contributions")
        programs = [(_("Workforce"), "tools", reverse("consortium:programs"))]
        told = [(_("Contributions"), "heart-handshake", given)]
        yield [*programs, *(told if place.telling else [])]
    else:
        mine = reverse("consortium:my_profile")
        yield [(_("Student profile"), "school", mine), looks]
    if recruits(user):
        yield [(_("Students"), "school", reverse("consortium:students")), looks]


@cache
def _address(line: Line) -> tuple[Any, str, str]:
    return line.label, line.icon, reverse(line.page)
