"""Bearer tokens that people's programs use."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AbstractAuthToken, AuthTokenManager
from knox.settings import CONSTANTS

from inm_portal.kernel.querysets import PortalQuerySet

from .people import User


class TokenScope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiTokenQuerySet(PortalQuerySet):
    def live(self, *, at: datetime) -> Self:
        """Keep those that still open something."""
        return self.filter(expiry__gt=at)

    def with_bearer(self) -> Self:
        """Read the person in the same statement; see `User.read_with`."""
        return User.read_with(self)


class ApiToken(AbstractAuthToken):
    """A bearer token: kept as a digest, shown once, dated, and of a scope."""

    LIFETIME = timedelta(days=90)

    name = models.CharField(_("what for"), max_length=100, blank=True)
    scope = models.CharField(
        _("scope"), max_length=5, choices=TokenScope, default=TokenScope.WRITE
    )

    objects: Any = AuthTokenManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        verbose_name = _("API token")
        constraints = [
            models.CheckConstraint(
                name="api_token_expires", condition=Q(expiry__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.token_key}…"

    @staticmethod
    def key_of(token: str) -> str:
        """Return by which beginning a token in clear is looked up."""
        return token[: CONSTANTS.TOKEN_KEY_LENGTH]

    def allows(self, *, writing: bool) -> bool:
        """Say whether the token's scope covers the request."""
        return self.scope == TokenScope.WRITE or not writing

    @property
    def bearer(self) -> Any:
        """Return the person as `ApiTokenQuerySet.with_bearer` read them."""
        return User.of(self)

    @property
    def is_expired(self) -> bool:
        return self.expiry is None or self.expiry <= timezone.now()
