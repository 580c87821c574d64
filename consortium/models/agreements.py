"""What a member signed, and what it owes to the program in each year of its term."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Self

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Sum, Value
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, of_number
from inm_portal.kernel.versions import VersionedModel

from ..states import AGREEMENT_STEPS, AgreementState, YearStatus
from .organizations import Organization
from .ranges import DateRange

#: The program's floors (announced 2025-05-27): below either, a director waives.
FLOOR_YEARS = 3
FLOOR_AMOUNT = Decimal("500000.00")

#: Effective dates lie between; anything else is a slip of the keyboard.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class TermEnd(Func):
    """The last day of a term of whole years, anchored at its first day."""

    arity = 2
    template = "(%(expressions)s) - INTERVAL '1 day')::date"
    arg_joiner = " + MAKE_INTERVAL(years => "
    output_field = models.DateField()


def anniversary(effective_on: date, years: int) -> date:
    """Return the day ``years`` after the first; the 28th where there is no 29th."""
    return effective_on + relativedelta(years=years)


class FloorWaiver(AppendOnlyModel):
    """A director's leave for one agreement to stay below the program's floors."""

    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("waiver of the floor")
        constraints = [
            models.CheckConstraint(
                name="floor_waiver_has_a_reason", condition=~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return self.reason


class BillingFrequency(models.TextChoices):
    ANNUAL = "annual", _("Annual")
    SEMI_ANNUAL = "semi_annual", _("Semi-annual")
    QUARTERLY = "quarterly", _("Quarterly")


class AgreementQuerySet(PortalQuerySet):
    def signed(self) -> Self:
        return self.filter(state=AgreementState.SIGNED)

    def in_force(self, *, on: date) -> Self:
        """Keep the signed ones whose term covers a day."""
        return self.signed().filter(effective_on__lte=on, ends_on__gte=on)

    def with_total(self) -> Self:
        """Annotate ``total``: what the agreement asks over its whole term."""
        years = AgreementYear.objects.filter(agreement=OuterRef("pk")).order_by()
        sums = years.values("agreement").values(total=Sum("required"))
        return self.annotate(total=Subquery(sums))

    def with_successor(self) -> Self:
        """Annotate ``is_followed``: whether the member signed a later term."""
        later = Agreement.objects.signed().filter(
            organization=OuterRef("organization"),
            effective_on__gt=OuterRef("ends_on"),
        )
        return self.annotate(is_followed=Exists(later))

    def without_successor(self) -> Self:
        """Keep those after which the member signed nothing yet."""
        return self.with_successor().exclude(is_followed=True)

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        found = Q(organization__in=members) | Q(contracting_entity__icontains=text)
        return self.filter(found | of_number(text, "AG-"))


#: What an executed agreement says; only an amendment says otherwise.
EXECUTED = [
    "organization",
    "contracting_entity",
    "effective_on",
    "term_years",
    "currency",
    "billing_frequency",
    "payment_terms_days",
    "renewal_notice_days",
    "signed_on",
    "signed_for_member_by",
    "signed_for_mit_by",
    "waiver",
]


class Agreement(LifecycleModel, VersionedModel):
    """
    One member's copy of the consortium agreement.

    Its people with a say in money or law see it, and those whose role at INM
    lets them. Once signed it never changes.
    """

    State = AgreementState
    steps = AGREEMENT_STEPS

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    contracting_entity = models.CharField(
        _("contracting entity"),
        max_length=200,
        help_text=_("The exact legal entity that signs."),
    )
    effective_on = models.DateField(
        _("effective date"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )
    term_years = models.PositiveSmallIntegerField(_("term in years"))
    ends_on = models.GeneratedField(
        verbose_name=_("term ends"),
        expression=TermEnd("effective_on", "term_years"),
        output_field=models.DateField(),
        db_persist=True,
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    billing_frequency = models.CharField(
        _("billing"),
        max_length=12,
        choices=BillingFrequency,
        default=BillingFrequency.ANNUAL,
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        _("payment terms"),
        default=30,
        validators=[MaxValueValidator(365)],
        help_text=_("Days from receipt of an invoice."),
    )
    renewal_notice_days = models.PositiveSmallIntegerField(
        _("renewal notice"),
        default=90,
        validators=[MaxValueValidator(1095)],
        help_text=_("Days before the end by which the member says how it goes on."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=AgreementState,
        default=AgreementState.DRAFT,
        editable=False,
    )
    signed_on = models.DateField(_("signed"), null=True, editable=False)
    signed_for_member_by = models.CharField(
        _("signed for the member by"), max_length=200, blank=True, editable=False
    )
    signed_for_mit_by = models.CharField(
        _("signed for MIT by"), max_length=200, blank=True, editable=False
    )
    waiver = models.OneToOneField(
        FloorWaiver,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="agreement",
    )

    objects = AgreementQuerySet.as_manager()

    total: Decimal  # annotated by with_total()
    is_followed: bool  # annotated by with_successor()

    class Meta:
        verbose_name = _("agreement")
        permissions = [
            ("sign_agreement", "Can record the signing of an agreement"),
            ("waive_agreement", "Can waive the program's floor"),
        ]
        constraints = [
            models.CheckConstraint(
                name="agreement_signed_on_iff_executed",
                condition=iff(Q(state=AgreementState.DRAFT), Q(signed_on=None)),
            ),
            models.CheckConstraint(
                name="agreement_names_its_signatories",
                condition=Q(state=AgreementState.DRAFT)
                | (~Q(signed_for_member_by="") & ~Q(signed_for_mit_by="")),
            ),
            models.CheckConstraint(
                name="agreement_term_reaches_the_floor",
                condition=Q(state=AgreementState.DRAFT)
                | Q(term_years__gte=FLOOR_YEARS)
                | Q(waiver__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_dates_are_of_this_century",
                condition=Q(effective_on__gte=EARLIEST, effective_on__lte=LATEST)
                & Q(renewal_notice_days__lte=1095, payment_terms_days__lte=365),
            ),
            models.CheckConstraint(
                name="agreement_has_a_term",
                condition=Q(term_years__gte=1, term_years__lte=10),
            ),
            models.UniqueConstraint(
                fields=["id", "waiver"], name="agreement_with_waiver"
            ),
            ExclusionConstraint(
                name="agreement_terms_of_a_member_do_not_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    (
                        DateRange("effective_on", "ends_on", Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=AgreementState.SIGNED),
            ),
        ]
        indexes = [
            models.Index(fields=["-effective_on", "-id"], name="agreement_by_date"),
            # All that membership is derived from, beside each organization.
            models.Index(
                fields=["organization", "effective_on"],
                include=["ends_on", "id"],
                condition=Q(state=AgreementState.SIGNED),
                name="agreement_signed",
            ),
        ]
        triggers = [
            *lifecycle_triggers(AGREEMENT_STEPS, initial=AgreementState.DRAFT),
            pgtrigger.Protect(
                name="executed_is_immutable",
                operation=pgtrigger.Update,
                condition=ChangedAfter(AgreementState.DRAFT, *EXECUTED),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return page_of("consortium:agreement", self.pk)

    @property
    def state_tone(self) -> str:
        return AgreementState(self.state).tone

    @property
    def number(self) -> str:
        return f"AG-{self.pk:04d}"

    @property
    def renewal_notice_on(self) -> date:
        """Return the last day on which a renewal notice is in time."""
        return self.ends_on - timedelta(days=self.renewal_notice_days)

    def year_span(self, number: int) -> tuple[date, date]:
        """Return first and last day of one year of the term, counted from 1."""
        start = anniversary(self.effective_on, number - 1)
        return start, anniversary(self.effective_on, number) - timedelta(days=1)


YEAR_AMOUNTS = Q(required__gt=0) & Q(fee_part__gte=0) & Q(fee_part__lte=F("required"))

DRAFTS_ONLY = """
    IF EXISTS (
        SELECT 1 FROM consortium_agreement
        WHERE id IN (NEW.agreement_id, OLD.agreement_id) AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'The years of an executed agreement do not change.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


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
        triggers = [
            pgtrigger.Trigger(
                name="of_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=DRAFTS_ONLY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number}, year {self.number}"


class CommitmentYearQuerySet(PortalQuerySet):
    def open(self, *, on: date) -> Self:
        """Keep the years that cover a day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def with_organization(self) -> Self:
        """Annotate ``organization_id``, of the member that committed."""
        return self.annotate(organization_id=F("agreement__organization_id"))


class CommitmentYear(YearAmounts, AppendOnlyModel):
    """
    One year of a signed agreement: what the member committed for it.

    ``fee_part`` is the share of ``required`` that INM invoices as membership
    fee; the rest is met by other activities at MIT.
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

    objects = CommitmentYearQuerySet.as_manager()

    organization_id: int  # annotated by with_organization()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("commitment year")
        constraints = [
            models.CheckConstraint(
                name="commitment_year_reaches_the_floor",
                condition=Q(required__gte=FLOOR_AMOUNT) | Q(waiver__isnull=False),
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
                include=["ends_on", "number", "required"],
                name="year_of_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number}, year {self.number}"

    def get_absolute_url(self) -> str:
        return self.agreement.get_absolute_url()

    def status(self, *, on: date) -> YearStatus:
        if on < self.starts_on:
            return YearStatus.UPCOMING
        return YearStatus.OPEN if on <= self.ends_on else YearStatus.ENDED
