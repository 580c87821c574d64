"""Entries of the journal."""

from typing import Any

from inm_portal.kernel import journal
from inm_portal.kernel.models import JournalEntry


def recorded(verb: str, subject: Any, *, by: Any, **facts: Any) -> JournalEntry:
    """Record what happened; return its entry."""
    journal.record(verb, subject, by=by, **facts)
    return JournalEntry.objects.latest("pk")
