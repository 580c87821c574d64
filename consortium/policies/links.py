"""Who may say that companies belong together."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import LinkKind
from ..ties import companies_of

permission("consortium.link_parent_organization")(
    staff("consortium.add_organizationlink")
)
permission("consortium.merge_organization")(staff("consortium.add_organizationlink"))
permission("consortium.spin_off_organization")(staff("consortium.add_organizationlink"))


@permission("consortium.view_organizationlink")
def view_organizationlink(user: Any) -> Q:
    """The company sees to whom it belongs; a survivor, once the history is open."""
    return staff_or(
        user,
        "consortium.view_organizationlink",
        lambda: (
            Q(organization__in=companies_of(user))
            | Q(other__in=companies_of(user), history_open_on__isnull=False)
        ),
    )


@permission("consortium.open_history_organizationlink")
def open_history_organizationlink(user: Any) -> Q:
    is_closed = Q(kind=LinkKind.MERGED, history_open_on=None)
    return is_closed & staff("consortium.change_organizationlink")(user)
