"""Whether somebody has shown lately who they are (AUT-07)."""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings


def is_fresh(request: Any) -> bool:
    """Say whether this session's person gave a password, code or passkey lately."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["at"] >= since for record in records)


class FreshMixin:
    """A page that asks who is there, unless that was shown lately."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not is_fresh(request):
            raise ReauthenticationRequired
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
