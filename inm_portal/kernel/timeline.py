"""What happened lately, each entry with the object that it is about."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps

from .models import JournalEntry


def with_subjects(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Return entries whose ``detail`` names their object; one statement a kind."""
    read = list(entries)
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in read:
        wanted[entry.subject_type].add(entry.subject_id)
    found = {
        kind: apps.get_model(kind)._base_manager.in_bulk(keys)
        for kind, keys in wanted.items()
    }
    for entry in read:
        entry.detail = str(found[entry.subject_type].get(entry.subject_id, ""))
    return read
