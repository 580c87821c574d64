"""What a member signed, and its leave to stay below the program's floors."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Self

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import (
    Case,
    Count,
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
from django.db.models.functions import Cast, Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries.fields import CountryField

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import View, join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import ChangedAfter, LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.money import CURRENCIES, PercentField
from inm_portal.kernel.querysets import PortalQuerySet, of_number
from inm_portal.kernel.versions import VersionedModel

from ..states import AGREEMENT_STEPS, AgreementState
from .organizations import Organization
from .ranges import DateRange
from .terms import AMENDABLE, with_terms_in_force

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
        """Keep those that were signed; those too that were terminated since."""
        return self.exclude(state=AgreementState.DRAFT)

    def in_force(self, *, on: date) -> Self:
        """Keep the signed ones whose term covers a day."""
        return self.signed().filter(effective_on__lte=on, ends_on__gte=on)

    def carrying(self, *, on: date) -> Self:
        """Keep those by which excess is carried, once a year of theirs ended."""
        ended = _of_agreement("CommitmentYear").ended(on=on)
        return self.signed().filter(Exists(ended), carries_forward=True)

    def known(self, *, on: date) -> Self:
        """Keep what was recorded by a day; of today that is all, drafts as well."""
        return self if on >= timezone.localdate() else self.filter(recorded_on__lte=on)

    def as_known(self, *, on: date) -> Self:
        """Keep what was `known` on a day, with its terms and its total as of then."""
        rows = self.known(on=on).with_terms(on=on)
        return rows.with_total(None if on >= timezone.localdate() else on)

    def with_total(self, as_known_on: date | None = None) -> Self:
        """Annotate ``total``: what it asks over its term, as amended; or would ask."""
        return join_view(self, "totals", _totals(as_known_on))

    def with_terms(self, *more: str, on: date) -> Self:
        """
        Annotate each term that amendments change with what it is on a day.

        And ``more`` of what is told of each: `BESIDE`.
        """
        return join_view(self, "terms", _terms(on), *TERMS, *more)

    def with_notice_by(self, *, on: date) -> Self:
        """Annotate ``notice_by``: the last day for notice by the terms of a day."""
        days: Any = F("renewal_notice_days_now") * timedelta(days=1)
        day: Any = F("ends_on") - ExpressionWrapper(days, models.DurationField())
        last = ExpressionWrapper(day, models.DateTimeField())
        return self.with_terms(on=on).annotate(notice_by=Cast(last, models.DateField()))

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


@lru_cache(maxsize=4)
def _totals(as_known_on: date | None) -> View:
    """Return what every agreement asks over its term."""
    drafted = _of_agreement("AgreementYear").order_by()
    years = _of_agreement("CommitmentYear").with_terms(as_known_on)
    if as_known_on is not None:
        years = years.known(on=as_known_on)
    sums = [
        drafted.values("agreement").values(total=Sum("required")),
        years.order_by().values("agreement").values(total=Sum("required_now")),
    ]
    rows: Any = Agreement.objects.all()
    return View(rows.annotate(total=Coalesce(*[Subquery(one) for one in sums[::-1]])))


def _of_agreement(model: str) -> Any:
    # What stands on agreements is not imported here.
    rows = apps.get_model("consortium", model).objects
    return rows.filter(agreement=OuterRef("pk"))


TERMS = [
    *(f"{name}_now" for name in AMENDABLE),
    *["term_years_now", "ends_on_now", "state_now"],
]

#: What stands beside an agreement, or not.
BESIDE = ["has_amendments", "has_deviations"]


@lru_cache(maxsize=2)
def _terms(on: date) -> View:
    """Return what is in force of every agreement on a day, and what stands beside."""
    added = _of_agreement("CommitmentYear").filter(added_on__gt=on).order_by()
    later = added.values("agreement").values(count=Count("pk"))
    years = Cast(F("term_years") - Coalesce(Subquery(later), 0), models.IntegerField())
    is_known = {"termination_recorded_on__lte": on}
    is_ahead = {"termination_recorded_on__gt": on}
    last_on_now = Case(When(**is_known, then="last_on"))
    rows = with_terms_in_force(Agreement.objects.all(), on)
    rows = rows.annotate(
        term_years_now=years,
        ends_on_now=Least(TermEnd("effective_on", "term_years_now"), last_on_now),
        state_now=Case(
            When(**is_ahead, then=Value(AgreementState.SIGNED)), default="state"
        ),
        has_amendments=Exists(_of_agreement("Amendment")),
        has_deviations=Exists(_of_agreement("Deviation")),
    )
    return View(rows, *TERMS, *BESIDE)


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
    "recorded_on",
    "signed_for_member_by",
    "signed_for_mit_by",
    "executed",
    "executed_sha256",
    "waiver",
]

#: What stays as it is once an agreement is terminated.
TERMINATION = [
    "notice_received_on",
    "last_on",
    "terminated_because",
    "termination_recorded_on",
    "notice",
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


def signed_with_its_document(kind: str) -> pgtrigger.Trigger:
    """Return the trigger that asks for the document of a signing, and its digest."""
    return pgtrigger.Trigger(
        name="is_signed_with_its_document",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="draft", new__state="signed"),
        func=f"""
    IF NOT EXISTS (
        SELECT FROM kernel_document d
        WHERE d.id = NEW.executed_id AND d.kind = '{kind}'
            AND d.subject_id = NEW.id AND d.sha256 = NEW.executed_sha256
    ) THEN
        RAISE EXCEPTION 'What is signed has its own document, with its digest.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
    )


