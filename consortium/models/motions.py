"""Motions of bodies: who may vote, with what weight, who did, and what came of it."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import ChangedAfter, LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import MOTION_STEPS, MotionOutcome, MotionState
from .bodies import Body, Seat, Sitting
from .meetings import Meeting


class WeightRule(models.TextChoices):
    ONE_EACH = "one_each", _("One vote for each seat")
    BY_SEAT = "by_seat", _("The votes of each seat")
    BY_FEE = "by_fee", _("By the fee of the member's year")


class PassRule(models.TextChoices):
    MAJORITY = "majority", _("More for than against")
    TWO_THIRDS = "two_thirds", _("Two thirds of those for and against")
    OF_ALL = "of_all", _("More than half of all votes")


#: What was put to the vote.
TERMS = [
    *["body", "meeting", "title", "text", "weight_rule", "fee_of_a_vote"],
    *["most_votes", "quorum", "pass_rule", "is_secret", "allows_proxy"],
    *["opened_at", "opened_by", "closes_at"],
]
#: What was counted when it was closed.
NUMBERS = ["in_favor", "against", "abstaining", "electorate", "closed_at"]


class Motion(LifecycleModel):
    """
    What a body votes on: drafted, open, closed, certified (domain.md 5).

    Who may vote is kept as it was when voting opened. Votes are cast anew until
    it closes, and the last one of each seat counts. ``quorum`` is the percentage
    of all votes that must be cast, those that abstain included; weights are whole
    votes. Once certified, nothing of it changes.
    """

    State = MotionState
    steps = MOTION_STEPS

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="motions"
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="motions",
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("motion"), max_length=5000)
    weight_rule = models.CharField(
        _("weight"), max_length=8, choices=WeightRule, default=WeightRule.ONE_EACH
    )
    fee_of_a_vote = MoneyField(_("fee for each vote"), null=True, blank=True)
    most_votes = models.PositiveSmallIntegerField(
        _("most votes of a seat"), null=True, blank=True
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percentage of all votes that must be cast."),
    )
    pass_rule = models.CharField(
        _("carried by"), max_length=10, choices=PassRule, default=PassRule.MAJORITY
    )
    is_secret = models.BooleanField(_("secret"), default=False)
    allows_proxy = models.BooleanField(_("by proxy, too"), default=True)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=MotionState,
        default=MotionState.DRAFT,
        editable=False,
    )
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    closes_at = models.DateTimeField(_("closes"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    in_favor = models.PositiveIntegerField(_("for"), null=True, editable=False)
    against = models.PositiveIntegerField(_("against"), null=True, editable=False)
    abstaining = models.PositiveIntegerField(_("abstaining"), null=True, editable=False)
    electorate = models.PositiveIntegerField(_("all votes"), null=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=MotionOutcome, blank=True, editable=False
    )
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    certified_at = models.DateTimeField(_("certified"), null=True, editable=False)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("motion")
        permissions = [("certify_motion", "Can certify the result of a motion")]
        constraints = [
            models.CheckConstraint(
                name="motion_has_a_title_and_a_text",
                condition=~Q(title="") & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="motion_quorum_is_a_percentage",
                condition=Q(quorum__gte=1, quorum__lte=100),
            ),
            models.CheckConstraint(
                name="motion_has_a_fee_of_a_vote_iff_by_fee",
                condition=iff(
                    Q(weight_rule=WeightRule.BY_FEE), Q(fee_of_a_vote__isnull=False)
                )
                & (Q(fee_of_a_vote=None) | Q(fee_of_a_vote__gt=0)),
            ),
            models.CheckConstraint(
                name="motion_most_votes_is_one_or_more",
                condition=Q(most_votes=None) | Q(most_votes__gte=1),
            ),
            models.CheckConstraint(
                name="motion_opened_iff_no_draft",
                condition=iff(Q(state=MotionState.DRAFT), Q(opened_at=None))
                & iff(Q(opened_at=None), Q(closes_at=None))
                & (Q(closes_at=None) | Q(closes_at__gt=F("opened_at"))),
            ),
            models.CheckConstraint(
                name="motion_counted_iff_closed",
                condition=Q(
                    state__in=[MotionState.CLOSED, MotionState.CERTIFIED],
                    **{f"{name}__isnull": False for name in NUMBERS},
                    outcome__in=MotionOutcome.values,
                )
                | Q(
                    state__in=[MotionState.DRAFT, MotionState.OPEN],
                    **{f"{name}__isnull": True for name in NUMBERS},
                    outcome="",
                ),
            ),
            models.CheckConstraint(
                name="motion_counts_no_more_than_all",
                condition=Q(electorate=None)
                | Q(electorate__gte=F("in_favor") + F("against") + F("abstaining")),
            ),
            models.CheckConstraint(
                name="motion_certified_iff_by_somebody",
                condition=iff(
                    Q(state=MotionState.CERTIFIED), Q(certified_by__isnull=False)
                )
                & iff(Q(certified_by=None), Q(certified_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["body", "-id"], name="motion_of_body")]
        triggers = [
            *lifecycle_triggers(MOTION_STEPS, initial=MotionState.DRAFT),
            pgtrigger.Protect(
                name="put_to_the_vote_stays",
                operation=pgtrigger.Update,
                condition=ChangedAfter(MotionState.DRAFT, *TERMS),
            ),
            pgtrigger.Protect(
                name="counted_stays",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    [MotionState.DRAFT, MotionState.OPEN], *NUMBERS, "outcome"
                ),
            ),
            pgtrigger.Protect(
                name="certified_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=MotionState.CERTIFIED),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("consortium:motion", self.pk)

    @property
    def state_label(self) -> str:
        return str(MotionState(self.state).label)

    @property
    def state_tone(self) -> str:
        return MotionState(self.state).tone

    @property
    def outcome_label(self) -> str:
        return str(MotionOutcome(self.outcome).label) if self.outcome else ""

    @property
    def outcome_tone(self) -> str:
        return MotionOutcome(self.outcome).tone if self.outcome else "gray"

    @property
    def voted(self) -> int:
        """Return the votes that were cast when it was closed."""
        return (self.in_favor or 0) + (self.against or 0) + (self.abstaining or 0)


class Choice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")
    #: Out of an interest of one's own: neither for, nor against, nor of the quorum.
    RECUSED = "recused", _("Recused")


class ElectorQuerySet(PortalQuerySet):
    def with_choice(self) -> Self:
        """Annotate ``choice``: the last that was cast, or None."""
        casts = Cast.objects.filter(elector=OuterRef("pk")).order_by("-pk")
        return self.annotate(choice=Subquery(casts.values("choice")[:1]))


#: Who may vote is written down as voting opens, of the body's own seats.
AS_VOTING_OPENS = """
    PERFORM FROM consortium_motion m WHERE m.id = NEW.motion_id FOR SHARE;
    IF NOT EXISTS (
        SELECT FROM consortium_motion m
        JOIN consortium_seat s ON s.body_id = m.body_id
        WHERE m.id = NEW.motion_id AND m.state = 'draft' AND s.id = NEW.seat_id
    ) THEN
        RAISE EXCEPTION 'Who may vote is kept as voting opens.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""

