"""Who reads the ledger of receivables, closes its months and hands it on."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from inm_portal.kernel.permissions import NOBODY, permission, staff
from inm_portal.kernel.tasklist import kept_from

from ..models import PeriodReopening
from ..states import ActState
from .separation import by_person

#: The task to decide on opening a month again; its subject is the proposal.
REOPENING = "consortium.reopening"

for model in [
    *["ledgerentry", "periodclose", "periodreopening"],
    *["exportbatch", "recognitionimport", "recognisedamount"],
]:
    permission(f"consortium.view_{model}")(staff(f"consortium.view_{model}"))

permission("consortium.month_periodclose")(staff("consortium.view_periodclose"))
permission("consortium.download_exportbatch")(staff("consortium.view_exportbatch"))


@permission("consortium.reopen_periodclose")
def reopen_periodclose(user: Any) -> Q:
    """Whoever may propose it, of a month that nobody opened or asked to open."""
    asked = PeriodReopening.objects.exclude(state=ActState.REFUSED)
    is_asked = Exists(asked.filter(close=OuterRef("pk")))
    return ~Q(is_asked) & staff("consortium.reopen_periodclose")(user)


@permission("consortium.approve_periodreopening")
def approve_periodreopening(user: Any) -> Q:
    """Whoever may open months, and did not propose this one."""
    return refuse_periodreopening(user) & ~by_person(user, "proposed_by")


@permission("consortium.refuse_periodreopening")
def refuse_periodreopening(user: Any) -> Q:
    if not user.has_perm("consortium.reopen_periodclose"):
        return NOBODY
    return Q(state=ActState.PROPOSED)


@kept_from(REOPENING)
def decide_on_own_reopening(user: Any) -> Q:
    """Who proposed to open a month does not say that it was decided."""
    own = PeriodReopening.objects.filter(by_person(user, "proposed_by"))
    return Q(subject_id__in=own.values("pk"))
