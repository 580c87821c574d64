"""Budgets of proposals: lines by year and category, and the rates of the institute."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField, PercentField, QuantityField
from inm_portal.kernel.querysets import PortalQuerySet

from .calls import CostCategory
from .proposals import Proposal, written_in_draft


class RateKind(models.TextChoices):
    BENEFITS = "benefits", _("Employee benefits, percent of salaries")
    INDIRECT = "indirect", _("Indirect cost, percent of modified total direct cost")
    TUITION = "tuition", _("Tuition of a research assistant, dollars a year")


#: What is a percentage; tuition is an amount.
PERCENTAGES = [RateKind.BENEFITS, RateKind.INDIRECT]


class RateQuerySet(PortalQuerySet):
    def in_force(self, kind: str, *, on: date) -> Any:
        """Return the rate of a day, the one recorded last; None if none is known."""
        rows = self.filter(kind=kind, starts_on__lte=on)
        return rows.order_by("-starts_on", "-pk").first()


class CostRate(AppendOnlyModel):
    """
    A rate of the institute from a day on, until another one begins.

    A wrong one is put right by a further row of the same day.
    """

    kind = models.CharField(_("rate"), max_length=20, choices=RateKind)
    starts_on = models.DateField(_("from"))
    percent = PercentField(_("percent"), null=True)
    amount = MoneyField(_("amount"), null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = RateQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("rate of budgets")
        ordering = ["kind", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cost_rate_is_a_percentage_or_an_amount",
                condition=iff(
                    Q(kind__in=PERCENTAGES), Q(percent__isnull=False, amount=None)
                )
                & (Q(percent__isnull=False) | Q(amount__gt=0)),
            ),
            models.CheckConstraint(
                name="cost_rate_percent_is_a_percentage",
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return str(RateKind(self.kind).label)

    @property
    def value(self) -> Decimal:
        """The percentage, or the amount where it is none; one of them is there."""
        return self.percent or self.amount or Decimal(0)


class BudgetLine(models.Model):
    """
    One cost of a year of the project: so many of something, at so much (US dollars).

    Tuition without an amount of its own costs what the institute asks that year.
    Benefits and indirect cost are worked out, and are no lines. The lines of one
    ``payee`` of subawards are one subaward, over all years.
    """

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="budget_lines"
    )
    year = models.PositiveSmallIntegerField(
        _("year of the project"),
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    category = models.CharField(_("category"), max_length=30, choices=CostCategory)
    what = models.CharField(_("person, role or thing"), max_length=200)
    payee = models.CharField(_("who receives the subaward"), max_length=200, blank=True)
    quantity = QuantityField(_("how many"), default=1)
    unit_amount = MoneyField(_("each costs"), null=True, blank=True)
    justification = models.TextField(_("why"), max_length=2000, blank=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a budget")
        ordering = ["year", "category", "pk"]
        constraints = [
            models.CheckConstraint(
                name="budget_line_is_of_a_year_and_not_negative",
                condition=Q(year__gte=1, year__lte=5, quantity__gt=0)
                & (Q(unit_amount=None) | Q(unit_amount__gte=0)),
            ),
            models.CheckConstraint(name="budget_line_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="budget_line_has_an_amount_or_is_tuition",
                condition=Q(unit_amount__isnull=False)
                | Q(category=CostCategory.STUDENT_TUITION),
            ),
            models.CheckConstraint(
                name="budget_line_payee_iff_subaward",
                condition=iff(Q(category=CostCategory.SUBAWARD), ~Q(payee="")),
            ),
            models.CheckConstraint(
                name="budget_line_is_not_worked_out",
                condition=~Q(category=CostCategory.BENEFITS),
            ),
        ]
        triggers = [written_in_draft()]

    def __str__(self) -> str:
        return self.what
