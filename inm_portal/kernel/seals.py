"""
Seals over the journal: a chain of digests that shows what was touched later.

Entries are sealed after they commit, by one sealer at a time, so that writing
an entry never waits for another.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from .locks import take_turns
from .models import JournalEntry, JournalSeal

#: No transaction lasts so long, so nothing commits below what was sealed then.
SETTLED = timedelta(days=1)

#: Entries of one seal, which bounds the memory of sealing and of checking.
MOST = 5_000

UNSEALED = """
SELECT e.id FROM kernel_journalentry e
LEFT JOIN (SELECT unnest(entry_ids) AS id FROM kernel_journalseal) s USING (id)
WHERE e.id <= %s AND s.id IS NULL ORDER BY e.id LIMIT 5
"""

COLUMNS = [
    *["id", "at", "actor_id", "acting_as_id", "verb"],
    *["subject_type", "subject_id", "facts", "request_id"],
]


def seal(*, at: datetime) -> int:
    """Seal every committed entry that has no seal yet; return how many."""
    sealed = 0
    while count := _seal_some(at):
        sealed += count
    return sealed


@transaction.atomic
def _seal_some(at: datetime) -> int:
    take_turns("journal seals")
    waiting = list(_unsealed(at)[:MOST].values_list(*COLUMNS))
    if not waiting:
        return 0
    before = JournalSeal.objects.last()
    JournalSeal.objects.create(
        number=before.number + 1 if before else 1,
        sealed_at=at,
        entry_ids=[row[0] for row in waiting],
        last_id=waiting[-1][0],
        digest=digest_of(before.digest if before else "", waiting),
    )
    return len(waiting)


def _unsealed(at: datetime) -> Any:
    """Return entries without a seal, in order; an id may commit after a later one."""
    floor = _floor(at)
    recent = JournalSeal.objects.filter(last_id__gt=floor).order_by()
    sealed = {key for ids in recent.values_list("entry_ids", flat=True) for key in ids}
    entries = JournalEntry.objects.filter(pk__gt=floor).order_by("pk")
    return entries.exclude(pk__in=sealed) if sealed else entries


def lag(*, at: datetime) -> float:
    """Return the seconds for which the oldest entry has waited for its seal."""
    last = JournalSeal.objects.last()
    waiting = JournalEntry.objects.filter(pk__gt=last.last_id if last else 0)
    first = waiting.order_by("pk").first()
    return max((at - first.at).total_seconds(), 0) if first else 0


def _floor(at: datetime) -> int:
    """Return the last entry below which no transaction can still commit another."""
    old = JournalSeal.objects.filter(sealed_at__lt=at - SETTLED).last()
    return old.last_id if old else 0


def digest_of(before: str, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the digest of entries, in the order given, after the digest before."""
    digest = sha256(before.encode())
    for row in rows:
        line = json.dumps(row, default=str, sort_keys=True, separators=(",", ":"))
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def faults(*, at: datetime) -> Iterator[str]:
    """Yield a sentence for each seal that no longer fits, and for what has none."""
    before, expected = "", 1
    for one in JournalSeal.objects.iterator():
        rows = _rows(one.entry_ids)
        if one.number != expected:
            yield f"{one} stands where seal {expected} should."
        if len(rows) != len(one.entry_ids):
            yield f"{one} covers entries that are gone."
        elif digest_of(before, rows) != one.digest:
            yield f"{one} does not fit its entries or the seal before it."
        before, expected = one.digest, one.number + 1
    if slipped := _slipped_in(at):
        yield f"Entries {', '.join(map(str, slipped))} stand among sealed ones without."


def _rows(keys: list[int]) -> list[tuple[Any, ...]]:
    found = JournalEntry.objects.filter(pk__in=keys).values_list(*COLUMNS)
    by_key = {row[0]: row for row in found}
    return [by_key[key] for key in keys if key in by_key]


def _slipped_in(at: datetime) -> list[int]:
    """Return some entries below what the sealer looks at that it never sealed."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED, [_floor(at)])
        return [row[0] for row in cursor.fetchall()]
