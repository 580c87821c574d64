"""Edits that know what they started from, so that none is silently lost."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

from .errors import EditConflict


class VersionedModel(models.Model):
    """A row whose every edit raises ``version`` by one."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def require(self, version: int | None) -> None:
        """
        Insist that a locked row is what somebody read; None insists on nothing.

        :raises EditConflict: if the row is no longer at ``version``.
        """
        if version is not None and version != self.version:
            raise EditConflict(
                _("Somebody else changed this meanwhile. Compare and save again.")
            )

    def edit(
        self, version: int | None, *, touched: bool = False, **changes: Any
    ) -> list[str]:
        """
        Save ``changes`` to a locked row; return the names of the fields that changed.

        ``touched`` says that rows which belong to it change as well.

        :raises EditConflict: if the row is no longer at ``version``.
        """
        self.require(version)
        changed = [name for name, new in changes.items() if getattr(self, name) != new]
        for name in changed:
            setattr(self, name, changes[name])
        if changed or touched:
            self.version += 1
            self.save(update_fields=[*changed, "version"])
        return changed

    def refreshed(self) -> Self:
        """Return the row as it is in the database now."""
        return type(self)._base_manager.get(pk=self.pk)
