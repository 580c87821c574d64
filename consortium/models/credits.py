"""The ledger of what a member contributed toward its commitment."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import View, add_up, join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, of_number
from inm_portal.kernel.versions import VersionedModel

from ..states import CLAIM_STEPS, PENDING_CLAIMS, ClaimState, Outcome
from .agreements import CommitmentYear
from .categories import IN_KIND, RULES, Category, CategoryRule, Office
from .organizations import Organization
from .positions import end_of, sum_of


def folded(number: Any) -> Func:
    """Return a number without what is written in different ways: INV-1 is "inv 1"."""
    parts = [Lower(number), Value(r"[\s\u2010-\u2015\u2212-]"), Value(""), Value("g")]
    return Func(*parts, function="regexp_replace", output_field=models.CharField())


class EvidenceQuerySet(PortalQuerySet):
    def of_document(self, organization: Organization, payer: str, number: str) -> Self:
        """Keep the one document that a payer calls by a number."""
        found = self.filter(organization=organization, payer__iexact=payer)
        return found.numbered(number)

    def numbered(self, number: str) -> Self:
        """Keep those of a number, however it is written."""
        return self.filter(number_key=folded(Value(number)))

    def of_others(self, evidence: "Evidence") -> Self:
        """Keep what other members show by a document of that number: it may be it."""
        others = self.filter(number_key=evidence.number_key)
        others = others.exclude(organization=evidence.organization_id)
        is_worth = Q(amount=evidence.amount, currency=evidence.currency)
        return others.filter(Q(payer__iexact=evidence.payer) | is_worth)

    def with_used(self) -> Self:
        """Annotate ``used`` and ``left``: what its claims ask for, or were given."""
        return join_view(self, "uses", _uses())


@lru_cache(maxsize=1)
def _uses() -> View:
    """Return what is used of every document."""
    claims = ContributionCredit.objects.filter(evidence=OuterRef("pk"))
    entries = CreditEntry.objects.filter(credit__evidence=OuterRef("pk"))
    rows: Any = add_up(
        *(Evidence.objects.all(), "claims", claims.filter(state__in=PENDING_CLAIMS)),
        asked=sum_of("amount"),
    )
    given = sum_of(F("amount") + F("recognized"))
    rows = add_up(rows, "entries", entries, given=given)
    rows = rows.annotate(used=F("asked") + F("given"))
    return View(rows.annotate(left=F("amount") - F("used")), "used", "left")


CURRENCY_CODE = "^[A-Z]{3}$"

#: What a document says is put right; which document it is stays.
DOCUMENT = [
    *["organization", "payer", "number", "currency"],
    *["recorded_by", "recorded_at"],
]

COVERS_ITS_CLAIMS = """
IF NEW.amount < (
    SELECT coalesce(sum(c.amount), 0) FROM consortium_contributioncredit c
    WHERE c.evidence_id = NEW.id AND c.state NOT IN ('decided', 'withdrawn')
) + (
    SELECT coalesce(sum(n.amount + n.recognized), 0) FROM consortium_creditentry n
    JOIN consortium_contributioncredit c ON c.id = n.credit_id
    WHERE c.evidence_id = NEW.id
) THEN
    RAISE EXCEPTION 'the claims on one document exceed its amount'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Evidence(VersionedModel):
    """
    A document that shows a contribution: an invoice, an award, a letter, a receipt.

    One payer's document of one number is there once; what is claimed on it, over
    years and categories, never exceeds its amount. That is in the currency of the
    agreement; what a document in another one says stands beside it (case 36).
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    payer = models.CharField(
        _("payer"),
        max_length=200,
        help_text=_("Who paid or gave, as the document names them."),
    )
    number = models.CharField(
        _("document number"),
        max_length=100,
        help_text=_("Of the invoice, award, letter or receipt."),
    )
    number_key = models.GeneratedField(
        expression=folded("number"),
        output_field=models.CharField(max_length=100),
        db_persist=True,
    )
    amount = MoneyField(_("amount of the document"))
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    foreign_amount = MoneyField(
        _("in its own currency"),
        null=True,
        blank=True,
        help_text=_("As the document says, if that is not the agreement's currency."),
    )
    foreign_currency = models.CharField(
        _("its currency"),
        max_length=3,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(CURRENCY_CODE, _("Three letters, as in EUR."))],
    )
    dated_on = models.DateField(_("dated"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = EvidenceQuerySet.as_manager()

    used: Decimal  # annotated by with_used()
    left: Decimal  # annotated by with_used()

    class Meta:
        verbose_name = _("evidence")
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("payer"),
                "number_key",
                name="evidence_is_there_once",
            ),
            models.CheckConstraint(
                name="evidence_has_an_amount", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="evidence_is_foreign_iff_in_another_currency",
                condition=Q(foreign_amount=None, foreign_currency="")
                | Q(foreign_amount__isnull=False, foreign_amount__gt=0)
                & Q(foreign_currency__regex=CURRENCY_CODE)
                & ~Q(foreign_currency=F("currency")),
            ),
        ]
        indexes = [
            models.Index(fields=["number_key"], name="evidence_by_number"),
            GinIndex(
                OpClass(Upper("number"), name="gin_trgm_ops"), name="evidence_by_words"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="document_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*DOCUMENT),
            ),
            pgtrigger.Trigger(
                name="covers_its_claims",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("amount"),
                func=COVERS_ITS_CLAIMS,
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.payer}, {self.number}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:evidence", self.pk)

    @property
    def rate(self) -> Decimal | None:
        """Return what one unit of its own currency was counted at, if it has one."""
        if self.foreign_amount is None:
            return None
        return (self.amount / self.foreign_amount).quantize(Decimal("0.000001"))


class CreditQuerySet(PortalQuerySet):
    def pending(self, *, on: date) -> Self:
        """Keep the claims that were made by a day and not settled then."""
        end = end_of(on)
        return self.filter(
            Q(decided_at=None) | Q(decided_at__gte=end),
            Q(withdrawn_at=None) | Q(withdrawn_at__gte=end),
            claimed_at__lt=end,
        )

    def with_outcome(self) -> Self:
        """Annotate ``credited``, ``recognized``, ``standing`` and ``outcome``."""
        return join_view(self, "outcomes", _outcomes())

    def elsewhere(self, evidence: Evidence) -> Self:
        """Keep what other members claim by what may be the same document."""
        others = self.filter(evidence__in=Evidence.objects.of_others(evidence))
        others = others.exclude(state=ClaimState.WITHDRAWN).with_outcome()
        return others.select_related("organization").order_by("claimed_at", "pk")

    def above_the_cap(self, year: CommitmentYear) -> Self:
        """Keep what was accepted in kind and only recognized, the oldest first."""
        rows = self.filter(commitment_year=year, category__in=IN_KIND).with_outcome()
        return rows.filter(recognized__gt=0).order_by("decided_at", "pk")

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        papers = Evidence.objects.filter(number__icontains=text).values("pk")
        claims = ContributionCredit.objects.values("pk")
        found = claims.filter(what_for__icontains=text).union(
            claims.filter(organization__in=members),
            claims.filter(evidence__in=papers),
            claims.filter(of_number(text, "CR-")),
        )
        return self.filter(pk__in=found)


@lru_cache(maxsize=1)
def _outcomes() -> View:
    """Return what came of every credit."""
    rows: Any = add_up(
        *(ContributionCredit.objects.all(), "entries"),
        CreditEntry.objects.filter(credit=OuterRef("pk")),
        credited=sum_of("amount"),
        recognized=sum_of("recognized"),
    )
    outcome = Case(
        When(~Q(state=ClaimState.DECIDED), then=F("state")),
        When(accepted=0, then=Value(Outcome.REJECTED)),
        When(standing=0, then=Value(Outcome.REVERSED)),
        When(standing__lt=F("accepted"), then=Value(Outcome.REDUCED)),
        When(accepted__lt=F("amount"), then=Value(Outcome.PARTLY_ACCEPTED)),
        default=Value(Outcome.ACCEPTED),
    )
    rows = rows.annotate(standing=F("credited") + F("recognized"))
    return View(rows.annotate(outcome=outcome))


#: What somebody claimed; to ask for something else is another claim.
CLAIMED = [
    *["organization", "commitment_year", "category", "evidence", "amount", "currency"],
    *["contributed_on", "what_for", "claimed_by", "claimed_at"],
]

CLAIM_FITS = """
IF NOT EXISTS (
    SELECT FROM consortium_commitmentyear y
    JOIN consortium_agreement a ON a.id = y.agreement_id
    JOIN consortium_evidence e ON e.organization_id = a.organization_id
    WHERE y.id = NEW.commitment_year_id AND e.id = NEW.evidence_id
        AND a.organization_id = NEW.organization_id
        AND (y.currency, e.currency) = (NEW.currency, NEW.currency)
) THEN
    RAISE EXCEPTION 'year, evidence and credit are of one member and currency'
        USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.amount + (
    SELECT coalesce(sum(c.amount), 0) FROM consortium_contributioncredit c
    WHERE c.evidence_id = NEW.evidence_id AND c.state NOT IN ('decided', 'withdrawn')
) + (
    SELECT coalesce(sum(n.amount + n.recognized), 0) FROM consortium_creditentry n
    JOIN consortium_contributioncredit c ON c.id = n.credit_id
    WHERE c.evidence_id = NEW.evidence_id
) > (SELECT e.amount FROM consortium_evidence e WHERE e.id = NEW.evidence_id) THEN
    RAISE EXCEPTION 'the claims on one document exceed its amount'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ContributionCredit(LifecycleModel):
    """
    A contribution that somebody claims toward a commitment year.

    Those of the company who see its commitment see it, and those whose role at
    INM lets them. What was claimed and what was decided never changes; what
    counts of it is the sum of its entries.
    """

    State = ClaimState
    steps = CLAIM_STEPS

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="credits",
    )
    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.PROTECT,
        related_name="credits",
    )
    category = models.CharField(_("category"), max_length=12, choices=Category)
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("evidence"),
        on_delete=models.PROTECT,
        related_name="credits",
    )
    amount = MoneyField(_("claimed"))
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    contributed_on = models.DateField(
        _("contributed on"), help_text=_("The day of payment or delivery.")
    )
    what_for = models.CharField(
        _("what it is for"),
        max_length=500,
        help_text=_("The project, the fellow or the item, in a few words."),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("claimed by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    claimed_at = models.DateTimeField(_("claimed"))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ClaimState,
        default=ClaimState.CLAIMED,
        editable=False,
    )
    asked_for = models.CharField(
        _("evidence asked for"), max_length=500, blank=True, editable=False
    )
    accepted = MoneyField(_("accepted"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = CreditQuerySet.as_manager()

    credited: Decimal  # annotated by with_outcome()
    recognized: Decimal  # annotated by with_outcome()
    standing: Decimal  # annotated by with_outcome()
    outcome: str  # annotated by with_outcome()
    may_see_booking: bool  # annotated by with_permissions()
    may_compare: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("contribution credit")
        permissions = [
            ("review_contributioncredit", "Can review claims and ask for evidence"),
            ("decide_contributioncredit", "Can decide on contribution credits"),
            ("value_contributioncredit", "Can value contributions in kind"),
            ("book_contributioncredit", "Can record what finance booked"),
            ("speak_for_finance", "Can give the opinion of finance"),
            ("speak_for_counsel", "Can record the opinion of legal counsel"),
        ]
        constraints = [
            models.CheckConstraint(
                name="credit_is_for_an_amount", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="credit_is_decided_iff_decided",
                condition=iff(
                    Q(state=ClaimState.DECIDED),
                    Q(accepted__isnull=False, decided_at__isnull=False),
                ),
            ),
            models.CheckConstraint(
                name="credit_accepts_no_more_than_claimed",
                condition=Q(accepted=None)
                | Q(accepted__gte=0, accepted__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="credit_not_accepted_in_full_has_a_reason",
                condition=Q(accepted=None) | Q(accepted=F("amount")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="credit_is_not_decided_by_who_claimed_it",
                condition=Q(claimed_by=None)
                | Q(decided_by=None)
                | ~Q(claimed_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="credit_is_withdrawn_iff_withdrawn",
                condition=iff(
                    Q(state=ClaimState.WITHDRAWN), Q(withdrawn_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["claimed_at", "id"], name="credit_by_claim"),
            models.Index(fields=["commitment_year", "state"], name="credit_of_year"),
            models.Index(fields=["organization", "-id"], name="credit_of_member"),
            GinIndex(
                OpClass(Upper("what_for"), name="gin_trgm_ops"), name="credit_by_words"
            ),
        ]
        triggers = [
            *lifecycle_triggers(CLAIM_STEPS, initial=ClaimState.CLAIMED),
            pgtrigger.Trigger(
                name="claim_fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CLAIM_FITS,
            ),
            pgtrigger.Protect(
                name="claim_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*CLAIMED),
            ),
            pgtrigger.Protect(
                name="decision_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=ClaimState.DECIDED.value)
                | pgtrigger.Q(old__state=ClaimState.WITHDRAWN.value),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return page_of("consortium:credit", self.pk)

    @property
    def ref(self) -> str:
        return f"CR-{self.pk:05d}"

    @property
    def rule(self) -> CategoryRule:
        return RULES[Category(self.category)]

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_CLAIMS

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def outcome_tone(self) -> str:
        return Outcome(self.outcome).tone


class EntryKind(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    RAISED = "raised", _("Raised")
    REDUCED = "reduced", _("Reduced")
    REVERSED = "reversed", _("Reversed")
    CARRIED = "carried_forward", _("Carried forward")


TAKES_BACK = [EntryKind.REDUCED, EntryKind.REVERSED]

ENTRY_FITS = """
IF NEW.credit_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM consortium_contributioncredit c
    JOIN consortium_commitmentyear y ON y.id = NEW.commitment_year_id
    JOIN consortium_agreement a ON a.id = y.agreement_id
    WHERE c.id = NEW.credit_id AND c.state = 'decided'
        AND c.organization_id = a.organization_id
) THEN
    RAISE EXCEPTION 'an entry is of a decided credit of the same member'
        USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.carried_from_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM consortium_commitmentyear y, consortium_commitmentyear f
    WHERE y.id = NEW.commitment_year_id AND f.id = NEW.carried_from_id
        AND y.agreement_id = f.agreement_id AND y.number IN (f.number, f.number + 1)
) THEN
    RAISE EXCEPTION 'what is carried goes from a year to the next'
        USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.credit_id IS NOT NULL AND least(
    NEW.amount + (SELECT coalesce(sum(n.amount), 0) FROM consortium_creditentry n
                  WHERE n.credit_id = NEW.credit_id),
    NEW.recognized + (SELECT coalesce(sum(n.recognized), 0)
                      FROM consortium_creditentry n WHERE n.credit_id = NEW.credit_id)
) < 0 THEN
    RAISE EXCEPTION 'more is taken back than was given'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.kind IN ('accepted', 'raised') AND NEW.amount + NEW.recognized + (
    SELECT coalesce(sum(n.amount + n.recognized), 0)
    FROM consortium_creditentry n WHERE n.credit_id = NEW.credit_id
) > (
    SELECT greatest(c.accepted, max(o.value)) FROM consortium_contributioncredit c
    LEFT JOIN consortium_inkinditem i ON i.credit_id = c.id
    LEFT JOIN consortium_valuationdispute d ON d.item_id = i.id
    LEFT JOIN consortium_disputeoutcome o ON o.dispute_id = d.id
    WHERE c.id = NEW.credit_id GROUP BY c.id
) THEN
    RAISE EXCEPTION 'more is given than was accepted, or held in a dispute'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

#: Once a credit is reversed, nothing of it stands in any year: neither what was
#: given, nor what a cut had put into another year than its own.
REVERSED_WHOLE = """
IF EXISTS (
    SELECT FROM consortium_creditentry n
    WHERE n.credit_id = NEW.credit_id AND n.kind = 'reversed'
) AND EXISTS (
    SELECT FROM consortium_creditentry n WHERE n.credit_id = NEW.credit_id
    GROUP BY n.commitment_year_id HAVING (sum(n.amount), sum(n.recognized)) <> (0, 0)
) THEN
    RAISE EXCEPTION 'what is reversed stands at zero in each year'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class EntryQuerySet(PortalQuerySet):
    def known(self, *, on: date) -> Self:
        """Keep what was recorded by the end of a day."""
        return self.filter(recorded_at__lt=end_of(on))


class CreditEntry(AppendOnlyModel):
    """
    What counts toward a year, more or less of it; the sum is what is credited.

    ``recognized`` stands beside it: accepted, and not credited, because of the
    cap or because its category never counts. What is carried forward is two
    entries: one takes it out of its year, one brings it into the next. A reversal
    is one for each year in which something stands, and brings that to zero.
    """

    credit = models.ForeignKey(
        ContributionCredit,
        verbose_name=_("credit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
    )
    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=EntryKind)
    amount = MoneyField(_("credited"))
    recognized = MoneyField(_("recognized, not credited"), default=0)
    carried_from = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("carried from"),
        on_delete=models.PROTECT,
        null=True,
        related_name="carried",
    )
    value_on = models.DateField(_("value date"))
    recorded_at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("credit entry")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="entry_is_of_a_credit_or_carried",
                condition=iff(Q(kind=EntryKind.CARRIED), Q(credit=None))
                & iff(Q(kind=EntryKind.CARRIED), Q(carried_from__isnull=False)),
            ),
            models.CheckConstraint(
                name="entry_that_gives_is_not_negative",
                condition=~Q(kind__in=[EntryKind.ACCEPTED, EntryKind.RAISED])
                | Q(amount__gte=0),
            ),
            models.CheckConstraint(
                name="entry_that_takes_back_says_why",
                condition=~Q(kind__in=TAKES_BACK) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="entry_that_reduces_is_negative",
                condition=~Q(kind=EntryKind.REDUCED)
                | Q(amount__lte=0, recognized__lte=0),
            ),
            models.CheckConstraint(
                name="entry_changes_something",
                condition=~Q(amount=0) | ~Q(recognized=0),
            ),
            models.UniqueConstraint(
                fields=["credit"],
                condition=Q(kind=EntryKind.ACCEPTED),
                name="entry_accepts_a_credit_once",
            ),
            models.UniqueConstraint(
                fields=["credit", "commitment_year"],
                condition=Q(kind=EntryKind.REVERSED),
                name="entry_reverses_a_credit_once_a_year",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commitment_year", "recorded_at"],
                include=["amount", "recognized", "credit"],
                name="entry_of_year",
            )
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="entry_fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ENTRY_FITS,
            ),
            pgtrigger.Trigger(
                name="reversed_whole",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=REVERSED_WHOLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"


class CreditOpinion(AppendOnlyModel):
    """
    What finance or legal counsel says of a claim whose category asks for it.

    For those at INM: the company hears the reason of the decision.
    """

    credit = models.ForeignKey(
        ContributionCredit, on_delete=models.PROTECT, related_name="opinions"
    )
    office = models.CharField(_("office"), max_length=8, choices=Office)
    text = models.CharField(_("opinion"), max_length=500)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_at = models.DateTimeField(_("given"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("opinion on a credit")
        ordering = ["given_at", "pk"]
        constraints = [
            models.CheckConstraint(name="opinion_says_something", condition=~Q(text=""))
        ]

    def __str__(self) -> str:
        return self.text
