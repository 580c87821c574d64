"""What happened, and the seals over it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext as _

from inm_portal.kernel import vocabulary
from inm_portal.kernel.querysets import PortalQuerySet

from .append_only import AppendOnlyModel


class JournalEntryQuerySet(PortalQuerySet):
    def about(self, *objects: models.Model) -> "JournalEntryQuerySet":
        """Keep the entries about any of these objects, newest first."""
        wanted = models.Q(pk__in=[])
        for thing in objects:
            wanted |= models.Q(
                subject_type=thing._meta.label_lower, subject_id=thing.pk
            )
        return self.filter(wanted).latest_first()

    def told_to(self, user: Any) -> "JournalEntryQuerySet":
        """Keep what ``user`` may read about an object that they may see."""
        if user.has_perm("kernel.view_journalentry"):
            return self
        return self.filter(verb__in=vocabulary.told_to_members())

    def latest_first(self) -> "JournalEntryQuerySet":
        return self.with_related("actor__name", "named__name").order_by("-pk")


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
    def given_name(self) -> str:
        """Return who acted by a shared account; nothing for any other account."""
        named = getattr(self, "named", None)
        return named.name if named else ""

    @property
    def actor_name(self) -> str:
        """
        Return who acted; nothing for what the portal did by itself.

        A shared account is told with the name that was given, as in
        "Accounts payable (Mei Lin)".
        """
        account = self.actor.name if self.actor else ""
        return f"{account} ({self.given_name})" if self.given_name else account


class GivenName(models.Model):
    """
    The name that whoever acted by a shared account gave for one journal entry.

    It lies beside the entry, which holds no personal text and is sealed: what
    becomes of the name when the account is erased leaves the seal as it is.
    """

    LONGEST = 200

    entry = models.OneToOneField(
        JournalEntry,
        verbose_name=_("entry"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="named",
    )
    name = models.CharField(_("name"), max_length=LONGEST)

    class Meta:
        verbose_name = _("given name")
        constraints = [
            models.CheckConstraint(
                name="given_name_says_something", condition=~models.Q(name="")
            )
        ]
        indexes = [
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"), name="given_name_by_words"
            )
        ]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


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
