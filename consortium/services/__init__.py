"""The use cases of the consortium, by subject."""

from .aging import AgingTotals, next_step, totals_of, unidentified, with_totals
from .agreements import (
    YearTerms,
    change_draft,
    draft_agreement,
    is_below_floor,
    misses_floor,
    sign_agreement,
    waive_floor,
)
from .allocations import LinePart, allocate, reallocate, reverse_allocation
from .amendments import (
    abandon_amendment,
    change_amendment,
    draft_amendment,
    sign_amendment,
    waive_amendment,
)
from .bank_accounts import add_bank_account, change_bank_account
from .bank_jobs import TAKE_IN, job_of, take_in_asked, take_in_or_ask
from .bank_lines import Line, RowError
from .bank_trial import DryRun, Fate, try_bank_file
from .banking import (
    BankFileHasErrors,
    BankFileTakenIn,
    take_in_bank_file,
    upload_bank_file,
)
from .benefit_definitions import change_benefit, define_benefit, end_benefit
from .benefits import grant_benefit, reverse_use, use_benefit
from .call_backs import ask_for_call_back, confirm_call_back, refuse_call_back
from .chasing import ladders_of, lines_reminded_of, sent_about
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
from .cockpit import Cockpit, cockpit
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
from .credit_notes import (
    Taken,
    abandon_credit_note,
    draft_credit_note,
    draft_credits_of,
    issue_credit_note,
    left_of,
)
from .decisions import decide_credit
from .deviations import add_deviation, remove_deviation
from .disputes import dispute_value, settle_dispute
from .drafting import change_invoice, draft_anew, draft_invoice, draft_invoices
from .dues_steps import (
    change_note,
    decline_note,
    not_asked,
    prepare_note,
    send_note,
    sponsors_of,
    take_step,
)
from .engagement import (
    add_faculty,
    correct_interaction,
    follow_up,
    record_interaction,
    reopen_follow_up,
    take_back_interaction,
    tasks_of,
)
from .entitlements_to_come import entitlements_to_come
from .entries import carry_all_excess, carry_excess
from .exports import export_entries, take_export
from .fees import credit_opened_years
from .forecast import Expected, Forecast, forecast, lateness
from .health import (
    note_health,
)
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
from .invoice_answers import (
    answer_invoice,
    deliver_invoice,
    dispute_invoice,
    note_number,
    promise_payment,
    settle_invoice_dispute,
    withdraw_dispute,
    withdraw_promise,
)
from .invoices import (
    approve_invoice,
    issue_invoice,
    lacks_of_invoice,
    send_back_invoice,
    void_invoice,
)
from .issuing import fetch_pdf
from .ladder_effects import LadderEffect, effect_of, proposed, tried_out
from .ladders import LADDER, MAILS, Told, standard, told_of
from .links import link_parent, open_history, record_merger, record_spin_off
from .matching import (
    Matcher,
    Suggestion,
    best_of,
    spread,
    suggest_for_receipt,
    suggest_for_share,
)
from .merging import merge_contacts, undo_contact_merge
from .money_reports import (
    MONEY_WORDS,
    projection,
    recognized_against_committed,
    sources_and_uses,
    totals_by_year,
)
from .months import (
    Month,
    balances_of,
    first_month,
    month_of,
    months_from,
    waiting_in,
)
from .offers import Offer, apply_offer, offers_for
from .organizations import (
    add_organization,
    add_site,
    change_organization,
    rename_organization,
)
from .papers import written_code
from .payer_mails import who_settles
from .payers import (
    change_order,
    describe_payer,
    end_order,
    keep_payer,
    record_order,
)
from .periods import (
    approve_reopening,
    books_that_do_not_tie,
    close_period,
    propose_reopening,
    refuse_reopening,
    trial_balance,
)
from .personal_data import (
    erase_contact,
    erase_contact_again,
    hand_out_contact,
    objections_to_erasing,
    preview_contact,
    pseudonym_of_contact,
)
from .planned_invoices import PlannedInvoice, plan_invoices, tell_lacks
from .previews import elsewhere, letter_of, preview_of, years_of
from .readiness import (
    Check,
    Lack,
    Payables,
    Upcoming,
    checklist,
    lacks_of,
    order_for,
    payer_of,
    upcoming,
)
from .receipts import (
    SharePart,
    alike,
    approve_receipt,
    bounce_receipt,
    record_receipt,
    refuse_receipt,
    reverse_share,
    share_receipt,
)
from .recognition import import_recognition, try_recognition
from .refunds import (
    approve_refund,
    propose_refund,
    refuse_refund,
    reverse_refund,
)
from .reminder_choices import choose_reminders
from .reminder_policies import (
    approve_ladder,
    end_ladder,
    give_ladder,
    latest,
    propose_ladder,
    refuse_ladder,
)
from .reminding import (
    NextReminder,
    hold_dues,
    holds_of,
    next_reminder,
    release_dues,
    send_reminder,
)
from .remittances import advise_payment, document_advice, withdraw_advice
from .renewals import (
    answer_renewal,
    estimate_renewal,
    grant_goodwill,
    is_leaving,
    record_exit_interview,
    rule_late_notice,
)
from .reversals import reduce_credit, reverse_credit
from .screenings import record_screening, require_no_hold
from .settlements import GivenUp, Settlement, settle
from .shortness import explain_short
from .signs import (
    signs_of,
)
from .statements import (
    Period,
    Statement,
    TakenStatement,
    statement_of,
    take_statement,
)
from .terminations import terminate_agreement, years_at_end
from .valuations import add_appraisal, book_item, value_item
from .verification import Verified, verify_code
from .write_offs import (
    approve_write_off,
    refuse_write_off,
    reverse_write_off,
    write_off,
)

