"""Letters of the office to those who answer a call: written, looked at, sent once."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import LETTER_STEPS, LetterState
from .calls import Call


class Audience(models.TextChoices):
    """To whom a letter goes: people of proposals in some state, or of chosen ones."""

    CHOSEN = "chosen", _("People of the proposals that were ticked")
    SUBMITTED = "submitted", _("People of proposals to be screened")
    IN_REVIEW = "in_review", _("People of proposals in review")
    SENT_BACK = "sent_back", _("People of proposals sent back")
    RETURNED = "returned", _("People of proposals returned")
    UNCONFIRMED = "unconfirmed", _("Co-investigators who did not confirm")
    DRAFTS = "drafts", _("Everybody with a draft, as a number alone")
    BEGUN = "begun", _("Everybody who began a proposal, as a number alone")


#: Of these the office learns how many they are, and never who.
COUNTED_ALONE = [Audience.DRAFTS, Audience.BEGUN]


class CallLetter(LifecycleModel, VersionedModel):
    """
    A letter about a call; its fields are filled in for each who gets it.

    ``chosen`` are the keys of ticked proposals. Once sent it stays as it was, with
    how many got it; each of its mails stands in the log of messages.
    """

    State = LetterState
    steps = LETTER_STEPS

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=LetterState,
        default=LetterState.DRAFT,
        editable=False,
    )
    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.PROTECT, related_name="letters"
    )
    audience = models.CharField(_("to"), max_length=20, choices=Audience)
    chosen = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_for_pis = models.BooleanField(_("only to PIs"), default=False)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=8000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    recipients = models.PositiveIntegerField(_("mails"), null=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter about a call")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_says_something", condition=~Q(subject="") & ~Q(body="")
            ),
            models.CheckConstraint(
                name="letter_sent_at_iff_sent",
                condition=iff(
                    Q(state=LetterState.SENT),
                    Q(sent_at__isnull=False, recipients__isnull=False),
                ),
            ),
        ]
        triggers = [
            *lifecycle_triggers(LETTER_STEPS, initial=LetterState.DRAFT),
            pgtrigger.Protect(
                name="fixed_once_sent",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    LetterState.DRAFT,
                    *["audience", "chosen", "is_for_pis", "subject", "body"],
                    *["sent_at", "recipients"],
                ),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:letter", self.pk)

    @property
    def is_counted_alone(self) -> bool:
        return self.audience in COUNTED_ALONE
