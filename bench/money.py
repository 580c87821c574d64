"""How much cash is recorded and applied in a second, by many at once and by one."""

import statistics
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from consortium import services
from consortium.models import InvoiceLine, Receipt, ReceiptMethod
from inm_portal.accounts.models import User
from inm_portal.kernel import invariants

from .figures import Figure, Probe
from .writers import Write, rate

WRITERS, TIMES, ROUNDS = 16, 10, 3
COMPANIES = 100
#: Many at once may lose a little of what one does alone, and no more.
LIMIT = 1.25
FINANCE = "finance@inm.example"


def probes() -> Iterator[Probe]:
    yield Probe("money, recorded and applied by 16 writers", applied)


def applied(_: Any) -> Iterator[Figure]:
    """Record a receipt and apply it: on one company, on a hundred, and by one alone."""
    person, lines = User.objects.get(email=FINANCE), _open_lines()
    for what, among in [("100 companies", lines), ("one company", lines[:1])]:
        rounds = []
        for _ in range(ROUNDS):
            together = _rate(among, person, writers=WRITERS)
            rounds.append((together, _rate(among, person, writers=1)))
        yield Figure(
            f"money, {WRITERS} writers, {what}",
            f"{statistics.median(together for together, _ in rounds):,.0f}/s",
            f"{statistics.median(alone for _, alone in rounds):,.0f}/s",
            statistics.median(alone / together for together, alone in rounds),
            LIMIT,
        )
    if broken := list(invariants.broken()):
        raise LookupError(f"The books do not tie: {broken[0]}")


def _open_lines() -> list[InvoiceLine]:
    """Return a line of each of a hundred companies of which nothing is paid."""
    rows = InvoiceLine.objects.issued().with_open().filter(open_amount__gte=100_000)
    rows = rows.select_related("invoice__organization")
    by_company = {line.invoice.organization_id: line for line in rows.order_by("-pk")}
    found = sorted(by_company.values(), key=lambda line: line.pk)[:COMPANIES]
    if len(found) < COMPANIES:
        raise LookupError(f"{len(found)} companies owe something, not {COMPANIES}")
    return found


def _rate(lines: Sequence[InvoiceLine], person: User, *, writers: int) -> float:
    write = _pay(lines, person, writers)
    return rate(write, writers=writers, times=WRITERS * TIMES // writers)


def _pay(lines: Sequence[InvoiceLine], person: User, writers: int) -> Write:
    """Return what a writer does: another amount each time, or it were a duplicate."""
    today = Receipt.objects.filter(received_on=timezone.localdate())
    highest = today.aggregate(highest=Max("amount"))["highest"] or Decimal()

    @transaction.atomic
    def write(writer: int, number: int) -> None:
        line = lines[(writer * 7 + number) % len(lines)]
        amount = highest + Decimal(number * writers + writer + 1) / 100
        now = timezone.now()
        receipt = services.record_receipt(
            amount=amount,
            organization=line.invoice.organization,
            received_on=timezone.localdate(),
            method=ReceiptMethod.WIRE,
            payer_name=line.invoice.bill_to_entity,
            today=timezone.localdate(),
            at=now,
            by=person,
        )
        part = services.LinePart(line, amount)
        services.allocate(receipt.shares.get(), [part], at=now, by=person)

    return write
