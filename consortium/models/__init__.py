"""The tables of the consortium, by subject."""

from .account_numbers import ACCOUNT_NUMBER
from .agreements import (
    EARLIEST,
    FLOOR_AMOUNT,
    FLOOR_YEARS,
    MOST_YEARS,
    Agreement,
    BillingFrequency,
    FloorWaiver,
)
from .allocations import Allocation, WriteOff, WriteOffKind
from .amendments import AmendedYear, Amendment, Counting, YearAmount
from .banking import (
    BankAccount,
    BankFile,
    BankFormat,
    BankImport,
    BankLine,
    DayFormat,
    DecimalMark,
    Delimiter,
)
from .benefit_definitions import MOST_OF_A_BENEFIT, Benefit, BenefitRate, rate_of_year
from .benefits import (
    YEARS_APART,
    BenefitGrant,
    BenefitUse,
    Entitlement,
    GrantSource,
)
from .call_backs import CallBack
from .categories import IN_CASH, IN_KIND, RULES, Category, CategoryRule, Office
from .chasing import (
    DUES_RULE,
    ON_ITS_WAY,
    chased_lines,
    is_chased,
    with_ladder,
    with_who_pays,
)
from .commitment_years import AgreementYear, CommitmentYear, ShortfallWaiver
from .contacts import Contact
from .credit_notes import CreditNote, CreditNoteLine, CreditNotePdf
from .credits import ContributionCredit, CreditOpinion
from .deviations import Deviation
from .dues_exceptions import DuesException, DuesExceptionKind
from .dues_steps import DECISIONS, NOTE_TASK, DuesStep, SponsorNote, StepKind
from .dunning import Became, dunning_log
from .engagement import (
    STANDS,
    FacultyMember,
    FollowUp,
    Interaction,
    InteractionKind,
    Participant,
)
from .entries import TAKES_BACK, CreditEntry, EntryKind
from .erasures import ContactErasure
from .evidence import CURRENCY_CODE, Evidence
from .exceptions import AgreementException, ExceptionKind
from .exports import ExportBatch, ExportedEntry
from .health import (
    Health,
    HealthNote,
)
from .in_kind import (
    Appraisal,
    ApprovingOffice,
    DisputeOutcome,
    InKindItem,
    ItemApproval,
    Method,
    Valuation,
    ValuationDispute,
    value_of,
)
from .instalments import Instalment, InstalmentCancellation
from .interests import Interest
from .invoice_answers import (
    AnswerKind,
    CustomerAnswer,
    DisputeResolution,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
    PromiseWithdrawal,
    ResolutionKind,
)
from .invoice_returns import InvoiceReturn
from .invoices import Invoice, InvoiceLine, InvoicePdf
from .issued import NumberCounter, Series, fiscal_year_of, take_number
from .ledger import (
    BOOKS,
    OF_CASH,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    PostedQuerySet,
    PostingKind,
)
from .links import LinkKind, OrganizationLink
from .matching import WaitingMoney, WaitsFor
from .merges import ContactMerge, FormerAddress, MergedRole
from .organizations import FormerName, Organization, Sector, Site, SiteKind
from .payers import ORDER_WARNED, Channel, PayerProfile, PurchaseOrder, Terms
from .periods import TRIAL_BALANCE, PeriodClose, PeriodReopening
from .positions import end_of
from .prospects import (
    Inquiry,
    Offer,
    Prospect,
    ProspectStep,
)
from .receipts import Receipt, ReceiptMethod, ReceiptShare, Refund
from .recognition import RecognisedAmount, RecognitionImport
from .reminder_policies import (
    MOST_AFTER,
    MOST_BEFORE,
    MOST_COPIES,
    Copied,
    FirstNotice,
    PolicyEnd,
    PolicyRung,
    ReminderCopy,
    ReminderPolicy,
    ReminderPreference,
    Wording,
    earlier_than_all,
)
from .remittances import AdvisedInvoice, RemittanceAdvice, RemittanceWithdrawal
from .renewals import (
    LONGEST_GOODWILL,
    ExitInterview,
    ExitReason,
    GoodwillAccess,
    LateNoticeRuling,
    RenewalAnswer,
    RenewalEstimate,
    with_answer,
    with_estimate,
)
from .roles import (
    EXPECTED,
    HELD_BY_ONE,
    SEES_COMMITMENT,
    SEES_INVOICES,
    ContactRole,
    RoleAssignment,
    held,
)
from .screenings import DECIDED, Screening
from .signs import (
    with_health,
    with_signs,
)
from .two_people import TwoPeople, two_people_triggers

