"""Proposals: what investigators ask for, who they are, and what was handed in."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, of_number
from inm_portal.kernel.versions import VersionedModel

from ..states import HANDED_IN, PROPOSAL_STEPS, ProposalState
from .calls import Call
from .eligibility import EligibilityRule, Track
from .forms import FormVersion
from .timeline import CallStage

#: What was submitted stays as it was, until somebody takes it back.
WRITTEN_IN_DRAFT = """
    IF EXISTS (
        SELECT FROM seed_projects_proposal p
        WHERE p.id IN (OLD.proposal_id, NEW.proposal_id) AND p.state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'Only a draft is written.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


def written_in_draft() -> pgtrigger.Trigger:
    """Return the trigger: rows of a proposal come, change and go in a draft alone."""
    return pgtrigger.Trigger(
        name="written_in_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=WRITTEN_IN_DRAFT,
    )


class ProposalQuerySet(PortalQuerySet):
    def handed_in(self) -> Self:
        """Keep those that count towards what a person may hand in."""
        return self.filter(state__in=HANDED_IN)

    def matching(self, text: str) -> Self:
        return self.filter(Q(title__icontains=text) | of_number(text, "SP-"))


class Proposal(LifecycleModel, VersionedModel):
    """
    A request for seed funding in answer to a call, at one of its stages.

    A draft is read by its people alone. It answers the version of the form with which
    it was begun, whatever the stage asks later. ``smallest_budget`` (US dollars) is the
    least with which the project makes sense, so that a part can be offered. ``former``
    is the one without success, of the same people, after which it comes.
    """

    State = ProposalState
    steps = PROPOSAL_STEPS

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ProposalState,
        default=ProposalState.DRAFT,
        editable=False,
    )
    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.PROTECT, related_name="proposals"
    )
    stage = models.ForeignKey(
        CallStage,
        verbose_name=_("stage"),
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    form = models.ForeignKey(
        FormVersion,
        verbose_name=_("form"),
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    track = models.ForeignKey(
        Track,
        verbose_name=_("track"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
    )
    former = models.ForeignKey(
        "self",
        verbose_name=_("resubmission of"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="later",
    )
    title = models.CharField(_("title"), max_length=200)
    abstract = models.TextField(
        _("abstract"),
        max_length=4000,
        blank=True,
        help_text=_("About 200 words; public once funded."),
    )
    starts_on = models.DateField(
        _("first day of the project"),
        null=True,
        blank=True,
        help_text=_("The rates of the budget are those of this day."),
    )
    smallest_budget = MoneyField(
        _("smallest useful budget"),
        null=True,
        blank=True,
        help_text=_("The least with which the project makes sense."),
    )
    begun_at = models.DateTimeField(_("begun"), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    returned_at = models.DateTimeField(_("returned"), null=True, editable=False)
    reason = models.CharField(
        _("why it was withdrawn or returned"),
        max_length=1000,
        blank=True,
        editable=False,
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="proposal_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="proposal_smallest_budget_is_an_amount",
                condition=Q(smallest_budget=None) | Q(smallest_budget__gt=0),
            ),
            models.CheckConstraint(
                name="proposal_submitted_at_iff_handed_in",
                condition=iff(Q(state=ProposalState.DRAFT), Q(submitted_at=None)),
            ),
            models.CheckConstraint(
                name="proposal_withdrawn_at_iff_withdrawn",
                condition=iff(
                    Q(state=ProposalState.WITHDRAWN), Q(withdrawn_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="proposal_returned_at_iff_returned",
                condition=iff(
                    Q(state=ProposalState.RETURNED), Q(returned_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="proposal_reason_iff_out",
                condition=iff(
                    Q(state__in=[ProposalState.RETURNED, ProposalState.WITHDRAWN]),
                    ~Q(reason=""),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="proposal_of_call"),
        ]
        triggers = [
            *lifecycle_triggers(PROPOSAL_STEPS, initial=ProposalState.DRAFT),
            pgtrigger.Protect(
                name="fixed_once_submitted",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    ProposalState.DRAFT,
                    *["title", "abstract", "track", "starts_on", "smallest_budget"],
                ),
            ),
            pgtrigger.Protect(
                name="keeps_its_call",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("call", "stage", "form", "former"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_its_call",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
    IF NOT EXISTS (
        SELECT FROM seed_projects_callstage s
        WHERE s.id = NEW.stage_id AND s.call_id = NEW.call_id
    ) OR NEW.track_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM seed_projects_track t
        WHERE t.id = NEW.track_id AND t.call_id = NEW.call_id
    ) THEN
        RAISE EXCEPTION 'A proposal is of one call with its stage and its track.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:proposal", self.pk)

    @property
    def state_label(self) -> str:
        return str(ProposalState(self.state).label)

    @property
    def state_tone(self) -> str:
        return ProposalState(self.state).tone

    @property
    def number(self) -> str:
        return f"SP-{self.pk:05}"

    @property
    def is_draft(self) -> bool:
        return bool(self.state == ProposalState.DRAFT)


class AuthorRole(models.TextChoices):
    PI = "pi", _("Principal investigator")
    CO_PI = "co_pi", _("Co-investigator")
    STUDENT = "student", _("Student")
    ADMINISTRATOR = "administrator", _("Department administrator")


class AuthorRight(models.TextChoices):
    """What somebody may do with a draft; each includes the one before."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")
    SUBMIT = "submit", _("Read, write and submit")


#: Who investigates, and is counted towards the limits of a call.
INVESTIGATORS = [AuthorRole.PI, AuthorRole.CO_PI]
#: The rights with which a draft is written.
WRITERS = [AuthorRight.WRITE, AuthorRight.SUBMIT]


class PersonQuerySet(PortalQuerySet):
    def of_investigators(self) -> Self:
        return self.filter(role__in=INVESTIGATORS)

    def waiting(self) -> Self:
        """Keep co-investigators who did not say yet that they take part."""
        return self.filter(role=AuthorRole.CO_PI, confirmed_at=None)


class ProposalPerson(models.Model):
    """
    Somebody's part in a proposal, and what they may do with it.

    Who has no account stands here by address, and takes the part over once they come
    in by that address. A co-investigator takes part once they said so themselves.
    """

    proposal = models.ForeignKey(
        Proposal,
        verbose_name=_("proposal"),
        on_delete=models.PROTECT,
        related_name="people",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("part"), max_length=20, choices=AuthorRole)
    right = models.CharField(
        _("may"), max_length=10, choices=AuthorRight, default=AuthorRight.READ
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = PersonQuerySet.as_manager()

    moves_with_person = ("person",)

    class Meta:
        verbose_name = _("person of a proposal")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(role=AuthorRole.PI),
                name="proposal_has_one_pi",
            ),
            models.UniqueConstraint(
                fields=["proposal", "person"], name="proposal_has_each_person_once"
            ),
            models.UniqueConstraint(
                F("proposal"), Lower("email"), name="proposal_has_each_address_once"
            ),
            models.CheckConstraint(
                name="proposal_person_has_a_name",
                condition=~Q(name="") & ~Q(email=""),
            ),
            models.CheckConstraint(
                name="proposal_pi_submits_and_has_an_account",
                condition=~Q(role=AuthorRole.PI)
                | Q(right=AuthorRight.SUBMIT, person__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_person_confirms_by_an_account",
                condition=Q(confirmed_at=None) | Q(person__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "proposal"], name="proposals_of_person"),
        ]

    def __str__(self) -> str:
        return self.name


class ProposalComment(AppendOnlyModel):
    """What one of a proposal's people says to the others; nobody at INM reads it."""

    proposal = models.ForeignKey(
        Proposal,
        verbose_name=_("proposal"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    text = models.TextField(_("comment"), max_length=2000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("comment on a proposal")
        verbose_name_plural = _("comments on proposals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="proposal_comment_says_something", condition=~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Declaration(models.Model):
    """What the investigators say of one rule of eligibility: whether they meet it."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="declarations"
    )
    rule = models.ForeignKey(
        EligibilityRule,
        verbose_name=_("rule"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_met = models.BooleanField(_("met"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    declared_at = models.DateTimeField(_("declared"))

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of eligibility")
        ordering = ["rule__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "rule"], name="proposal_declares_each_rule_once"
            ),
        ]
        triggers = [written_in_draft()]

    def __str__(self) -> str:
        return str(self.rule)


class ProposalSnapshot(AppendOnlyModel):
    """
    All of a proposal as it was submitted: answers, people, budget and rates used.

    ``sha256`` is that of ``content`` in its canonical form, so that anybody can check
    that what is read is what was handed in. Each submission adds one.
    """

    proposal = models.ForeignKey(
        Proposal,
        verbose_name=_("proposal"),
        on_delete=models.PROTECT,
        related_name="snapshots",
    )
    number = models.PositiveSmallIntegerField(_("submission"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("submitted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("submitted"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("submission")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "number"], name="snapshot_has_its_number"
            ),
            models.CheckConstraint(
                name="snapshot_has_a_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return _("Submission %(number)s of %(title)s") % {
            "number": self.number,
            "title": self.content.get("title", ""),
        }
