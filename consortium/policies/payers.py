"""Who may say how a member wants to be invoiced, and record its purchase orders."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..ties import companies_that_pay

permission("consortium.keep_payer_organization")(
    staff("consortium.change_payerprofile")
)


@permission("consortium.view_payer_organization")
def view_payer_organization(user: Any) -> Q:
    """Staff, and those who pay at the company."""
    return staff_or(
        user,
        "consortium.view_payerprofile",
        lambda: Q(pk__in=companies_that_pay(user)),
    )


@permission("consortium.describe_payer_organization")
def describe_payer_organization(user: Any) -> Q:
    """Finance, and those who pay there: these not the terms, nor what INM sent."""
    return staff_or(
        user,
        "consortium.change_payerprofile",
        lambda: Q(pk__in=companies_that_pay(user)),
    )


@permission("consortium.change_payerprofile")
def change_payerprofile(user: Any) -> Q:
    """Finance all of it; those who pay at the company what is theirs to say."""
    return staff_or(
        user,
        "consortium.change_payerprofile",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


@permission("consortium.view_payerprofile")
def view_payerprofile(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_payerprofile",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


@permission("consortium.advise_payment_organization")
@permission("consortium.record_order_organization")
def record_order_organization(user: Any) -> Q:
    """Finance, and those who pay at the company."""
    return staff_or(
        user,
        "consortium.add_purchaseorder",
        lambda: Q(pk__in=companies_that_pay(user)),
    )


@permission("consortium.view_purchaseorder")
def view_purchaseorder(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_purchaseorder",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


permission("consortium.change_purchaseorder")(staff("consortium.change_purchaseorder"))


@permission("consortium.end_purchaseorder")
def end_purchaseorder(user: Any) -> Q:
    """Finance, of what nothing takes the place of."""
    return staff("consortium.change_purchaseorder")(user) & Q(replacement=None)


@permission("consortium.view_remittanceadvice")
def view_remittanceadvice(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_invoice",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


@permission("consortium.attach_remittanceadvice")
@permission("consortium.withdraw_remittanceadvice")
def withdraw_remittanceadvice(user: Any) -> Q:
    """Finance, and those who pay at the company."""
    return Q(withdrawal=None) & staff_or(
        user,
        "consortium.change_invoice",
        lambda: Q(organization__in=companies_that_pay(user)),
    )
