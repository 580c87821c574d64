"""What the checks of each night found."""

from django.db import models
from django.utils.translation import gettext as _

from .append_only import AppendOnlyModel


class InvariantCheck(AppendOnlyModel):
    """That the invariants were checked, and a line for each that did not hold."""

    checked_at = models.DateTimeField(_("checked"))
    broken = models.JSONField(_("broken"), default=list)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("check of the invariants")
        ordering = ["checked_at", "pk"]
        get_latest_by = ["checked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d}: {len(self.broken)}"
