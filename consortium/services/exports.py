"""Hand entries to the general ledger of the university, each once."""

from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.exports.cells import text
from inm_portal.kernel.exports.csv import stream_csv
from inm_portal.kernel.locks import take_turns

from ..models import ExportBatch, ExportedEntry, LedgerEntry, LedgerLine
from ..verbs import Verb

COLUMNS = {
    "entry": "entry_id",
    "kind": "entry__kind",
    "posting date": "entry__posted_on",
    "value date": "entry__value_on",
    "account": "account",
    "member": text("organization__name"),
    "debit": "debit",
    "credit": "credit",
    "currency": "entry__currency",
    "reverses": "entry__reverses_id",
    "reason": text("entry__reason"),
}


class NothingToExport(Refusal):
    code = "nothing_to_export"


@transaction.atomic
def export_entries(*, posted_until: date, at: datetime, by: User) -> ExportBatch:
    """
    Put what is in no batch yet, and posted up to a day, into a file that is kept.

    :raises NothingToExport: if there is nothing.
    """
    take_turns("consortium.ledger_exports")
    waiting = LedgerEntry.objects.filter(exported=None, posted_on__lte=posted_until)
    keys = list(waiting.order_by("posted_on", "pk").values_list("pk", flat=True))
    if not keys:
        raise NothingToExport(_("All that was posted up to that day was exported."))
    lines = LedgerLine.objects.filter(entry__in=keys)
    lines = lines.order_by("entry__posted_on", "entry_id", "pk")
    content = b"".join(stream_csv(lines, COLUMNS))
    batch = ExportBatch.objects.create(
        posted_until=posted_until,
        content=content,
        sha256=sha256(content).hexdigest(),
        made_by=by,
        made_at=at,
    )
    ExportedEntry.objects.bulk_create(
        ExportedEntry(batch=batch, entry_id=key) for key in keys
    )
    facts = {"entries": len(keys), "sha256": batch.sha256}
    journal.record(Verb.LEDGER_EXPORTED, batch, by=by, **facts)
    return batch


@transaction.atomic
def take_export(batch: ExportBatch, *, by: User) -> bytes:
    """Return the file of a batch as it was kept; who took it is on record."""
    journal.record(Verb.LEDGER_EXPORT_TAKEN, batch, by=by, sha256=batch.sha256)
    return bytes(batch.content)
