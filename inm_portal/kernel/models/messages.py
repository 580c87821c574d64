"""Mails as rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, Steps, lifecycle_triggers
from inm_portal.kernel.querysets import PortalQuerySet


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    HELD = "held", _("Held")
    CLAIMED = "claimed", _("Claimed")
    ON_WIRE = "on_wire", _("On the wire")
    SENT = "sent", _("Sent")
    UNCLEAR = "unclear", _("Unclear")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


MESSAGE_STEPS: Steps = {
    MessageState.QUEUED: [
        MessageState.CLAIMED,
        MessageState.HELD,
        MessageState.CANCELLED,
        MessageState.FAILED,  # what it asks before it goes out never answered
    ],
    MessageState.HELD: [MessageState.QUEUED, MessageState.CANCELLED],
    MessageState.CLAIMED: [
        MessageState.ON_WIRE,
        MessageState.QUEUED,  # the worker ended, or no server took it yet
        MessageState.HELD,
        MessageState.CANCELLED,
        MessageState.FAILED,  # refused before its data was asked for
    ],
    MessageState.ON_WIRE: [
        MessageState.SENT,
        MessageState.QUEUED,  # the server said to come back, or never answered
        MessageState.UNCLEAR,
        MessageState.FAILED,
    ],
    MessageState.SENT: [],
    MessageState.UNCLEAR: [MessageState.QUEUED, MessageState.CANCELLED],
    MessageState.FAILED: [MessageState.QUEUED],
    MessageState.CANCELLED: [],
}

#: What words of template names are called on pages.
IN_WORDS = {"email": "e-mail address", "totp": "authenticator app"}
IN_WORDS |= {"webauthn": "passkey", "factors": "second factor"}

#: A worker has it in hand.
IN_HAND = [MessageState.CLAIMED, MessageState.ON_WIRE]
#: It was handed to a server, for all that is known.
WAS_ON_WIRE = [MessageState.ON_WIRE, MessageState.SENT, MessageState.UNCLEAR]
#: Nothing will be sent unless a person says so.
OVER = [
    *[MessageState.SENT, MessageState.UNCLEAR],
    *[MessageState.FAILED, MessageState.CANCELLED],
]


class Because(models.TextChoices):
    """What holds or cancels a message."""

    PERSON = "person", _("A person decided")
    BOUNCED = "bounced", _("The address refuses mail")
    EXPIRED = "expired", _("It would come too late")
    UNTRUE = "untrue", _("It is no longer true")


@dataclass(frozen=True)
class Letter:
    """What a mail says, in both of its forms."""

    subject: str
    text: str
    html: str = ""


class MessageQuerySet(PortalQuerySet):
    def due(self, *, at: datetime) -> Self:
        """Keep what may go out, in the order in which it goes."""
        due = self.filter(state=MessageState.QUEUED, not_before__lte=at)
        return due.order_by("-is_asked", "not_before", "pk")

    def search(self, text: str) -> Self:
        """Keep those whose address or subject holds ``text``."""
        return self.filter(Q(recipient__icontains=text) | Q(subject__icontains=text))

    def about(self, thing: models.Model) -> Self:
        """Keep the messages about an object."""
        return self.filter(about_type=thing._meta.label_lower, about_id=thing.pk)


class Message(LifecycleModel):
    """
    A mail to one person, written in the transaction that causes it.

    Queued with a time ahead, it is planned. What it says is removed as soon
    as it does not go out any more if it opens something.
    """

    State = MessageState
    steps = MESSAGE_STEPS

    kind = models.CharField(_("kind"), max_length=100)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recipient = models.EmailField(_("to"))
    about_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    about_id = models.BigIntegerField(_("object"), null=True)
    slot = models.CharField(_("slot"), max_length=100)
    copy_of = models.ForeignKey(
        "self",
        verbose_name=_("copy of"),
        on_delete=models.PROTECT,
        null=True,
        related_name="copies",
    )
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    opens_something = models.BooleanField(_("holds a secret link"), default=False)
    is_asked = models.BooleanField(_("asked for by its recipient"), default=False)
    is_once = models.BooleanField(_("never sent twice"), default=False)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=MessageState,
        default=MessageState.QUEUED,
        editable=False,
    )
    because = models.CharField(
        _("because"), max_length=8, choices=Because, blank=True, editable=False
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)
    not_before = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("not after"), null=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True)
    claimed_by = models.CharField(_("claimed by"), max_length=32, blank=True)
    on_wire_at = models.DateTimeField(_("last on the wire"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lapses = models.PositiveSmallIntegerField(_("times without an answer"), default=0)
    error = models.CharField(_("what the server said"), max_length=500, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "about_type", "about_id", "slot"],
                condition=Q(copy_of=None),
                nulls_distinct=False,
                name="message_is_written_once",
            ),
            models.CheckConstraint(
                name="message_is_about_an_object_or_nothing",
                condition=iff(Q(about_type=""), Q(about_id=None)),
            ),
            models.CheckConstraint(
                name="message_sent_at_iff_sent",
                condition=iff(Q(state=MessageState.SENT), Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="message_claimed_by_iff_in_hand",
                condition=iff(
                    Q(state__in=IN_HAND),
                    Q(claimed_at__isnull=False) & ~Q(claimed_by=""),
                ),
            ),
            models.CheckConstraint(
                name="message_on_wire_at_once_it_was",
                condition=~Q(state__in=WAS_ON_WIRE) | Q(on_wire_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_because_iff_held_or_cancelled",
                condition=iff(
                    Q(state__in=[MessageState.HELD, MessageState.CANCELLED]),
                    ~Q(because=""),
                ),
            ),
            models.CheckConstraint(
                name="message_secret_is_forgotten_once_over",
                condition=Q(opens_something=False)
                | ~Q(state__in=OVER)
                | Q(text="", html=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_asked", "not_before", "id"],
                condition=Q(state=MessageState.QUEUED),
                name="message_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state__in=IN_HAND),
                name="message_in_hand",
            ),
            models.Index(fields=["-created_at", "-id"], name="message_by_age"),
            models.Index(
                fields=["state", "-created_at", "-id"], name="message_by_state"
            ),
            models.Index(
                fields=["about_type", "about_id", "-id"], name="message_by_object"
            ),
            GinIndex(
                OpClass(Upper("recipient"), name="gin_trgm_ops"),
                OpClass(Upper("subject"), name="gin_trgm_ops"),
                name="message_words",
            ),
        ]
        triggers = lifecycle_triggers(MESSAGE_STEPS, initial=MessageState.QUEUED)

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.pk])

    @property
    def message_id(self) -> str:
        """Return the Message-ID, the same however often it is sent."""
        name = self.kind.rpartition("/")[2]
        return f"<{self.pk}.{name}@{urlsplit(settings.PORTAL_URL).hostname}>"

    @property
    def shown_text(self) -> str:
        """Return what others may read of the text: nothing, if it opens something."""
        return "" if self.opens_something else self.text

    @property
    def shown_html(self) -> str:
        return "" if self.opens_something else self.html

    @property
    def kind_label(self) -> str:
        """Return the kind in words, as in "Password changed"."""
        words = self.kind.rpartition("/")[2].split("_")
        return " ".join(IN_WORDS.get(word, word) for word in words).capitalize()

    @property
    def can_be_held(self) -> bool:
        return MessageState.HELD in self.next_states

    @property
    def can_be_cancelled(self) -> bool:
        return MessageState.CANCELLED in self.next_states

    @property
    def can_be_resent(self) -> bool:
        """Say whether it may go out again: not while it waits, nor without its text."""
        is_over = self.state in OVER and self.state != MessageState.CANCELLED
        return is_over and not self.opens_something

    def rewrite(self, letter: Letter) -> None:
        """Say something else; the caller saves."""
        self.subject, self.text = letter.subject, letter.text
        self.html = letter.html
