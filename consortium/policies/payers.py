"""Who may say how a member wants to be invoiced, and record its purchase orders."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..ties import companies_that_pay

permission("consortium.keep_payer_organization")(
    staff("consortium.change_payerprofile")
)


@permission("consortium.view_payerprofile")
def view_payerprofile(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_payerprofile",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


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
