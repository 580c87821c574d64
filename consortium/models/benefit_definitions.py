"""What members get in each year of their agreements, and how much since when."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

#: No year gets, and nobody uses, more of a benefit than this.
MOST_OF_A_BENEFIT = 1_000_000


class Benefit(AppendOnlyModel):
    """
    A kind of thing that each member gets in each year of its agreement.

    How much is said by its rates. Of one that ``carries_over``, what is left of a
    year is used in the next one, too.
    """

    name = models.CharField(_("benefit"), max_length=100, unique=True)
    unit = models.CharField(_("unit"), max_length=40, help_text=_("As in seats."))
    carries_over = models.BooleanField(
        _("carries over"),
        default=False,
        help_text=_("What is left of a year can be used in the next one."),
    )
    defined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("defined by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    defined_at = models.DateTimeField(_("defined"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("benefit")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="benefit_has_a_name_and_a_unit",
                condition=~Q(name="") & ~Q(unit=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:benefit", self.pk)


class BenefitRateQuerySet(PortalQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(benefit__name__icontains=text)

    def standing(self, *, on: date) -> Self:
        """Keep the last that began by a day, and those that begin later."""
        rates = BenefitRate.objects.filter(benefit=models.OuterRef("benefit"))
        later = rates.filter(from_on__lte=on, from_on__gt=models.OuterRef("from_on"))
        return self.exclude(models.Exists(later))


class BenefitRate(AppendOnlyModel):
    """
    How much of a benefit a year gets: the years that begin on a day, or later.

    The first counts for years that are under way on its day, too. A year that asks
    for ``larger_from`` or more gets the larger quantity. None at all ends a benefit.
    """

    benefit = models.ForeignKey(
        Benefit,
        verbose_name=_("benefit"),
        on_delete=models.PROTECT,
        related_name="rates",
    )
    from_on = models.DateField(_("from"))
    quantity = models.PositiveIntegerField(_("a year"))
    larger_from = MoneyField(
        _("larger from"),
        null=True,
        blank=True,
        help_text=_("A year that asks for this much, or more, gets the larger one."),
    )
    larger_quantity = models.PositiveIntegerField(
        _("larger quantity"), null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = BenefitRateQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("rate of a benefit")
        ordering = ["benefit", "from_on"]
        constraints = [
            models.UniqueConstraint(
                "benefit", "from_on", name="benefit_has_one_rate_from_a_day"
            ),
            models.CheckConstraint(
                name="benefit_is_larger_from_an_amount",
                condition=iff(Q(larger_from=None), Q(larger_quantity=None))
                & (Q(larger_from=None) | Q(larger_quantity__gt=F("quantity"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.benefit}, {self.from_on}"

    def get_absolute_url(self) -> str:
        return self.benefit.get_absolute_url()

    @property
    def is_end(self) -> bool:
        return self.quantity == 0 and self.larger_quantity is None

    def quantity_of(self, required: Decimal) -> int:
        """Return what a year that asks for an amount gets; as the SQL of `standing`."""
        is_larger = self.larger_from is not None and required >= self.larger_from
        return (self.larger_quantity or 0) if is_larger else self.quantity


def rate_of_year(
    rates: Iterable[BenefitRate], starts_on: date, ends_on: date
) -> BenefitRate | None:
    """Return which rate of a benefit counts in a year, as `Entitlement` does in SQL."""
    in_order = sorted(rates, key=lambda rate: rate.from_on)
    begun = [rate for rate in in_order if rate.from_on <= starts_on]
    if begun:
        return begun[-1]
    return next((rate for rate in in_order[:1] if rate.from_on <= ends_on), None)
