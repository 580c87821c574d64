"""What a member owes to the program in each year of its term."""

from datetime import date
from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import YearStatus
from . import positions
from .agreements import FLOOR_AMOUNT, Agreement, FloorWaiver, of_a_draft
from .ranges import DateRange
from .terms import released, with_amounts_in_force

YEAR_AMOUNTS = Q(required__gt=0) & Q(fee_part__gte=0) & Q(fee_part__lte=F("required"))


class YearAmounts(models.Model):
    """What a year asks for, and the part of it that INM invoices as fee."""

    required = MoneyField(_("required"))
    fee_part = MoneyField(_("of it fee"))

    class Meta:
        abstract = True

    @property
    def other_part(self) -> Decimal:
        """Return what is to be met by other activities at MIT."""
        return self.required - self.fee_part


class AgreementYear(YearAmounts):
    """What an agreement says of one year of its term; fixed when it is signed."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="years"
    )
    number = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("year of an agreement")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="agreement_year_is_unique"
            ),
            models.CheckConstraint(
                name="agreement_year_amounts", condition=YEAR_AMOUNTS
            ),
            models.CheckConstraint(
                name="agreement_year_counts_from_one", condition=Q(number__gte=1)
            ),
        ]
        triggers = [of_a_draft()]

    def __str__(self) -> str:
        return f"{self.agreement.number}, year {self.number}"


class CommitmentYearQuerySet(PortalQuerySet):
    def open(self, *, on: date) -> Self:
        """Keep the years that cover a day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def ended(self, *, on: date) -> Self:
        """Keep the years that were over before a day."""
        return self.filter(ends_on__lt=on)

    def asking(self) -> Self:
        """Keep those that ask for something: none after a termination."""
        return self.exclude(released())

    def known(self, *, on: date, restated: bool = False) -> Self:
        """
        Keep those of terms whose signing, or extension, was recorded by a day.

        ``restated`` keeps what was signed by then, whenever that was recorded.
        """
        if restated:
            signed = self.filter(agreement__signed_on__lte=on)
            return signed.filter(Q(added_by=None) | Q(added_by__signed_on__lte=on))
        recorded = self.filter(agreement__recorded_on__lte=on)
        return recorded.filter(Q(added_on=None) | Q(added_on__lte=on))

    def with_terms(
        self, as_known_on: date | None = None, *, restated: bool = False
    ) -> Self:
        """Annotate ``required_now`` and ``fee_now``, in force as known on a day."""
        return with_amounts_in_force(self, as_known_on, restated=restated)

    def with_organization(self) -> Self:
        """Annotate ``organization_id``, of the member that committed."""
        return self.annotate(organization_id=F("agreement__organization_id"))

    def with_position(self, *names: str, on: date, restated: bool = False) -> Self:
        """
        Annotate what counts toward each year, and its ``status``, as known on a day.

        Or ``restated``: as of that day, with what is known of it now. The names
        stand on `CommitmentYear`, all or some of which can be asked for; `positions`
        says what each is.
        """
        return join_view(self, "position", positions.view(on, restated), *names)

    def lacking(self, *, on: date) -> Self:
        """Keep the years begun that lack something not waived."""
        begun = self.filter(starts_on__lte=on).with_position(on=on)
        return begun.filter(Q(short__gt=F("waived")) | Q(cash_short__gt=F("waived")))

    def not_closed(self, *, on: date) -> Self:
        """Keep the years whose cure period is not over."""
        return self.with_position(on=on).filter(cure_until__gte=on)

    def curable(self, *, on: date, since: date) -> Self:
        """Keep those `lacking` whose cure period was not over before a day."""
        return self.lacking(on=on).filter(cure_until__gte=since)


