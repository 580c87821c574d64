"""Who may see and change the documents that show contributions."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import ContributionCredit
from ..states import PENDING_CLAIMS
from ..ties import companies_that_commit, companies_that_tell


@permission("consortium.view_evidence")
def view_evidence(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_evidence",
        lambda: Q(organization__in=companies_that_tell(user)),
    )


@permission("consortium.attach_evidence")
def attach_evidence(user: Any) -> Q:
    """Staff; those of the company, while a claim on it waits."""
    waits = ContributionCredit.objects.filter(state__in=PENDING_CLAIMS)
    return Q(invoice=None) & staff_or(
        user,
        "consortium.change_evidence",
        lambda: (
            Q(organization__in=companies_that_commit(user))
            & Q(pk__in=waits.values("evidence"))
        ),
    )


@permission("consortium.change_evidence")
def change_evidence(user: Any) -> Q:
    """Staff; an invoice of INM stays as it was issued."""
    return Q(invoice=None) & staff("consortium.change_evidence")(user)
