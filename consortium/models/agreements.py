"""What a member signed, and what it owes to the program in each year of its term."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Self

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django_countries.fields import CountryField

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import View, join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.money import CURRENCIES, MoneyField, PercentField
from inm_portal.kernel.querysets import PortalQuerySet, of_number
from inm_portal.kernel.versions import VersionedModel

from ..states import AGREEMENT_STEPS, AgreementState, YearStatus
from . import positions
from .organizations import Organization
from .ranges import DateRange
from .terms import amounts_in_force, terms_in_force

#: The program's floors (announced 2025-05-27): below either, a director waives.
FLOOR_YEARS = 3
FLOOR_AMOUNT = Decimal("500000.00")

#: No term is longer, however often it is extended.
MOST_YEARS = 10

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

    def carrying(self, *, on: date) -> Self:
        """Keep those by which excess is carried, once a year of theirs ended."""
        ended = CommitmentYear.objects.ended(on=on).filter(agreement=OuterRef("pk"))
        return self.signed().filter(Exists(ended), carries_forward=True)

    def with_total(self) -> Self:
        """Annotate ``total``: what it asks over its term, as amended; or would ask."""
        return join_view(self, "totals", _totals())

    def with_terms(self, *, on: date) -> Self:
        """Annotate each term that amendments change with what it is on a day."""
        return join_view(self, "terms", _terms(on))

    def with_successor(self) -> Self:
        """Annotate ``is_followed``: whether the member signed a later term."""
        return join_view(self, "successors", _successors())

    def without_successor(self) -> Self:
        """Keep those after which the member signed nothing yet."""
        return self.with_successor().exclude(is_followed=True)

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        found = Q(organization__in=members) | Q(contracting_entity__icontains=text)
        return self.filter(found | of_number(text, "AG-"))


@cache
def _totals() -> View:
    """Return what every agreement asks over its term."""
    drafted = AgreementYear.objects.filter(agreement=OuterRef("pk")).order_by()
    years = CommitmentYear.objects.filter(agreement=OuterRef("pk")).with_terms()
    sums = [
        drafted.values("agreement").values(total=Sum("required")),
        years.order_by().values("agreement").values(total=Sum("required_now")),
    ]
    rows: Any = Agreement.objects.all()
    return View(rows.annotate(total=Coalesce(*[Subquery(one) for one in sums[::-1]])))


@lru_cache(maxsize=2)
def _terms(on: date) -> View:
    """Return what is in force of every agreement on a day."""
    return View(Agreement.objects.annotate(**terms_in_force(on)))


@cache
def _successors() -> View:
    """Return which agreements are followed by another."""
    later = Agreement.objects.signed().filter(
        organization=OuterRef("organization"),
        effective_on__gt=OuterRef("ends_on"),
    )
    rows: Any = Agreement.objects.all()
    return View(rows.annotate(is_followed=Exists(later)))


#: What an executed agreement says; only an amendment says otherwise. Its term, which
#: amendments extend, has a trigger of its own.
EXECUTED = [
    "organization",
    "template_version",
    "contracting_entity",
    "entity_country",
    "entity_tax_number",
    "effective_on",
    "currency",
    "billing_frequency",
    "payment_terms_days",
    "renewal_notice_days",
    "in_kind_cap_percent",
    "carries_forward",
    "cure_days",
    "signed_on",
    "signed_for_member_by",
    "signed_for_mit_by",
    "executed",
    "executed_sha256",
    "waiver",
]

#: A term grows by the years of a signed amendment, and never shrinks.
TERM_GROWS = """
    IF NEW.term_years < OLD.term_years OR NOT EXISTS (
        SELECT FROM consortium_amendment a
        JOIN consortium_amendedyear t ON t.amendment_id = a.id
        WHERE a.agreement_id = NEW.id AND a.state = 'signed'
            AND t.number = NEW.term_years
    ) THEN
        RAISE EXCEPTION 'Only a signed amendment extends a term.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""

#: Entities of any other country are foreign to MIT.
HOME_COUNTRY = "US"


