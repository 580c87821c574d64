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
from .organizations import (
    add_organization,
    add_site,
    change_organization,
    rename_organization,
)

__all__ = [
    "YearTerms",
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
    "is_below_floor",
    "rename_organization",
    "sign_agreement",
    "waive_floor",
]
