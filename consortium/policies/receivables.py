"""Who records money, says whose it is, applies it, gives it up and pays it back."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from inm_portal.kernel.permissions import NOBODY, permission, staff, staff_or
from inm_portal.kernel.tasklist import kept_from

from ..models import LedgerEntry, Receipt, Refund, ReminderPolicy, WriteOff
from ..states import ActState, InvoiceState
from ..ties import companies_that_pay
from .separation import by_person, unbarred

#: The task to decide on what somebody proposed; its subject is the proposal.
SECOND_PERSON = "consortium.second_person"

LIVE = Q(entry__isnull=False) & ~Q(
    Exists(LedgerEntry.objects.filter(reverses=OuterRef("entry")))
)
REVERSED = Q(
    Exists(LedgerEntry.objects.filter(reverses=OuterRef("entry"))), replacement=None
)
PROPOSED = Q(state=ActState.PROPOSED)

for model in ["receipt", "writeoff", "refund"]:
    permission(f"consortium.view_{model}")(staff(f"consortium.view_{model}"))


@permission("consortium.view_receiptshare")
def view_receiptshare(user: Any) -> Q:
    """Staff, and the member of whose money it is; not the rest of the wire."""
    return staff_or(
        user,
        "consortium.view_receipt",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


@permission("consortium.view_allocation")
def view_allocation(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_receipt",
        lambda: Q(share__organization__in=companies_that_pay(user)),
    )


def _where(name: str, condition: Q) -> Callable[[Any], Q]:
    """Return a rule: where the condition holds, for those whose group holds a name."""
    return lambda user: condition if user.has_perm(f"consortium.{name}") else NOBODY


def _decides(name: str) -> Callable[[Any], Q]:
    """Return a rule: of what somebody else proposed, for those of a name."""
    return lambda user: _where(name, PROPOSED)(user) & ~by_person(user, "proposed_by")


@permission("consortium.view_waitingmoney")
def view_waitingmoney(user: Any) -> Q:
    """Those who see the books, of which it is read."""
    return staff("consortium.view_waitingmoney")(user)


@permission("consortium.view_invoiceline")
def view_invoiceline(user: Any) -> Q:
    """Whoever sees its invoice."""
    return staff_or(
        user,
        "consortium.view_invoice",
        lambda: (
            ~Q(invoice__number=None)
            & Q(invoice__organization__in=companies_that_pay(user))
        ),
    )


@permission("consortium.statement_pdf_organization")
@permission("consortium.statement_csv_organization")
@permission("consortium.see_statement_organization")
def see_statement_organization(user: Any) -> Q:
    """Staff, and those who pay at the company."""
    return staff_or(
        user,
        "consortium.view_invoice",
        lambda: Q(pk__in=companies_that_pay(user)),
    )


#: How old what is owed is, with what is said of it, is for those at INM.
permission("consortium.see_aging_organization")(staff("consortium.view_invoice"))
permission("consortium.see_aging_invoice")(staff("consortium.view_invoice"))

KEEPS = "add_receipt"

permission("consortium.attach_receipt")(staff(f"consortium.{KEEPS}"))
for model in ["receipt", "receiptshare"]:
    permission(f"consortium.suggestions_{model}")(staff("consortium.view_receipt"))

permission("consortium.share_receipt")(_where(KEEPS, LIVE))
permission("consortium.bounce_receipt")(_where(KEEPS, LIVE))
permission("consortium.replace_receipt")(_where(KEEPS, REVERSED))
permission("consortium.approve_receipt")(_decides("approve_receipt"))
permission("consortium.refuse_receipt")(_where("approve_receipt", PROPOSED))
for action in ["allocate", "settle"]:
    permission(f"consortium.{action}_receiptshare")(_where(KEEPS, LIVE))
permission("consortium.reverse_receiptshare")(_where(KEEPS, LIVE))
for action in ["reverse", "reallocate"]:
    permission(f"consortium.{action}_allocation")(_where(KEEPS, LIVE))
permission("consortium.refuse_writeoff")(_where("add_writeoff", PROPOSED))
permission("consortium.refuse_refund")(_where("add_refund", PROPOSED))


def _unless_barred(name: str, member: str) -> Callable[[Any], Q]:
    """Return a rule: of what stands, for those of a name without an interest."""
    return lambda user: LIVE & unbarred(user, f"consortium.{name}", member)


permission("consortium.refund_receiptshare")(
    _unless_barred("add_refund", "organization")
)
permission("consortium.reverse_refund")(
    _unless_barred("add_refund", "share__organization")
)
permission("consortium.reverse_writeoff")(
    _unless_barred("add_writeoff", "line__invoice__organization")
)


@permission("consortium.write_off_invoiceline")
def write_off_invoiceline(user: Any) -> Q:
    """Finance where not barred, but not whoever issued the invoice."""
    issued = Q(invoice__state=InvoiceState.ISSUED)
    others = issued & ~by_person(user, "invoice__issued_by")
    return others & unbarred(user, "consortium.add_writeoff", "invoice__organization")


@permission("consortium.approve_writeoff")
def approve_writeoff(user: Any) -> Q:
    """A director not barred, who neither proposed it nor issued the invoice."""
    name, member = "consortium.approve_writeoff", "line__invoice__organization"
    others = ~by_person(user, "line__invoice__issued_by")
    return _decides("approve_writeoff")(user) & others & unbarred(user, name, member)


@permission("consortium.approve_refund")
def approve_refund(user: Any) -> Q:
    """A director not barred, who did not propose it."""
    name, member = "consortium.approve_refund", "share__organization"
    return _decides("approve_refund")(user) & unbarred(user, name, member)


@kept_from(SECOND_PERSON)
def proposed(user: Any) -> Q:
    """Who proposed something, or issued what is written off, does not decide on it."""
    own = by_person(user, "proposed_by")
    rows = {
        "consortium.receipt": Receipt.objects.filter(own),
        "consortium.refund": Refund.objects.filter(own),
        "consortium.writeoff": WriteOff.objects.filter(
            own | by_person(user, "line__invoice__issued_by")
        ),
        "consortium.reminderpolicy": ReminderPolicy.objects.filter(own),
    }
    found = NOBODY
    for label, acts in rows.items():
        found |= Q(subject_type=label, subject_id__in=acts.values("pk"))
    return found
