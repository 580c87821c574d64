"""Who may see, disclose and end an interest in a member."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or


@permission("consortium.view_interest")
def view_interest(user: Any) -> Q:
    """Those who keep them, and the person."""
    return staff_or(user, "consortium.view_interest", lambda: Q(person=user))


@permission("consortium.end_interest")
def end_interest(user: Any) -> Q:
    """Those who keep them, and never the person who would be free again."""
    open_ = Q(until_on=None) & ~Q(person=user)
    return open_ & staff("consortium.add_interest")(user)


permission("consortium.disclose_interest_organization")(
    staff("consortium.add_interest")
)
