"""Every state of the app: those that rows keep, and those that dates derive."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

#: The color of a state's badge where it is not gray.
TONES = {"draft": "yellow", "signed": "green", "active": "green"}
TONES |= {"upcoming": "azure", "open": "blue"}
TONES |= {"met": "green", "short": "red", "cured": "green", "waived": "orange"}
TONES |= {"claimed": "azure", "evidence_requested": "yellow", "under_review": "blue"}
TONES |= {"accepted": "green", "partly_accepted": "green", "rejected": "red"}
TONES |= {"reversed": "red", "reduced": "orange"}
TONES |= {"offered": "azure", "assessing": "yellow", "agreed": "blue"}
TONES |= {"delivered": "green", "valued": "blue", "credited": "green"}
TONES |= {"declined": "red", "returned": "red"}
TONES |= {"approved": "blue", "issued": "green", "voided": "red"}
TONES |= {"invoiced": "blue", "part_paid": "azure", "paid": "green"}
TONES |= {"closed": "green", "reopened": "orange"}
TONES |= {"proposed": "yellow", "recorded": "green"}
TONES |= {"in_force": "green", "ending": "orange", "exhausted": "red", "ended": "red"}
TONES |= {"disputed": "orange", "promised": "blue", "kept": "green", "broken": "red"}
TONES |= {"announced": "blue", "arrived": "green"}
TONES |= {"published": "green", "withdrawn": "red"}
TONES |= {"current": "green", "1-30": "yellow", "31-60": "orange", "61-90": "orange"}
TONES |= {"91-120": "red", "over-120": "red"}
TONES |= {"clear": "green", "hit": "red", "cleared": "green", "refused": "red"}


TONES |= {"inquiry": "gray", "talks": "blue", "offered": "blue", "won": "green"}
TONES |= {"negotiating": "orange", "lost": "red"}
TONES |= {"asked": "azure", "held": "green", "called": "blue", "cancelled": "red"}
TONES |= {"carried": "green", "no_quorum": "orange", "certified": "green"}
TONES |= {"goodwill": "orange", "renews": "green", "leaves": "red"}
TONES |= {"at_risk": "red", "unpaid": "red", "silent": "orange", "unused": "yellow"}
TONES |= {"no_sponsor": "orange", "unanswered": "yellow", "undecided": "yellow"}


class State(TextChoices):
    """States that pages show as badges."""

    @property
    def tone(self) -> str:
        return TONES.get(self.value, "gray")


class AgreementState(State):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    TERMINATED = "terminated", _("Terminated")


AGREEMENT_STEPS = {
    AgreementState.DRAFT: [AgreementState.SIGNED],
    AgreementState.SIGNED: [AgreementState.TERMINATED],
    AgreementState.TERMINATED: [],
}


class AmendmentState(State):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    ABANDONED = "abandoned", _("Abandoned")


AMENDMENT_STEPS = {
    AmendmentState.DRAFT: [AmendmentState.SIGNED, AmendmentState.ABANDONED],
    AmendmentState.SIGNED: [],
    AmendmentState.ABANDONED: [],
}


class ScreeningResult(State):
    """What came of comparing a company with the lists of restricted parties."""

    CLEAR = "clear", _("Clear")
    HIT = "hit", _("Hit")
    CLEARED = "cleared", _("Cleared")
    REFUSED = "refused", _("Refused")


#: After these nothing is signed with the company, and nobody there is invited.
HOLDING = [ScreeningResult.HIT, ScreeningResult.REFUSED]


class LibraryState(State):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: What was withdrawn may be published again (case 100).
LIBRARY_STEPS = {
    LibraryState.DRAFT: [LibraryState.PUBLISHED, LibraryState.WITHDRAWN],
    LibraryState.PUBLISHED: [LibraryState.WITHDRAWN],
    LibraryState.WITHDRAWN: [LibraryState.PUBLISHED],
}


class MembershipStatus(State):
    """Derived from the signed agreements of an organization on a day."""

    PROSPECT = "prospect", _("Prospect")
    UPCOMING = "upcoming", _("Starts soon")
    ACTIVE = "active", _("Member")
    GOODWILL = "goodwill", _("Expired, negotiating")
    ENDED = "ended", _("Ended")

    @classmethod
    def present(cls) -> list["MembershipStatus"]:
        """Return those by which a company reads and uses what members do."""
        return [cls.ACTIVE, cls.GOODWILL]


class RenewalAnswerKind(State):
    """What a member says of the renewal of a term."""

    RENEWS = "renews", _("Renews")
    UNDECIDED = "undecided", _("Has not decided")
    LEAVES = "leaves", _("Does not renew")


class Sign(State):
    """What tells early that a member may not renew; each says so by a plain rule."""

    LEAVES = "leaves", _("Does not renew")
    AT_RISK = "at_risk", _("Noted as at risk")
    UNPAID = "unpaid", _("Pays late")
    DISPUTED = "disputed", _("In dispute")
    SILENT = "silent", _("Not spoken with")
    NO_SPONSOR = "no_sponsor", _("No sponsor")
    UNUSED = "unused", _("Benefits unused")
    UNANSWERED = "unanswered", _("Renewal unanswered")


class Stage(State):
    """How far talks with a company have come that may join, or do more."""

    INQUIRY = "inquiry", _("Inquiry")
    TALKS = "talks", _("In discussion")
    OFFERED = "offered", _("Offer made")
    NEGOTIATING = "negotiating", _("Negotiating")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")

    @classmethod
    def open_ones(cls) -> list["Stage"]:
        return [cls.INQUIRY, cls.TALKS, cls.OFFERED, cls.NEGOTIATING]


class YearStatus(State):
    """
    Where a commitment year stands, derived from its dates and its credits.

    What is claimed and not decided counts for nothing here. A year is released when
    its agreement was terminated before it, and asks for nothing.
    """

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    CURED = "cured", _("Cured")
    WAIVED = "waived", _("Waived")
    SHORT = "short", _("Short")
    RELEASED = "released", _("Released")


class ClaimState(State):
    CLAIMED = "claimed", _("Claimed")
    EVIDENCE_REQUESTED = "evidence_requested", _("Evidence asked for")
    UNDER_REVIEW = "under_review", _("Under review")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CLAIM_STEPS = {
    ClaimState.CLAIMED: [
        ClaimState.EVIDENCE_REQUESTED,
        ClaimState.UNDER_REVIEW,
        ClaimState.WITHDRAWN,
    ],
    ClaimState.EVIDENCE_REQUESTED: [ClaimState.UNDER_REVIEW, ClaimState.WITHDRAWN],
    ClaimState.UNDER_REVIEW: [
        ClaimState.EVIDENCE_REQUESTED,
        ClaimState.DECIDED,
        ClaimState.WITHDRAWN,
    ],
    ClaimState.DECIDED: [],
    ClaimState.WITHDRAWN: [],
}

#: A claim that waits for its decision; it is pending, and never counted as met.
PENDING_CLAIMS = [
    ClaimState.CLAIMED,
    ClaimState.EVIDENCE_REQUESTED,
    ClaimState.UNDER_REVIEW,
]


class Outcome(State):
    """What came of a claim, derived from its decision and its entries."""

    CLAIMED = "claimed", _("Claimed")
    EVIDENCE_REQUESTED = "evidence_requested", _("Evidence asked for")
    UNDER_REVIEW = "under_review", _("Under review")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY_ACCEPTED = "partly_accepted", _("Partly accepted")
    REJECTED = "rejected", _("Rejected")
    REDUCED = "reduced", _("Reduced")
    REVERSED = "reversed", _("Reversed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ItemState(State):
    """How far a thing given in kind has come."""

    OFFERED = "offered", _("Offered")
    ASSESSING = "assessing", _("Being assessed")
    AGREED = "agreed", _("Accepted in principle")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    RETURNED = "returned", _("Returned")


ITEM_STEPS = {
    ItemState.OFFERED: [ItemState.ASSESSING, ItemState.DECLINED],
    ItemState.ASSESSING: [ItemState.AGREED, ItemState.DECLINED],
    ItemState.AGREED: [ItemState.DELIVERED, ItemState.DECLINED],
    ItemState.DELIVERED: [ItemState.RETURNED],
    ItemState.DECLINED: [],
    ItemState.RETURNED: [],
}


class ItemStage(State):
    """
    How far a thing has come, its value and its credit included.

    Derived: valued is what was delivered and has a valuation, credited what was
    accepted as well.
    """

    OFFERED = "offered", _("Offered")
    ASSESSING = "assessing", _("Being assessed")
    AGREED = "agreed", _("Accepted in principle")
    DELIVERED = "delivered", _("Delivered")
    VALUED = "valued", _("Valued")
    CREDITED = "credited", _("Credited")
    DECLINED = "declined", _("Declined")
    RETURNED = "returned", _("Returned")


class ActState(State):
    """How far an act has come that may take two people."""

    PROPOSED = "proposed", _("Waits for a second person")
    RECORDED = "recorded", _("Recorded")
    REFUSED = "refused", _("Refused")


ACT_STEPS = {
    ActState.PROPOSED: [ActState.RECORDED, ActState.REFUSED],
    ActState.RECORDED: [],
    ActState.REFUSED: [],
}


class CallBackStanding(State):
    """What came of a request that is checked by a call."""

    PROPOSED = "proposed", _("To be called back")
    CONFIRMED = "recorded", _("Confirmed")
    REFUSED = "refused", _("Not confirmed")


class ReceiptStanding(State):
    """What became of a receipt; that it was reversed is derived."""

    PROPOSED = "proposed", _("Waits for a second person")
    RECORDED = "recorded", _("Recorded")
    REVERSED = "reversed", _("Reversed")
    REFUSED = "refused", _("Refused")


class MonthState(State):
    """Where a month of the ledger stands; all of it follows from its closes."""

    RUNNING = "running", _("Not over yet")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Open again")


class InvoiceState(State):
    """Where an invoice stands; paid, overdue and credited are derived."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", _("Issued")
    VOIDED = "voided", _("Voided")


