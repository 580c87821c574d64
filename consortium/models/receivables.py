"""
What is open of an invoice, and what is left of a receipt: the one definition.

A line's open amount is what it asks for, less live allocations, write-offs and
credits; what is left of a share is its amount, less live allocations and refunds.
Both can be asked of a day: as it was known then, or ``restated`` by what is known
now, or was on another day. Querysets join them by ``with_open()``,
``with_unapplied()``, ``with_left()``.
"""

from datetime import date
from functools import lru_cache
from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)

from inm_portal.kernel.computed import View, add_up, join_view
from inm_portal.kernel.money import MoneyField

from ..states import CreditNoteState, InvoiceState, Standing
from .ledger import Restated, known_by
from .positions import end_of, sum_of
from .terms import NOTHING


def _live(model: str, on: date | None, restated: Restated, **found: Any) -> Any:
    rows = apps.get_model("consortium", model).objects
    return rows.live(on, restated=restated).filter(**found)


def _issued(on: date | None, restated: Restated, of: str = "") -> Q:
    """Return the condition of what was issued, by a day and as known then."""
    if on is None:
        return Q(**{f"{of}issued_on__isnull": False})
    told = Q(**{f"{of}issued_on__lte": on})
    known = known_by(on, restated)
    return told & Q(**{f"{of}issued_at__lt": end_of(known)}) if known else told


def is_asked(on: date | None, restated: Restated = False, of: str = "") -> Q:
    """Return the condition of invoices that ask for their lines: issued, not voided."""
    if on is None:
        return Q(**{f"{of}state": InvoiceState.ISSUED})
    # It is voided on the day on which that is recorded, however it is told.
    until = min(on, known_by(on, restated) or on)
    voided = Q(
        **{f"{of}state": InvoiceState.VOIDED, f"{of}voided_at__lt": end_of(until)}
    )
    return _issued(on, restated, of) & ~voided


@lru_cache(maxsize=8)
def lines(on: date | None = None, restated: Restated = False) -> View:
    """Return what is open of every line of an invoice."""
    rows: Any = apps.get_model("consortium", "InvoiceLine").objects.all()
    own = {"line": OuterRef("pk")}
    notes = apps.get_model("consortium", "CreditNoteLine").objects.filter(
        _issued(on, restated, "credit_note__"),
        credit_note__state=CreditNoteState.ISSUED,
        **own,
    )
    allocations = _live("Allocation", on, restated, **own)
    write_offs = _live("WriteOff", on, restated, **own)
    rows = add_up(rows, "allocations", allocations, allocated=sum_of("amount"))
    rows = add_up(rows, "write_offs", write_offs, written_off=sum_of("amount"))
    rows = add_up(rows, "notes", notes, credited=sum_of("amount"))
    left = F("amount") - F("allocated") - F("written_off") - F("credited")
    asked = When(is_asked(on, restated, "invoice__"), then=left)
    return View(
        rows.annotate(
            open_amount=Case(asked, default=NOTHING, output_field=MoneyField())
        )
    )


def made_up(rows: Any, of: str) -> Any:
    """
    Return the keys of what rows point to and make up in whole, found in one pass.

    What is left of the few others is worked out one by one.
    """
    sums = rows.order_by().values(of, f"{of}__amount").annotate(sum=Sum("amount"))
    return sums.filter(sum__gte=F(f"{of}__amount")).values(of)


@lru_cache(maxsize=8)
def invoices(on: date | None = None, restated: Restated = False) -> View:
    """Return what was asked for, settled and is open of every invoice."""
    rows: Any = apps.get_model("consortium", "Invoice").objects.all()
    found = apps.get_model("consortium", "InvoiceLine").objects
    of_invoice = join_view(
        found.filter(invoice=OuterRef("pk")), "l", lines(on, restated)
    )
    rows = add_up(
        *(rows, "of_lines", of_invoice),
        asked=sum_of("amount"),
        allocated=sum_of("allocated"),
        written_off=sum_of("written_off"),
        credited=sum_of("credited"),
        open_amount=sum_of("open_amount"),
    )
    return View(rows.annotate(standing=_standing(is_asked(on, restated))))


def _standing(asked: Q) -> Case:
    """Return what became of an invoice, by its sums."""
    return Case(
        When(~asked, then=Value(Standing.NONE)),
        When(open_amount=0, allocated=0, written_off=0, then=Value(Standing.CREDITED)),
        When(open_amount=0, then=Value(Standing.PAID)),
        When(allocated__gt=0, then=Value(Standing.PART_PAID)),
        default=Value(Standing.OPEN),
        output_field=CharField(),
    )


