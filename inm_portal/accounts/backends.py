"""Sign-in, and what a person's groups allow."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from inm_portal.kernel import context
from inm_portal.kernel.sessions import person_key

from .models import User


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail; permissions come from groups alone."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """Check the password of the account to which an address leads."""
        owner = User.objects.filter(email=email.lower()).first()
        leads_to = owner.survivor.email if owner else email
        return super()._authenticate_by_email(leads_to, password)

    def get_user(self, user_id: Any) -> User | None:
        """Return who is signed in, as the session brought them or read anew."""
        user = context.remembered(person_key(user_id))
        user = user or User.objects.with_rights().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        # Nobody holds rights of their own, so they are not asked for.
        return self.get_group_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        held = user_obj.rights
        if user_obj.handed_on is not None:
            held = held & user_obj.handed_on
        viewer = user_obj.viewer
        return held if viewer is None else held & self.get_group_permissions(viewer)
