"""What a member gets in each year of its agreement, and what it used of it."""

from datetime import date, timedelta
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .agreements import anniversary
from .amendments import YearAmount
from .benefit_definitions import Benefit, BenefitRate
from .commitment_years import CommitmentYear
from .deviations import Deviation
from .organizations import Organization

#: The key of an entitlement is its year so many times, and its benefit.
YEARS_APART = 1_000_000

#: What has passed of a year when somebody asks after what was not used of it.
PASSED = 0.6


class EntitlementQuerySet(PortalQuerySet):
    def standing(self, *, on: date) -> Self:
        """
        Annotate what each is on a day, by the agreement in force on it.

        ``required_then`` is what a whole year is asked for by the last amendment
        in effect: a year that is over stays at its last day, one to come starts at
        its first. What was recorded as used counts whenever it was used.
        """
        asked = Value(on, models.DateField())
        day = Greatest(Least(asked, "commitment_year__ends_on"), _starts())
        told = (
            YearAmount.objects.filter(
                commitment_year=OuterRef("commitment_year"),
                amendment__effective_on__lte=OuterRef("day"),
                amendment__years__number=OuterRef("commitment_year__number"),
            )
            .order_by("-amendment__effective_on", "-amendment_id")
            .values("amendment__years__required")[:1]
        )
        rows = self.annotate(day=day)
        rows = rows.annotate(
            required_then=Coalesce(Subquery(told), "commitment_year__required"),
            used=_sum_of(BenefitUse),
        ).with_granted()
        larger_from, larger = F("rate__larger_from"), F("rate__larger_quantity")
        is_larger = When(required_then__gte=larger_from, then=larger)
        rows = rows.annotate(by_tier=Case(is_larger, default="rate__quantity"))
        rows = rows.annotate(quantity=F("by_tier") + F("granted"))
        return rows.annotate(left=F("quantity") - F("used"))

    def unused(self, *, on: date) -> Self:
        """
        Keep those of which nothing was used, with the day of asking after them.

        ``asked_on`` is when 60 % of their year has passed: who is involved renews
        (`docs/worked-examples.md`).
        """
        starts_on, ends_on = _starts(), F("commitment_year__ends_on")
        length = ExpressionWrapper(ends_on - starts_on, models.DurationField())
        passed = ExpressionWrapper(length * PASSED, models.DurationField())
        day = ExpressionWrapper(starts_on + passed, models.DateTimeField())
        rows = self.standing(on=on).filter(used__lte=0, quantity__gt=0)
        return rows.annotate(asked_on=Cast(day, models.DateField()))

    def with_granted(self) -> Self:
        """Annotate ``granted``: what deviations and goodwill add."""
        return self.annotate(granted=_sum_of(BenefitGrant))

    def current(self, *, on: date) -> Self:
        """Keep those of years that cover a day."""
        return self.filter(
            commitment_year__starts_on__lte=on, commitment_year__ends_on__gte=on
        )

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        benefits = Benefit.objects.filter(name__icontains=text).values("pk")
        return self.filter(Q(organization__in=members) | Q(benefit__in=benefits))


def _starts() -> F:
    return F("commitment_year__starts_on")


def _sum_of(model: Any) -> Coalesce:
    same = {name: OuterRef(name) for name in ("commitment_year", "benefit")}
    rows = model.objects.filter(**same).order_by().values("benefit")
    return Coalesce(Subquery(rows.values(sum=Sum("quantity"))), 0)