class Agreement(LifecycleModel, VersionedModel):
    """
    One member's copy of the consortium agreement.

    Its people with a say in money or law see it, and those whose role at INM
    lets them. Once signed it never changes, but that amendments extend its term.
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
    entity_country = CountryField(
        _("country of the entity"),
        default=HOME_COUNTRY,
        help_text=_("Outside the United States, MIT approves the entity first."),
    )
    entity_tax_number = models.CharField(
        _("tax number of the entity"), max_length=50, blank=True
    )
    template_version = models.CharField(
        _("template version"),
        max_length=50,
        blank=True,
        help_text=_("Of the consortium agreement that this one starts from."),
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
    in_kind_cap_percent = PercentField(
        _("in-kind cap"),
        default=10,
        db_default=10,
        help_text=_("Percent of a year that contributions in kind can meet."),
    )
    carries_forward = models.BooleanField(
        _("carries forward"),
        default=False,
        db_default=False,
        help_text=_("What is credited above a year counts in the next one."),
    )
    cure_days = models.PositiveSmallIntegerField(
        _("cure period"),
        default=90,
        db_default=90,
        validators=[MaxValueValidator(365)],
        help_text=_("Days after a year in which a shortfall can be made good."),
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
        related_name="agreement",
    )

    objects = AgreementQuerySet.as_manager()

    total: Decimal  # annotated by with_total()
    contracting_entity_now: str  # annotated by with_terms(), as are the other terms
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
                name="agreement_says_what_counts",
                condition=Q(in_kind_cap_percent__gte=0, in_kind_cap_percent__lte=100)
                & Q(cure_days__lte=365),
            ),
            models.CheckConstraint(
                name="agreement_has_a_term",
                condition=Q(term_years__gte=1, term_years__lte=MOST_YEARS),
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
            pgtrigger.Trigger(
                name="term_grows",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=ChangedAfter(AgreementState.DRAFT, "term_years"),
                func=TERM_GROWS,
            ),
            pgtrigger.Protect(
                name="is_signed_with_its_document",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state=AgreementState.DRAFT,
                    new__state=AgreementState.SIGNED,
                    new__executed_sha256="",
                ),
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
    def is_foreign(self) -> bool:
        """Say whether MIT's contract is with an entity abroad."""
        return self.entity_country != HOME_COUNTRY

    @property
    def days_late(self) -> int:
        """Return by how many days the signing came after the effective date."""
        late = self.signed_on - self.effective_on if self.signed_on else timedelta()
        return max(late.days, 0)

    @property
    def renewal_notice_on(self) -> date:
        """Return the last day on which a renewal notice is in time, as amended."""
        days = getattr(self, "renewal_notice_days_now", self.renewal_notice_days)
        return self.ends_on - timedelta(days=days)

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
        RAISE EXCEPTION 'What an executed agreement says does not change.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def of_a_draft() -> pgtrigger.Trigger:
    """Return the trigger of rows that belong to an agreement while it is a draft."""
    return pgtrigger.Trigger(
        name="of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=DRAFTS_ONLY,
    )


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

    def known(self, *, on: date) -> Self:
        """Keep those of terms that were signed by a day, and extended by it."""
        signed = self.filter(agreement__signed_on__lte=on)
        return signed.filter(Q(added_on=None) | Q(added_on__lte=on))

    def with_terms(self, as_known_on: date | None = None) -> Self:
        """Annotate ``required_now`` and ``fee_now``, in force as known on a day."""
        return self.annotate(**amounts_in_force(as_known_on))

    def with_organization(self) -> Self:
        """Annotate ``organization_id``, of the member that committed."""
        return self.annotate(organization_id=F("agreement__organization_id"))

    def with_position(self, *, on: date) -> Self:
        """
        Annotate what counts toward each year, and its ``status``, as known on a day.

        The names stand on `CommitmentYear`; `positions` says what each is.
        """
        return join_view(self, "position", positions.view(on))

    def lacking(self, *, on: date) -> Self:
        """Keep the years begun of signed terms that lack something not waived."""
        begun = self.filter(
            agreement__state=AgreementState.SIGNED, starts_on__lte=on
        ).with_position(on=on)
        return begun.filter(short__gt=F("waived"))

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
    credited: Decimal
    in_kind: Decimal
    in_cash: Decimal
    recognized: Decimal
    late: Decimal
    pending: Decimal
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
    def other_now(self) -> Decimal:
        """Return what of the amount in force is to be met by other activities."""
        return self.required_now - self.fee_now

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

    def __str__(self) -> str:
        return self.reason
