"""What is answered to the questions of a form, and the texts that met on the way."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from .forms import Question
from .proposals import Proposal, written_in_draft


class Answer(VersionedModel):
    """
    The answer to one question, by itself, so that several people write at once.

    ``value`` is text for texts, numbers (as typed) and dates (ISO), a list of texts for
    choices, and a list of rows for tables.
    """

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="answers"
    )
    question = models.ForeignKey(
        Question,
        verbose_name=_("question"),
        on_delete=models.PROTECT,
        related_name="answers",
    )
    value = models.JSONField(_("answer"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"))

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "question"], name="proposal_answers_once"
            ),
        ]
        triggers = [written_in_draft()]

    def __str__(self) -> str:
        return str(self.question)


class AsideQuerySet(PortalQuerySet):
    def unsettled(self) -> "AsideQuerySet":
        return self.filter(settled_at=None)


class AsideText(models.Model):
    """
    What somebody wrote upon an older answer than there was; nothing of it is lost.

    Both texts stand side by side until one of the proposal's people settles them.
    """

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="asides")
    value = models.JSONField(_("text"))
    based_on = models.PositiveIntegerField(_("version that it was written upon"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = AsideQuerySet.as_manager()

    class Meta:
        verbose_name = _("text set aside")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="aside_settled_after_it_was_written",
                condition=Q(settled_at=None)
                | Q(settled_at__gte=models.F("written_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.answer)
