"""Tables that all apps share."""

from typing import Any
from urllib.parse import urlsplit

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from . import vocabulary
from .constraints import iff
from .lifecycle import LifecycleModel, Steps, lifecycle_triggers
from .querysets import PortalQuerySet


class AppendOnlyModel(models.Model):
    """
    A model whose rows are written once.

    A trigger refuses change and removal, and the portal's database role has
    no right to either (see `grants`). What was wrong is put right by a
    further row.
    """

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class JournalEntryQuerySet(PortalQuerySet):
    def about(self, *objects: models.Model) -> "JournalEntryQuerySet":
        """Keep the entries about any of these objects, newest first."""
        wanted = models.Q(pk__in=[])
        for thing in objects:
            wanted |= models.Q(
                subject_type=type(thing)._meta.label_lower, subject_id=thing.pk
            )
        return self.filter(wanted).latest_first()

    def told_to(self, user: Any) -> "JournalEntryQuerySet":
        """Keep what ``user`` may read about an object that they may see."""
        if user.has_perm("kernel.view_journalentry"):
            return self
        return self.filter(verb__in=vocabulary.told_to_members())

    def latest_first(self) -> "JournalEntryQuerySet":
        return self.select_related("actor").order_by("-pk")


class JournalEntry(AppendOnlyModel):
    """
    One thing that happened, written in the transaction in which it happened.

    ``facts`` holds ids, states and amounts: never personal text, nor that of
    a proposal or a review.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    acting_as = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in the place of"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    verb = models.CharField(_("what happened"), max_length=100)
    subject_type = models.CharField(_("kind of object"), max_length=100)
    subject_id = models.BigIntegerField(_("object"))
    facts: Any = models.JSONField(_("facts"), default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = JournalEntryQuerySet.as_manager()

    detail = ""  # what a page says beside the sentence

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id", "-id"], name="journal_by_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"

    @property
    def sentence(self) -> str:
        """Return what happened, in words, as in "Agreement signed"."""
        return vocabulary.sentence_of(self.verb)

    @property
    def actor_name(self) -> str:
        """Return who acted; nothing for what the portal did by itself."""
        return self.actor.name if self.actor else ""


class JournalSeal(AppendOnlyModel):
    """
    A seal over journal entries, chained to the seal before it.

    ``digest`` covers the digest before and every entry in ``entry_ids``, so
    that an entry that was changed, removed or slipped in later is noticed.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    sealed_at = models.DateTimeField(_("sealed"))
    entry_ids = ArrayField(models.BigIntegerField(), verbose_name=_("entries"))
    last_id = models.BigIntegerField(_("last entry"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("journal seal")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class RequestCount(models.Model):
    """How often one caller of the API asked in the minute that began then."""

    caller = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller}: {self.count}"


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    ON_WIRE = "on_wire", _("On the wire")
    SENT = "sent", _("Sent")
    UNCLEAR = "unclear", _("Unclear")
    FAILED = "failed", _("Failed")


MESSAGE_STEPS: Steps = {
    MessageState.QUEUED: [MessageState.ON_WIRE],
    MessageState.ON_WIRE: [
        MessageState.SENT,
        MessageState.QUEUED,  # the server said to come back, or never answered
        MessageState.UNCLEAR,
        MessageState.FAILED,
    ],
    MessageState.SENT: [],
    MessageState.UNCLEAR: [],
    MessageState.FAILED: [],
}


class Message(LifecycleModel):
    """
    A mail to one person, written in the transaction that causes it.

    The worker sends it; what it says is removed once it is sent if it opens
    something.
    """

    State = MessageState
    steps = MESSAGE_STEPS

    kind = models.CharField(_("kind"), max_length=100)
    recipient = models.EmailField(_("to"))
    slot = models.CharField(_("slot"), max_length=100)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    opens_something = models.BooleanField(_("holds a secret link"), default=False)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=MessageState,
        default=MessageState.QUEUED,
        editable=False,
    )
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    on_wire_at = models.DateTimeField(_("on the wire since"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("what the server said"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("message")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "slot"], name="message_is_written_once"
            ),
            models.CheckConstraint(
                name="message_sent_at_iff_sent",
                condition=iff(
                    models.Q(state=MessageState.SENT), models.Q(sent_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state=MessageState.QUEUED),
                name="message_due",
            ),
            models.Index(
                fields=["on_wire_at"],
                condition=models.Q(state=MessageState.ON_WIRE),
                name="message_on_wire",
            ),
        ]
        triggers = lifecycle_triggers(MESSAGE_STEPS, initial=MessageState.QUEUED)

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"

    @property
    def message_id(self) -> str:
        """Return the Message-ID, the same however often it is sent."""
        return f"<{self.pk}.{self.kind}@{urlsplit(settings.PORTAL_URL).hostname}>"
