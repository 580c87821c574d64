"""
What forms and rubrics share: definitions in numbered versions.

A version is a draft until it is published; from then on the database refuses any
change to it and to what it consists of, so that old answers and scores keep the old
questions. Whoever needs another one begins a further version.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet


class Definition(models.Model):
    """A form or a rubric, of which versions are written."""

    title = models.CharField(_("title"), max_length=120, unique=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class DefinitionVersion(models.Model):
    """One numbered version, a draft until it is published."""

    number = models.PositiveSmallIntegerField(_("version"))
    begun_at = models.DateTimeField(_("begun"))
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-number"]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


#: What was published is kept, and its number and definition never change.
KEPT = pgtrigger.Protect(
    name="published_is_frozen",
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__published_at__isnull=False),
)


def frozen_with(table: str, *, extra: str = "") -> pgtrigger.Trigger:
    """Return the trigger of rows with a ``version``: none changes once it is out."""
    return pgtrigger.Trigger(
        name="frozen_with_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
    IF EXISTS (
        SELECT FROM {table} v
        WHERE v.id IN (OLD.version_id, NEW.version_id) AND v.published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A published version does not change.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    {extra}
    RETURN NEW;
""",
    )


def has_publisher(name: str) -> models.CheckConstraint:
    """Return the constraint that who published is known only of what is published."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(published_at__isnull=False) | models.Q(published_by=None),
    )
