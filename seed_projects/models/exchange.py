"""What is said about calls: problems that members state, questions and answers."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from consortium.models import Organization
from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .calls import Call


class ProblemQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that the member did not withdraw."""
        return self.filter(withdrawn_at=None)

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        found = Q(title__icontains=text) | Q(text__icontains=text)
        return self.filter(found | Q(organization__in=members))


class ProblemStatement(models.Model):
    """
    A problem of a member that researchers might solve, in the member's words.

    Staff puts it into calls; there it is public, with the company's name only where
    the member agreed.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="problem_statements",
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(
        _("problem"),
        max_length=4000,
        help_text=_("Public once it stands in a call: write nothing confidential."),
    )
    is_named = models.BooleanField(_("say which company it comes from"), default=False)
    calls = models.ManyToManyField(
        Call, through="ProblemUse", related_name="problem_statements"
    )
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stated by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    stated_at = models.DateTimeField(_("stated"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem statement")
        constraints = [
            models.CheckConstraint(
                name="problem_has_a_title_and_a_text",
                condition=~Q(title="") & ~Q(text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="problem_of_member"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:problem", self.pk)


class ProblemUse(AppendOnlyModel):
    """That a problem stands in a call."""

    statement = models.ForeignKey(
        ProblemStatement, on_delete=models.PROTECT, related_name="uses"
    )
    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, related_name="problem_uses"
    )
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    used_at = models.DateTimeField(_("used"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("use of a problem")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "statement"], name="problem_stands_in_a_call_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.statement)


class CallQuestionQuerySet(PortalQuerySet):
    def answered(self) -> Self:
        """Keep what everybody may read."""
        return self.filter(answered_at__isnull=False)

    def matching(self, text: str) -> Self:
        return self.filter(Q(text__icontains=text) | Q(answer__icontains=text))


class CallQuestion(models.Model):
    """
    A question about a call; its answer is public, and the question with it.

    Who asked is told to nobody outside INM. Staff may put the question into other
    words before it is published: ``text`` is what is read, ``asked`` what was asked.
    """

    call = models.ForeignKey(
        Call,
        verbose_name=_("call"),
        on_delete=models.PROTECT,
        related_name="questions",
    )
    asked = models.TextField(_("question as asked"), max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"))
    text = models.TextField(_("question"), max_length=2000)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = CallQuestionQuerySet.as_manager()

    moves_with_person = ("asked_by",)

    class Meta:
        verbose_name = _("question about a call")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="call_question_asks", condition=~Q(asked="") & ~Q(text="")
            ),
            models.CheckConstraint(
                name="call_question_answer_iff_answered",
                condition=iff(Q(answered_at=None), Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()
