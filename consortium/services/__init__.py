"""The use cases of the consortium, by subject."""

from .agreements import (
    YearTerms,
    change_draft,
    draft_agreement,
    is_below_floor,
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
from .claims import (
    Paper,
    Part,
    answer_with_evidence,
    ask_for_evidence,
    change_evidence,
    claim_credits,
    give_opinion,
    review_claim,
    withdraw_claim,
)
from .commitments import waive_shortfall
from .contacts import (
    add_contact,
    assign_role,
    change_contact,
    confirm_contact,
    depart_contact,
    end_role,
)
from .credit_mails import appeal_until_of
from .decisions import decide_credit
from .deviations import add_deviation, remove_deviation
from .disputes import dispute_value, settle_dispute
from .entries import carry_excess
from .in_kind import (
    agree_to_item,
    approve_item,
    assess_item,
    decline_item,
    deliver_item,
    offer_in_kind,
    return_item,
)
from .instalments import instalments_of
from .interests import disclose_interest, end_interest
from .invitations import accept_invitation, invite_contact, resend_invitation
from .links import link_parent, open_history, record_merger, record_spin_off
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
from .previews import elsewhere, letter_of, preview_of, years_of
from .reversals import reduce_credit, reverse_credit
from .screenings import record_screening, require_no_hold
from .terminations import terminate_agreement, years_at_end
from .valuations import add_appraisal, book_item, value_item

__all__ = [
    "Paper",
    "Part",
    "YearTerms",
    "abandon_amendment",
    "accept_invitation",
    "add_appraisal",
    "add_contact",
    "add_deviation",
    "add_organization",
    "add_site",
    "agree_to_item",
    "answer_with_evidence",
    "appeal_until_of",
    "approve_item",
    "ask_for_evidence",
    "assess_item",
    "assign_role",
    "book_item",
    "carry_excess",
    "change_amendment",
    "change_contact",
    "change_draft",
    "change_evidence",
    "change_organization",
    "claim_credits",
    "confirm_contact",
    "decide_credit",
    "decline_item",
    "deliver_item",
    "depart_contact",
    "disclose_interest",
    "dispute_value",
    "draft_agreement",
    "draft_amendment",
    "elsewhere",
    "end_interest",
    "end_role",
    "erase_contact",
    "erase_contact_again",
    "give_opinion",
    "hand_out_contact",
    "instalments_of",
    "invite_contact",
    "is_below_floor",
    "letter_of",
    "link_parent",
    "merge_contacts",
    "misses_floor",
    "objections_to_erasing",
    "offer_in_kind",
    "open_history",
    "preview_contact",
    "preview_of",
    "pseudonym_of_contact",
    "record_merger",
    "record_screening",
    "record_spin_off",
    "reduce_credit",
    "remove_deviation",
    "rename_organization",
    "require_no_hold",
    "resend_invitation",
    "return_item",
    "reverse_credit",
    "review_claim",
    "settle_dispute",
    "sign_agreement",
    "sign_amendment",
    "terminate_agreement",
    "undo_contact_merge",
    "value_item",
    "waive_amendment",
    "waive_floor",
    "waive_shortfall",
    "withdraw_claim",
    "years_at_end",
    "years_of",
]
