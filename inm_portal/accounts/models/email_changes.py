"""New addresses that wait for a proof that they are read."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .invitations import digest_of


class EmailChangeQuerySet(PortalQuerySet):
    def open(self, *, at: datetime) -> Self:
        """Keep those whose link still works."""
        return self.filter(asked_at__gt=at - EmailChange.LASTS)

    def of_key(self, key: str) -> Self:
        """Keep the one that the link with ``key`` confirms."""
        return self.filter(digest=digest_of(key))


class EmailChange(models.Model):
    """The address that a person wants to sign in with; asked anew, it replaces one."""

    LASTS = timedelta(hours=1)

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    email = models.EmailField(_("new e-mail address"))
    digest = models.CharField(_("digest of the key"), max_length=64)
    asked_at = models.DateTimeField(_("asked"))

    objects: Any = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail change")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.asked_at:%Y-%m-%d}"
