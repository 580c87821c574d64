"""Who may see the exceptions of all members."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import ANYONE, NOBODY, permission

from ..models import ExceptionKind


@permission("consortium.view_agreementexception")
def view_agreementexception(user: Any) -> Q:
    """Staff see all of them but holds, which are for those who see a hit."""
    if not user.has_perm("consortium.view_agreementexception"):
        return NOBODY
    if user.has_perm("consortium.view_screening"):
        return ANYONE
    return ~Q(kind=ExceptionKind.SCREENING_HOLD)
