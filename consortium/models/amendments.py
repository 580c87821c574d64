"""How a signed agreement changes: by amendments, and by nothing else."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django_countries.fields import CountryField

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import AMENDMENT_STEPS, AmendmentState
from .agreements import (
    EARLIEST,
    FLOOR_AMOUNT,
    HOME_COUNTRY,
    LATEST,
    Agreement,
    BillingFrequency,
    FloorWaiver,
    signed_with_its_document,
)
from .commitment_years import YEAR_AMOUNTS, CommitmentYear, YearAmounts
from .terms import AMENDABLE

CENT = Decimal("0.01")


class Counting(models.TextChoices):
    """How a year that is under way counts what an amendment says of it."""

    FULL_YEAR = "full_year", _("For the whole year")
    PRO_RATA = "pro_rata", _("For the days that are left, pro rata")


class AmendmentQuerySet(PortalQuerySet):
    def signed(self) -> Self:
        return self.filter(state=AmendmentState.SIGNED)


#: What stays as it is once an amendment is signed, or abandoned.
SETTLED = [
    *["agreement", "number", "effective_on", "counting", "reason", "other_terms"],
    *AMENDABLE,
    *["signed_on", "recorded_on", "signed_for_member_by", "signed_for_mit_by"],
    "waiver",
    *["executed", "executed_sha256", "abandoned_because"],
]


class Amendment(LifecycleModel, VersionedModel):
    """
    A numbered change of a signed agreement; in force once it is signed.

    A term that it leaves empty stays as it was. Amounts of years stand in rows
    of their own. Staff see drafts; the member sees what was signed.
    """

    State = AmendmentState
    steps = AMENDMENT_STEPS

    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="amendments",
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    effective_on = models.DateField(
        _("effective date"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text=_("Years that are over by then stay as they were."),
    )
    counting = models.CharField(
        _("the year under way counts"),
        max_length=9,
        choices=Counting,
        default=Counting.FULL_YEAR,
    )
    reason = models.TextField(_("reason"))
    contracting_entity = models.CharField(
        _("new contracting entity"),
        max_length=200,
        blank=True,
        help_text=_("By novation: another legal entity takes the agreement over."),
    )
    entity_country = CountryField(_("its country"), blank=True)
    entity_tax_number = models.CharField(_("its tax number"), max_length=50, blank=True)
    billing_frequency = models.CharField(
        _("billing"), max_length=12, choices=BillingFrequency, blank=True
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        _("payment terms"), null=True, blank=True, validators=[MaxValueValidator(365)]
    )
    renewal_notice_days = models.PositiveSmallIntegerField(
        _("renewal notice"), null=True, blank=True, validators=[MaxValueValidator(1095)]
    )
    other_terms = models.TextField(
        _("other terms"), blank=True, help_text=_("In plain words.")
    )
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=AmendmentState,
        default=AmendmentState.DRAFT,
        editable=False,
    )
    signed_on = models.DateField(_("signed"), null=True, editable=False)
    recorded_on = models.DateField(_("recorded"), null=True, editable=False)
    signed_for_member_by = models.CharField(
        _("signed for the member by"), max_length=200, blank=True, editable=False
    )
    signed_for_mit_by = models.CharField(
        _("signed for MIT by"), max_length=200, blank=True, editable=False
    )
    executed = models.OneToOneField(
        Document,
        verbose_name=_("executed version"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    executed_sha256 = models.CharField(
        _("SHA-256 of the executed version"),
        max_length=64,
        blank=True,
        editable=False,
    )
    waiver = models.OneToOneField(
        FloorWaiver,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="amendment",
    )
    abandoned_because = models.TextField(
        _("abandoned because"), blank=True, editable=False
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        permissions = [("sign_amendment", "Can record the signing of an amendment")]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="amendment_number_is_unique"
            ),
            models.CheckConstraint(
                name="amendment_signed_on_iff_signed",
                condition=iff(
                    Q(state=AmendmentState.SIGNED), Q(signed_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="amendment_recorded_on_iff_signed",
                condition=iff(Q(signed_on=None), Q(recorded_on=None)),
            ),
            models.CheckConstraint(
                name="amendment_is_signed_by_both_with_its_document",
                condition=~Q(state=AmendmentState.SIGNED)
                | (
                    ~Q(signed_for_member_by="")
                    & ~Q(signed_for_mit_by="")
                    & ~Q(executed_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="amendment_abandoned_iff_it_says_why",
                condition=iff(
                    Q(state=AmendmentState.ABANDONED), ~Q(abandoned_because="")
                ),
            ),
            models.CheckConstraint(
                name="amendment_names_a_new_entity_with_its_country",
                condition=iff(Q(contracting_entity=""), Q(entity_country="")),
            ),
            models.CheckConstraint(
                name="amendment_counts_from_one", condition=Q(number__gte=1)
            ),
        ]
        indexes = [
            models.Index(
                fields=["agreement", "-effective_on"],
                condition=Q(state=AmendmentState.SIGNED),
                name="amendment_in_force",
            ),
        ]
        triggers = [
            *lifecycle_triggers(AMENDMENT_STEPS, initial=AmendmentState.DRAFT),
            signed_with_its_document("consortium.amendment"),
            pgtrigger.Protect(
                name="settled_is_immutable",
                operation=pgtrigger.Update,
                condition=ChangedAfter(AmendmentState.DRAFT, *SETTLED),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:amendment", self.pk)

    @property
    def name(self) -> str:
        return _("Amendment %(number)s to %(agreement)s") % {
            "number": self.number,
            "agreement": self.agreement.number,
        }

    @property
    def state_tone(self) -> str:
        return AmendmentState(self.state).tone

    @property
    def is_foreign(self) -> bool:
        """Say whether it brings in an entity abroad."""
        return bool(self.contracting_entity) and self.entity_country != HOME_COUNTRY

    @property
    def days_late(self) -> int:
        """Return by how many days the signing came after the effective date."""
        return (
            max((self.signed_on - self.effective_on).days, 0) if self.signed_on else 0
        )


class AmendedYear(YearAmounts):
    """What an amendment says of one year of the term, as it is typed."""

    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, related_name="years"
    )
    number = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("year of an amendment")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "number"], name="amended_year_is_unique"
            ),
            models.CheckConstraint(name="amended_year_amounts", condition=YEAR_AMOUNTS),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_a_draft_amendment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
    IF EXISTS (
        SELECT 1 FROM consortium_amendment
        WHERE id IN (NEW.amendment_id, OLD.amendment_id) AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'What a settled amendment says does not change.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
""",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amendment}, year {self.number}"


