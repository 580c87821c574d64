"""Who may say by which ladder members are reminded, and what they chose themselves."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from inm_portal.kernel.permissions import NOBODY, permission, staff, staff_or

from ..states import ActState, InvoiceState
from ..ties import companies_that_pay
from .separation import by_person, unbarred

KEEPS = "consortium.add_reminderpolicy"
PROPOSED = Q(state=ActState.PROPOSED)

permission("consortium.view_reminderpolicy")(staff("consortium.view_reminderpolicy"))


@permission("consortium.effect_reminderpolicy")
def effect_reminderpolicy(user: Any) -> Q:
    """Those who see a ladder, of what waits for a second person."""
    return staff("consortium.view_reminderpolicy")(user) & PROPOSED


@permission("consortium.approve_reminderpolicy")
def approve_reminderpolicy(user: Any) -> Q:
    """A director who did not propose it."""
    if not user.has_perm("consortium.approve_reminderpolicy"):
        return NOBODY
    return PROPOSED & ~by_person(user, "proposed_by")


@permission("consortium.refuse_reminderpolicy")
def refuse_reminderpolicy(user: Any) -> Q:
    """A director, and finance, which may take back what it proposed."""
    decides = user.has_perm("consortium.approve_reminderpolicy")
    return PROPOSED if decides or user.has_perm(KEEPS) else NOBODY


@permission("consortium.end_reminderpolicy")
def end_reminderpolicy(user: Any) -> Q:
    """Finance where not barred, of what a member or an invoice has of its own."""
    standing = Q(state=ActState.RECORDED, end=None, until_on__gte=timezone.localdate())
    of_member = unbarred(user, KEEPS) & Q(invoice=None)
    of_invoice = unbarred(user, KEEPS, "invoice__organization")
    return standing & (of_member | of_invoice & Q(organization=None))


@permission("consortium.give_ladder_organization")
def give_ladder_organization(user: Any) -> Q:
    """Finance where not barred."""
    return unbarred(user, KEEPS, "pk")


@permission("consortium.give_ladder_invoice")
def give_ladder_invoice(user: Any) -> Q:
    """Finance where not barred, of what was issued."""
    return Q(state=InvoiceState.ISSUED) & unbarred(user, KEEPS)


@permission("consortium.choose_reminders_organization")
def choose_reminders_organization(user: Any) -> Q:
    """Those who pay at the company, and finance, which they may ask to."""
    return staff_or(
        user,
        "consortium.change_payerprofile",
        lambda: Q(pk__in=companies_that_pay(user)),
    )


@permission("consortium.view_reminderpreference")
def view_reminderpreference(user: Any) -> Q:
    """Staff, and those who pay at the company."""
    return staff_or(
        user,
        "consortium.view_payerprofile",
        lambda: Q(organization__in=companies_that_pay(user)),
    )
