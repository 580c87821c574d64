"""The forms that applicants fill in: sections and questions, in frozen versions."""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.constraints import Deferrable
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.querysets import PortalQuerySet

from .definitions import (
    KEPT,
    Definition,
    DefinitionVersion,
    frozen_with,
    has_publisher,
)


class FormDefinition(Definition):
    """A form that calls use, one for each stage."""

    class Meta(Definition.Meta):
        verbose_name = _("form")
        constraints = [
            models.CheckConstraint(name="form_has_a_title", condition=~Q(title=""))
        ]

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:form", self.pk)


class FormVersion(DefinitionVersion):
    """
    A version of a form; what is answered is answered to one of these.

    Its questions in order are ``version.questions.in_order()``.
    """

    form = models.ForeignKey(
        FormDefinition,
        verbose_name=_("form"),
        on_delete=models.PROTECT,
        related_name="versions",
    )

    class Meta(DefinitionVersion.Meta):
        verbose_name = _("version of a form")
        constraints = [
            models.UniqueConstraint(
                fields=["form", "number"], name="form_version_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(published_at=None),
                name="form_has_one_draft",
            ),
            has_publisher("form_publisher_iff_published"),
        ]
        triggers = [KEPT]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {
            "title": self.form.title,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:form_version", self.pk)


class Section(models.Model):
    """A part of a form, with a heading of its own."""

    version = models.ForeignKey(
        FormVersion, on_delete=models.CASCADE, related_name="sections"
    )
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField(_("place"))
    title = models.CharField(_("title"), max_length=120)
    help_text = models.TextField(_("help"), max_length=2000, blank=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="section_has_a_title", condition=~Q(title="")),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="section_has_its_place",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["version", "key"], name="section_has_its_key"
            ),
        ]
        triggers = [frozen_with("seed_projects_formversion")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:form_version", self.version_id)


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    CHOICE = "choice", _("Choice")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    FILE = "file", _("File")
    TABLE = "table", _("Table")
    BUDGET = "budget", _("Budget")


#: What has words that can be counted.
WORDED = [QuestionKind.TEXT, QuestionKind.LONG_TEXT]
#: What is made of ``options``: the choices, or the columns of a table.
OPTIONED = [QuestionKind.CHOICE, QuestionKind.TABLE]

#: A question stands in a section of its version, and asks only what is there.
OF_ITS_VERSION = """
    IF NOT EXISTS (
        SELECT FROM seed_projects_section s
        WHERE s.id = NEW.section_id AND s.version_id = NEW.version_id
    ) OR NEW.asked_if_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM seed_projects_question q
        WHERE q.id = NEW.asked_if_id AND q.version_id = NEW.version_id
            AND q.id <> NEW.id AND q.kind = 'choice'
            AND NEW.asked_if_is = ANY (q.options)
    ) THEN
        RAISE EXCEPTION 'A question is of one version with what it stands on.'
            USING ERRCODE = 'restrict_violation';
    END IF;
"""


class QuestionQuerySet(PortalQuerySet):
    def in_order(self) -> Any:
        """Order by section, then by place; a condition is read with its question."""
        rows = self.select_related("section", "asked_if")
        return rows.order_by("section__position", "position", "pk")


class Question(models.Model):
    """
    One question of a form's version.

    ``key`` is the same in every version that keeps the question, so that an answer
    can follow it into a later version. It is asked always, or only where the answer
    to ``asked_if``, a choice, is ``asked_if_is``.
    """

    version = models.ForeignKey(
        FormVersion, on_delete=models.CASCADE, related_name="questions"
    )
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        on_delete=models.CASCADE,
        related_name="questions",
    )
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField(_("place"))
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind)
    label = models.CharField(_("question"), max_length=300)
    help_text = models.TextField(_("help"), max_length=2000, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=True)
    is_public = models.BooleanField(
        _("public once funded"),
        default=False,
        help_text=_("As an abstract is; everything else stays confidential."),
    )
    word_limit = models.PositiveSmallIntegerField(
        _("most words"), null=True, blank=True
    )
    page_limit = models.PositiveSmallIntegerField(
        _("most pages"), null=True, blank=True
    )
    is_many = models.BooleanField(_("several can be chosen"), default=False)
    options = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("choices or columns"),
        default=list,
        blank=True,
    )
    asked_if = models.ForeignKey(
        "self",
        verbose_name=_("asked only if"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="asks",
    )
    asked_if_is = models.CharField(_("is answered by"), max_length=200, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        ordering = ["section__position", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="question_asks", condition=~Q(label="")),
            models.CheckConstraint(
                name="question_limits_words_of_texts",
                condition=Q(word_limit=None) | Q(kind__in=WORDED),
            ),
            models.CheckConstraint(
                name="question_limits_pages_of_files",
                condition=Q(page_limit=None) | Q(kind=QuestionKind.FILE),
            ),
            models.CheckConstraint(
                name="question_has_options_iff_it_offers_them",
                condition=iff(Q(kind__in=OPTIONED), ~Q(options=[])),
            ),
            models.CheckConstraint(
                name="question_of_many_is_a_choice",
                condition=Q(is_many=False) | Q(kind=QuestionKind.CHOICE),
            ),
            models.CheckConstraint(
                name="question_condition_says_of_what",
                condition=iff(Q(asked_if=None), Q(asked_if_is="")),
            ),
            models.UniqueConstraint(
                fields=["section", "position"],
                name="question_has_its_place",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["version", "key"], name="question_has_its_key"
            ),
        ]
        triggers = [frozen_with("seed_projects_formversion", extra=OF_ITS_VERSION)]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:form_version", self.version_id)

    @property
    def kind_label(self) -> str:
        return str(QuestionKind(self.kind).label)
