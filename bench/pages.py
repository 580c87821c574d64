"""The pages that are measured, with what each may cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from consortium.models import (
    Agreement,
    Amendment,
    CommitmentYear,
    Contact,
    ContributionCredit,
    CreditNote,
    Entitlement,
    Organization,
)
from consortium.states import AgreementState, AmendmentState, ClaimState

from .people import DIRECTOR, FINANCE, SPONSOR, STAFF

LIST, DETAIL, HOME, API = 1.5, 1.0, 2.5, 0.5
FEW, PREVIEW, MANY = 8, 10, 16
BEYOND_THE_LAST = 1_000_000

#: Resources whose lists are measured.
RESOURCES = [
    *["organization", "contact", "agreement", "amendment", "commitmentyear"],
    *["commitmentposition", "contributioncredit", "evidence", "agreementexception"],
    *["instalment", "invoice", "creditnote", "receipt", "allocation"],
    *["receiptshare", "writeoff", "refund", "waitingmoney", "callback"],
    *["payerprofile", "purchaseorder", "remittanceadvice", "ledgerentry"],
    *["aging", "open-invoice", "benefit", "entitlement", "benefituse"],
    *["invoicedispute", "paymentpromise"],
    *["renewalanswer", "relationship", "prospect", "libraryitem", "call"],
]
#: Lists, and what each is searched for.
SEARCHES = {
    "contacts": "ka",
    **dict.fromkeys(("agreements", "commitments", "credits", "exceptions"), "siem"),
    "entitlements": "siem",
    **dict.fromkeys(("to_draft", "to_approve", "to_issue", "to_match"), "siem"),
    **dict.fromkeys(("invoices", "credit_notes", "disputes", "promises"), "siem"),
    **dict.fromkeys(("purchase_orders", "receipts", "remittance_advices"), "siem"),
    "call_backs": "siem",
    **dict.fromkeys(("renewals", "relationships", "interactions"), "siem"),
    **{"prospects": "ver", "inquiries": "north", "library": "road", "programs": "tech"},
}
#: Lists that only those read who answer for the books.
OF_THE_BOOKS = ["ledger", "bank_files", "export_batches", "recognized_amounts"]
#: Lists that not all staff read, and who does.
READ_BY = dict.fromkeys(("receipts", "to_match"), DIRECTOR)


@dataclass(frozen=True)
class Page:
    """A page, who reads it, and its limits in R and in statements."""

    name: str
    path: str
    limit: float
    statements: int = FEW
    email: str = STAFF

    @property
    def is_of_api(self) -> bool:
        return self.limit == API

    @property
    def is_detail(self) -> bool:
        return self.limit == DETAIL


def all_pages() -> list[Page]:
    return [*lists(), *details(), *homes(), *resources()]


def lists() -> Iterator[Page]:
    members = reverse("consortium:members")
    yield Page("members list", members, LIST)
    yield Page("members list, search", f"{members}?search=siem", LIST)
    yield Page("members list, last page", f"{members}?page={BEYOND_THE_LAST}", LIST)
    yield Page("members list, sorted by this year", f"{members}?sort=-required", LIST)
    for name, search in SEARCHES.items():
        path = reverse(f"consortium:{name}")
        pages = {"": "", ", search": f"?search={search}"}
        pages[", last page"] = f"?page={BEYOND_THE_LAST}"
        for what, asked in pages.items():
            email = READ_BY.get(name, STAFF)
            yield Page(f"{name} list{what}", path + asked, LIST, email=email)

    for name in OF_THE_BOOKS:
        path = reverse(f"consortium:{name}")
        yield Page(f"{name} list", path, LIST, email=FINANCE)
    for name in ["aging", "open_invoices"]:
        path = reverse(f"consortium:{name}")
        limit = HOME if name == "aging" else LIST  # it has a plot, and sums of all
        yield Page(f"{name} list", path, limit, email=FINANCE)
        yield Page(f"{name} list, search", f"{path}?search=siem", limit, email=FINANCE)
    path = reverse("consortium:cockpit")
    yield Page("receivables today", path, HOME, MANY, FINANCE)
    path = reverse("consortium:forecast")
    yield Page("cash forecast", path, HOME, MANY, FINANCE)
    path = reverse("consortium:sources_and_uses")
    yield Page("sources and uses", path, HOME, MANY, FINANCE)
    path = reverse("consortium:recognized_against_committed")
    yield Page("recognized against committed", path, HOME, email=FINANCE)
    yield Page("calls list", reverse("seed_projects:calls"), LIST)
    yield Page("months list", reverse("consortium:months"), LIST, email=FINANCE)


def details() -> Iterator[Page]:
    agreement = Agreement.objects.filter(state=AgreementState.SIGNED).latest("pk")
    contact = Contact.objects.filter(departed_on=None).latest("pk")
    yield Page("agreement page", agreement.get_absolute_url(), DETAIL)
    try:
        path = reverse("consortium:contact", args=[contact.pk])
    except NoReverseMatch:
        return
    yield Page("contact page", path, DETAIL)
    year = CommitmentYear.objects.filter(agreement=agreement).earliest("number")
    yield Page("commitment year page", year.get_absolute_url(), DETAIL)
    credit = ContributionCredit.objects.filter(state=ClaimState.DECIDED).latest("pk")
    yield Page("credit page", credit.get_absolute_url(), DETAIL)
    yield Page("evidence page", credit.evidence.get_absolute_url(), DETAIL)
    note = CreditNote.objects.latest("pk")
    yield Page("credit note page", note.get_absolute_url(), DETAIL)
    amendment = Amendment.objects.signed().latest("pk")
    yield Page("amendment page", amendment.get_absolute_url(), DETAIL)
    drafted = Amendment.objects.filter(state=AmendmentState.DRAFT).latest("pk")
    # It shows years, terms, cash, two other parts of the portal and a letter.
    preview = drafted.get_absolute_url()
    yield Page("preview of an amendment", preview, HOME, PREVIEW)
    used = Entitlement.objects.current(on=timezone.localdate()).earliest("pk")
    yield Page("entitlement page", used.get_absolute_url(), DETAIL)
    path = reverse("consortium:member_commitment", args=[agreement.organization_id])
    yield Page("commitment of a member", path, DETAIL)
    path = reverse("consortium:payer", args=[agreement.organization_id])
    yield Page("billing of a member", path, DETAIL, MANY)
    path = reverse("consortium:statement", args=[agreement.organization_id])
    yield Page("statement of a member", path, DETAIL, MANY)


def homes() -> Iterator[Page]:
    member = Organization.objects.get(name="Siemens").get_absolute_url()
    home = reverse("home")
    yield Page("staff home", home, HOME, MANY)
    yield Page("sponsor home", home, HOME, MANY, SPONSOR)
    yield Page("member page", member, HOME, MANY)
    yield Page("member page of a sponsor", member, HOME, MANY, SPONSOR)
    yield Page("account page", reverse("accounts:account"), HOME, MANY)


def resources() -> Iterator[Page]:
    for name in RESOURCES:
        path = reverse(f"{name}-list")
        yield Page(f"API {path.split('/')[-2]}", path, API)
