"""The use cases of the consortium, by subject."""

from .agreements import (
    YearTerms,
    change_draft,
    draft_agreement,
    is_below_floor,
    sign_agreement,
    waive_floor,
)
from .contacts import (
    add_contact,
    assign_role,
    change_contact,
    confirm_contact,
    depart_contact,
    end_role,
)
from .invitations import accept_invitation, invite_contact
from .merging import merge_contacts, undo_contact_merge
from .organizations import (
    add_organization,
    add_site,
    change_organization,
    rename_organization,
)
from .personal_data import (
    erase_contact,
    erase_contact_again,
    hand_out_contact,
    objections_to_erasing,
    preview_contact,
    pseudonym_of_contact,
)

__all__ = [
    "YearTerms",
    "accept_invitation",
    "add_contact",
    "add_organization",
    "add_site",
    "assign_role",
    "change_contact",
    "change_draft",
    "change_organization",
    "confirm_contact",
    "depart_contact",
    "draft_agreement",
    "end_role",
    "erase_contact",
    "erase_contact_again",
    "hand_out_contact",
    "invite_contact",
    "is_below_floor",
    "merge_contacts",
    "objections_to_erasing",
    "preview_contact",
    "pseudonym_of_contact",
    "rename_organization",
    "sign_agreement",
    "undo_contact_merge",
    "waive_floor",
]
