"""Bearer tokens that people's programs use."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AbstractAuthToken


class TokenScope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiToken(AbstractAuthToken):
    """A bearer token: kept as a digest, shown once, dated, and of a scope."""

    LIFETIME = timedelta(days=90)

    scope = models.CharField(
        _("scope"), max_length=5, choices=TokenScope, default=TokenScope.WRITE
    )

    class Meta:
        verbose_name = _("API token")
        constraints = [
            models.CheckConstraint(
                name="api_token_expires", condition=Q(expiry__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.token_key}…"

    def allows(self, *, writing: bool) -> bool:
        """Say whether the token's scope covers the request."""
        return self.scope == TokenScope.WRITE or not writing

    @property
    def is_expired(self) -> bool:
        return self.expiry is None or self.expiry <= timezone.now()
