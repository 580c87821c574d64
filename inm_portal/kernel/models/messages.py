"""Mails as rows."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, Steps, lifecycle_triggers


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