class Entitlement(models.Model):
    """
    A benefit in one year of a signed agreement.

    A view of the database: one row for each year and each benefit of which it has
    a rate. What it comes to is derived by `standing`.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    benefit = models.ForeignKey(
        Benefit,
        verbose_name=_("benefit"),
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    rate = models.ForeignKey(
        BenefitRate,
        verbose_name=_("rate"),
        on_delete=models.DO_NOTHING,
        related_name="+",
    )

    objects = EntitlementQuerySet.as_manager()

    #: Annotated by standing().
    by_tier: int
    granted: int
    quantity: int
    used: int
    left: int

    class Meta:
        managed = False
        db_table = "consortium_entitlement"
        verbose_name = _("entitlement")
        permissions = [("grant_entitlement", "Can grant more of a benefit")]

    def __str__(self) -> str:
        return f"{self.benefit}, {self.commitment_year}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:entitlement", self.pk)

    @property
    def usable_until(self) -> date:
        """Return the last day on which it can be used; none is after the agreement."""
        year = self.commitment_year
        ends_on: date = year.ends_on
        if self.benefit.carries_over:
            ends_on = anniversary(ends_on + timedelta(days=1), 1) - timedelta(days=1)
        return min(ends_on, year.agreement.ends_on)

    @property
    def is_over_used(self) -> bool:
        return self.left < 0


class GrantSource(models.TextChoices):
    DEVIATION = "deviation", _("Deviation of the agreement")
    GOODWILL = "goodwill", _("Goodwill")


class OfEntitlement(AppendOnlyModel):
    """What changes how much is left of a benefit in a year; never changed itself."""

    commitment_year = models.ForeignKey(
        CommitmentYear, on_delete=models.PROTECT, related_name="+"
    )
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField(_("quantity"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = True


#: A deviation counts in the years of its own agreement.
OF_ITS_AGREEMENT = """
    IF NEW.deviation_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_deviation d
        JOIN consortium_commitmentyear y ON y.agreement_id = d.agreement_id
        WHERE d.id = NEW.deviation_id AND y.id = NEW.commitment_year_id
    ) THEN
        RAISE EXCEPTION 'This deviation is of another agreement.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class BenefitGrant(OfEntitlement):
    """More, or less, of a benefit than the tier gives: as agreed, or by goodwill."""

    deviation = models.ForeignKey(
        Deviation,
        verbose_name=_("deviation"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500)

    class Meta(OfEntitlement.Meta):
        abstract = False
        verbose_name = _("grant of a benefit")
        constraints = [
            models.CheckConstraint(
                name="benefit_grant_says_how_much_and_why",
                condition=~Q(quantity=0) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="benefit_grant_by_goodwill_is_more",
                condition=Q(quantity__gt=0) | ~Q(deviation=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["commitment_year", "benefit"], name="benefit_grant_of_year"
            )
        ]
        triggers = [
            *OfEntitlement.Meta.triggers,
            pgtrigger.Trigger(
                name="of_its_agreement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_ITS_AGREEMENT,
            ),
        ]

    @property
    def source(self) -> GrantSource:
        is_agreed = self.deviation_id is not None
        return GrantSource.DEVIATION if is_agreed else GrantSource.GOODWILL


#: What takes a use back is that use, with the other sign.
REVERSES_IT_WHOLE = """
    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_benefituse u
        WHERE u.id = NEW.reverses_id AND u.quantity = -NEW.quantity
            AND u.commitment_year_id = NEW.commitment_year_id
            AND u.benefit_id = NEW.benefit_id AND u.reverses_id IS NULL
    ) THEN
        RAISE EXCEPTION 'A use is taken back as a whole.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class BenefitUse(OfEntitlement):
    """One use of a benefit, or what takes it back."""

    used_on = models.DateField(_("used"))
    what = models.CharField(
        _("what for"), max_length=300, help_text=_("As in the symposium of May 2027.")
    )
    over_use_reason = models.CharField(
        _("reason for over-use"), max_length=500, blank=True
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal"
    )

    class Meta(OfEntitlement.Meta):
        abstract = False
        verbose_name = _("use of a benefit")
        constraints = [
            models.CheckConstraint(
                name="benefit_use_adds_unless_it_reverses",
                condition=Q(quantity__gt=0, reverses=None)
                | Q(quantity__lt=0, reverses__isnull=False),
            ),
            models.CheckConstraint(
                name="benefit_use_says_what_for", condition=~Q(what="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["commitment_year", "benefit"], name="benefit_use_of_year"
            )
        ]
        triggers = [
            *OfEntitlement.Meta.triggers,
            pgtrigger.Trigger(
                name="reverses_it_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=REVERSES_IT_WHOLE,
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        key = {"commitment_year": self.commitment_year, "benefit": self.benefit}
        return Entitlement.objects.only("pk").get(**key).get_absolute_url()
