"""Sign-in, and what a person's groups allow."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail; permissions come from groups alone."""

    def _get_user_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        # Nobody holds rights of their own, so the statement is spared.
        return Permission.objects.none()
