"""The tables of the consortium, by subject."""

from .agreements import (
    FLOOR_AMOUNT,
    FLOOR_YEARS,
    Agreement,
    AgreementYear,
    BillingFrequency,
    CommitmentYear,
    FloorWaiver,
    ShortfallWaiver,
)
from .categories import IN_CASH, IN_KIND, RULES, Category, CategoryRule, Office
from .contacts import Contact
from .credits import (
    TAKES_BACK,
    ContributionCredit,
    CreditEntry,
    CreditOpinion,
    EntryKind,
    Evidence,
)
from .erasures import ContactErasure
from .in_kind import (
    DisputeOutcome,
    InKindItem,
    Method,
    Valuation,
    ValuationDispute,
    value_of,
)
from .interests import Interest
from .merges import ContactMerge, FormerAddress, MergedRole
from .organizations import FormerName, Organization, Sector, Site, SiteKind
from .positions import end_of, total
from .roles import (
    EXPECTED,
    HELD_BY_ONE,
    SEES_COMMITMENT,
    ContactRole,
    RoleAssignment,
    held,
)

__all__ = [
    "EXPECTED",
    "FLOOR_AMOUNT",
    "FLOOR_YEARS",
    "HELD_BY_ONE",
    "IN_CASH",
    "IN_KIND",
    "RULES",
    "SEES_COMMITMENT",
    "TAKES_BACK",
    "Agreement",
    "AgreementYear",
    "BillingFrequency",
    "Category",
    "CategoryRule",
    "CommitmentYear",
    "Contact",
    "ContactErasure",
    "ContactMerge",
    "ContactRole",
    "ContributionCredit",
    "CreditEntry",
    "CreditOpinion",
    "DisputeOutcome",
    "EntryKind",
    "Evidence",
    "FloorWaiver",
    "FormerAddress",
    "FormerName",
    "InKindItem",
    "Interest",
    "MergedRole",
    "Method",
    "Office",
    "Organization",
    "RoleAssignment",
    "Sector",
    "ShortfallWaiver",
    "Site",
    "SiteKind",
    "Valuation",
    "ValuationDispute",
    "end_of",
    "held",
    "total",
    "value_of",
]
