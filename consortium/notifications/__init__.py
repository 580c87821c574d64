"""Reminders of the consortium: what is asked of whom, and when; a file a subject."""

from . import contacts, dues, orders, promises, years

__all__ = ["contacts", "dues", "orders", "promises", "years"]
