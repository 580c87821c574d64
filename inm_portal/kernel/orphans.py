"""Files without a row, rows without a file, and files whose time has come."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from . import documents
from .models import Document, Job, JobState, ScanState

#: No upload takes so long; a younger file may be about to get its row.
SETTLED = timedelta(days=1)

#: Jobs that will scan what they name, now or once somebody lets them.
OPEN = [JobState.QUEUED, JobState.RUNNING, JobState.PARKED]


def clear(*, at: datetime) -> None:
    """Remove what expired and what no row names; ask for scans that are missing."""
    remove_expired(at=at)
    remove_orphans(at=at)
    ask_missing_scans(at=at)


def remove_expired(*, at: datetime) -> int:
    """Remove documents that were made to expire, and then their files."""
    expired = list(Document.objects.filter(expires_at__lte=at))
    for document in expired:
        document.delete()
        default_storage.delete(document.stored)
    return len(expired)


def remove_orphans(*, at: datetime) -> int:
    """Remove files that an upload left behind when it failed."""
    found = list(_orphans(at))
    for name in found:
        default_storage.delete(name)
    return len(found)


def _orphans(at: datetime) -> Iterator[str]:
    folders, _files = _listed("")
    for folder in folders:
        names = [f"{folder}/{name}" for name in _listed(folder)[1]]
        rows = Document.objects.filter(stored__in=names)
        named = set(rows.values_list("stored", flat=True))
        for name in sorted(set(names) - named):
            if _age(name, at) > SETTLED:
                yield name


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []  # nothing was ever uploaded


def _age(name: str, at: datetime) -> timedelta:
    written = default_storage.get_modified_time(name)
    return at - (
        timezone.make_aware(written) if timezone.is_naive(written) else written
    )


def ask_missing_scans(*, at: datetime) -> None:
    """Ask for the scans of what came in before there was a scanner."""
    scans = Job.objects.filter(kind=documents.SCAN, state__in=OPEN)
    asked = set(scans.values_list("args__document", flat=True))
    waiting = Document.objects.filter(state=ScanState.UNSCANNED).exclude(pk__in=asked)
    for document in waiting.iterator():
        documents.ask_scan(document, at=at)


def faults() -> Iterator[str]:
    """Yield a sentence for each document whose file is gone or was changed."""
    for document in Document.objects.order_by("pk").iterator():
        if not default_storage.exists(document.stored):
            yield f"Document {document.pk} has no file."
        elif _digest(document.stored) != document.sha256:
            yield f"The file of document {document.pk} was changed."


def _digest(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
