"""What is taken back of an issued invoice."""

from decimal import Decimal
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import ChangedAfter, LifecycleModel, lifecycle_triggers
from inm_portal.kernel.money import MoneyField

from ..states import CREDIT_NOTE_STEPS, CreditNoteState
from . import receivables
from .instalments import Instalment
from .invoices import NOTHING, Invoice, InvoiceLine
from .issued import (
    GIVEN,
    IS_NUMBERED,
    NOT_NUMBERED,
    IssuedModel,
    IssuedPdf,
    Series,
    fits_its_digest,
    issued_whole,
    number_in,
    numbered_once,
)
from .ledger import PostedQuerySet, PostingKind


class CreditNoteQuerySet(PostedQuerySet):
    def issued(self) -> Self:
        return self.filter(state=CreditNoteState.ISSUED)

    def with_total(self) -> Self:
        """Annotate ``total``: what it takes back."""
        lines = CreditNoteLine.objects.filter(credit_note=OuterRef("pk")).order_by()
        sums = lines.values("credit_note").values(sum=Sum("amount"))
        return self.annotate(total=Coalesce(Subquery(sums), NOTHING))


#: Of no line is more taken back than it asks for, and of no instalment that takes
#: back more than it says. Drafts count, so that two are not made of one.
TAKES_BACK_ONCE = """
IF EXISTS (
    SELECT FROM consortium_creditnoteline c
    JOIN consortium_creditnote n ON n.id = c.credit_note_id
    JOIN consortium_invoiceline l ON l.id = c.line_id
    WHERE n.state <> 'abandoned' AND l.id = NEW.line_id
    GROUP BY l.id HAVING sum(c.amount) > l.amount
) OR EXISTS (
    SELECT FROM consortium_creditnoteline c
    JOIN consortium_creditnote n ON n.id = c.credit_note_id
    JOIN consortium_instalment t ON t.id = c.instalment_id
    WHERE n.state <> 'abandoned' AND t.id = NEW.instalment_id
    GROUP BY t.id HAVING sum(c.amount) > -t.amount
) THEN
    RAISE EXCEPTION 'more is taken back than was asked for'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


WITHIN_WHAT_IS_OPEN = f"""
IF NEW.state = 'issued' AND EXISTS (
    SELECT FROM consortium_creditnoteline k
    JOIN consortium_invoiceline l ON l.id = k.line_id
    WHERE k.credit_note_id = NEW.id
        AND l.amount < {receivables.SETTLED.format(line="l.id")}
) THEN
    RAISE EXCEPTION 'no more of a line is credited than is open'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class CreditNote(LifecycleModel, IssuedModel):
    """
    What is taken back of one invoice, line by line, and why.

    Finance drafts it; it counts once a second person issues it.
    """

    State = CreditNoteState
    steps = CREDIT_NOTE_STEPS

    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        related_name="credit_notes",
    )
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=CreditNoteState,
        default=CreditNoteState.DRAFT,
        editable=False,
    )
    number = number_in(Series.CREDIT_NOTES)
    reason = models.CharField(_("reason"), max_length=500)
    replacement = models.OneToOneField(
        Invoice,
        verbose_name=_("issued with it"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="credit_note",
    )

    objects = CreditNoteQuerySet.as_manager()

    total: Decimal  # annotated by with_total()

    class Meta:
        verbose_name = _("credit note")
        constraints = [
            *numbered_once("credit_note"),
            models.CheckConstraint(
                name="credit_note_numbered_iff_issued",
                condition=iff(Q(state=CreditNoteState.ISSUED), IS_NUMBERED)
                & (IS_NUMBERED | NOT_NUMBERED),
            ),
            models.CheckConstraint(
                name="credit_note_issued_by_another_than_who_drafted_it",
                condition=Q(issued_by=None) | ~Q(issued_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="credit_note_has_a_reason", condition=~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="credit_note_by_date")
        ]
        triggers = [
            *lifecycle_triggers(CREDIT_NOTE_STEPS, initial=CreditNoteState.DRAFT),
            pgtrigger.Protect(
                name="stays_what_was_drafted",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *["invoice", "currency", "reason", "replacement"],
                    *["drafted_by", "drafted_at"],
                ),
            ),
            pgtrigger.Protect(
                name="issued_is_immutable",
                operation=pgtrigger.Update,
                condition=ChangedAfter(CreditNoteState.DRAFT, *GIVEN),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            issued_whole(
                "consortium_creditnote",
                lines="consortium_creditnoteline",
                pdfs="consortium_creditnotepdf",
                key="credit_note_id",
                kind=PostingKind.CREDIT_NOTE.value,
            ),
            pgtrigger.Trigger(
                name="within_what_is_open",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=WITHIN_WHAT_IS_OPEN,
            ),
        ]

    def __str__(self) -> str:
        return self.number or _("Draft credit note %(key)s") % {"key": self.pk}

    def get_absolute_url(self) -> str:
        return page_of("consortium:credit_note", self.pk)

    @property
    def state_tone(self) -> str:
        return CreditNoteState(self.state).tone


CREDIT_LINE_FITS = """
IF NOT EXISTS (
    SELECT FROM consortium_creditnote n
    JOIN consortium_invoice i ON i.id = n.invoice_id
    JOIN consortium_invoiceline l ON l.invoice_id = i.id
    LEFT JOIN consortium_instalment t ON t.id = NEW.instalment_id
    WHERE n.id = NEW.credit_note_id AND l.id = NEW.line_id
        AND n.state = 'draft' AND i.state = 'issued' AND n.currency = i.currency
        AND (NEW.instalment_id IS NULL
             OR t.commitment_year_id = l.commitment_year_id AND t.amount < 0)
) THEN
    RAISE EXCEPTION 'a draft credit note takes back a line of its issued invoice'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class CreditNoteLine(models.Model):
    """What is taken back of one line, as an instalment below zero may ask for."""

    credit_note = models.ForeignKey(
        CreditNote, on_delete=models.PROTECT, related_name="lines"
    )
    line = models.ForeignKey(
        InvoiceLine, on_delete=models.PROTECT, related_name="credits"
    )
    instalment = models.ForeignKey(
        Instalment,
        on_delete=models.PROTECT,
        null=True,
        related_name="credits",
    )
    amount = MoneyField(_("amount"))

    class Meta:
        verbose_name = _("line of a credit note")
        ordering = ["line", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_note", "line"], name="credit_note_line_is_unique"
            ),
            models.CheckConstraint(
                name="credit_note_line_takes_something_back", condition=Q(amount__gt=0)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="stays", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CREDIT_LINE_FITS,
            ),
            pgtrigger.Trigger(
                name="takes_back_once",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=TAKES_BACK_ONCE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.amount}"


class CreditNotePdf(IssuedPdf):
    """The PDF of a credit note, as it was issued."""

    credit_note = models.OneToOneField(
        CreditNote, on_delete=models.PROTECT, related_name="pdf"
    )

    class Meta(IssuedPdf.Meta):
        verbose_name = _("PDF of a credit note")
        constraints = [fits_its_digest("credit_note_pdf_fits_its_digest")]

    def __str__(self) -> str:
        return f"{self.credit_note}.pdf"
