"""Reminders of the consortium: what is asked of whom, and when; a file a subject."""

from . import (
    benefits,
    bodies,
    contacts,
    dues,
    orders,
    promises,
    renewals,
    votes,
    years,
)

__all__ = [
    "benefits",
    "bodies",
    "contacts",
    "dues",
    "orders",
    "promises",
    "renewals",
    "votes",
    "years",
]