#: An amount comes with a signed amendment of the year's own agreement, under its
#: own waiver, and never for a year that was over.
OF_ITS_AMENDMENT = """
    IF NOT EXISTS (
        SELECT 1 FROM consortium_amendment a
        JOIN consortium_commitmentyear y ON y.agreement_id = a.agreement_id
        WHERE a.id = NEW.amendment_id AND y.id = NEW.commitment_year_id
            AND a.state = 'signed'
            AND y.ends_on >= GREATEST(a.effective_on, a.signed_on)
            AND (NEW.waiver_id IS NULL OR NEW.waiver_id = a.waiver_id)
    ) THEN
        RAISE EXCEPTION 'This amendment does not change this year.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class YearAmount(YearAmounts, AppendOnlyModel):
    """What a year of a signed agreement asks for since an amendment was signed."""

    commitment_year = models.ForeignKey(
        CommitmentYear, on_delete=models.PROTECT, related_name="amounts"
    )
    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, related_name="amounts"
    )
    waiver = models.ForeignKey(
        FloorWaiver, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_on = models.DateField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("amended amount")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment_year", "amendment"],
                name="year_amount_is_told_once_by_an_amendment",
            ),
            models.CheckConstraint(
                name="year_amount_reaches_the_floor",
                condition=Q(required__gte=FLOOR_AMOUNT) | Q(waiver__isnull=False),
            ),
            models.CheckConstraint(name="year_amount_amounts", condition=YEAR_AMOUNTS),
        ]
        indexes = [
            # All that is in force of a year, without reading the table.
            models.Index(
                fields=["commitment_year", "-id"],
                include=["required", "fee_part", "recorded_on"],
                name="year_amount_latest",
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="of_its_amendment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_ITS_AMENDMENT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_year}, {self.amendment}"


def pro_rata(
    before: Decimal, after: Decimal, *, first: date, last: date, since: date
) -> Decimal:
    """
    Return what a year asks for whose amount changes on a day, to the cent.

    >>> pro_rata(
    ...     Decimal(100),
    ...     Decimal(200),
    ...     first=date(2026, 1, 1),
    ...     last=date(2026, 12, 31),
    ...     since=date(2026, 7, 2),
    ... )
    Decimal('150.14')
    """
    days, left = (last - first).days + 1, (last - since).days + 1
    changed = (after - before) * left / days
    return (before + changed).quantize(CENT, rounding=ROUND_HALF_UP)


def amounts_of(
    amendment: Amendment, years: dict[int, CommitmentYear]
) -> Iterator[tuple[CommitmentYear, Decimal, Decimal]]:
    """
    Yield the years that an amendment changes, with the amounts that they get.

    ``years`` are those of the agreement by number, read ``with_terms``.
    """
    for told in amendment.years.all():
        if told.number not in years:
            continue
        year = years[told.number]
        required, fee_part = told.required, told.fee_part
        since = amendment.effective_on
        is_under_way = year.starts_on < since <= year.ends_on
        if is_under_way and amendment.counting == Counting.PRO_RATA:
            span = {"first": year.starts_on, "last": year.ends_on, "since": since}
            required = pro_rata(year.required_now, required, **span)
            fee_part = pro_rata(year.fee_now, fee_part, **span)
        if (required, fee_part) != (year.required_now, year.fee_now):
            yield year, required, fee_part


def further_years(
    amendment: Amendment, years: dict[int, CommitmentYear]
) -> list[CommitmentYear]:
    """Return the years by which an amendment extends the term, not saved yet."""
    agreement = amendment.agreement
    spans = {told: agreement.year_span(told.number) for told in amendment.years.all()}
    return [
        CommitmentYear(
            agreement=agreement,
            number=told.number,
            starts_on=starts_on,
            ends_on=ends_on,
            required=told.required,
            fee_part=told.fee_part,
            currency=agreement.currency,
            added_by=amendment,
        )
        for told, (starts_on, ends_on) in spans.items()
        if told.number not in years
    ]
