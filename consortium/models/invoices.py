"""What a member is asked to pay: drafted, approved by a second person, issued."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import ChangedAfter, LifecycleModel, lifecycle_triggers
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import (
    INVOICE_STEPS,
    NOT_ISSUED,
    Bucket,
    CreditNoteState,
    InvoiceState,
    Standing,
)
from . import receivables
from .commitment_years import CommitmentYear
from .instalments import Instalment
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
from .ledger import PostedQuerySet, PostingKind, Restated
from .organizations import Organization
from .payers import Channel, PurchaseOrder, Terms

NOTHING = Value(Decimal(), output_field=MoneyField())


class InvoiceQuerySet(PostedQuerySet):
    def issued(self) -> Self:
        return self.filter(state=InvoiceState.ISSUED)

    def known(self, *, on: date) -> Self:
        """Keep what was issued by a day and not voided by then."""
        issued = self.filter(issued_on__lte=on)
        return issued.exclude(voided_at__date__lte=on)

    def with_total(self) -> Self:
        """Annotate ``total``: what it asks for, whatever was paid or credited."""
        lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by()
        sums = lines.values("invoice").values(sum=Sum("amount"))
        return self.annotate(total=Coalesce(Subquery(sums), NOTHING))

    def with_disputed(self) -> Self:
        """Annotate ``disputed``: what of each is not accepted, and not settled."""
        # What is said of invoices stands on them, so its module is not imported here.
        rows = apps.get_model("consortium", "InvoiceDispute").objects
        of_each: Any = rows.filter(invoice=OuterRef("pk"), resolution=None).order_by()
        sums = of_each.values("invoice").values(sum=Sum("amount"))
        return self.annotate(disputed=Coalesce(Subquery(sums), NOTHING))

    def with_answer(self) -> Self:
        """Annotate ``answer``: what the member's payables said last, if anything."""
        rows = apps.get_model("consortium", "CustomerAnswer").objects
        last: Any = rows.filter(invoice=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            answer=Coalesce(Subquery(last.values("kind")[:1]), Value(""))
        )

    def with_return(self) -> Self:
        """Annotate ``is_returned``: it was sent back, and not changed since."""
        rows = apps.get_model("consortium", "InvoiceReturn").objects
        last = rows.filter(invoice=OuterRef("pk"), version=OuterRef("version"))
        return self.annotate(is_returned=Exists(last))

    def with_open(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """Annotate ``open_amount``, what settles it, and its ``standing``."""
        return join_view(self, "settled", receivables.invoices(on, restated))

    def owing(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """Keep those of which something is open, with what ``with_open`` tells."""
        unpaid = InvoiceLine.objects.unpaid(on, restated=restated).order_by()
        asked = self.filter(
            receivables.is_asked(on, restated), pk__in=unpaid.values("invoice")
        )
        return asked.with_open(on, restated=restated).filter(open_amount__gt=0)


#: What an approver saw; only what was sent back changes.
CONTENT = [
    *["organization", "replaces", "currency", "order", "order_number"],
    *["bill_to_entity", "bill_to_address", "attention", "terms_days"],
    *["channel", "supplier_portal", "note", "drafted_by", "drafted_at"],
    *["changed_by", "changers"],
]

#: An instalment is asked for once. A draft that replaces an invoice counts when it
#: is issued: what it replaces is credited in the same act.
ASKED_ONCE = """
IF EXISTS (
    SELECT FROM consortium_invoiceline l
    JOIN consortium_invoice i ON i.id = l.invoice_id
    WHERE l.instalment_id {instalments} AND i.state <> 'voided'
        AND (i.state = 'issued' OR i.replaces_id IS NULL)
        AND l.amount > (
            SELECT coalesce(sum(c.amount), 0) FROM consortium_creditnoteline c
            JOIN consortium_creditnote n ON n.id = c.credit_note_id
            WHERE c.line_id = l.id AND n.state = 'issued'
        )
    GROUP BY l.instalment_id HAVING count(*) > 1
) THEN
    RAISE EXCEPTION 'an instalment is on one live invoice'
        USING ERRCODE = 'unique_violation';
END IF;
RETURN NULL;
"""


VOID_WITH_NOTHING_APPLIED = f"""
IF NEW.state = 'voided' AND OLD.state = 'issued' AND EXISTS (
    SELECT FROM consortium_invoiceline l WHERE l.invoice_id = NEW.id
        AND 0 < {receivables.SETTLED.format(line="l.id")}
) THEN
    RAISE EXCEPTION 'an invoice is voided while nothing is applied to it'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
"""


class Invoice(LifecycleModel, VersionedModel, IssuedModel):
    """
    What a member is asked to pay for instalments of its fee.

    Once issued it is frozen: what was wrong is credited, and issued anew. Staff see
    drafts; those who pay at the member see what was issued.
    """

    State = InvoiceState
    steps = INVOICE_STEPS

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="invoices",
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=InvoiceState,
        default=InvoiceState.DRAFT,
        editable=False,
    )
    number = number_in(Series.INVOICES)
    external_number = models.CharField(
        _("number at MIT AR"), max_length=100, blank=True, default="", editable=False
    )
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("issued in place of"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="replacements",
    )
    bill_to_entity = models.CharField(_("legal entity billed"), max_length=200)
    bill_to_address = models.TextField(_("billing address"), max_length=500)
    attention = models.CharField(_("attention"), max_length=200, blank=True)
    order = models.ForeignKey(
        PurchaseOrder,
        verbose_name=_("purchase order"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
    )
    order_number = models.CharField(_("purchase order"), max_length=100, blank=True)
    terms_days = models.PositiveSmallIntegerField(_("payment terms"), choices=Terms)
    channel = models.CharField(_("delivery"), max_length=6, choices=Channel)
    supplier_portal = models.CharField(_("supplier portal"), max_length=100, blank=True)
    note = models.CharField(
        _("note"), max_length=500, blank=True, help_text=_("Printed on the invoice.")
    )
    due_on = models.DateField(
        _("due"),
        null=True,
        blank=True,
        help_text=_("Empty in a draft that follows the instalment and the terms."),
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last changed by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    #: The accounts of all who changed it: none of them approves it.
    changers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    voided_at = models.DateTimeField(_("voided"), null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("voided by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    voided_because = models.CharField(
        _("voided because"), max_length=500, blank=True, editable=False
    )

    objects = InvoiceQuerySet.as_manager()

    total: Decimal  # annotated by with_total()
    disputed: Decimal  # annotated by with_disputed()
    answer: str  # annotated by with_answer()
    is_returned: bool  # annotated by with_return()
    asked: Decimal  # annotated by with_open()
    allocated: Decimal  # annotated by with_open()
    open_amount: Decimal  # annotated by with_open()
    standing: str  # annotated by with_open()
    bucket: str  # annotated by owed()
    last_contact_on: date | None  # annotated by with_care()
    promised_on: date | None  # annotated by with_care()
    settle_by: date | None  # annotated by with_care()
    next_on: date | None  # annotated by with_care()
    next_rung: str | None  # annotated by with_care()
    task: str | None  # annotated by with_care()
    task_on: date | None  # annotated by with_care()

    class Meta:
        verbose_name = _("invoice")
        permissions = [
            ("approve_invoice", "Can approve an invoice or a credit note"),
            ("issue_invoice", "Can issue an invoice"),
            ("void_invoice", "Can void an issued invoice"),
        ]
        constraints = [
            *numbered_once("invoice"),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state=InvoiceState.VOIDED),
                name="invoice_is_replaced_once",
            ),
            models.UniqueConstraint(
                fields=["external_number"],
                condition=~Q(external_number=""),
                name="invoice_is_known_once_at_mit_ar",
            ),
            models.CheckConstraint(
                name="invoice_numbered_and_due_once_issued",
                condition=Q(state=InvoiceState.VOIDED)
                | iff(Q(state=InvoiceState.ISSUED), IS_NUMBERED & ~Q(due_on=None)),
            ),
            models.CheckConstraint(
                name="invoice_has_all_that_is_given_or_nothing",
                condition=IS_NUMBERED | NOT_NUMBERED,
            ),
            models.CheckConstraint(
                name="invoice_approved_iff_no_draft",
                condition=Q(state=InvoiceState.VOIDED)
                | iff(Q(state=InvoiceState.DRAFT), Q(approved_at=None)),
            ),
            models.CheckConstraint(
                name="invoice_approved_by_another_than_who_drafted_it",
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="invoice_approved_by_another_than_who_changed_it",
                condition=Q(approved_by=None) | ~Q(approved_by=F("changed_by")),
            ),
            models.CheckConstraint(
                name="invoice_voided_iff_it_says_why",
                condition=iff(Q(state=InvoiceState.VOIDED), ~Q(voided_because=""))
                & iff(Q(voided_because=""), Q(voided_at=None)),
            ),
            models.CheckConstraint(
                name="invoice_quotes_its_order",
                condition=Q(order=None) | ~Q(order_number=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "due_on"],
                condition=Q(state=InvoiceState.ISSUED),
                name="invoice_of_member",
            ),
            models.Index(fields=["-issued_on", "-id"], name="invoice_by_date"),
        ]
        triggers = [
            *lifecycle_triggers(INVOICE_STEPS, initial=InvoiceState.DRAFT),
            pgtrigger.Protect(
                name="approved_is_what_was_seen",
                operation=pgtrigger.Update,
                condition=ChangedAfter(InvoiceState.DRAFT, *CONTENT),
            ),
            pgtrigger.Protect(
                name="issued_is_immutable",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    NOT_ISSUED, *GIVEN, "due_on", "approved_by", "approved_at"
                ),
            ),
            pgtrigger.Protect(
                name="voided_stays_so",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    [*NOT_ISSUED, InvoiceState.ISSUED],
                    *["voided_by", "voided_at", "voided_because"],
                ),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            issued_whole(
                "consortium_invoice",
                lines="consortium_invoiceline",
                pdfs="consortium_invoicepdf",
                key="invoice_id",
                kind=PostingKind.INVOICE_ISSUED.value,
            ),
            pgtrigger.Trigger(
                name="void_with_nothing_applied",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=VOID_WITH_NOTHING_APPLIED,
            ),
            pgtrigger.Trigger(
                name="asks_once",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=ASKED_ONCE.format(
                    instalments="IN (SELECT instalment_id FROM consortium_invoiceline"
                    " WHERE invoice_id = NEW.id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number or _("Draft invoice %(key)s") % {"key": self.pk}

    def get_absolute_url(self) -> str:
        return page_of("consortium:invoice", self.pk)

    @property
    def state_tone(self) -> str:
        return InvoiceState(self.state).tone

    @property
    def status(self) -> InvoiceState | Standing:
        """Return its state until it is issued, then what became of it."""
        if self.state == InvoiceState.ISSUED:
            return Standing(self.standing)
        return InvoiceState(self.state)

    @property
    def age(self) -> Bucket:
        """Return how long past due it is, where it was read as ``owed()``."""
        return Bucket(self.bucket)

    @property
    def remittance_reference(self) -> str:
        """Return what a payment quotes, so that it is matched."""
        return self.number or ""


class InvoiceLineQuerySet(PortalQuerySet):
    def issued(self) -> Self:
        return self.filter(invoice__state=InvoiceState.ISSUED)

    def asked(self, *, on: date) -> Self:
        """Keep those of invoices that were issued on a day, and not voided by then."""
        return self.filter(receivables.is_asked(on, of="invoice__"))

    def live(self) -> Self:
        """Keep those that ask for something: not voided, nor credited in whole."""
        # Found once, and not asked for line by line: few are credited in whole.
        notes = apps.get_model("consortium", "CreditNoteLine").objects
        issued = notes.filter(credit_note__state=CreditNoteState.ISSUED)
        standing = self.exclude(invoice__state=InvoiceState.VOIDED)
        return standing.exclude(pk__in=receivables.made_up(issued, "line"))

    def unpaid(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """Leave out those of which all is paid."""
        paid = apps.get_model("consortium", "Allocation").objects
        live = paid.live(on, restated=restated)
        return self.exclude(pk__in=receivables.made_up(live, "line"))

    def owing(self) -> Self:
        """Keep those of which something is open, with what ``with_open`` tells."""
        return self.unpaid().with_open().filter(open_amount__gt=0)

    def with_credited(self) -> Self:
        """Annotate ``credited``: what issued credit notes took back of each."""
        return self.annotate(credited=credited())

    def with_open(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """Annotate ``open_amount``, and what settled the rest."""
        return join_view(self, "settled", receivables.lines(on, restated))


def issued_credits() -> Any:
    """Return the lines of issued credit notes that take back something of a line."""
    # Credit notes stand on invoices, so their module is not imported here.
    rows = apps.get_model("consortium", "CreditNoteLine").objects
    of_line = rows.filter(line=OuterRef("pk")).order_by()
    return of_line.filter(credit_note__state=CreditNoteState.ISSUED)


@cache
def credited() -> Coalesce:
    """Return what issued credit notes took back of a line."""
    sums = issued_credits().values("line").values(sum=Sum("amount"))
    return Coalesce(Subquery(sums), NOTHING)


LINE_FITS = """
IF NOT EXISTS (
    SELECT FROM consortium_invoice i
    JOIN consortium_instalment n ON n.id = NEW.instalment_id
    JOIN consortium_commitmentyear y ON y.id = n.commitment_year_id
    JOIN consortium_agreement a ON a.id = y.agreement_id
    WHERE i.id = NEW.invoice_id AND i.state = 'draft'
        AND a.organization_id = i.organization_id AND y.currency = i.currency
        AND y.id = NEW.commitment_year_id AND n.amount = NEW.amount
        AND NOT EXISTS (
            SELECT FROM consortium_instalmentcancellation c
            WHERE c.instalment_id = n.id
        )
) THEN
    RAISE EXCEPTION 'a line of a draft is an instalment in force of its member'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""

#: Whoever puts an instalment on two invoices at once waits for the other.
ONE_AFTER_THE_OTHER = """
PERFORM pg_advisory_xact_lock(
    hashtext('consortium_instalment'), NEW.instalment_id::int
);
"""

LINES_OF_A_DRAFT = """
IF EXISTS (
    SELECT FROM consortium_invoice WHERE id = OLD.invoice_id AND state <> 'draft'
) THEN
    RAISE EXCEPTION 'the lines of an approved invoice stay'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN OLD;
"""


class InvoiceLine(models.Model):
    """An instalment of a year's fee, as an invoice asks for it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, related_name="lines"
    )
    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.PROTECT,
        related_name="invoice_lines",
    )
    description = models.CharField(_("description"), max_length=300)
    amount = MoneyField(_("amount"))

    objects = InvoiceLineQuerySet.as_manager()

    allocated: Decimal  # annotated by with_open()
    open_amount: Decimal  # annotated by with_open()

    class Meta:
        verbose_name = _("line of an invoice")
        ordering = ["commitment_year", "instalment", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "instalment"], name="invoice_line_is_unique"
            ),
            models.CheckConstraint(
                name="invoice_line_asks_for_something",
                condition=Q(amount__gt=0) & ~Q(description=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="is_not_changed", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=LINE_FITS,
            ),
            pgtrigger.Trigger(
                name="of_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=LINES_OF_A_DRAFT,
            ),
            pgtrigger.Trigger(
                name="asks_once",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=ONE_AFTER_THE_OTHER
                + ASKED_ONCE.format(instalments="= NEW.instalment_id"),
            ),
        ]

    def __str__(self) -> str:
        return self.description


class InvoicePdf(IssuedPdf):
    """The PDF of an invoice, as it was issued."""

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="pdf"
    )

    class Meta(IssuedPdf.Meta):
        verbose_name = _("PDF of an invoice")
        constraints = [fits_its_digest("invoice_pdf_fits_its_digest")]

    def __str__(self) -> str:
        return f"{self.invoice}.pdf"
