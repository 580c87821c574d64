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
from .contacts import Contact
from .erasures import ContactErasure
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
    "ContactErasure",
    "ContactMerge",
    "ContactRole",
    "FloorWaiver",
    "FormerAddress",
    "FormerName",
    "MergedRole",
    "Organization",
    "RoleAssignment",
    "Sector",
    "Site",
    "SiteKind",
    "held",
]
