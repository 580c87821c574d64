"""Who may see and end what belongs to one person."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission


@permission("accounts.view_apitoken")
@permission("accounts.revoke_apitoken")
@permission("kernel.view_session")
@permission("kernel.end_session")
def own(user: Any) -> Q:
    return Q(user=user)
