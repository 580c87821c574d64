"""Who may see that two contacts became one, and take it back."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.models import undoable
from inm_portal.kernel.permissions import permission, staff

permission("consortium.view_contactmerge")(staff("consortium.view_contact"))


@permission("consortium.undo_contactmerge")
def undo_contactmerge(user: Any) -> Q:
    return undoable() & staff("consortium.change_contact")(user)
