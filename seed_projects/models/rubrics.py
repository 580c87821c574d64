"""What reviewers score, and on which scale: rubrics, in frozen versions."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import Deferrable
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.querysets import PortalQuerySet

from .definitions import (
    KEPT,
    Definition,
    DefinitionVersion,
    frozen_with,
    has_publisher,
)


class Rubric(Definition):
    """What the proposals of a call are scored by."""

    class Meta(Definition.Meta):
        verbose_name = _("rubric")
        constraints = [
            models.CheckConstraint(name="rubric_has_a_title", condition=~Q(title=""))
        ]

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:rubric", self.pk)


class RubricVersion(DefinitionVersion):
    """A version of a rubric; what is scored is scored by one of these."""

    rubric = models.ForeignKey(
        Rubric,
        verbose_name=_("rubric"),
        on_delete=models.PROTECT,
        related_name="versions",
    )

    class Meta(DefinitionVersion.Meta):
        verbose_name = _("version of a rubric")
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "number"], name="rubric_version_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["rubric"],
                condition=Q(published_at=None),
                name="rubric_has_one_draft",
            ),
            has_publisher("rubric_publisher_iff_published"),
        ]
        triggers = [KEPT]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {
            "title": self.rubric.title,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:rubric_version", self.pk)


class Criterion(models.Model):
    """
    One thing to score, from ``lowest`` to ``highest``, where more is better.

    ``weight`` says how much it counts beside the others; it has no unit.
    """

    version = models.ForeignKey(
        RubricVersion, on_delete=models.CASCADE, related_name="criteria"
    )
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField(_("place"))
    title = models.CharField(_("criterion"), max_length=120)
    guidance = models.TextField(
        _("guidance"),
        max_length=2000,
        blank=True,
        help_text=_("What the lowest and the highest score mean."),
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    lowest = models.PositiveSmallIntegerField(_("lowest score"), default=1)
    highest = models.PositiveSmallIntegerField(_("highest score"), default=5)
    needs_comment = models.BooleanField(_("needs a comment"), default=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="criterion_has_a_title", condition=~Q(title="")
            ),
            models.CheckConstraint(
                name="criterion_has_a_scale", condition=Q(highest__gt=F("lowest"))
            ),
            models.CheckConstraint(
                name="criterion_counts", condition=Q(weight__gte=1, weight__lte=100)
            ),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="criterion_has_its_place",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["version", "key"], name="criterion_has_its_key"
            ),
        ]
        triggers = [frozen_with("seed_projects_rubricversion")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("seed_projects:rubric_version", self.version_id)