__all__ = [
    "LADDER",
    "MAILS",
    "MONEY_WORDS",
    "TAKE_IN",
    "AgingTotals",
    "BankFileHasErrors",
    "BankFileTakenIn",
    "Check",
    "Cockpit",
    "DryRun",
    "Expected",
    "Fate",
    "Forecast",
    "GivenUp",
    "Lack",
    "LadderEffect",
    "Line",
    "LinePart",
    "Matcher",
    "Month",
    "NextReminder",
    "Offer",
    "Paper",
    "Part",
    "Payables",
    "Period",
    "PlannedInvoice",
    "RowError",
    "Settlement",
    "SharePart",
    "Statement",
    "Suggestion",
    "Taken",
    "TakenStatement",
    "Told",
    "Upcoming",
    "Verified",
    "YearTerms",
    "abandon_amendment",
    "abandon_credit_note",
    "accept_invitation",
    "add_appraisal",
    "add_bank_account",
    "add_contact",
    "add_deviation",
    "add_faculty",
    "add_organization",
    "add_site",
    "advise_payment",
    "agree_to_item",
    "alike",
    "allocate",
    "answer_invoice",
    "answer_renewal",
    "answer_with_evidence",
    "appeal_until_of",
    "apply_offer",
    "approve_invoice",
    "approve_item",
    "approve_ladder",
    "approve_receipt",
    "approve_refund",
    "approve_reopening",
    "approve_write_off",
    "ask_for_call_back",
    "ask_for_evidence",
    "assess_item",
    "assign_role",
    "balances_of",
    "best_of",
    "book_item",
    "books_that_do_not_tie",
    "bounce_receipt",
    "carry_all_excess",
    "carry_excess",
    "change_amendment",
    "change_bank_account",
    "change_benefit",
    "change_contact",
    "change_draft",
    "change_evidence",
    "change_invoice",
    "change_note",
    "change_order",
    "change_organization",
    "checklist",
    "choose_reminders",
    "claim_credits",
    "close_period",
    "cockpit",
    "confirm_call_back",
    "confirm_contact",
    "correct_interaction",
    "credit_opened_years",
    "decide_credit",
    "decline_item",
    "decline_note",
    "define_benefit",
    "deliver_invoice",
    "deliver_item",
    "depart_contact",
    "describe_payer",
    "disclose_interest",
    "dispute_invoice",
    "dispute_value",
    "document_advice",
    "draft_agreement",
    "draft_amendment",
    "draft_anew",
    "draft_credit_note",
    "draft_credits_of",
    "draft_invoice",
    "draft_invoices",
    "effect_of",
    "elsewhere",
    "end_benefit",
    "end_interest",
    "end_ladder",
    "end_order",
    "end_role",
    "entitlements_to_come",
    "erase_contact",
    "erase_contact_again",
    "estimate_renewal",
    "explain_short",
    "export_entries",
    "fetch_pdf",
    "first_month",
    "follow_up",
    "forecast",
    "give_ladder",
    "give_opinion",
    "grant_benefit",
    "grant_goodwill",
    "hand_out_contact",
    "hold_dues",
    "holds_of",
    "import_recognition",
    "instalments_of",
    "invite_contact",
    "is_below_floor",
    "is_leaving",
    "issue_credit_note",
    "issue_invoice",
    "job_of",
    "keep_payer",
    "lacks_of",
    "lacks_of_invoice",
    "ladders_of",
    "lateness",
    "latest",
    "left_of",
    "letter_of",
    "lines_reminded_of",
    "link_parent",
    "merge_contacts",
    "misses_floor",
    "month_of",
    "months_from",
    "next_reminder",
    "next_step",
    "not_asked",
    "note_health",
    "note_number",
    "objections_to_erasing",
    "offer_in_kind",
    "offers_for",
    "open_history",
    "order_for",
    "payer_of",
    "plan_invoices",
    "prepare_note",
    "preview_contact",
    "preview_of",
    "projection",
    "promise_payment",
    "propose_ladder",
    "propose_refund",
    "propose_reopening",
    "proposed",
    "pseudonym_of_contact",
    "reallocate",
    "recognized_against_committed",
    "record_exit_interview",
    "record_interaction",
    "record_merger",
    "record_order",
    "record_receipt",
    "record_screening",
    "record_spin_off",
    "reduce_credit",
    "refuse_call_back",
    "refuse_ladder",
    "refuse_receipt",
    "refuse_refund",
    "refuse_reopening",
    "refuse_write_off",
    "release_dues",
    "remove_deviation",
    "rename_organization",
    "reopen_follow_up",
    "require_no_hold",
    "resend_invitation",
    "return_item",
    "reverse_allocation",
    "reverse_credit",
    "reverse_refund",
    "reverse_share",
    "reverse_use",
    "reverse_write_off",
    "review_claim",
    "rule_late_notice",
    "send_back_invoice",
    "send_note",
    "send_reminder",
    "sent_about",
    "settle",
    "settle_dispute",
    "settle_invoice_dispute",
    "share_receipt",
    "sign_agreement",
    "sign_amendment",
    "signs_of",
    "sources_and_uses",
    "sponsors_of",
    "spread",
    "standard",
    "statement_of",
    "suggest_for_receipt",
    "suggest_for_share",
    "take_back_interaction",
    "take_export",
    "take_in_asked",
    "take_in_bank_file",
    "take_in_or_ask",
    "take_statement",
    "take_step",
    "tasks_of",
    "tell_lacks",
    "terminate_agreement",
    "told_of",
    "totals_by_year",
    "totals_of",
    "trial_balance",
    "tried_out",
    "try_bank_file",
    "try_recognition",
    "undo_contact_merge",
    "unidentified",
    "upcoming",
    "upload_bank_file",
    "use_benefit",
    "value_item",
    "verify_code",
    "void_invoice",
    "waiting_in",
    "waive_amendment",
    "waive_floor",
    "waive_shortfall",
    "who_settles",
    "with_totals",
    "withdraw_advice",
    "withdraw_claim",
    "withdraw_dispute",
    "withdraw_promise",
    "write_off",
    "written_code",
    "years_at_end",
    "years_of",
]
