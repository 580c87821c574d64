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
from .exceptions import AgreementException, ExceptionKind
from .links import LinkKind, OrganizationLink
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
    "AgreementException",
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
    "ExceptionKind",
    "FloorWaiver",
    "FormerAddress",
    "FormerName",
    "LinkKind",
    "MergedRole",
    "Organization",
    "OrganizationLink",
    "RoleAssignment",
    "Screening",
    "Sector",
    "Site",
    "SiteKind",
    "YearAmount",
    "held",
]
