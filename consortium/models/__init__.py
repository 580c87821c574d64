"""The tables of the consortium, by subject."""

from .agreements import (
    FLOOR_AMOUNT,
    FLOOR_YEARS,
    Agreement,
    AgreementYear,
    BillingFrequency,
    CommitmentYear,
    FloorWaiver,
)
from .amendments import AmendedYear, Amendment, Counting, YearAmount
from .contacts import Contact
from .deviations import Deviation
from .merges import ContactMerge, FormerAddress, MergedRole
from .organizations import FormerName, Organization, Sector, Site, SiteKind
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
    "DECIDED",
    "EXPECTED",
    "FLOOR_AMOUNT",
    "FLOOR_YEARS",
    "HELD_BY_ONE",
    "SEES_COMMITMENT",
    "Agreement",
    "AgreementYear",
    "AmendedYear",
    "Amendment",
    "BillingFrequency",
    "CommitmentYear",
    "Contact",
    "ContactMerge",
    "ContactRole",
    "Counting",
    "Deviation",
    "FloorWaiver",
    "FormerAddress",
    "FormerName",
    "MergedRole",
    "Organization",
    "RoleAssignment",
    "Screening",
    "Sector",
    "Site",
    "SiteKind",
    "YearAmount",
    "held",
]
