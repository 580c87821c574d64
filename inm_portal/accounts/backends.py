"""Sign-in, and what a person's groups allow."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from inm_portal.kernel.permissions import is_handed_on

from .models import User


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail; permissions come from groups alone."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """Check the password of the account to which an address leads."""
        owner = User.objects.filter(email=email.lower()).first()
        leads_to = owner.survivor.email if owner else email
        return super()._authenticate_by_email(leads_to, password)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        # Nobody holds rights of their own, so they are not asked for.
        return self.get_group_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        held: set[str] = set().union(*user_obj.rights_by_role.values())
        held = {name for name in held if is_handed_on(user_obj, name)}
        viewer = getattr(user_obj, "viewer", None)
        return held if viewer is None else held & self.get_group_permissions(viewer)
