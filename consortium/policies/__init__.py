"""
Who may do what with members, contacts and agreements, by subject.

A rule is known once its module is imported, so all of them are.
"""

from . import (
    agreements,
    amendments,
    approvals,
    banking,
    benefit_definitions,
    benefits,
    call_backs,
    commitments,
    contacts,
    credits,
    delegation,
    dues_steps,
    engagement,
    evidence,
    exceptions,
    health,
    in_kind,
    interests,
    invoices,
    ledger,
    library,
    links,
    merging,
    organizations,
    payers,
    prospects,
    receivables,
    reminder_policies,
    renewals,
    screenings,
)
from .approvals import FOREIGN_ENTITY, drafted_agreement, drafted_amendment
from .credits import SPEAKS_FOR
from .ledger import REOPENING
from .receivables import SECOND_PERSON
from .roles import ROLES

__all__ = [
    "FOREIGN_ENTITY",
    "REOPENING",
    "ROLES",
    "SECOND_PERSON",
    "SPEAKS_FOR",
    "agreements",
    "amendments",
    "approvals",
    "banking",
    "benefit_definitions",
    "benefits",
    "call_backs",
    "commitments",
    "contacts",
    "credits",
    "delegation",
    "drafted_agreement",
    "drafted_amendment",
    "dues_steps",
    "engagement",
    "evidence",
    "exceptions",
    "health",
    "in_kind",
    "interests",
    "invoices",
    "ledger",
    "library",
    "links",
    "merging",
    "organizations",
    "payers",
    "prospects",
    "receivables",
    "reminder_policies",
    "renewals",
    "screenings",
]
