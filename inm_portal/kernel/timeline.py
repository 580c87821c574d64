"""What happened lately, each entry with the object that it is about."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps

from .models import JournalEntry


def with_subjects(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Return entries whose ``detail`` names their object; one statement a kind."""
    read = list(entries)
    found = subjects_of_kinds((entry.subject_type, entry.subject_id) for entry in read)
    for entry in read:
        entry.detail = str(found.get((entry.subject_type, entry.subject_id), ""))
    return read


def subjects_of_kinds(
    named: Iterable[tuple[str, int | None]],
) -> dict[tuple[str, int], Any]:
    """Return objects by kind and key; one statement a kind, none for no object."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in named:
        if key is not None:
            wanted[kind].add(key)
    return {
        (kind, key): subject
        for kind, keys in wanted.items()
        for key, subject in apps.get_model(kind)._base_manager.in_bulk(keys).items()
    }
