"""What is claimed toward a commitment, and what was decided."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.functions import Greatest, Upper
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import View, add_up, join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, of_number

from ..states import CLAIM_STEPS, PENDING_CLAIMS, ClaimState, Outcome
from .categories import IN_KIND, RULES, Category, CategoryRule, Office
from .commitment_years import CommitmentYear
from .evidence import Evidence, uses
from .organizations import Organization
from .positions import end_of, sum_of


class CreditQuerySet(PortalQuerySet):
    def pending(self, *, on: date, restated: bool = False) -> Self:
        """
        Keep the claims that were made by a day and not settled then.

        ``restated`` keeps what was contributed by then and is not settled now.
        """
        if restated:
            open_now = self.filter(decided_at=None, withdrawn_at=None)
            return open_now.filter(contributed_on__lte=on)
        end = end_of(on)
        return self.filter(
            Q(decided_at=None) | Q(decided_at__gte=end),
            Q(withdrawn_at=None) | Q(withdrawn_at__gte=end),
            claimed_at__lt=end,
        )

    def with_outcome(self, *more: str) -> Self:
        """
        Annotate ``credited``, ``recognized``, ``standing`` and ``outcome``.

        And ``more`` of what is told of each: `BESIDE`.
        """
        return join_view(self, "outcomes", _outcomes(), *OUTCOME, *more)

    def with_left(self) -> Self:
        """Annotate ``used`` and ``left`` of the document of each."""
        return join_view(self, "uses", uses(), by="evidence_id")

    def elsewhere(self, evidence: Evidence) -> Self:
        """Keep what other members claim by what may be the same document."""
        others = self.filter(evidence__in=Evidence.objects.of_others(evidence))
        others = others.exclude(state=ClaimState.WITHDRAWN).with_outcome()
        return others.select_related("organization").order_by("claimed_at", "pk")

    def alike(self, evidence: Evidence) -> Self:
        """Keep what the member claims by other documents that may be the same one."""
        found = self.filter(evidence__in=Evidence.objects.like(evidence))
        return found.exclude(state=ClaimState.WITHDRAWN)

    def above_the_cap(self, year: CommitmentYear) -> Self:
        """Keep what was accepted in kind and only recognized, the oldest first."""
        rows = self.filter(commitment_year=year, category__in=IN_KIND).with_outcome()
        return rows.filter(recognized__gt=0).order_by("decided_at", "pk")

    def under_the_cap(self, year: CommitmentYear) -> Self:
        """Keep what is credited in kind, the latest first."""
        rows = self.filter(commitment_year=year, category__in=IN_KIND).with_outcome()
        return rows.filter(credited__gt=0).order_by("-decided_at", "-pk")

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


OUTCOME = ["credited", "recognized", "standing", "outcome"]

#: Whether an office gave its opinion, others claim by the same document, and whether
#: what it is worth was said, and is disputed.
BESIDE = ["is_opined", "is_shared", "is_valued", "is_disputed"]


@lru_cache(maxsize=1)
def _outcomes() -> View:
    """Return what came of every credit, and what stands beside it."""
    opinions = CreditOpinion.objects.filter(credit=OuterRef("pk"))
    others = ContributionCredit.objects.filter(evidence=OuterRef("evidence"))
    # Entries stand on credits, so their module is not imported here.
    entries = apps.get_model("consortium", "CreditEntry").objects
    rows: Any = add_up(
        *(ContributionCredit.objects.all(), "entries"),
        entries.filter(credit=OuterRef("pk")),
        credited=sum_of("amount"),
        recognized=sum_of("recognized"),
    )
    settled = apps.get_model("consortium", "DisputeOutcome").objects
    disputes = apps.get_model("consortium", "ValuationDispute").objects
    valued = apps.get_model("consortium", "Valuation").objects
    rows = add_up(
        *(rows, "disputes", settled.filter(dispute__item__credit=OuterRef("pk"))),
        held=Max("value"),
    )
    given = Greatest("accepted", "held")
    outcome = Case(
        When(~Q(state=ClaimState.DECIDED), then=F("state")),
        When(given=0, then=Value(Outcome.REJECTED)),
        When(standing=0, then=Value(Outcome.REVERSED)),
        When(standing__lt=F("given"), then=Value(Outcome.REDUCED)),
        When(given__lt=F("amount"), then=Value(Outcome.PARTLY_ACCEPTED)),
        default=Value(Outcome.ACCEPTED),
    )
    rows = rows.annotate(standing=F("credited") + F("recognized"), given=given)
    rows = rows.annotate(
        outcome=outcome,
        is_opined=Exists(opinions),
        is_shared=Exists(others.exclude(pk=OuterRef("pk"))),
        is_valued=Exists(valued.filter(item__credit=OuterRef("pk"))),
        is_disputed=Exists(disputes.filter(item__credit=OuterRef("pk"), outcome=None)),
    )
    return View(rows, *OUTCOME, *BESIDE)


#: What somebody claimed; to ask for something else is another claim.
CLAIMED = [
    *["organization", "commitment_year", "category", "evidence", "amount", "currency"],
    *["contributed_on", "what_for", "posting", "claimed_by", "claimed_at"],
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
IF (
    SELECT e.invoice_id FROM consortium_evidence e WHERE e.id = NEW.evidence_id
) IS DISTINCT FROM (
    SELECT l.invoice_id FROM (
        SELECT line_id, entry_id FROM consortium_allocation
        UNION ALL SELECT line_id, entry_id FROM consortium_writeoff
    ) p
    JOIN consortium_ledgerentry n ON n.id = p.entry_id
    JOIN consortium_invoiceline l ON l.id = p.line_id
    WHERE p.entry_id = NEW.posting_id
        AND l.commitment_year_id = NEW.commitment_year_id AND n.amount = NEW.amount
) THEN
    RAISE EXCEPTION 'what counts on an invoice is what was paid of it for its year'
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
    counts of it is the sum of its entries. What is paid of an invoice of INM
    counts without a claim: its ``posting`` in the ledger of receivables says so.
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
    posting = models.OneToOneField(
        "consortium.LedgerEntry",
        verbose_name=_("paid by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="fee_credit",
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
    had_file = models.BooleanField(
        _("had a file when it was decided"), null=True, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = CreditQuerySet.as_manager()

    credited: Decimal  # annotated by with_outcome()
    recognized: Decimal  # annotated by with_outcome()
    standing: Decimal  # annotated by with_outcome()
    outcome: str  # annotated by with_outcome()
    is_opined: bool  # annotated by with_outcome(), if asked for
    is_shared: bool  # annotated by with_outcome(), if asked for
    is_valued: bool  # annotated by with_outcome(), if asked for
    is_disputed: bool  # annotated by with_outcome(), if asked for
    used: Decimal  # annotated by with_left()
    left: Decimal  # annotated by with_left()
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
                name="credit_by_payment_is_a_fee",
                condition=Q(posting=None) | Q(category=Category.FEE),
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
                name="credit_accepted_without_a_file_has_a_reason",
                condition=~Q(had_file=False, accepted__gt=0) | ~Q(reason=""),
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
    def given_on(self) -> date:
        """Return the day of the contribution: of a thing, that of its delivery."""
        if self.category not in IN_KIND:
            return self.contributed_on
        return self.item.delivered_on or self.contributed_on

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_CLAIMS

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def outcome_tone(self) -> str:
        return Outcome(self.outcome).tone


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