#: Entities of any other country are foreign to MIT.
HOME_COUNTRY = "US"


def number_of(key: int) -> str:
    """Return the number of an agreement, by its key."""
    return f"AG-{key:04d}"


class Agreement(LifecycleModel, VersionedModel):
    """
    One member's copy of the consortium agreement.

    Its people with a say in money or law see it, and those whose role at INM
    lets them. Once signed it never changes, but that amendments extend its term
    and a termination ends it early.
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
        expression=Least(TermEnd("effective_on", "term_years"), "last_on"),
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
        related_name="agreement",
    )
    notice_received_on = models.DateField(
        _("notice received"), null=True, editable=False
    )
    last_on = models.DateField(_("last day"), null=True, editable=False)
    terminated_because = models.TextField(
        _("terminated because"), blank=True, editable=False
    )
    termination_recorded_on = models.DateField(
        _("termination recorded"), null=True, editable=False
    )
    notice = models.OneToOneField(
        Document,
        verbose_name=_("notice"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = AgreementQuerySet.as_manager()

    total: Decimal  # annotated by with_total()
    contracting_entity_now: str  # annotated by with_terms(), as are the other terms
    billing_frequency_now: str
    ends_on_now: date  # annotated by with_terms()
    state_now: str  # annotated by with_terms()
    has_amendments: bool  # annotated by with_terms(), if asked for
    has_deviations: bool  # annotated by with_terms(), if asked for
    is_followed: bool  # annotated by with_successor()

    class Meta:
        verbose_name = _("agreement")
        permissions = [
            ("sign_agreement", "Can record the signing of an agreement"),
            ("waive_agreement", "Can waive the program's floor"),
            ("terminate_agreement", "Can terminate an agreement"),
        ]
        constraints = [
            models.CheckConstraint(
                name="agreement_signed_on_iff_executed",
                condition=iff(Q(state=AgreementState.DRAFT), Q(signed_on=None)),
            ),
            models.CheckConstraint(
                name="agreement_recorded_on_iff_signed",
                condition=iff(Q(signed_on=None), Q(recorded_on=None)),
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
            models.CheckConstraint(
                name="agreement_terminated_iff_it_says_when",
                condition=iff(Q(state=AgreementState.TERMINATED), ~Q(last_on=None)),
            ),
            models.CheckConstraint(
                name="agreement_termination_is_told_whole",
                condition=Q(
                    last_on=None,
                    notice_received_on=None,
                    termination_recorded_on=None,
                    notice=None,
                    terminated_because="",
                )
                | (
                    Q(
                        last_on__gte=F("effective_on"),
                        notice_received_on__lte=F("last_on"),
                        termination_recorded_on__gte=F("notice_received_on"),
                    )
                    & ~Q(terminated_because="")
                ),
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
                condition=~Q(state=AgreementState.DRAFT),
            ),
        ]
        indexes = [
            models.Index(fields=["-effective_on", "-id"], name="agreement_by_date"),
            # All that membership is derived from, beside each organization.
            models.Index(
                fields=["organization", "effective_on"],
                include=["ends_on", "id"],
                condition=~Q(state=AgreementState.DRAFT),
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
            pgtrigger.Protect(
                name="termination_is_immutable",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    [AgreementState.DRAFT, AgreementState.SIGNED], *TERMINATION
                ),
            ),
            pgtrigger.Trigger(
                name="term_grows",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=ChangedAfter(AgreementState.DRAFT, "term_years"),
                func=TERM_GROWS,
            ),
            signed_with_its_document("consortium.agreement"),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return page_of("consortium:agreement", self.pk)

    @property
    def state_known(self) -> AgreementState:
        """Return the state as of the day that its terms were read for."""
        return AgreementState(getattr(self, "state_now", self.state))

    @property
    def is_terminated(self) -> bool:
        """Say whether it was terminated, as far as that is known."""
        return self.state_known == AgreementState.TERMINATED

    @property
    def termination_known(self) -> "Agreement | None":
        """Return itself, which says how it was terminated, once that is known."""
        return self if self.is_terminated else None

    @property
    def notice_days(self) -> int | None:
        """Return how many days lie between the notice and the last day."""
        if self.last_on is None or self.notice_received_on is None:
            return None
        return (self.last_on - self.notice_received_on).days

    @property
    def number(self) -> str:
        return number_of(self.pk)

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
        ends_on = getattr(self, "ends_on_now", self.ends_on)
        return ends_on - timedelta(days=days)

    def ends_on_known(self, on: date) -> date | None:
        """Return the day on which a termination that was known by a day ends it."""
        recorded_on = self.termination_recorded_on
        return self.last_on if recorded_on and recorded_on <= on else None

    def year_span(self, number: int) -> tuple[date, date]:
        """Return first and last day of one year of the term, counted from 1."""
        start = anniversary(self.effective_on, number - 1)
        return start, anniversary(self.effective_on, number) - timedelta(days=1)


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