INVOICE_STEPS = {
    InvoiceState.DRAFT: [InvoiceState.APPROVED, InvoiceState.VOIDED],
    InvoiceState.APPROVED: [
        InvoiceState.DRAFT,  # sent back
        InvoiceState.ISSUED,
        InvoiceState.VOIDED,
    ],
    InvoiceState.ISSUED: [InvoiceState.VOIDED],
    InvoiceState.VOIDED: [],
}

#: Before a number is taken, and anything is owed.
NOT_ISSUED = [InvoiceState.DRAFT, InvoiceState.APPROVED]


class NoteState(State):
    """Where a note from the director to a sponsor stands."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    DECLINED = "declined", _("Declined")


NOTE_STEPS = {
    NoteState.DRAFT: [NoteState.SENT, NoteState.DECLINED],
    NoteState.SENT: [],
    NoteState.DECLINED: [],
}


class CreditNoteState(State):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    ABANDONED = "abandoned", _("Abandoned")


CREDIT_NOTE_STEPS = {
    CreditNoteState.DRAFT: [CreditNoteState.ISSUED, CreditNoteState.ABANDONED],
    CreditNoteState.ISSUED: [],
    CreditNoteState.ABANDONED: [],
}


class Standing(State):
    """What became of an invoice, derived from what settles its lines."""

    NONE = "none", _("Not issued")
    OPEN = "open", _("Open")
    PART_PAID = "part_paid", _("Part paid")
    PAID = "paid", _("Paid")
    CREDITED = "credited", _("Credited")


class Stated(TextChoices):
    """Which members get a statement when many are issued at once."""

    OWING = "owing", _("Those who owe on invoices")
    MOVED = "moved", _("All who have a statement")


class StatementForm(TextChoices):
    """How statements are issued: to the members, or as files for who asks."""

    MAIL = "mail", _("By mail to their billing contacts")
    PDF = "pdf", _("As PDF files, packed into one")
    CSV = "csv", _("As CSV files, packed into one")


class Bucket(State):
    """How many days past due something is that is owed."""

    CURRENT = "current", _("Current")
    DAYS_30 = "1-30", _("1\N{EN DASH}30 days")
    DAYS_60 = "31-60", _("31\N{EN DASH}60 days")
    DAYS_90 = "61-90", _("61\N{EN DASH}90 days")
    DAYS_120 = "91-120", _("91\N{EN DASH}120 days")
    OLDER = "over-120", _("Over 120 days")


class ForecastKind(State):
    """Of what cash is to come; what stands apart is in no total."""

    ISSUED = "issued", _("Issued")
    PLANNED = "planned", _("Planned")
    DISPUTED = "disputed", _("In dispute")
    RENEWAL = "renewal", _("If terms renew")

    @classmethod
    def of_cash(cls) -> list["ForecastKind"]:
        return [cls.ISSUED, cls.PLANNED]

    @property
    def shade(self) -> str:
        """Return its color in a plot."""
        shades = {"issued": "blue", "planned": "azure", "disputed": "orange"}
        return shades.get(self.value, "gray-500")


class InstalmentStanding(State):
    """How far an instalment has come, derived from the invoice that asks for it."""

    PLANNED = "planned", _("Planned")
    INVOICED = "invoiced", _("Invoiced")
    PART_PAID = "part_paid", _("Part paid")
    PAID = "paid", _("Paid")
    TAKEN_BACK = "taken_back", _("Taken back")


class OrderStanding(State):
    """What a purchase order can be used for, derived from dates and invoices."""

    IN_FORCE = "in_force", _("In force")
    ENDING = "ending", _("Ends soon")
    EXHAUSTED = "exhausted", _("Used up")
    ENDED = "ended", _("Ended")
    REPLACED = "replaced", _("Replaced")


class LadderStanding(State):
    """Whether a ladder of reminders counts, derived from its days and its end."""

    PROPOSED = "proposed", _("Waits for a second person")
    REFUSED = "refused", _("Refused")
    AHEAD = "upcoming", _("Begins later")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended by hand")
    OVER = "over", _("Over")


class DisputeStanding(State):
    """How far the dispute of an invoice has come, derived from its resolution."""

    DISPUTED = "disputed", _("Open")
    KEPT = "kept", _("Settled: all of it is owed")
    CREDITED = "credited", _("Settled: credited")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PromiseStanding(State):
    """What became of a promise to pay, derived from what was paid since."""

    PROMISED = "promised", _("Promised")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")
    REPLACED = "replaced", _("Replaced by a later one")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AdviceStanding(State):
    """What became of a payment that a member announced."""

    ANNOUNCED = "announced", _("Announced")
    ARRIVED = "arrived", _("Arrived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MeetingState(State):
    CALLED = "called", _("Called")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


MEETING_STEPS = {
    MeetingState.CALLED: [MeetingState.HELD, MeetingState.CANCELLED],
    MeetingState.HELD: [],
    MeetingState.CANCELLED: [],
}


class MotionState(State):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    CERTIFIED = "certified", _("Certified")


MOTION_STEPS = {
    MotionState.DRAFT: [MotionState.OPEN],
    MotionState.OPEN: [MotionState.CLOSED],
    MotionState.CLOSED: [MotionState.CERTIFIED],
    MotionState.CERTIFIED: [],
}


class MotionOutcome(State):
    """What the votes came to when the motion was closed."""

    CARRIED = "carried", _("Carried")
    LOST = "lost", _("Lost")
    NO_QUORUM = "no_quorum", _("No quorum")


class OneToOneState(State):
    """Where the request for a talk with one of the faculty stands."""

    ASKED = "asked", _("Asked")
    AGREED = "agreed", _("Agreed")
    HELD = "held", _("Held")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ONE_TO_ONE_STEPS = {
    OneToOneState.ASKED: [
        *[OneToOneState.AGREED, OneToOneState.DECLINED, OneToOneState.WITHDRAWN],
    ],
    OneToOneState.AGREED: [OneToOneState.HELD, OneToOneState.WITHDRAWN],
    OneToOneState.HELD: [],
    OneToOneState.DECLINED: [],
    OneToOneState.WITHDRAWN: [],
}