__all__ = [
    "ACCOUNT_NUMBER",
    "BOOKS",
    "CURRENCY_CODE",
    "DECIDED",
    "DECISIONS",
    "DUES_RULE",
    "EARLIEST",
    "EXPECTED",
    "FLOOR_AMOUNT",
    "FLOOR_YEARS",
    "HELD_BY_ONE",
    "IN_CASH",
    "IN_KIND",
    "LONGEST_GOODWILL",
    "MOST_AFTER",
    "MOST_BEFORE",
    "MOST_COPIES",
    "MOST_OF_A_BENEFIT",
    "MOST_YEARS",
    "NOTE_TASK",
    "OF_CASH",
    "ON_ITS_WAY",
    "ORDER_WARNED",
    "RULES",
    "SEES_COMMITMENT",
    "SEES_INVOICES",
    "STANDS",
    "TAKES_BACK",
    "TRIAL_BALANCE",
    "YEARS_APART",
    "AdvisedInvoice",
    "Agreement",
    "AgreementException",
    "AgreementYear",
    "Allocation",
    "AmendedYear",
    "Amendment",
    "AnswerKind",
    "Appraisal",
    "ApprovingOffice",
    "BankAccount",
    "BankFile",
    "BankFormat",
    "BankImport",
    "BankLine",
    "Became",
    "Benefit",
    "BenefitGrant",
    "BenefitRate",
    "BenefitUse",
    "BillingFrequency",
    "CallBack",
    "Category",
    "CategoryRule",
    "Channel",
    "CommitmentYear",
    "Contact",
    "ContactErasure",
    "ContactMerge",
    "ContactRole",
    "ContributionCredit",
    "Copied",
    "Counting",
    "CreditEntry",
    "CreditNote",
    "CreditNoteLine",
    "CreditNotePdf",
    "CreditOpinion",
    "CustomerAnswer",
    "DayFormat",
    "DecimalMark",
    "Delimiter",
    "Deviation",
    "DisputeOutcome",
    "DisputeResolution",
    "DuesException",
    "DuesExceptionKind",
    "DuesStep",
    "Entitlement",
    "EntryKind",
    "Evidence",
    "ExceptionKind",
    "ExitInterview",
    "ExitReason",
    "ExportBatch",
    "ExportedEntry",
    "FacultyMember",
    "FirstNotice",
    "FloorWaiver",
    "FollowUp",
    "FormerAddress",
    "FormerName",
    "GoodwillAccess",
    "GrantSource",
    "Health",
    "HealthNote",
    "InKindItem",
    "Inquiry",
    "Instalment",
    "InstalmentCancellation",
    "Interaction",
    "InteractionKind",
    "Interest",
    "Invoice",
    "InvoiceDelivery",
    "InvoiceDispute",
    "InvoiceLine",
    "InvoicePdf",
    "InvoiceReturn",
    "ItemApproval",
    "LateNoticeRuling",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLine",
    "LinkKind",
    "MergedRole",
    "Method",
    "NumberCounter",
    "Offer",
    "Office",
    "Organization",
    "OrganizationLink",
    "Participant",
    "PayerProfile",
    "PaymentPromise",
    "PeriodClose",
    "PeriodReopening",
    "PolicyEnd",
    "PolicyRung",
    "PostedQuerySet",
    "PostingKind",
    "PromiseWithdrawal",
    "Prospect",
    "ProspectStep",
    "PurchaseOrder",
    "Receipt",
    "ReceiptMethod",
    "ReceiptShare",
    "RecognisedAmount",
    "RecognitionImport",
    "Refund",
    "ReminderCopy",
    "ReminderPolicy",
    "ReminderPreference",
    "RemittanceAdvice",
    "RemittanceWithdrawal",
    "RenewalAnswer",
    "RenewalEstimate",
    "ResolutionKind",
    "RoleAssignment",
    "Screening",
    "Sector",
    "Series",
    "ShortfallWaiver",
    "Site",
    "SiteKind",
    "SponsorNote",
    "StepKind",
    "Terms",
    "TwoPeople",
    "Valuation",
    "ValuationDispute",
    "WaitingMoney",
    "WaitsFor",
    "Wording",
    "WriteOff",
    "WriteOffKind",
    "YearAmount",
    "chased_lines",
    "dunning_log",
    "earlier_than_all",
    "end_of",
    "fiscal_year_of",
    "held",
    "is_chased",
    "rate_of_year",
    "take_number",
    "two_people_triggers",
    "value_of",
    "with_answer",
    "with_estimate",
    "with_health",
    "with_ladder",
    "with_signs",
    "with_who_pays",
]