#: Whoever closes waits for what is being cast, and what comes after is refused.
WHILE_OPEN = """
    PERFORM FROM consortium_motion m
        JOIN consortium_elector e ON e.motion_id = m.id
        WHERE e.id = NEW.elector_id FOR SHARE OF m;
    IF NOT EXISTS (
        SELECT FROM consortium_motion m
        JOIN consortium_elector e ON e.motion_id = m.id
        WHERE e.id = NEW.elector_id AND m.state = 'open'
            AND NEW.at >= m.opened_at AND NEW.at < m.closes_at
    ) THEN
        RAISE EXCEPTION 'This motion is not open.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""

#: A proxy goes to another who may vote on the motion, where it allows proxies.
TO_ANOTHER_ELECTOR = """
    IF NOT EXISTS (
        SELECT FROM consortium_elector e
        JOIN consortium_motion m ON m.id = e.motion_id AND m.allows_proxy
        LEFT JOIN consortium_elector o ON o.id = NEW.to_id
        WHERE e.id = NEW.elector_id AND (
            NEW.to_id IS NULL OR (o.motion_id = e.motion_id AND o.id <> e.id)
        )
    ) THEN
        RAISE EXCEPTION 'A proxy goes to another who may vote on the motion.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


class Elector(AppendOnlyModel):
    """A seat that may vote on a motion, and its weight: as voting opened."""

    motion = models.ForeignKey(
        Motion, on_delete=models.PROTECT, related_name="electors"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="electors")
    weight = models.PositiveIntegerField(_("votes"))

    objects = ElectorQuerySet.as_manager()

    choice: str | None  # annotated by with_choice()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("elector")
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "seat"], name="elector_is_a_seat_once"
            ),
            models.CheckConstraint(
                name="elector_has_a_vote", condition=Q(weight__gte=1)
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="as_voting_opens",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=AS_VOTING_OPENS,
            ),
        ]

    def __str__(self) -> str:
        return str(self.seat)

    def get_absolute_url(self) -> str:
        return page_of("consortium:motion", self.motion_id)

    def sitting_of(self, user: Any, *, on: date) -> Sitting | None:
        """Return as what somebody sits there on a day: its holder or alternate."""
        sat = Sitting.objects.sitting(on=on).filter(seat=self.seat_id)
        return sat.of_person(user).order_by("is_alternate").first()


def _while_open() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="while_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=WHILE_OPEN,
    )


class ProxyQuerySet(PortalQuerySet):
    def in_force(self) -> Self:
        """Keep the last word of each elector, where it names somebody."""
        said = Proxy.objects.filter(elector=OuterRef("elector")).order_by("-pk")
        return self.filter(pk=Subquery(said.values("pk")[:1]), to__isnull=False)


class Proxy(AppendOnlyModel):
    """
    That a seat lets another vote for it on a motion; without another, no longer.

    The last one of each elector counts. It is not passed on.
    """

    elector = models.ForeignKey(
        Elector, on_delete=models.PROTECT, related_name="proxies"
    )
    to = models.ForeignKey(
        Elector, on_delete=models.PROTECT, null=True, related_name="proxies_held"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    objects = ProxyQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("proxy")
        verbose_name_plural = _("proxies")
        indexes = [models.Index(fields=["elector", "-id"], name="proxy_of_elector")]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            _while_open(),
            pgtrigger.Trigger(
                name="to_another_elector",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=TO_ANOTHER_ELECTOR,
            ),
        ]

    def __str__(self) -> str:
        return str(self.elector)


class Capacity(models.TextChoices):
    HOLDER = "holder", _("Holder of the seat")
    ALTERNATE = "alternate", _("Alternate")
    PROXY = "proxy", _("By proxy")


class Cast(AppendOnlyModel):
    """One casting of a seat's vote; the last one counts, and all are kept."""

    elector = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="casts")
    choice = models.CharField(_("vote"), max_length=7, choices=Choice)
    capacity = models.CharField(_("cast as"), max_length=9, choices=Capacity)
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("cast vote")
        indexes = [models.Index(fields=["elector", "-id"], name="cast_of_elector")]
        triggers = [*AppendOnlyModel.Meta.triggers, _while_open()]

    def __str__(self) -> str:
        return str(self.elector)
