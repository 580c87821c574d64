"""Who is signed in, where, since when and until when."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet


class SessionQuerySet(PortalQuerySet):
    def open(self, *, at: datetime) -> Self:
        """Keep those that have not run out, the one seen last first."""
        return self.filter(expire_date__gt=at).order_by("-seen_at", "handle")

    def with_person(self) -> Self:
        """Read who is signed in there in the same statement."""
        people: Any = get_user_model()
        return people.read_with(self)


class Session(AbstractBaseSession):
    """
    A browser that visits the portal; signed in, if it has a ``user``.

    The key opens the session and is shown to nobody; ``handle`` names it on
    pages. A row that is gone or has run out signs nobody in.
    """

    handle = models.CharField(_("handle"), max_length=32, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )
    began_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last seen"))
    device = models.CharField(_("device"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True)

    objects: ClassVar[Any] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("session")

    def __str__(self) -> str:
        return self.handle