def is_overdue(on: date) -> Any:
    """Return whether an invoice with its sums is late on a day, and not on its own."""
    return ExpressionWrapper(
        Q(due_on__lt=on, open_amount__gt=0), output_field=BooleanField()
    )


@lru_cache(maxsize=8)
def shares(on: date | None = None, restated: Restated = False) -> View:
    """Return what is left of every share of a receipt; nothing of a reversed one."""
    rows: Any = apps.get_model("consortium", "ReceiptShare").objects.all()
    own = {"share": OuterRef("pk")}
    allocations = _live("Allocation", on, restated, **own)
    refunds = _live("Refund", on, restated, **own)
    live = _live("ReceiptShare", on, restated, pk=OuterRef("pk"))
    rows = add_up(rows, "allocations", allocations, allocated=sum_of("amount"))
    rows = add_up(rows, "refunds", refunds, refunded=sum_of("amount"))
    rows = add_up(rows, "live", live, standing=sum_of("amount"))
    left = F("standing") - F("allocated") - F("refunded")
    return View(rows.annotate(unapplied=_amount(left)))


@lru_cache(maxsize=8)
def receipts(on: date | None = None, restated: Restated = False) -> View:
    """
    Return what of every receipt is a member's, and what is nobody's yet.

    ``unapplied`` is what its members' shares are not used for.
    """
    rows: Any = apps.get_model("consortium", "Receipt").objects.all()
    found = apps.get_model("consortium", "ReceiptShare").objects
    of_receipt = join_view(
        found.filter(receipt=OuterRef("pk")), "s", shares(on, restated)
    )
    live = _live("Receipt", on, restated, pk=OuterRef("pk"))
    rows = add_up(
        *(rows, "of_members", of_receipt),
        shared=sum_of("standing"),
        unapplied=sum_of("unapplied"),
    )
    rows = add_up(rows, "live", live, standing=sum_of("amount"))
    return View(rows.annotate(unidentified=_amount(F("standing") - F("shared"))))


def _amount(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=MoneyField())


#: The same, for what the database refuses: by SQL of one line, or of one share.
SETTLED = """
    coalesce((SELECT sum(a.amount) FROM consortium_allocation a
        WHERE a.line_id = {line} AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = a.entry_id)), 0)
    + coalesce((SELECT sum(w.amount) FROM consortium_writeoff w
        WHERE w.line_id = {line} AND w.entry_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = w.entry_id)), 0)
    + coalesce((SELECT sum(c.amount) FROM consortium_creditnoteline c
        JOIN consortium_creditnote n ON n.id = c.credit_note_id
        WHERE c.line_id = {line} AND n.state = 'issued'), 0)
"""
USED = """
    coalesce((SELECT sum(a.amount) FROM consortium_allocation a
        WHERE a.share_id = {share} AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = a.entry_id)), 0)
    + coalesce((SELECT sum(f.amount) FROM consortium_refund f
        WHERE f.share_id = {share} AND f.entry_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = f.entry_id)), 0)
"""
#: What stands of a share: nothing once it was reversed.
STANDS = """
    coalesce((SELECT o.amount FROM consortium_receiptshare o
        WHERE o.id = {share} AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = o.entry_id)), 0)
"""

#: Whoever settles lines of one member at once waits for the other.
SETTLED_ONCE = f"""
PERFORM FROM consortium_organization o
JOIN consortium_invoice i ON i.organization_id = o.id
JOIN consortium_invoiceline l ON l.invoice_id = i.id
WHERE l.id = NEW.line_id FOR UPDATE OF o;
IF (SELECT l.amount FROM consortium_invoiceline l WHERE l.id = NEW.line_id)
    < {SETTLED.format(line="NEW.line_id")} THEN
    RAISE EXCEPTION 'no more of a line is settled than it asks for'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""  # noqa: S608 - words of our own

USED_ONCE = """
PERFORM FROM consortium_organization o
JOIN consortium_receiptshare s ON s.organization_id = o.id
WHERE s.id = NEW.{share} FOR UPDATE OF o;
IF {stands} < {used} THEN
    RAISE EXCEPTION 'no more of a share is used than stands of it'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def settled_once(on: Any) -> pgtrigger.Trigger:
    """Return the trigger that keeps a line from being settled above its amount."""
    return _deferred("settled_once", on, SETTLED_ONCE)


def used_once(share: str, *, on: Any) -> pgtrigger.Trigger:
    """Return the trigger that keeps a share from being used above its amount."""
    own = {"share": f"NEW.{share}"}
    func = USED_ONCE.format(
        share=share, stands=STANDS.format(**own), used=USED.format(**own)
    )
    return _deferred("used_once", on, func)


def _deferred(name: str, on: Any, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=on,
        timing=pgtrigger.Deferred,
        func=func,
    )
