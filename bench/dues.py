"""What a sweep of dues costs while 100,000 lines of invoices are open."""

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from consortium.models import Invoice, InvoiceLine
from consortium.notifications.dues import DUES
from inm_portal.kernel.owner import as_owner
from inm_portal.kernel.reminders import planning
from inm_portal.kernel.reminders.business_days import business_days

from . import reminders
from .figures import Figure, Probe

COUNT = 100_000
#: Planning costs no more than inserting the same rows in bulk; a sweep is due a minute.
LIMIT, A_MINUTE = 1.0, 60.0

#: Issued invoices, over and over, each with a number of its own and another due date.
INVOICES = """
WITH told AS (
    SELECT * FROM consortium_invoice v
    WHERE v.state = 'issued' AND EXISTS (
        SELECT FROM consortium_invoiceline l WHERE l.invoice_id = v.id)
)
INSERT INTO consortium_invoice ({columns})
SELECT {copied} FROM (
    SELECT v.*, row_number() OVER (ORDER BY g, v.id) AS n
    FROM told v
    CROSS JOIN generate_series(1, 1 + %(count)s / (SELECT count(*) FROM told)) g
    ORDER BY g, v.id LIMIT %(count)s
) v
"""
LINES = """
WITH known AS (
    SELECT DISTINCT ON (o.organization_id) o.organization_id AS member, l.*
    FROM consortium_invoiceline l JOIN consortium_invoice o ON o.id = l.invoice_id
    WHERE o.note <> 'bench' AND o.state = 'issued' ORDER BY o.organization_id, l.id
)
INSERT INTO consortium_invoiceline
    (invoice_id, instalment_id, commitment_year_id, description, amount)
SELECT v.id, l.instalment_id, l.commitment_year_id, l.description, l.amount
FROM consortium_invoice v JOIN known l ON l.member = v.organization_id
WHERE v.note = 'bench'
"""
#: So late that one reminder of each is planned; whoever has tasks reads them as well.
DUE = "(%(on)s::date + 60)"
#: The copies share the entries of what they are copied from.
ONE_ENTRY = "consortium_invoice_entry_id_key"
TABLES = ["consortium_invoice", "consortium_invoiceline"]


def probes() -> Iterator[Probe]:
    yield Probe("sweep of dues, 100,000 open lines", swept)


def swept(_: Any) -> Iterator[Figure]:
    """Plan for the first time, and again with nothing new, beside a bulk insert."""
    on = business_days(first=timezone.localdate(), last=timezone.localdate())
    today = on.on_or_after(timezone.localdate())
    with as_owner("default"), transaction.atomic():
        _fill(on=today)
        first, count = _plan(today)
        again, none = _plan(today)
        transaction.set_rollback(True)
    if none:
        raise LookupError(f"{none} of {count} were planned twice")
    inserted = reminders.insert() * count / reminders.COUNT
    connection.close()
    what = "sweep of dues, 100,000 open lines"
    yield Figure(what, f"{first:.2f} s", f"{inserted:.2f} s", first / inserted, LIMIT)
    yield Figure(f"{what}, once planned", f"{again:.2f} s", "", again, A_MINUTE)


def _fill(*, on: date) -> None:
    """Let as many lines be open, less those that their members' own cash could pay."""
    own = {"due_on": DUE, "note": "'bench'"}
    own |= {"serial": "v.n + 1000000", "check_code": "lpad(to_hex(v.n), 12, '0')"}
    fields = [field for field in Invoice._meta.concrete_fields if not field.generated]
    columns = [field.column for field in fields if not field.primary_key]
    copied = [own.get(name) or f"v.{name}" for name in columns]
    statement = INVOICES.format(columns=", ".join(columns), copied=", ".join(copied))
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"ALTER TABLE {TABLES[0]} DROP CONSTRAINT {ONE_ENTRY}")
        cursor.execute(statement, {"count": COUNT, "on": on})
        cursor.execute(LINES, {})
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
    found = InvoiceLine.objects.filter(invoice__note="bench").count()
    if found < COUNT * 0.8:
        raise LookupError(f"{found} of {COUNT} lines were made")


def _plan(on: date) -> tuple[float, int]:
    at = timezone.now()
    began = time.perf_counter()
    count = planning.plan(DUES, at=at, on=on)
    return time.perf_counter() - began, count
