"""Who reads of companies that may join, and follows them up: INM alone."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff

permission("consortium.view_prospect")(staff("consortium.view_prospect"))
permission("consortium.view_inquiry")(staff("consortium.view_inquiry"))
permission("consortium.move_prospect")(staff("consortium.add_prospect"))
permission("consortium.open_prospect_organization")(staff("consortium.add_prospect"))


@permission("consortium.take_up_inquiry")
def take_up_inquiry(user: Any) -> Q:
    """What somebody may take up or set aside: what waits."""
    waits = Q(prospect=None, set_aside_at=None)
    return waits & staff("consortium.change_inquiry")(user)


@permission("consortium.set_aside_inquiry")
def set_aside_inquiry(user: Any) -> Q:
    return take_up_inquiry(user)
