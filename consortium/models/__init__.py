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
from .contacts import (
    EXPECTED,
    HELD_BY_ONE,
    SEES_COMMITMENT,
    Contact,
    ContactRole,
    RoleAssignment,
    held,
)
from .organizations import FormerName, Organization, Sector, Site, SiteKind

__all__ = [
    "EXPECTED",
    "FLOOR_AMOUNT",
    "FLOOR_YEARS",
    "HELD_BY_ONE",
    "SEES_COMMITMENT",
    "Agreement",
    "AgreementYear",
    "BillingFrequency",
    "CommitmentYear",
    "Contact",
    "ContactRole",
    "FloorWaiver",
    "FormerName",
    "Organization",
    "RoleAssignment",
    "Sector",
    "Site",
    "SiteKind",
    "held",
]
