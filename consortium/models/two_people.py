"""Acts that one person proposes and another records."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers

from ..states import ACT_STEPS, ActState


class TwoPeople(LifecycleModel):
    """
    An act that, where it ``takes_two``, somebody else than its proposer records.

    Whoever proposed it may take it back, which is a refusal. What was proposed
    stays as it was, and nothing changes once it was decided.
    """

    State = ActState
    steps = ACT_STEPS

    state = models.CharField(
        _("state"),
        max_length=8,
        choices=ActState,
        default=ActState.PROPOSED,
        editable=False,
    )
    takes_two = models.BooleanField(_("takes two people"), default=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_decided_iff_no_proposal",
                condition=iff(Q(state=ActState.PROPOSED), Q(decided_by=None))
                & iff(Q(decided_by=None), Q(decided_at=None)),
            ),
            models.CheckConstraint(
                name="%(class)s_recorded_by_another",
                condition=Q(takes_two=False)
                | ~Q(state=ActState.RECORDED)
                | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="%(class)s_of_two_says_why",
                condition=Q(takes_two=False) | ~Q(reason=""),
            ),
        ]

    @property
    def state_tone(self) -> str:
        return ActState(self.state).tone


def two_people_triggers(*facts: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that keep the facts of an act, and it once it was decided."""
    said = ["takes_two", "reason", "proposed_by", "proposed_at", *facts]
    return [
        *lifecycle_triggers(ACT_STEPS, initial=ActState.PROPOSED),
        pgtrigger.Protect(
            name="proposed_stays",
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(*said),
        ),
        pgtrigger.Protect(
            name="decided_stays",
            operation=pgtrigger.Update,
            condition=~pgtrigger.Q(old__state=ActState.PROPOSED),
        ),
        pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
    ]
