"""The use cases of the consortium, by subject."""

from .agreements import (
    YearTerms,
    change_draft,
    draft_agreement,
    misses_floor,
    sign_agreement,
    waive_floor,
)
from .amendments import (
    abandon_amendment,
    change_amendment,
    draft_amendment,
    sign_amendment,
    waive_amendment,
)
from .contacts import (
    add_contact,
    assign_role,
    change_contact,
    confirm_contact,
    depart_contact,
    end_role,
)
from .deviations import add_deviation, remove_deviation
from .invitations import accept_invitation, invite_contact, resend_invitation
from .links import (
    link_parent,
    open_history,
    record_merger,
    record_spin_off,
)
from .merging import merge_contacts, undo_contact_merge
from .organizations import (
    add_organization,
    add_site,
    change_organization,
    rename_organization,
)
from .previews import elsewhere, letter_of, preview_of, years_of
from .screenings import record_screening, require_no_hold

__all__ = [
    "YearTerms",
    "abandon_amendment",
    "accept_invitation",
    "add_contact",
    "add_deviation",
    "add_organization",
    "add_site",
    "assign_role",
    "change_amendment",
    "change_contact",
    "change_draft",
    "change_organization",
    "confirm_contact",
    "depart_contact",
    "draft_agreement",
    "draft_amendment",
    "elsewhere",
    "end_role",
    "invite_contact",
    "letter_of",
    "link_parent",
    "merge_contacts",
    "misses_floor",
    "open_history",
    "preview_of",
    "record_merger",
    "record_screening",
    "record_spin_off",
    "remove_deviation",
    "rename_organization",
    "require_no_hold",
    "resend_invitation",
    "sign_agreement",
    "sign_amendment",
    "undo_contact_merge",
    "waive_amendment",
    "waive_floor",
    "years_of",
]
