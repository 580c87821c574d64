"""What the journal can say about the consortium."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel import vocabulary


class Verb(TextChoices):
    ORGANIZATION_ADDED = "consortium.organization_added", _("Organization added")
    ORGANIZATION_CHANGED = "consortium.organization_changed", _("Details changed")
    ORGANIZATION_RENAMED = "consortium.organization_renamed", _("Renamed")
    PARENT_LINKED = "consortium.parent_linked", _("Parent company recorded")
    MERGER_RECORDED = "consortium.merger_recorded", _("Merger recorded")
    HISTORY_OPENED = "consortium.history_opened", _("History opened after the merger")
    SPIN_OFF_RECORDED = "consortium.spin_off_recorded", _("Spin-off recorded")
    SITE_ADDED = "consortium.site_added", _("Site added")
    CONTACT_ADDED = "consortium.contact_added", _("Contact added")
    CONTACT_CHANGED = "consortium.contact_changed", _("Contact changed")
    CONTACT_CONFIRMED = "consortium.contact_confirmed", _("Contact confirmed")
    CONTACT_DEPARTED = "consortium.contact_departed", _("Contact left")
    CONTACTS_MERGED = "consortium.contacts_merged", _("Contacts merged")
    CONTACTS_PARTED = "consortium.contacts_parted", _("Merge of contacts undone")
    CONTACT_HANDED_OUT = "consortium.contact_handed_out", _("Contact's data handed out")
    CONTACT_ERASED = "consortium.contact_erased", _("Contact erased")
    ROLE_ASSIGNED = "consortium.role_assigned", _("Role assigned")
    ROLE_ENDED = "consortium.role_ended", _("Role ended")
    AGREEMENT_DRAFTED = "consortium.agreement_drafted", _("Agreement drafted")
    AGREEMENT_CHANGED = "consortium.agreement_changed", _("Draft changed")
    DEVIATION_RECORDED = "consortium.deviation_recorded", _("Deviation recorded")
    DEVIATION_REMOVED = "consortium.deviation_removed", _("Deviation removed")
    SCREENING_RECORDED = "consortium.screening_recorded", _("Screening recorded")
    AMENDMENT_DRAFTED = "consortium.amendment_drafted", _("Amendment drafted")
    AMENDMENT_CHANGED = "consortium.amendment_changed", _("Draft amendment changed")
    AMENDMENT_SIGNED = "consortium.amendment_signed", _("Amendment signed")
    AMENDMENT_ABANDONED = "consortium.amendment_abandoned", _("Amendment abandoned")
    FLOOR_WAIVED = "consortium.floor_waived", _("Program floor waived")
    AGREEMENT_SIGNED = "consortium.agreement_signed", _("Agreement signed")
    AGREEMENT_TERMINATED = "consortium.agreement_terminated", _("Agreement terminated")
    CREDIT_CLAIMED = "consortium.credit_claimed", _("Contribution claimed")
    CREDIT_WITHDRAWN = "consortium.credit_withdrawn", _("Claim withdrawn")
    EVIDENCE_ASKED = "consortium.evidence_asked", _("Evidence asked for")
    EVIDENCE_ADDED = "consortium.evidence_added", _("Evidence added")
    EVIDENCE_CHANGED = "consortium.evidence_changed", _("Evidence changed")
    CREDIT_REVIEWED = "consortium.credit_reviewed", _("Taken under review")
    OPINION_GIVEN = "consortium.opinion_given", _("Opinion given")
    CREDIT_DECIDED = "consortium.credit_decided", _("Claim decided")
    CREDIT_REDUCED = "consortium.credit_reduced", _("Credit reduced")
    CREDIT_CAPPED = "consortium.credit_capped", _("Credit above the cap")
    CREDIT_REVERSED = "consortium.credit_reversed", _("Credit reversed")
    CREDIT_RAISED = "consortium.credit_raised", _("Credit raised")
    FEE_CREDITED = "consortium.fee_credited", _("Paid fee credited")
    EXCESS_CARRIED = "consortium.excess_carried", _("Excess carried forward")
    SHORTFALL_WAIVED = "consortium.shortfall_waived", _("Shortfall waived")
    ITEM_ASSESSED = "consortium.item_assessed", _("Item assessed")
    ITEM_APPROVED = "consortium.item_approved", _("Item approved by an office")
    ITEM_APPRAISED = "consortium.item_appraised", _("Appraisal added")
    ITEM_AGREED = "consortium.item_agreed", _("Item accepted in principle")
    ITEM_DECLINED = "consortium.item_declined", _("Item declined")
    ITEM_DELIVERED = "consortium.item_delivered", _("Item delivered")
    ITEM_RETURNED = "consortium.item_returned", _("Item returned")
    ITEM_VALUED = "consortium.item_valued", _("Item valued")
    ITEM_BOOKED = "consortium.item_booked", _("Booked value recorded")
    VALUE_DISPUTED = "consortium.value_disputed", _("Valuation disputed")
    DISPUTE_SETTLED = "consortium.dispute_settled", _("Dispute settled")
    CALL_BACK_ASKED = "consortium.call_back_asked", _("Call-back asked for")
    CALL_BACK_CONFIRMED = "consortium.call_back_confirmed", _("Call-back confirmed")
    CALL_BACK_REFUSED = "consortium.call_back_refused", _("Call-back not confirmed")
    RECEIPT_PROPOSED = "consortium.receipt_proposed", _("Receipt proposed")
    RECEIPT_RECORDED = "consortium.receipt_recorded", _("Receipt recorded")
    RECEIPT_REFUSED = "consortium.receipt_refused", _("Receipt refused")
    RECEIPT_SHARED = "consortium.receipt_shared", _("Receipt given to its member")
    SHARE_REVERSED = "consortium.share_reversed", _("Receipt taken from a member")
    RECEIPT_BOUNCED = "consortium.receipt_bounced", _("Receipt reversed")
    CASH_ALLOCATED = "consortium.cash_allocated", _("Cash applied to an invoice")
    ALLOCATION_REVERSED = "consortium.allocation_reversed", _("Allocation reversed")
    WRITE_OFF_PROPOSED = "consortium.write_off_proposed", _("Write-off proposed")
    WRITTEN_OFF = "consortium.written_off", _("Written off")
    WRITE_OFF_REFUSED = "consortium.write_off_refused", _("Write-off refused")
    WRITE_OFF_REVERSED = "consortium.write_off_reversed", _("Write-off reversed")
    REFUND_PROPOSED = "consortium.refund_proposed", _("Refund proposed")
    REFUND_RECORDED = "consortium.refund_recorded", _("Refund recorded")
    REFUND_REFUSED = "consortium.refund_refused", _("Refund refused")
    REFUND_REVERSED = "consortium.refund_reversed", _("Refund reversed")
    PERIOD_CLOSED = "consortium.period_closed", _("Month closed")
    REOPENING_PROPOSED = (
        "consortium.reopening_proposed",
        _("Reopening of a month proposed"),
    )
    REOPENING_REFUSED = (
        "consortium.reopening_refused",
        _("Reopening of a month refused"),
    )
    PERIOD_REOPENED = "consortium.period_reopened", _("Month opened again")
    LEDGER_EXPORTED = "consortium.ledger_exported", _("Ledger exported")
    INCOME_IMPORTED = "consortium.income_imported", _("Recognized amounts imported")
    LEDGER_EXPORT_TAKEN = (
        "consortium.ledger_export_taken",
        _("Export of the ledger downloaded"),
    )
    BANK_ACCOUNT_ADDED = "consortium.bank_account_added", _("Bank account added")
    BANK_ACCOUNT_CHANGED = "consortium.bank_account_changed", _("Bank account changed")
    BANK_FILE_UPLOADED = "consortium.bank_file_uploaded", _("Bank file uploaded")
    BANK_FILE_TAKEN_IN = "consortium.bank_file_taken_in", _("Bank file taken in")
    BENEFIT_DEFINED = "consortium.benefit_defined", _("Benefit defined")
    BENEFIT_CHANGED = "consortium.benefit_changed", _("Benefit changed")
    BENEFIT_ENDED = "consortium.benefit_ended", _("Benefit ended")
    BENEFIT_GRANTED = "consortium.benefit_granted", _("Benefit granted")
    BENEFIT_USED = "consortium.benefit_used", _("Benefit used")
    BENEFIT_USE_REVERSED = "consortium.benefit_use_reversed", _("Use taken back")
    RENEWAL_ESTIMATED = "consortium.renewal_estimated", _("Renewal estimated")
    RENEWAL_ANSWERED = "consortium.renewal_answered", _("Renewal answered")
    LATE_NOTICE_RULED = "consortium.late_notice_ruled", _("Late notice decided")
    GOODWILL_GRANTED = "consortium.goodwill_granted", _("Goodwill access granted")
    EXIT_INTERVIEW_RECORDED = (
        "consortium.exit_interview_recorded",
        _("Exit interview recorded"),
    )
    INQUIRY_RECEIVED = "consortium.inquiry_received", _("Inquiry received")
    INQUIRY_SET_ASIDE = "consortium.inquiry_set_aside", _("Inquiry set aside")
    PROSPECT_OPENED = "consortium.prospect_opened", _("Prospect opened")
    PROSPECT_MOVED = "consortium.prospect_moved", _("Prospect moved")
    HEALTH_NOTED = "consortium.health_noted", _("Health of a member noted")
    FACULTY_ADDED = "consortium.faculty_added", _("Somebody of the faculty added")
    INTERACTION_RECORDED = (
        "consortium.interaction_recorded",
        _("Interaction recorded"),
    )
    INTERACTION_CORRECTED = (
        "consortium.interaction_corrected",
        _("Interaction corrected"),
    )
    INTERACTION_TAKEN_BACK = (
        "consortium.interaction_taken_back",
        _("Interaction taken back"),
    )
    PAPER_ADDED = "consortium.paper_added", _("Paper added")
    ONE_TO_ONE_CAPPED = "consortium.one_to_one_capped", _("Cap of one-to-ones changed")
    ONE_TO_ONE_ASKED = "consortium.one_to_one_asked", _("One-to-one asked for")
    ONE_TO_ONE_AGREED = "consortium.one_to_one_agreed", _("One-to-one agreed")
    ONE_TO_ONE_MOVED = "consortium.one_to_one_moved", _("One-to-one moved")
    ONE_TO_ONE_HELD = "consortium.one_to_one_held", _("One-to-one held")
    ONE_TO_ONE_DECLINED = "consortium.one_to_one_declined", _("One-to-one declined")
    ONE_TO_ONE_WITHDRAWN = "consortium.one_to_one_withdrawn", _("One-to-one withdrawn")
    LIBRARY_ITEM_ADDED = "consortium.library_item_added", _("Added to the library")
    LIBRARY_ITEM_CHANGED = "consortium.library_item_changed", _("Library item changed")
    LIBRARY_VERSION_ADDED = "consortium.library_version_added", _("Version added")
    LIBRARY_ITEM_PUBLISHED = "consortium.library_item_published", _("Published")
    LIBRARY_ITEM_WITHDRAWN = "consortium.library_item_withdrawn", _("Withdrawn")
    LIBRARY_DRAFT_COMMENTED = "consortium.library_draft_commented", _("Draft commented")
    PROGRAM_ADDED = "consortium.program_added", _("Workforce program added")
    PROGRAM_CHANGED = "consortium.program_changed", _("Workforce program changed")
    PROGRAM_JOINED = "consortium.program_joined", _("Takes part in a program")
    PROGRAM_SEATS_CHANGED = (
        "consortium.program_seats_changed",
        _("Seats in a program changed"),
    )
    PROGRAM_LEFT = "consortium.program_left", _("Left a program")
    PROGRAM_CONTRIBUTED = (
        "consortium.program_contributed",
        _("Contribution to a program recorded"),
    )
    CONTRIBUTION_TAKEN_BACK = (
        "consortium.contribution_taken_back",
        _("Contribution to a program taken back"),
    )
    PROFILE_KEPT = "consortium.profile_kept", _("Student profile written")
    PROFILE_SHARED = "consortium.profile_shared", _("Student profile shared")
    PROFILE_NOT_SHARED = (
        "consortium.profile_not_shared",
        _("Student profile no longer shared"),
    )
    INTEREST_DISCLOSED = "consortium.interest_disclosed", _("Interest disclosed")
    INTEREST_ENDED = "consortium.interest_ended", _("Interest ended")
    PAYER_KEPT = "consortium.payer_kept", _("Payer profile changed")
    REMINDERS_CHOSEN = "consortium.reminders_chosen", _("Choice of reminders changed")
    LADDER_PROPOSED = "consortium.ladder_proposed", _("Ladder of reminders proposed")
    LADDER_RECORDED = "consortium.ladder_recorded", _("Ladder put in force")
    LADDER_REFUSED = "consortium.ladder_refused", _("Ladder refused")
    LADDER_GIVEN = "consortium.ladder_given", _("Reminded by a ladder of its own")
    LADDER_ENDED = "consortium.ladder_ended", _("Reminded by the ladder of all again")
    ORDER_RECORDED = "consortium.order_recorded", _("Purchase order recorded")
    ORDER_CHANGED = "consortium.order_changed", _("Purchase order changed")
    ORDER_ENDED = "consortium.order_ended", _("Purchase order ended")
    INVOICE_DRAFTED = "consortium.invoice_drafted", _("Invoice drafted")
    INVOICE_CHANGED = "consortium.invoice_changed", _("Draft invoice changed")
    INVOICE_APPROVED = "consortium.invoice_approved", _("Invoice approved")
    INVOICE_SENT_BACK = "consortium.invoice_sent_back", _("Invoice sent back")
    INVOICE_ISSUED = "consortium.invoice_issued", _("Invoice issued")
    INVOICE_VOIDED = "consortium.invoice_voided", _("Invoice voided")
    INVOICE_DELIVERED = "consortium.invoice_delivered", _("Invoice delivered")
    INVOICE_NUMBER_NOTED = (
        "consortium.invoice_number_noted",
        _("Number at MIT AR noted"),
    )
    INVOICE_ANSWERED = "consortium.invoice_answered", _("Invoice answered")
    INVOICE_DISPUTED = "consortium.invoice_disputed", _("Invoice disputed")
    INVOICE_DISPUTE_SETTLED = (
        "consortium.invoice_dispute_settled",
        _("Dispute of an invoice settled"),
    )
    PAYMENT_PROMISED = "consortium.payment_promised", _("Payment promised")
    PROMISE_WITHDRAWN = "consortium.promise_withdrawn", _("Promise to pay withdrawn")
    DUES_HELD = "consortium.dues_held", _("Reminders held")
    DUES_RELEASED = "consortium.dues_released", _("Hold of reminders lifted")
    DUES_REMINDED = "consortium.dues_reminded", _("Reminder sent by hand")
    DUES_HANDED_OVER = "consortium.dues_handed_over", _("Handed over to MIT AR")
    DUES_DECIDED = "consortium.dues_decided", _("Decision on overdue dues")
    STEERING_TOLD = "consortium.steering_told", _("Steering committee told")
    SPONSOR_NOTE_DRAFTED = (
        "consortium.sponsor_note_drafted",
        _("Note to the sponsor drafted"),
    )
    SPONSOR_NOTE_CHANGED = (
        "consortium.sponsor_note_changed",
        _("Note to the sponsor changed"),
    )
    SPONSOR_NOTE_SENT = "consortium.sponsor_note_sent", _("Note to the sponsor sent")
    SPONSOR_NOTE_DECLINED = (
        "consortium.sponsor_note_declined",
        _("Note to the sponsor not sent"),
    )
    PAYMENT_ANNOUNCED = "consortium.payment_announced", _("Payment announced")
    ADVICE_WITHDRAWN = (
        "consortium.advice_withdrawn",
        _("Announcement of a payment withdrawn"),
    )
    CREDIT_NOTE_DRAFTED = "consortium.credit_note_drafted", _("Credit note drafted")
    CREDIT_NOTE_ISSUED = "consortium.credit_note_issued", _("Credit note issued")
    CREDIT_NOTE_ABANDONED = (
        "consortium.credit_note_abandoned",
        _("Credit note abandoned"),
    )
    PAPER_DOWNLOADED = "consortium.paper_downloaded", _("PDF downloaded")
    STATEMENT_TAKEN = "consortium.statement_taken", _("Statement of account taken")
    STATEMENT_SENT = "consortium.statement_sent", _("Statement of account sent")
    BODY_FORMED = "consortium.body_formed", _("Body formed")
    SEAT_ADDED = "consortium.seat_added", _("Seat added")
    SEAT_TAKEN = "consortium.seat_taken", _("Seat taken")
    SEAT_LEFT = "consortium.seat_left", _("Seat left")
    SEAT_ENDED = "consortium.seat_ended", _("Seat ended")
    ANTITRUST_PUBLISHED = (
        "consortium.antitrust_published",
        _("Antitrust statement published"),
    )
    ANTITRUST_ACKNOWLEDGED = (
        "consortium.antitrust_acknowledged",
        _("Antitrust statement acknowledged"),
    )
    MEETING_CALLED = "consortium.meeting_called", _("Meeting called")
    MEETING_HELD = "consortium.meeting_held", _("Meeting held")
    MEETING_CANCELLED = "consortium.meeting_cancelled", _("Meeting cancelled")
    ATTENDANCE_TOLD = "consortium.attendance_told", _("Attendance recorded")
    CONFLICT_DECLARED = "consortium.conflict_declared", _("Conflict declared")
    MINUTES_WRITTEN = "consortium.minutes_written", _("Minutes written")
    MINUTES_ADOPTED = "consortium.minutes_adopted", _("Minutes adopted")
    DECISION_RECORDED = "consortium.decision_recorded", _("Decision recorded")
    ACTION_ASKED = "consortium.action_asked", _("Action assigned")
    MOTION_DRAFTED = "consortium.motion_drafted", _("Motion drafted")
    MOTION_OPENED = "consortium.motion_opened", _("Vote opened")
    VOTE_CAST = "consortium.vote_cast", _("Vote cast")
    PROXY_GIVEN = "consortium.proxy_given", _("Proxy given")
    PROXY_WITHDRAWN = "consortium.proxy_withdrawn", _("Proxy withdrawn")
    MOTION_CLOSED = "consortium.motion_closed", _("Vote closed")
    MOTION_CERTIFIED = "consortium.motion_certified", _("Result certified")


vocabulary.register(
    Verb,
    for_members=[
        Verb.ORGANIZATION_RENAMED,
        Verb.PARENT_LINKED,
        Verb.MERGER_RECORDED,
        Verb.SPIN_OFF_RECORDED,
        Verb.SITE_ADDED,
        Verb.CONTACT_ADDED,
        Verb.CONTACT_CHANGED,
        Verb.CONTACT_CONFIRMED,
        Verb.CONTACT_DEPARTED,
        Verb.CONTACTS_MERGED,
        Verb.CONTACTS_PARTED,
        Verb.ROLE_ASSIGNED,
        Verb.ROLE_ENDED,
        Verb.AGREEMENT_SIGNED,
        *[Verb.CREDIT_CLAIMED, Verb.CREDIT_WITHDRAWN, Verb.EVIDENCE_ASKED],
        *[Verb.EVIDENCE_ADDED, Verb.CREDIT_REVIEWED],
        *[Verb.CREDIT_DECIDED, Verb.CREDIT_REDUCED, Verb.FEE_CREDITED],
        *[Verb.CREDIT_CAPPED, Verb.CREDIT_REVERSED, Verb.CREDIT_RAISED],
        Verb.EXCESS_CARRIED,
        *[Verb.SHORTFALL_WAIVED, Verb.ITEM_AGREED, Verb.ITEM_DECLINED],
        *[Verb.ITEM_DELIVERED, Verb.ITEM_RETURNED, Verb.VALUE_DISPUTED],
        *[Verb.DISPUTE_SETTLED, Verb.ITEM_ASSESSED, Verb.ITEM_APPROVED],
        *[Verb.AMENDMENT_SIGNED, Verb.AGREEMENT_TERMINATED],
        Verb.REMINDERS_CHOSEN,
        *[Verb.PROGRAM_JOINED, Verb.PROGRAM_SEATS_CHANGED, Verb.PROGRAM_LEFT],
        *[Verb.PAYER_KEPT, Verb.ORDER_RECORDED, Verb.ORDER_CHANGED],
        *[Verb.ORDER_ENDED, Verb.INVOICE_ISSUED],
        *[Verb.INVOICE_VOIDED, Verb.INVOICE_DELIVERED, Verb.INVOICE_ANSWERED],
        *[Verb.INVOICE_DISPUTED, Verb.INVOICE_DISPUTE_SETTLED],
        *[Verb.PAYMENT_PROMISED, Verb.PROMISE_WITHDRAWN, Verb.CREDIT_NOTE_ISSUED],
        *[Verb.PAYMENT_ANNOUNCED, Verb.ADVICE_WITHDRAWN],
    ],
)