#: A year is added by a signed amendment of its own agreement that says its amounts,
#: and reaches the floor or has the waiver of that amendment.
ADDED_AS_TOLD = f"""
    IF NEW.added_by_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_amendment a
        JOIN consortium_amendedyear t ON t.amendment_id = a.id
        WHERE a.id = NEW.added_by_id AND a.agreement_id = NEW.agreement_id
            AND a.state = 'signed' AND t.number = NEW.number
            AND (t.required, t.fee_part) = (NEW.required, NEW.fee_part)
            AND (NEW.required >= {FLOOR_AMOUNT} OR a.waiver_id IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'This amendment does not add this year.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class CommitmentYear(YearAmounts, AppendOnlyModel):
    """
    One year of a signed agreement: what the member committed for it.

    ``fee_part`` is the share of ``required`` that INM invoices as membership
    fee; the rest is met by other activities at MIT. A year that extends the
    term names the amendment by which it came, whose waiver covers it.
    """

    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="commitment_years",
    )
    number = models.PositiveSmallIntegerField(_("year"))
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    waiver = models.ForeignKey(
        FloorWaiver, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_by = models.ForeignKey(
        "consortium.Amendment",
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="added_years",
    )
    added_on = models.DateField(_("added"), null=True)

    objects = CommitmentYearQuerySet.as_manager()

    organization_id: int  # annotated by with_organization()
    required_now: Decimal  # annotated by with_terms(), and by with_position()
    fee_now: Decimal  # annotated by with_terms()
    #: Annotated by with_position().
    is_amended: bool
    credited: Decimal
    in_kind: Decimal
    in_kind_of_its_own: Decimal
    in_cash: Decimal
    recognized: Decimal
    late: Decimal
    carried_on: Decimal
    pending: Decimal
    pending_in_kind: Decimal
    pending_in_cash: Decimal
    waived: Decimal
    cap: Decimal
    room_in_kind: Decimal
    cash_part: Decimal
    cash_short: Decimal
    short: Decimal
    excess: Decimal
    reopened_on: date | None
    cure_until: date
    status: str
    #: Set by `reports.mark_prepaid`.
    prepaid: Decimal = Decimal()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("commitment year")
        permissions = [("waive_commitmentyear", "Can waive a shortfall")]
        constraints = [
            models.CheckConstraint(
                name="commitment_year_reaches_the_floor",
                condition=Q(required__gte=FLOOR_AMOUNT)
                | Q(waiver__isnull=False)
                | Q(added_by__isnull=False),
            ),
            models.CheckConstraint(
                name="commitment_year_added_on_iff_added",
                condition=iff(Q(added_by=None), Q(added_on=None)),
            ),
            models.CheckConstraint(
                name="commitment_year_amounts", condition=YEAR_AMOUNTS
            ),
            models.CheckConstraint(
                name="commitment_year_lasts", condition=Q(starts_on__lt=F("ends_on"))
            ),
            models.UniqueConstraint(
                fields=["agreement", "number"], name="commitment_year_is_unique"
            ),
            ExclusionConstraint(
                name="commitment_years_do_not_overlap",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["starts_on", "id"], name="year_by_start"),
            # All that a list shows of the year that is open.
            models.Index(
                fields=["agreement", "starts_on"],
                include=["ends_on", "number", "required", "id"],
                name="year_of_agreement",
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="added_as_its_amendment_says",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ADDED_AS_TOLD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number}, year {self.number}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:commitment_year", self.pk)

    @property
    def missing(self) -> Decimal:
        """Return what it lacks in all, or more of it in cash: the larger of the two."""
        return max(self.short, self.cash_short)

    @property
    def missing_after_pending(self) -> Decimal:
        """Return what it would lack still if all that is pending were accepted."""
        in_kind = min(self.pending_in_kind, self.room_in_kind)
        short = self.short - self.pending_in_cash - in_kind
        return max(Decimal(), short, self.cash_short - self.pending_in_cash)

    @property
    def other_now(self) -> Decimal:
        """Return what of the amount in force is to be met by other activities."""
        return self.required_now - self.fee_now

    @property
    def unwaived(self) -> Decimal:
        """Return what is missing and not waived."""
        return max(self.missing - self.waived, Decimal())

    @property
    def status_label(self) -> str:
        return str(YearStatus(self.status).label)

    @property
    def status_tone(self) -> str:
        return YearStatus(self.status).tone


class WaiverQuerySet(PortalQuerySet):
    def known(self, *, on: date) -> Self:
        """Keep those that were granted by the end of a day."""
        return self.filter(granted_at__lt=positions.end_of(on))


class ShortfallWaiver(AppendOnlyModel):
    """A director's leave for one year to stay short by an amount."""

    commitment_year = models.ForeignKey(
        CommitmentYear, on_delete=models.PROTECT, related_name="shortfall_waivers"
    )
    amount = MoneyField(_("waived"))
    reason = models.CharField(_("reason"), max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted"))

    objects = WaiverQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("waiver of a shortfall")
        constraints = [
            models.CheckConstraint(
                name="shortfall_waiver_has_a_reason",
                condition=Q(amount__gt=0) & ~Q(reason=""),
            )
        ]
        indexes = [
            # All that a position reads of it.
            models.Index(
                fields=["commitment_year", "granted_at"],
                include=["amount"],
                name="shortfall_waiver_of_year",
            )
        ]

    def __str__(self) -> str:
        return self.reason
