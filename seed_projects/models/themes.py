"""What the initiative is about: its themes, and the industries it names."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet


class Named(models.Model):
    """A word of the initiative, in its own order."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("place"))
    is_active = models.BooleanField(_("offered for new calls"), default=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Theme(Named):
    """One of the themes of the initiative, as it announced them."""

    class Meta(Named.Meta):
        verbose_name = _("theme")
        constraints = [
            models.CheckConstraint(name="theme_has_a_name", condition=~Q(name=""))
        ]


class Pillar(Named):
    """An industry that the initiative names as a pillar."""

    class Meta(Named.Meta):
        verbose_name = _("pillar")
        constraints = [
            models.CheckConstraint(name="pillar_has_a_name", condition=~Q(name=""))
        ]
