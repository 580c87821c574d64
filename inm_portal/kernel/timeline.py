"""What happened lately, each entry with the object that it is about."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from . import vocabulary
from .models import JournalEntry
from .prepared import prepared

#: Entries on the page of an object; the journal has the rest.
SHOWN = 8


def history_of(
    thing: Model, *, user: Any, before: datetime | None = None, most: int = SHOWN
) -> list[JournalEntry]:
    """Return the latest of what ``user`` may read about an object that they may see."""
    told = not user.has_perm("kernel.view_journalentry")
    verbs = vocabulary.told_to_members() if told else None
    kind = thing._meta.label_lower
    return _entries(kind, thing.pk, verbs=verbs, before=before)[:most]


@prepared
def _entries(
    kind: str, key: int, *, verbs: Iterable[str] | None, before: datetime | None
) -> Any:
    rows = JournalEntry.objects.filter(subject_type=kind, subject_id=key)
    rows = rows if verbs is None else rows.filter(verb__in=verbs)
    rows = rows if before is None else rows.filter(at__lt=before)
    return rows.latest_first()


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
