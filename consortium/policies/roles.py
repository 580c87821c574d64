"""What each role may do with the consortium's models."""

from inm_portal.accounts.roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF

VIEW = [
    "view_organization",
    "view_contact",
    "view_agreement",
    "view_commitmentyear",
    "view_contributioncredit",
    "view_creditopinion",
    "view_evidence",
    "view_amendment",
    "view_organizationlink",
    "view_agreementexception",
    *["view_instalment", "view_payerprofile", "view_purchaseorder"],
    *["view_invoice", "view_creditnote", "view_callback"],
    "view_reminderpolicy",
    *["view_duesstep", "view_sponsornote", "view_duesexception"],
    "view_entitlement",
    *["view_renewalestimate", "view_renewalanswer", "view_exitinterview"],
    *["view_healthnote", "view_prospect", "view_inquiry"],
    *["view_interaction", "view_facultymember"],
    *["view_libraryitem", "view_libraryopening"],
    "view_workforceprogram",
    *["view_body", "view_meeting", "view_motion"],
]
PEOPLE = ["add_contact", "change_contact", "add_roleassignment"]
CARE = [
    *["add_organization", "change_organization", "add_site"],
    *["add_organizationlink", "change_organizationlink"],
    *PEOPLE,
    *["add_agreement", "change_agreement", "sign_agreement"],
    *["add_amendment", "change_amendment", "sign_amendment"],
    "add_callback",
    *["add_renewalestimate", "add_renewalanswer", "add_exitinterview"],
    *["add_healthnote", "add_prospect", "change_inquiry"],
    *["add_benefit", "add_benefituse", "grant_entitlement"],
    *["add_interaction", "add_facultymember"],
    "add_libraryitem",
    *["add_workforceprogram", "add_programpart"],
    *["view_studentprofile", "view_profileopening"],
    *["add_body", "change_body", "add_meeting", "change_meeting"],
    *["add_motion", "change_motion"],
]

CLAIMS = ["add_contributioncredit", "review_contributioncredit", "change_evidence"]
VALUING = ["value_contributioncredit"]
DECIDING = ["decide_contributioncredit", "waive_commitmentyear"]
INTERESTS = ["view_interest", "add_interest"]
#: A hit is for directors, and for whoever else is given these rights.
SCREENING = ["view_screening", "add_screening"]

#: The ledger of receivables, for those who answer for it.
BOOKS = [
    *["view_ledgerentry", "view_periodclose", "view_periodreopening"],
    *["view_exportbatch", "view_recognitionimport", "view_recognisedamount"],
    *["view_receipt", "view_writeoff", "view_refund", "view_waitingmoney"],
    *["view_bankaccount", "view_bankfile", "view_bankimport"],
]
#: Who keeps them; one opens a closed month only with another.
BOOKKEEPING = [
    *["add_periodclose", "reopen_periodclose"],
    *["add_exportbatch", "add_recognitionimport"],
    *["add_receipt", "approve_receipt", "add_writeoff", "add_refund"],
    *["add_bankaccount", "change_bankaccount", "add_bankfile"],
    *["add_callback", "approve_callback"],
]
#: What finance proposes and a director records.
RELEASING = [
    *["approve_receipt", "approve_writeoff", "approve_refund", "approve_callback"],
    "approve_reminderpolicy",
]

#: Invoices, from the purchase order to the credit note.
INVOICING = [
    *["change_payerprofile", "add_purchaseorder", "change_purchaseorder"],
    *["add_invoice", "change_invoice", "issue_invoice", "add_creditnote"],
    "add_reminderpolicy",
]

#: What each role may do with the consortium's models.
ROLES = {
    DIRECTOR: [
        *[*VIEW, *CARE, "waive_agreement", *CLAIMS, *VALUING, *DECIDING, *INTERESTS],
        *["speak_for_counsel", "terminate_agreement", *SCREENING, *BOOKS],
        *["add_latenoticeruling", "add_goodwillaccess"],
        *["approve_invoice", "void_invoice", "certify_motion"],
        *["add_duesstep", "change_sponsornote"],
        *["reopen_periodclose", "add_writeoff", "add_refund", *RELEASING],
    ],
    PROGRAM_STAFF: [
        *[*VIEW, *CARE, *CLAIMS, *VALUING, *INTERESTS],
        "speak_for_counsel",
    ],
    FINANCE: [
        *[*VIEW, *CLAIMS, *VALUING, "view_interest"],
        *["book_contributioncredit", "speak_for_finance"],
        *[*INVOICING, "approve_invoice"],
        *[*BOOKS, *BOOKKEEPING],
    ],
    ADMIN: [*VIEW, *PEOPLE, *INTERESTS, *BOOKS],
    AUDITOR: [*VIEW, "view_interest", *BOOKS],
}
