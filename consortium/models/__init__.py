"""The tables of the consortium, by subject."""

from .agreements import (
    EARLIEST,
    FLOOR_AMOUNT,
    FLOOR_YEARS,
    MOST_YEARS,
    Agreement,
    BillingFrequency,
    FloorWaiver,
)
from .amendments import AmendedYear, Amendment, Counting, YearAmount
from .categories import IN_CASH, IN_KIND, RULES, Category, CategoryRule, Office
from .commitment_years import AgreementYear, CommitmentYear, ShortfallWaiver
from .contacts import Contact
from .credits import ContributionCredit, CreditOpinion
from .deviations import Deviation
from .entries import TAKES_BACK, CreditEntry, EntryKind
from .erasures import ContactErasure
from .evidence import CURRENCY_CODE, Evidence
from .exceptions import AgreementException, ExceptionKind
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
from .interests import Interest
from .links import LinkKind, OrganizationLink
from .merges import ContactMerge, FormerAddress, MergedRole
from .organizations import FormerName, Organization, Sector, Site, SiteKind
from .positions import end_of
from .roles import (
    EXPECTED,
    HELD_BY_ONE,
    SEES_COMMITMENT,
    ContactRole,
    RoleAssignment,
    held,
)
from .screenings import DECIDED, Screening

__all__ = [
    "CURRENCY_CODE",
    "DECIDED",
    "EARLIEST",
    "EXPECTED",
    "FLOOR_AMOUNT",
    "FLOOR_YEARS",
    "HELD_BY_ONE",
    "IN_CASH",
    "IN_KIND",
    "MOST_YEARS",
    "RULES",
    "SEES_COMMITMENT",
    "TAKES_BACK",
    "Agreement",
    "AgreementException",
    "AgreementYear",
    "AmendedYear",
    "Amendment",
    "Appraisal",
    "ApprovingOffice",
    "BillingFrequency",
    "Category",
    "CategoryRule",
    "CommitmentYear",
    "Contact",
    "ContactErasure",
    "ContactMerge",
    "ContactRole",
    "ContributionCredit",
    "Counting",
    "CreditEntry",
    "CreditOpinion",
    "Deviation",
    "DisputeOutcome",
    "EntryKind",
    "Evidence",
    "ExceptionKind",
    "FloorWaiver",
    "FormerAddress",
    "FormerName",
    "InKindItem",
    "Interest",
    "ItemApproval",
    "LinkKind",
    "MergedRole",
    "Method",
    "Office",
    "Organization",
    "OrganizationLink",
    "RoleAssignment",
    "Screening",
    "Sector",
    "ShortfallWaiver",
    "Site",
    "SiteKind",
    "Valuation",
    "ValuationDispute",
    "YearAmount",
    "end_of",
    "held",
    "value_of",
]
