"""Who may screen a company, and see what was found."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff

from .separation import unbarred

permission("consortium.view_screening")(staff("consortium.view_screening"))


@permission("consortium.screen_organization")
def screen_organization(user: Any) -> Q:
    return unbarred(user, "consortium.add_screening", "pk")
