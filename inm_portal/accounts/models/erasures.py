"""People who were erased."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet


class Ground(models.TextChoices):
    """Why somebody is erased; words of people would be personal data again."""

    ASKED = "asked", _("The person asked for it")
    RETENTION = "retention", _("Nothing needs the data any more")
    UNLAWFUL = "unlawful", _("It should never have been here")


class ErasureRecord(AppendOnlyModel):
    """That somebody was erased, on which ground, and by whom."""

    ground = models.CharField(_("ground"), max_length=9, choices=Ground)
    reference = models.CharField(
        _("reference"),
        max_length=50,
        blank=True,
        help_text=_("The number of the request, and nothing about the person."),
    )
    erased_at = models.DateTimeField(_("erased"))
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects: Any = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = True


class Erasure(ErasureRecord):
    """That a person was erased, and cannot come back."""

    Ground = Ground

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="erasure",
    )

    class Meta(ErasureRecord.Meta):
        verbose_name = _("erasure")

    def __str__(self) -> str:
        return self.user.name
