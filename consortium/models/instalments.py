"""By which payments the fee of each year comes due."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, compiled
from inm_portal.kernel.templatetags.portal import on as written_day

from ..states import CreditNoteState, InstalmentStanding
from .amendments import Amendment
from .commitment_years import CommitmentYear
from .organizations import Organization
from .payers import Terms

#: Days before it is due that an instalment is invoiced; more, if the terms are longer.
LEAD_DAYS = 30
PAYER = "commitment_year__agreement__organization__payer_profile"


def due_by(issued_by: date) -> date:
    """Return until when is due what is issued by a day at the latest."""
    return issued_by + timedelta(days=max(LEAD_DAYS, *Terms.values))


class BudgetYearStart(Func):
    """The first day of the budget year of a day; null without the month it begins."""

    arity = 2
    output_field = DateField()
    template = """(
        SELECT make_date(date_part('year', d - make_interval(0, m - 1))::int, m, 1)
        FROM (VALUES (%(expressions)s)) asked (d, m)
    )"""


class InstalmentQuerySet(PortalQuerySet):
    def in_force(self) -> Self:
        """Keep those that were not cancelled."""
        # Asked by the column of the join: else the database expects hardly any row.
        return self.filter(cancellation__instalment=None)

    def known(self, *, on: date) -> Self:
        """Keep those that were recorded by a day, and not cancelled by then."""
        recorded = self.filter(recorded_on__lte=on)
        return recorded.exclude(cancellation__recorded_on__lte=on)

    def with_organization(self) -> Self:
        """Annotate whose fee it is part of, and ``is_in_force``."""
        return self.annotate(
            organization_id=F("commitment_year__agreement__organization_id"),
            is_in_force=Exists(
                type(self)(self.model).in_force().filter(pk=OuterRef("pk"))
            ),
        )

    def to_invoice(self) -> Self:
        """Keep those in force that are to be paid, and on no live invoice."""
        return self.in_force().filter(~Exists(_live_lines()), amount__gt=0)

    def to_do(self) -> Self:
        """Keep those for which an invoice, or else a credit note, is to be drafted."""
        return self.in_force().filter(_is_to_do())

    def with_issue_by(self) -> Self:
        """
        Annotate ``issue_by``: as long before it is due as the terms of its member.

        Where the member says when its budget year starts, not before the one in
        which the instalment is due. What takes something back is issued when due.
        """
        terms = Greatest(Coalesce(f"{PAYER}__terms_days", LEAD_DAYS), LEAD_DAYS)
        early: Any = F("due_on") - terms
        first = Greatest(
            ExpressionWrapper(early, output_field=DateField()),
            BudgetYearStart("due_on", f"{PAYER}__budget_year_starts_in"),
        )
        return self.annotate(
            issue_by=Case(When(amount__lt=0, then=F("due_on")), default=first)
        )

    def to_issue(self, *, by: Any, due_by: Any) -> Self:
        """
        Keep those, read ``with_issue_by``, that are issued by a day.

        None of them is due after ``due_by``, which is `due_by` of that day: a column
        of its own, where the day of issue follows from others.
        """
        return self.filter(issue_by__lte=by, due_on__lte=due_by)

    def to_credit(self) -> Self:
        """Keep those in force that take back what was invoiced before."""
        return self.in_force().filter(amount__lt=0)

    def with_billing(self, *, on: date) -> Self:
        """Annotate the invoice that asked for it on a day, and what was open then."""
        line = _asked_lines(on).filter(instalment=OuterRef("pk")).order_by("-pk")
        told = {
            "invoice_key": "invoice",
            "invoice_number": "invoice__number",
            "billed_open": "open_amount",
        }
        columns = {name: Subquery(line.values(col)[:1]) for name, col in told.items()}
        return self.annotate(**columns)

    def with_use(self) -> Self:
        """Annotate ``is_used``: what is issued asks for it, or takes it back."""
        asked, credits = _live_lines().issued(), _credits()
        return self.annotate(is_used=Exists(asked) | Exists(credits))


@cache
def _is_to_do() -> RawSQL:
    """Return the condition of what is to be asked for, or to be taken back."""
    asks = Q(amount__gt=0) & ~Q(Exists(_live_lines()))
    takes_back = Q(amount__lt=0) & Q(amount__lt=F("_taken_back") * -1)
    rows: Any = Instalment.objects.alias(_taken_back=_drafted())
    told = ExpressionWrapper(asks | takes_back, output_field=BooleanField())
    return compiled(rows.annotate(told=told), "told")


def _live_lines() -> Any:
    # Invoices stand on instalments, so their module is not imported here.
    lines = apps.get_model("consortium", "InvoiceLine").objects
    return lines.live().filter(instalment=OuterRef("pk"))


def _asked_lines(on: date) -> Any:
    """Return lines that were asked for on a day, and not credited in whole."""
    lines: Any = apps.get_model("consortium", "InvoiceLine").objects
    return lines.asked(on=on).with_open(on).filter(credited__lt=F("amount"))


def _credits() -> Any:
    # So do credit notes.
    lines = apps.get_model("consortium", "CreditNoteLine").objects
    return lines.filter(
        credit_note__state=CreditNoteState.ISSUED, instalment=OuterRef("pk")
    )


def _drafted() -> Any:
    """Return what credit notes take back of an instalment, drafts among them."""
    lines = apps.get_model("consortium", "CreditNoteLine").objects
    kept = lines.exclude(credit_note__state=CreditNoteState.ABANDONED)
    of_each: Any = kept.filter(instalment=OuterRef("pk")).order_by()
    sums = of_each.values("instalment").values(sum=Sum("amount"))
    return Coalesce(Subquery(sums), Value(Decimal(), output_field=MoneyField()))


def instalment_name(agreement: str, year: int, due_on: date) -> str:
    """Return what an instalment is called: by its agreement, its year and its day."""
    return f"{agreement}, year {year}, {written_day(due_on)}"


class Instalment(AppendOnlyModel):
    """
    A part of the fee of a year, due on a day, as an agreement or amendment says.

    One below zero takes back, by a credit note, what was invoiced before an
    amendment lowered the fee.
    """

    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.PROTECT,
        related_name="instalments",
    )
    amendment = models.ForeignKey(
        Amendment,
        verbose_name=_("by amendment"),
        on_delete=models.PROTECT,
        null=True,
        related_name="instalments",
    )
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("due"))
    amount = MoneyField(_("amount"))
    recorded_on = models.DateField(_("recorded"))

    objects = InstalmentQuerySet.as_manager()

    is_used: bool  # annotated by with_use()
    issue_by: date  # annotated by with_issue_by()
    invoice_key: int | None  # annotated by with_billing()
    invoice_number: str | None  # annotated by with_billing()
    billed_open: Decimal | None  # annotated by with_billing()
    lacks: Sequence[Any]  # told by tell_lacks()
    is_ready: bool  # told by tell_lacks()
    may_be_drafted: bool  # told by tell_lacks()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("instalment")
        ordering = ["commitment_year", "due_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment_year", "number"],
                name="instalment_number_is_unique",
            ),
            models.CheckConstraint(
                name="instalment_is_of_an_amount",
                condition=~Q(amount=0) & Q(number__gte=1),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                include=["commitment_year", "amount"],
                name="instalment_by_date",
            )
        ]

    def __str__(self) -> str:
        year = self.commitment_year
        return instalment_name(year.agreement.number, year.number, self.due_on)

    @property
    def standing(self) -> InstalmentStanding:
        """How far it has come, where it was read ``with_billing()``."""
        if self.amount < 0:
            return InstalmentStanding.TAKEN_BACK
        if self.billed_open is None:
            return InstalmentStanding.PLANNED
        if not self.billed_open:
            return InstalmentStanding.PAID
        if self.billed_open < self.amount:
            return InstalmentStanding.PART_PAID
        return InstalmentStanding.INVOICED

    @property
    def organization(self) -> Organization:
        return self.commitment_year.agreement.organization

    def get_absolute_url(self) -> str:
        """Return the page of its year, of which it is a part."""
        return page_of("consortium:commitment_year", self.commitment_year_id)


#: What is invoiced stays: its excess is taken back by a credit note.
STAYS_WHEN_INVOICED = """
IF EXISTS (
    SELECT FROM consortium_invoiceline l
    JOIN consortium_invoice i ON i.id = l.invoice_id
    WHERE l.instalment_id = NEW.instalment_id AND i.state = 'issued'
        AND l.amount > (
            SELECT coalesce(sum(c.amount), 0) FROM consortium_creditnoteline c
            JOIN consortium_creditnote n ON n.id = c.credit_note_id
            WHERE c.line_id = l.id AND n.state = 'issued'
        )
) THEN
    RAISE EXCEPTION 'an instalment that is invoiced is not cancelled'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class InstalmentCancellation(AppendOnlyModel):
    """That an amendment, or the end of its agreement, took an instalment away."""

    instalment = models.OneToOneField(
        Instalment, on_delete=models.PROTECT, related_name="cancellation"
    )
    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, null=True, related_name="cancellations"
    )
    recorded_on = models.DateField(_("recorded"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("cancelled instalment")
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="stays_when_invoiced",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=STAYS_WHEN_INVOICED,
            ),
        ]

    def __str__(self) -> str:
        return str(self.instalment)
